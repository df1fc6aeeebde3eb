"""Reads one date at one place, taken apart: the years it may mean, month, day, the words around it.

No interval is made here; what is read is not checked against any calendar.
"""

from __future__ import annotations

import re
from dataclasses import replace

from classification.dates.days import DAY, completed, day_number, with_month
from classification.dates.part import MONTH, SPACE, TO, Part
from classification.dates.years import year_at

_NUMERIC = re.compile(
    r"(?<![\d.])(?P<year>1[6-9]\d\d|20\d\d)(?P<mark>[-./:])[ ]?(?P<month>1[0-2]|0?[1-9])"
    r"(?:(?P=mark)[ ]?(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d%]|\.\d|[-/]\d{1,2}(?!\d))(?!万|元|"
    r"亩|公|斤|千|吨|米|户)"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>19\d\d|20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|"
    r"3[01])(?:[012]\d[0-5]\d[0-5]\d)?(?!\d)"
)
_LUNAR_WORD = re.compile(rf"{SPACE}[（(]?(?:农历|阴历|旧历|夏历|古历)")
_ABOUT_BEFORE = re.compile(r"(?:大约|约|大概)(?:在|于|是)?")
_ABOUT_AFTER = re.compile(rf"{SPACE}(?:前后|左右|上下)")
_OPEN_END = re.compile(r"[以之](?:前|后|来)")
_TO = re.compile(TO)


def part_at(text: str, at: int, this_year: int, year: int | None = None) -> Part | None:
    """The date that begins at this place of a folded text. A date without a year is one only when `year` is given."""
    about = _ABOUT_BEFORE.match(text, at)
    part = _numeric(text, about.end() if about else at) or _worded(text, about.end() if about else at, this_year, year)
    if part is None or (part.month is None and _OPEN_END.match(text, part.end)):
        return None
    after = _ABOUT_AFTER.match(text, part.end)
    return replace(part, start=at, end=after.end() if after else part.end, about=bool(about or after))


def second_part(text: str, first: Part) -> Part | None:
    """What stands after 至 when it leaves out what the first date said: 2019年1月至3月, 3月5日至7日."""
    to = _TO.match(text, first.end)
    if to is None:
        return None
    blank = replace(first, until_month=None, until_day=None, day=None, named="")
    if first.month is not None and MONTH.match(text, to.end()):
        return with_month(text, replace(blank, end=to.end(), month=None))
    if first.day is not None:
        day = DAY.match(text, to.end())
        return replace(blank, end=day.end(), day=day_number(day["day"])) if day else None
    return None


def after_to(text: str, end: int) -> int | None:
    """Where a second date would begin, or None where no 至 follows."""
    to = _TO.match(text, end)
    return to.end() if to else None


def _numeric(text: str, at: int) -> Part | None:
    found = _COMPACT.match(text, at) or _NUMERIC.match(text, at)
    if found is None:
        return None
    day = int(found["day"]) if found["day"] else None
    return Part(at, found.end(), (int(found["year"]),), month=int(found["month"]), day=day)


def _worded(text: str, at: int, this_year: int, year: int | None) -> Part | None:
    lead = _LUNAR_WORD.match(text, at)
    begin = lead.end() if lead else at
    part = year_at(text, begin, this_year)
    if part is None:
        if year is None:
            return None
        part = Part(at, begin, (year,), guessed=True)
    elif part.until_year is not None or part.era:
        return part
    word = _LUNAR_WORD.match(text, part.end)
    part = replace(part, lunar=part.lunar or bool(lead or word), end=word.end() if word else part.end)
    inner = completed(text, part)
    return inner or (None if part.guessed or word else part)
