"""From a date taken apart to first and last day. A day that no calendar has never becomes a day.

It does not read text.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from classification.dates import lunar
from classification.dates.lunar_table import LAST_YEAR
from classification.dates.part import Part
from classification.dates.reading import Certainty, DateReading, Interval

_HALVES_AND_SEASONS = {
    # Winter may be the tenth to twelfth lunar month or December to February: the interval holds both.
    "春": (2, 5), "夏": (5, 8), "秋": (8, 11), "冬": (10, 14),
    "上半年": (1, 6), "下半年": (7, 12), "全年": (1, 12), "初": (1, 3), "底": (11, 12), "末": (11, 12), "终": (11, 12),
}  # fmt: skip
_DAYS_OF_MONTH = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10), "底": (21, 31), "末": (21, 31)}
_QUARTERS = {mark: place // 2 for place, mark in enumerate("一1二2三3四4")}
_LONGEST_LIFE = 1000


def reading_of(wording: str, part: Part, second: Part | None = None) -> DateReading | None:
    """The reading of a part, or of a first and a second one joined by 至; None where no such date exists."""
    found = [one for year in part.years if (one := _interval(part, year)) is not None]
    if not found:
        return None
    chosen = found[-1]
    if len(found) > 1:
        return DateReading(wording, *chosen, Certainty.CANDIDATES, tuple(found))
    if second is not None:
        last = _interval(second, second.years[-1])
        if last is None or last.latest < chosen.earliest:
            return None
        return DateReading(wording, chosen.earliest, last.latest, Certainty.RANGE)
    if part.about:
        return DateReading(wording, *_widened(part, chosen), Certainty.APPROXIMATE)
    return DateReading(wording, *chosen, _certainty(part, chosen))


def _certainty(part: Part, span: Interval) -> Certainty:
    if part.era:
        return Certainty.ERA
    if part.until_year or part.until_month or part.until_day:
        return Certainty.RANGE
    if part.day is not None:
        # The day did not exist, so only the month is left.
        return Certainty.EXACT if span.earliest == span.latest else Certainty.APPROXIMATE
    if part.named:
        return Certainty.PART
    return Certainty.MONTH if part.month is not None else Certainty.YEAR


def _widened(part: Part, span: Interval) -> Interval:
    """A year more on both sides for 1958年前后, a month for a month, three days for a day."""
    days = 3 if part.day is not None else 31 if part.month is not None else 0
    if days:
        return Interval(span.earliest - timedelta(days=days), span.latest + timedelta(days=days))
    return Interval(_moved(span.earliest, -1), _moved(span.latest, 1))


def _moved(day: date, years: int) -> date:
    moved = day.year + years
    return day.replace(year=moved, day=min(day.day, monthrange(moved, day.month)[1]))


def _interval(part: Part, year: int) -> Interval | None:
    if not _LONGEST_LIFE <= year <= LAST_YEAR:
        return None
    if part.era or part.until_year is not None:
        return Interval(date(year, 1, 1), date(part.until_year or year, 12, 31))
    # A month of 民国 or of our own calendar is lunar only where the source says so; a reign's months always are.
    return _lunar(part, year) if part.lunar and (part.lunar_years or part.month is not None) else _solar(part, year)


def _lunar(part: Part, year: int) -> Interval | None:
    whole = lunar.year_span(year)
    if whole is None:
        return None
    if part.named == "除夕":
        # 2025年除夕 is the one that lies in 2025; 光绪二十年除夕 ends that lunar year.
        eve = (whole if part.lunar_years else lunar.year_span(year - 1) or whole)[1]
        return Interval(eve, eve)
    if part.month is None:
        return Interval(*whole) if not part.named else _named_months(part.named, year)
    month = lunar.month_of(year, part.month, part.leap)
    last = lunar.month_of(year, part.until_month, part.leap) if part.until_month else month
    if month is None or last is None:
        return None
    if part.named:
        return _days(month.first, month.last, *_DAYS_OF_MONTH[part.named])
    if part.day is None:
        return Interval(month.first, last.last)
    return _days(month.first, month.last, part.day, part.until_day or part.day)


def _solar(part: Part, year: int) -> Interval | None:
    if part.month is None:
        return _named_months(part.named, year) if part.named else Interval(date(year, 1, 1), date(year, 12, 31))
    first, last = _month(year, part.month)
    if part.until_month:
        return Interval(first, _month(year + (part.until_month < part.month), part.until_month).latest)
    if part.named:
        return _days(first, last, *_DAYS_OF_MONTH[part.named])
    return _days(first, last, part.day, part.until_day or part.day) if part.day else Interval(first, last)


def _named_months(name: str, year: int) -> Interval:
    if name.endswith("季度"):
        quarter = _QUARTERS[name[0]]
        low, high = 3 * quarter + 1, 3 * quarter + 3
    else:
        low, high = _HALVES_AND_SEASONS[name if name in _HALVES_AND_SEASONS else name[0]]
    return Interval(_month(year, low).earliest, _month(year, high).latest)


def _month(year: int, month: int) -> Interval:
    """A month by its number; 13 is January of the next year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Interval(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _days(first: date, last: date, low: int, high: int) -> Interval:
    """Days of a month by their numbers; the whole month where the first does not exist."""
    length = (last - first).days + 1
    if not 1 <= low <= length:
        return Interval(first, last)
    return Interval(first + timedelta(days=low - 1), first + timedelta(days=min(max(high, low), length) - 1))
