"""The periods of a cadence: days, weeks, months, quarters, half-years, the year.

A week is Monday to Sunday (ISO 8601) and belongs to the year that has its Thursday; all others end with the year.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

SATURDAY = 5
ORDINALS = "一二三四"


class Every(StrEnum):
    """How often. The values are those of the calendar document."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"
    EVENT = "event"
    TERM = "term"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
"""How many months a period has, where it is made of months."""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, both included, and what people call it: 3月, 第一季度, 上半年, 第8周."""

    first: date
    last: date
    name: str

    def holds(self, first: date, last: date) -> bool:
        """Whether the whole interval lies inside."""
        return self.first <= first and last <= self.last


def periods(every: Every, year: int, holidays: Collection[date] = ()) -> tuple[Period, ...]:
    """The periods of a year in order; none for events and terms, which no year can say.

    Workdays are Monday to Friday without `holidays`; all others have no gap and no overlap.
    """
    return _periods(every, year, frozenset(holidays))


@lru_cache(maxsize=512)
def _periods(every: Every, year: int, holidays: frozenset[date]) -> tuple[Period, ...]:
    if every in MONTHS:
        return tuple(_of_months(year, start, MONTHS[every]) for start in range(1, 13, MONTHS[every]))
    if every is Every.WEEK:
        return _weeks(year)
    if every is Every.DAY:
        return tuple(_one_day(day) for day in _days(year))
    if every is Every.WORKDAY:
        return tuple(_one_day(day) for day in _days(year) if day.weekday() < SATURDAY and day not in holidays)
    return ()


def last_of_month(year: int, month: int) -> date:
    """The last day of a month; months after December run on into the next year."""
    after = year * 12 + month
    return date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def _of_months(year: int, start: int, length: int) -> Period:
    return Period(date(year, start, 1), last_of_month(year, start + length - 1), _named(start, length))


def _named(start: int, length: int) -> str:
    if length == MONTHS[Every.MONTH]:
        return f"{start}月"
    if length == MONTHS[Every.QUARTER]:
        return f"第{ORDINALS[start // length]}季度"
    if length == MONTHS[Every.YEAR]:
        return "全年"
    return "上半年" if start == 1 else "下半年"


def _weeks(year: int) -> tuple[Period, ...]:
    monday = date.fromisocalendar(year, 1, 1)
    # 28 December always lies in the last week of its year.
    count = date(year, 12, 28).isocalendar().week
    starts = [monday + timedelta(weeks=number) for number in range(count)]
    return tuple(Period(day, day + timedelta(days=6), f"第{n}周") for n, day in enumerate(starts, 1))


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]


def _one_day(day: date) -> Period:
    return Period(day, day, f"{day.month}月{day.day}日")
