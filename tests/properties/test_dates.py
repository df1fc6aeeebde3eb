"""Reading dates: every day comes back however it is written, the lunar table agrees with a library, nothing crashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Lunar, LunarYear, Solar

from classification.dates import find_dates, read_date
from classification.dates.lunar import cycle_name, day_of, lunar_of, months_of, years_named
from classification.dates.lunar_table import FIRST_YEAR, LAST_YEAR

TODAY = date(2024, 11, 20)
DAYS = st.dates(date(1912, 1, 1), date(2099, 12, 31))
HAN = "〇一二三四五六七八九"


def han(number: int) -> str:
    """A number up to 99 in Han characters, written independently of the reader."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else HAN[tens]) + ("十" if tens else "") + (HAN[ones] if ones else "")


FORMS: dict[str, Callable[[date], str]] = {
    "年月日": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "Han": lambda day: f"{''.join(HAN[int(d)] for d in str(day.year))}年{han(day.month)}月{han(day.day)}日",
    "dots": lambda day: f"{day.year}.{day.month}.{day.day}",
    "dashes": lambda day: day.isoformat(),
    "slashes": lambda day: f"{day.year}/{day.month:02}/{day.day:02}",
    "digits": lambda day: f"{day:%Y%m%d}",
    "spaced": lambda day: f"{day.year} 年 {day.month} 月 {day.day} 日",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@given(day=DAYS)
def test_a_day_comes_back_from_every_form(form: Callable[[date], str], day: date) -> None:
    reading = read_date(form(day), TODAY)
    assert reading is not None
    assert (reading.earliest, reading.latest, reading.certainty) == (day, day, "exact")


@given(day=st.dates(date(1600, 3, 1), date(2099, 12, 31)))
def test_the_lunar_day_of_a_day_agrees_with_the_library(day: date) -> None:
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    year, month, in_month, leap = lunar_of(day) or (0, 0, 0, False)
    assert (year, -month if leap else month, in_month) == (lunar.getYear(), lunar.getMonth(), lunar.getDay())


@given(year=st.integers(FIRST_YEAR, LAST_YEAR - 1))
def test_a_lunar_year_joins_the_next_and_has_the_leap_month_of_the_library(year: int) -> None:
    months = months_of(year)
    assert months_of(year + 1)[0].first == months[-1].last + timedelta(days=1)
    assert sum(month.number for month in months if month.leap) == LunarYear.fromYear(year).getLeapMonth()


@given(year=st.integers(1700, 2090), month=st.integers(1, 12), day=st.integers(1, 29))
def test_a_lunar_date_falls_on_the_day_of_the_library(year: int, month: int, day: int) -> None:
    solar = Lunar.fromYmd(year, month, day).getSolar()
    assert day_of(year, month, day) == date(solar.getYear(), solar.getMonth(), solar.getDay())


@given(year=st.integers(1600, 2100))
def test_a_year_is_among_those_that_bear_its_name(year: int) -> None:
    assert year in years_named(cycle_name(year), 1600, 2100)


@given(text=st.text(alphabet="0129一二〇十廿年月日至—初正闰农历民国光绪甲午春底约前后世纪代.-: 元", max_size=24))
def test_no_text_breaks_the_reader_and_every_interval_is_in_order(text: str) -> None:
    for found in find_dates(text, TODAY, year=2020):
        assert text[found.start : found.end] == found.reading.wording
        assert found.start < found.end
        assert found.reading.earliest <= found.reading.latest
    read_date(text, TODAY)
