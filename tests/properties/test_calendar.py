"""Whatever the year: its periods follow one another without gap or overlap, and every due day follows its period."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classification.calendar.periods import Every, periods

WHOLE = (Every.DAY, Every.WEEK, Every.MONTH, Every.QUARTER, Every.HALF_YEAR, Every.YEAR)
YEARS = st.integers(1950, 2150)


@pytest.mark.parametrize("every", WHOLE)
@given(year=YEARS)
def test_the_periods_of_a_year_leave_no_gap_and_do_not_overlap(every: Every, year: int) -> None:
    found = periods(every, year)
    assert all(one.last + timedelta(days=1) == after.first for one, after in pairwise(found))
    assert all(one.first <= one.last for one in found)


@pytest.mark.parametrize("every", [one for one in WHOLE if one is not Every.WEEK])
@given(year=YEARS)
def test_they_begin_on_new_years_day_and_end_with_december(every: Every, year: int) -> None:
    found = periods(every, year)
    assert (found[0].first, found[-1].last) == (date(year, 1, 1), date(year, 12, 31))


@given(year=YEARS)
def test_the_weeks_of_one_year_are_followed_by_those_of_the_next(year: int) -> None:
    assert periods(Every.WEEK, year)[-1].last + timedelta(days=1) == periods(Every.WEEK, year + 1)[0].first


@given(day=st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_every_day_lies_in_one_week_of_the_year_of_its_thursday(day: date) -> None:
    thursday = day + timedelta(days=3 - day.weekday())
    assert sum(week.first <= day <= week.last for week in periods(Every.WEEK, thursday.year)) == 1
