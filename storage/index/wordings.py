"""Dates inside a query: 1958年 also finds 一九五八年, 五八年 and 1958-03, and what is dated 1958 without saying so.

Reads only what people type to search by; the dates of documents are read by the rule book.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass

from storage.index.analysis import fold

_HAN = "〇一二三四五六七八九"
_MONTHS = (*"一二三四五六七八九十", "十一", "十二")
_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_DATE = re.compile(
    rf"(?<![\d{_HAN}(])(?:(?P<year>(?:1[6-9]|20)\d\d|一[六七八九][{_HAN}]{{2}}|二〇[{_HAN}]{{2}}|\d\d(?=年)|[{_HAN}]{{2}}(?=年))年"
    rf"(?:(?P<month>{_NUMBER})月(?:(?P<day>{_NUMBER})[日号])?)?"
    r"|(?P<year_>(?:1[6-9]|20)\d\d)(?:[-./](?P<month_>0?[1-9]|1[0-2])(?:[-./](?P<day_>\d{1,2}))?)?(?![\d年'-]))"
)
_CENTURY_TURN = 49
"""Two digits from here on are 19xx; in the archives of villages organised since 1949 the others are 20xx."""


@dataclass(frozen=True, slots=True)
class DateWord:
    """A date in a query: where it stands, its first and last day as numbers, and how else it is written."""

    start: int
    end: int
    first: int
    last: int
    wordings: tuple[str, ...]


def date_words(text: str) -> list[DateWord]:
    """The dates of a query, from left to right."""
    found = (_date_word(match) for match in _DATE.finditer(fold(text)))
    return [word for word in found if word is not None]


def _date_word(match: re.Match[str]) -> DateWord | None:
    year = _year(match["year"] or match["year_"])
    month, day = _number(match["month"] or match["month_"]), _number(match["day"] or match["day_"])
    if not (month is None or 1 <= month <= 12):
        return None
    if month is not None and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return None
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    last = year * 10_000 + (month or 12) * 100 + (day or monthrange(year, month or 12)[1])
    bare = match["year_"] is not None and month is None
    return DateWord(*match.span(), first, last, ((match.group(),) if bare else ()) + wordings(year, month, day))


def wordings(year: int, month: int | None = None, day: int | None = None) -> tuple[str, ...]:
    """The ways a date is written, as the analysis sees them: marks between numbers do not count."""
    han = "".join(_HAN[int(digit)] for digit in str(year))
    years = [f"{year}年", f"{han}年"] + ([f"{year % 100:02}年", f"{han[2:]}年"] if _two_digits(year) else [])
    if month is None:
        padded = {f"{number}" for number in range(1, 13)} | {f"{number:02}" for number in range(1, 13)}
        return (*years, *(f"{year}-{number}" for number in sorted(padded)))
    parts = [f"{month}月", f"{month:02}月", f"{_MONTHS[month - 1]}月"]
    numbers = [f"{year}-{month}", f"{year}-{month:02}"]
    if day is not None:
        days = [f"{day}日", f"{day:02}日", f"{day}号", f"{_han_day(day)}日"]
        parts = [part + one for part in parts for one in days]
        numbers = [f"{number}-{one}" for number in numbers for one in (str(day), f"{day:02}")]
    return (*(one + part for one in years for part in parts), *dict.fromkeys(numbers))


def _two_digits(year: int) -> bool:
    return _year(f"{year % 100:02}") == year


def _year(written: str) -> int:
    digits = "".join(str(_HAN.index(one)) if one in _HAN else one for one in written)
    if len(digits) > 2:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= _CENTURY_TURN else 2000)


def _number(written: str | None) -> int | None:
    """12 for 12 and 十二, 20 for 二十."""
    if not written:
        return None
    if written.isdigit() and written.isascii():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return _HAN.find(written) if len(written) == 1 else 0
    return (_HAN.find(tens) if tens else 1) * 10 + (_HAN.find(ones) if ones else 0)


def _han_day(day: int) -> str:
    tens, ones = divmod(day, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _HAN[tens] + "十") + (_HAN[ones] if ones else "")
