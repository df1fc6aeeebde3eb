"""The calendar of a village's records, worked out by hand from a wall calendar and the grammar of the document."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from importlib import resources
from typing import Any

import pytest
import yaml

from classification.calendar.expected import NO_ROLL, Facts, Happening, Post, expected
from classification.calendar.model import Calendar, CalendarInvalid
from classification.calendar.periods import Every, periods
from classification.calendar.reader import parse

MODEL = yaml.safe_load(
    resources.files("classification").joinpath("outlines", "governance-model.yaml").read_text(encoding="utf-8")
)


def small(**cadence: Any) -> dict[str, Any]:
    """A document of one record with this cadence."""
    record = {"id": "r", "zh": "某记录", "series": "S", "provenance": "model", "cadence": cadence}
    return {
        "document": {
            "id": "c", "version": "1", "kind": "model", "banner_zh": "仅供试用", "effective_from": date(2020, 1, 1),
        },
        "grammar": {"triggers": [{"id": "elected", "zh": "换届", "known": True}]},
        "settings": [
            {"id": "how_often", "zh": "频次", "value": None, "provenance": "seed"},
            {"id": "default_due_days", "zh": "期限", "value": 30, "provenance": "model"},
        ],
        "systems": [{"id": "s", "zh": "某制度", "group": "archives", "records": [record]}],
    }  # fmt: skip


def rows(calendar: Calendar, year: int, facts: Facts | None = None) -> list[tuple[str, date, date, date]]:
    return [
        (one.period.name, one.period.first, one.period.last, one.due)
        for one in expected(calendar, year, date(2030, 1, 1), facts)
    ]


# year, number of weeks, first Monday, last Sunday (from a wall calendar)
WEEKS = [
    (2020, 53, date(2019, 12, 30), date(2021, 1, 3)),
    (2021, 52, date(2021, 1, 4), date(2022, 1, 2)),
    (2025, 52, date(2024, 12, 30), date(2025, 12, 28)),
    (2026, 53, date(2025, 12, 29), date(2027, 1, 3)),
    (2027, 52, date(2027, 1, 4), date(2028, 1, 2)),
]


@pytest.mark.parametrize(("year", "count", "first", "last"), WEEKS)
def test_a_week_belongs_to_the_year_that_has_its_thursday(year: int, count: int, first: date, last: date) -> None:
    weeks = periods(Every.WEEK, year)
    assert (len(weeks), weeks[0].first, weeks[-1].last) == (count, first, last)


COUNTS = [(Every.DAY, 2024, 366), (Every.DAY, 2026, 365), (Every.MONTH, 2026, 12), (Every.QUARTER, 2026, 4),
          (Every.HALF_YEAR, 2026, 2), (Every.YEAR, 2026, 1), (Every.WORKDAY, 2026, 261)]  # fmt: skip


@pytest.mark.parametrize(("every", "year", "count"), COUNTS)
def test_a_year_has_so_many_periods(every: Every, year: int, count: int) -> None:
    assert len(periods(every, year)) == count


def test_the_periods_have_the_names_people_use() -> None:
    assert [one.name for one in periods(Every.QUARTER, 2026)] == ["第一季度", "第二季度", "第三季度", "第四季度"]
    assert [one.name for one in periods(Every.HALF_YEAR, 2026)] == ["上半年", "下半年"]
    assert periods(Every.MONTH, 2024)[1].last == date(2024, 2, 29)


def test_a_holiday_is_no_workday() -> None:
    new_year = date(2026, 1, 1)
    assert [day.first for day in periods(Every.WORKDAY, 2026, [new_year])][:2] == [date(2026, 1, 2), date(2026, 1, 5)]


# cadence, year, the rows: name, first, last, last day in time
DUE: list[tuple[dict[str, Any], int, list[tuple[str, date, date, date]]]] = [
    ({"every": "half-year", "due_days": 15}, 2026,
     [("上半年", date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 15)),
      ("下半年", date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 15))]),
    ({"every": "year"}, 2026, [("全年", date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 30))]),
    ({"every": "year", "window": [1, 2]}, 2024, [("全年", date(2024, 1, 1), date(2024, 12, 31), date(2024, 2, 29))]),
    ({"every": "year", "window": [1, 3], "window_year": "next"}, 2026,
     [("全年", date(2026, 1, 1), date(2026, 12, 31), date(2027, 3, 31))]),
    ({"every": "year", "window": [12, 12], "due_days": 5}, 2026,
     [("全年", date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 5))]),
    ({"every": "year", "due_by": "06-30"}, 2026, [("全年", date(2026, 1, 1), date(2026, 12, 31), date(2027, 6, 30))]),
    ({"every": {"setting": "how_often"}}, 2026, []),
    ({"every": "event", "trigger": "elected"}, 2026, []),
    ({"every": "term", "due_days": 10}, 2026, []),
]  # fmt: skip


@pytest.mark.parametrize(("cadence", "year", "wanted"), DUE)
def test_a_record_is_due_when_its_cadence_says(
    cadence: dict[str, Any], year: int, wanted: list[tuple[str, date, date, date]]
) -> None:
    assert rows(parse(small(**cadence)), year) == wanted


def test_what_an_election_asks_for_is_due_ten_days_after_it() -> None:
    calendar = parse(small(every="event", trigger="elected", due_days=10))
    facts = Facts(happenings=(Happening("elected", date(2026, 3, 15), "第十二届"),))
    assert [row[3] for row in rows(calendar, 2026, facts)] == [date(2026, 3, 25)]
    assert rows(calendar, 2027, facts) == []


def test_a_term_asks_once_from_its_first_day() -> None:
    calendar = parse(small(every="term", due_days=10))
    facts = Facts(terms=(date(2021, 1, 20), date(2026, 1, 18)))
    assert rows(calendar, 2021, facts) == [("1月20日", date(2021, 1, 20), date(2026, 1, 17), date(2021, 1, 30))]


def test_a_cadre_who_came_in_june_is_not_asked_for_what_was_due_in_february() -> None:
    posts = (
        Post("高远", date(2021, 1, 1)),
        Post("林禾", date(2026, 6, 1)),
        Post("石磊", date(2021, 1, 1), date(2026, 1, 31)),
    )
    whole = parse(small(every="year", per="cadre"))
    early = parse(small(every="year", per="cadre", window=[1, 2]))
    today, facts = date(2030, 1, 1), Facts(posts=posts)
    assert [one.of for one in expected(whole, 2026, today, facts)] == ["高远", "林禾"]
    assert [one.of for one in expected(early, 2026, today, facts)] == ["高远"]


def test_where_nobody_has_said_who_the_cadres_are_one_is_expected_and_it_is_said() -> None:
    (one,) = expected(parse(small(every="year", per="cadre")), 2026, date(2030, 1, 1))
    assert (one.of, one.remark) == ("", NO_ROLL)


def test_a_merged_village_answers_up_to_the_merger_and_a_new_one_from_its_founding() -> None:
    calendar = parse(small(every="quarter"))
    names = [row[0] for row in rows(calendar, 2026, Facts(merged=date(2026, 7, 1)))]
    assert names == ["第一季度", "第二季度"]
    # On its last day, 30 June, a village that merges on that very day is no longer there.
    assert [row[0] for row in rows(calendar, 2026, Facts(merged=date(2026, 6, 30)))] == ["第一季度"]
    assert [row[0] for row in rows(calendar, 2026, Facts(founded=date(2026, 7, 1)))] == ["第三季度", "第四季度"]


def test_nothing_is_expected_before_the_calendar_takes_effect() -> None:
    assert rows(parse(small(every="year")), 2019) == []


def test_a_record_is_open_until_its_last_day_is_over() -> None:
    calendar = parse(small(every="half-year", due_days=15))
    assert [one.past for one in expected(calendar, 2026, date(2026, 7, 15))] == [False, False]
    assert [one.past for one in expected(calendar, 2026, date(2026, 7, 16))] == [True, False]


def test_the_model_of_the_county_is_read_whole() -> None:
    calendar = parse(MODEL)
    assert (len(calendar.systems), len(calendar.records), calendar.version) == (14, 58, "2026.1")
    assert calendar.settings["eight_situations"].value is None
    count = {kind.id: 0 for kind in calendar.records}
    for one in expected(calendar, 2026, date(2027, 12, 31)):
        count[one.record] += 1
    assert (count["duty_schedule"], count["weekly_minutes"], count["conversation_half"]) == (12, 53, 2)
    assert (count["disc_finance"], count["disc_village"], count["fd_proposal"]) == (12, 4, 0)


# what is broken, how, where it is named, in which column
BROKEN: list[tuple[str, Any, str, str]] = [
    ("document.id", "", "文件说明", "id"),
    ("document.kind", "law", "文件说明", "kind"),
    ("document.banner_zh", "", "文件说明", "banner_zh"),
    ("document.effective_from", "去年", "文件说明", "effective_from"),
    ("document.effective_to", date(2019, 1, 1), "文件说明", "effective_to"),
    ("settings.0.provenance", "guess", "设置 how_often", "provenance"),
    ("systems.0.group", "other", "制度 s", "group"),
    ("systems.0.zh", "", "制度 s", "zh"),
    ("systems.0.records", [], "制度 s", "records"),
    ("systems.0.records.0.series", "", "记录 r", "series"),
    ("systems.0.records.0.provenance", "guess", "记录 r", "provenance"),
    ("systems.0.records.0.cadence", None, "记录 r", "cadence"),
    ("systems.0.records.0.cadence.every", "fortnight", "记录 r", "every"),
    ("systems.0.records.0.cadence.every", {"setting": "nothing"}, "记录 r", "every"),
    ("systems.0.records.0.cadence.every", "event", "记录 r", "trigger"),
    ("systems.0.records.0.cadence.trigger", "elected", "记录 r", "trigger"),
    ("systems.0.records.0.cadence.min", 0, "记录 r", "min"),
    ("systems.0.records.0.cadence.per", "horse", "记录 r", "per"),
    ("systems.0.records.0.cadence.window", [3, 1], "记录 r", "window"),
    ("systems.0.records.0.cadence.due_days", -1, "记录 r", "due_days"),
    ("systems.0.records.0.cadence.due_by", "02-30", "记录 r", "due_by"),
    ("systems.0.records.0.cadence.volume", "week", "记录 r", "volume"),
    ("systems.0.records.0.cadence.level", "moon", "记录 r", "level"),
]


@pytest.mark.parametrize(("path", "value", "place", "column"), BROKEN)
def test_what_is_wrong_is_named_with_its_place(path: str, value: Any, place: str, column: str) -> None:
    document = broken(small(every="month"), path, value)
    with pytest.raises(CalendarInvalid) as refused:
        parse(document)
    assert [(one.place, one.column) for one in refused.value.problems] == [(place, column)]


def broken(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    made = deepcopy(document)
    *way, last = path.split(".")
    at: Any = made
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    at[last] = value
    return made


def test_everything_that_is_wrong_is_named_at_once() -> None:
    document = broken(broken(small(every="month"), "document.version", ""), "systems.0.records.0.cadence.min", "two")
    with pytest.raises(CalendarInvalid) as refused:
        parse(document)
    assert len(refused.value.problems) == 2
    assert "共 2 处问题" in str(refused.value)
