"""Versions of a calendar one after the other, their settings and differences, and sums over lines; by hand."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from classification.calendar.adjusting import adjusted, text_of, value_of
from classification.calendar.comparison import cadence_in_words, compare
from classification.calendar.model import Calendar, CalendarInvalid
from classification.calendar.periods import Period
from classification.calendar.reader import parse
from classification.calendar.recognition import Paper, Recognised, Recogniser
from classification.calendar.settling import Line, Said, State
from classification.calendar.tally import by_month, by_system, good_until, share, slowest, tally, whole
from classification.calendar.timeline import expected_in, settled_year, timeline
from tests.spec.test_calendar import MODEL, small

D = date.fromisoformat


def version(since: str, **cadence: Any) -> Calendar:
    document = deepcopy(small(**cadence))
    document["document"]["effective_from"] = since
    document["document"]["version"] = since
    return parse(document)


MONTHS, QUARTERS = version("2025-01-01", every="month"), version("2026-07-01", every="quarter")
BOTH = timeline([MONTHS, QUARTERS])


def test_each_period_counts_under_the_version_in_force_on_its_last_day() -> None:
    found = [one.period.name for one in expected_in(BOTH, 2026, D("2027-12-31"))]
    assert found == ["1月", "2月", "3月", "4月", "5月", "6月", "第三季度", "第四季度"]
    assert len(expected_in(BOTH, 2025, D("2027-12-31"))) == 12
    assert len(expected_in(BOTH, 2027, D("2027-12-31"))) == 4
    assert expected_in(BOTH, 2024, D("2027-12-31")) == ()


def test_of_two_versions_of_one_day_the_later_import_counts() -> None:
    mended = version("2026-07-01", every="half-year")
    held = timeline([MONTHS, QUARTERS, mended])
    assert [one.period.name for one in expected_in(held, 2026, D("2027-12-31"))][6:] == ["下半年"]


def test_a_week_at_the_turn_of_the_year_counts_under_the_version_of_its_last_day() -> None:
    # The last week of 2026 is 28 December to 3 January.
    held = timeline([version("2026-01-01", every="week"), version("2027-01-01", every="year")])
    found = expected_in(held, 2026, D("2027-12-31"))
    assert [one.period.name for one in found if one.period.first >= D("2026-12-14")] == ["第51周", "第52周"]


def test_a_paper_settles_the_period_of_the_version_that_asked_for_it() -> None:
    march, autumn = Paper("a", "2026年3月", series="S"), Paper("b", "2026年8月", series="S")

    def known(calendar: Calendar) -> list[Recognised]:
        recogniser = Recogniser(calendar)
        return [one for paper in (march, autumn) if (one := recogniser.recognise(paper))]

    lines = settled_year(BOTH, 2026, D("2027-12-31"), None, known)
    there = {one.period.name: one.settled_by for one in lines if one.state is State.THERE}
    assert there == {"3月": ("a",), "第三季度": ("b",)}


def test_nothing_occurred_is_stated_for_a_year_of_events() -> None:
    calendar = version("2026-01-01", every="event", trigger="elected")
    said = Said("r", D("2026-01-01"), D("2026-12-31"), "", "没有来访", "高远", D("2027-01-05"))
    (line,) = settled_year(timeline([calendar]), 2026, D("2027-01-06"), None, lambda _: (), (said,))
    assert (line.state, line.due, line.reason) == (State.DID_NOT_OCCUR, None, "高远 2027-01-05 说明：没有来访")
    assert settled_year(timeline([calendar]), 2025, D("2027-01-06"), None, lambda _: (), (said,)) == ()


# type, what is typed, the value
VALUES: list[tuple[str, str, Any]] = [
    ("integer", "20", 20),
    ("boolean", "是", True),
    ("boolean", "否", False),
    ("month | quarter", "quarter", "quarter"),
    ("cadence", "half-year", "half-year"),
    ("weekday", "周三", "周三"),
    ("fraction", "2/3", "2/3"),
    ("MM-DD of the next year", "06-30", "06-30"),
    ("list of dates", "2026-01-01\n2026-10-01", ["2026-01-01", "2026-10-01"]),
    ("list of {code, zh}", "甲、乙", [{"code": "01", "zh": "甲"}, {"code": "02", "zh": "乙"}]),
    ("list of posts", "书记；主任", ["书记", "主任"]),
    ("integer", " ", None),
]


@pytest.mark.parametrize(("kind", "typed", "value"), VALUES)
def test_a_setting_is_typed_and_shown_again(kind: str, typed: str, value: Any) -> None:
    assert value_of(kind, typed) == value
    assert value_of(kind, text_of(value)) == value


@pytest.mark.parametrize(
    ("kind", "typed", "length"),
    [
        ("integer", "三", None), ("integer", "-1", None), ("boolean", "也许", None), ("month | quarter", "week", None),
        ("weekday", "三", None), ("fraction", "0/3", None), ("list of dates", "元旦", None),
        ("list of {code, zh}", "甲、乙、丙", 4),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(kind: str, typed: str, length: int | None) -> None:
    with pytest.raises(ValueError, match=r"."):
        value_of(kind, typed, length)


def test_settings_of_the_county_make_a_version_that_is_still_a_model() -> None:
    made = adjusted(MODEL, {"finance_disclosure_every": "quarter"}, "2026.1+1", D("2026-07-01"))
    new, old = parse(made), parse(MODEL)
    assert (new.kind, new.banner, new.version) == ("model", old.banner, "2026.1+1")
    assert (new.settings["finance_disclosure_every"].value, new.settings["finance_disclosure_every"].mark) == (
        "quarter", "county",
    )  # fmt: skip
    held = timeline([old, new])
    finance = [one.period.name for one in expected_in(held, 2026, D("2027-12-31")) if one.record == "disc_finance"]
    assert finance == ["1月", "2月", "3月", "4月", "5月", "6月", "第三季度", "第四季度"]
    said = [str(one) for one in compare(old, new)]
    assert "改动设置 finance_disclosure_every 财务公开频次：取值由“month”改为“quarter”" in said
    assert any("改动记录 disc_finance 财务公开：频次由“每月 1 件，期后 15 天内”" in one for one in said)


def test_every_setting_that_cannot_be_taken_is_named() -> None:
    with pytest.raises(CalendarInvalid) as refused:
        adjusted(MODEL, {"eight_situations": "甲", "nothing": "1", "default_due_days": "x"}, "2", D("2026-07-01"))
    assert len(refused.value.problems) == 3
    assert "要写 8 项，写了 1 项" in str(refused.value.problems[1])


def test_a_cadence_in_words() -> None:
    kind = parse(MODEL).record("commitment")
    assert cadence_in_words(kind.cadence) == "每名村干部每年 1 件，1至2月形成"


def line(record: str, last: str, state: State, due: str | None = "2026-01-01") -> Line:
    return Line(record, record.upper(), record, Period(D("2026-01-01"), D(last), ""), due and D(due), state, "")  # type: ignore[arg-type]  # an empty due stays None


def test_sums_by_month_system_and_record() -> None:
    lines = [
        line("a", "2026-03-31", State.THERE), line("a", "2026-04-30", State.LATE),
        line("b", "2027-01-03", State.MISSING), line("b", "2026-12-27", State.NOT_YET, "2027-02-01"),
        line("c", "2026-12-31", State.THERE, None),
    ]  # fmt: skip
    found = tally(lines, 2026)
    assert share(whole(found)) == 75
    assert by_month(found)[12] == {**dict.fromkeys(State, 0), State.MISSING: 1, State.NOT_YET: 1}
    assert by_system(found, {"a": "A", "b": "B"})["A"][State.LATE] == 1
    assert [(one.record, one.late, one.missing, one.due) for one in slowest(found)] == [("a", 1, 0, 2), ("b", 0, 1, 1)]
    assert good_until(lines, D("2026-12-31")) == D("2027-02-01")
    assert good_until(lines[:3], D("2026-12-31")) is None
