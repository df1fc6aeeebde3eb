"""Dates in a text: `read_date` for a wording that is nothing but a date, `find_dates` for running text.

An unknown is never turned into a date: 解放前, 1958年以前 and the like give None. `today` bounds what two digits and
the names of the cycle may mean; it is never the answer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from classification.dates.characters import fold
from classification.dates.eras import ERAS
from classification.dates.intervals import reading_of
from classification.dates.lunar import STEMS
from classification.dates.part import Part
from classification.dates.parts import after_to, part_at, second_part
from classification.dates.reading import Certainty, DateReading, FoundDate, Interval

_MAY_BEGIN = re.compile(
    rf"[0-9〇一二三四五六七八九十廿{STEMS}元正冬腊闰农阴旧夏古春除约]|大[约概清]|上个?世纪|公[元历]|西元|"
    rf"岁[次在]|清|中华|前明|明|" + "|".join(era.name for era in ERAS)
)
_NOT_INSIDE = re.compile(r"[0-9.〇一二三四五六七八九十]")
_TAIL = re.compile(
    r"[\s（(]*(?:(?:星期|周|礼拜)[一二三四五六日天])?[)）]*\s*(?:凌晨|早上|清晨|上午|中午|下午|傍晚|晚上?|夜)?"
    r"[T\s]*(?:\d{1,2}[:：点时](?:\d{1,2}分?)?(?:[:：]\d{1,2})?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?|"
    r"[一二三四五六七八九十]{1,3}[点时]半?)?整?"
    r"\s*(?:[（(][^（()）]*[)）])?\s*[。.,，]?"
)
_YEARS_TRIED = 10


def read_date(wording: str, today: date) -> DateReading | None:
    """The interval a wording stands for, or None. A lunar day without a year has a candidate in each recent year."""
    text = fold(wording.strip().strip("（）()[]【】"))
    found = _reading_at(text, 0, today, None)
    if found is None:
        return _without_year(wording, text, today)
    reading, end = found
    return _worded(reading, wording.strip()) if _TAIL.fullmatch(text, end) else None


def find_dates(text: str, today: date, year: int | None = None) -> list[FoundDate]:
    """Every date of a text in order. With `year`, dates that leave it out (3月12日) are read in that year."""
    folded, found, at = fold(text), [], 0
    while start := _MAY_BEGIN.search(folded, at):
        at = start.start()
        reading = None if _inside(folded, at) else _reading_at(folded, at, today, year)
        if reading is None:
            at += 1
            continue
        begin, at = at, max(reading[1], at + 1)
        found.append(FoundDate(begin, at, _worded(reading[0], text[begin:at])))
    return found


def _inside(text: str, at: int) -> bool:
    """Is this the middle of a number?"""
    return at > 0 and bool(_NOT_INSIDE.match(text[at])) and bool(_NOT_INSIDE.match(text[at - 1]))


def _reading_at(text: str, at: int, today: date, year: int | None) -> tuple[DateReading, int] | None:
    part = part_at(text, at, today.year, year)
    if part is None:
        return None
    if (second := _second(text, part, today)) and (joined := reading_of("", part, second)):
        return joined, second.end
    reading = reading_of("", part)
    return (reading, part.end) if reading else None


def _second(text: str, first: Part, today: date) -> Part | None:
    begin = after_to(text, first.end)
    if begin is None or len(first.years) != 1:
        return None
    return part_at(text, begin, today.year) or second_part(text, first)


def _without_year(wording: str, text: str, today: date) -> DateReading | None:
    part = part_at(text, 0, today.year, today.year)
    if part is None or not part.lunar or not _TAIL.fullmatch(text, part.end):
        return None
    tried = (_reading_at(text, 0, today, year) for year in range(today.year - _YEARS_TRIED, today.year + 1))
    past = tuple(Interval(one[0].earliest, one[0].latest) for one in tried if one and one[0].latest <= today)
    return DateReading(wording.strip(), *past[-1], Certainty.CANDIDATES, past) if past else None


def _worded(reading: DateReading, wording: str) -> DateReading:
    return replace(reading, wording=wording)
