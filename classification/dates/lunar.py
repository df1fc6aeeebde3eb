"""The lunar calendar 农历 between 1600 and 2100, from the table: lunar day to day, day to lunar day, sexagenary years.

Outside the table it answers None; it never guesses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from classification.dates.lunar_table import FIRST_YEAR, LAST_YEAR, YEARS

STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
CYCLE = tuple(STEMS[number % 10] + BRANCHES[number % 12] for number in range(60))
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """One month of a lunar year: its number, whether it is the leap month 闰月, first and last day."""

    number: int
    leap: bool
    first: date
    last: date


@cache
def months_of(year: int) -> tuple[LunarMonth, ...]:
    """The months of a lunar year in order; empty outside the table."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    at = (year - FIRST_YEAR) * _DIGITS
    packed = int(YEARS[at : at + _DIGITS], 16)
    first, leap = date(year, 1, 1) + timedelta(days=packed >> 17), (packed >> 13) & 15
    months: list[LunarMonth] = []
    for place in range(13 if leap else 12):
        is_leap = bool(leap) and place == leap
        number = place if leap and place >= leap else place + 1
        last = first + timedelta(days=28 + (packed >> place & 1))
        months.append(LunarMonth(number, is_leap, first, last))
        first = last + timedelta(days=1)
    return tuple(months)


def month_of(year: int, number: int, leap: bool = False) -> LunarMonth | None:
    """The month with that number, or None where the year has none such."""
    return next((one for one in months_of(year) if one.number == number and one.leap == leap), None)


def day_of(year: int, number: int, day: int, leap: bool = False) -> date | None:
    """The day in our calendar, or None where the lunar year has no such day."""
    month = month_of(year, number, leap)
    if month is None or day < 1:
        return None
    found = month.first + timedelta(days=day - 1)
    return found if found <= month.last else None


def year_span(year: int) -> tuple[date, date] | None:
    """First and last day of a lunar year."""
    months = months_of(year)
    return (months[0].first, months[-1].last) if months else None


def lunar_of(day: date) -> tuple[int, int, int, bool] | None:
    """(year, month, day, leap) of a day, or None outside the table."""
    for year in (day.year, day.year - 1):
        for month in months_of(year):
            if month.first <= day <= month.last:
                return year, month.number, (day - month.first).days + 1, month.leap
    return None


def cycle_name(year: int) -> str:
    """The sexagenary name 干支 of a year: 1894 is 甲午."""
    return CYCLE[(year - 4) % 60]


def years_named(name: str, earliest: int, latest: int) -> tuple[int, ...]:
    """Every year with that sexagenary name in an interval of years, oldest first."""
    if name not in CYCLE:
        return ()
    first = earliest + (CYCLE.index(name) - (earliest - 4)) % 60
    return tuple(range(first, latest + 1, 60))
