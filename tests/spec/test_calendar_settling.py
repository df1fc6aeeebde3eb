"""What is expected beside what is there, worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from classification.calendar.expected import Facts, Post, expected
from classification.calendar.periods import Period
from classification.calendar.reader import parse
from classification.calendar.recognition import Paper, Recognised
from classification.calendar.settling import Line, Said, State, settle, unplaced
from tests.spec.test_calendar import small

D = date.fromisoformat


def paper(covers: tuple[str, str] | None, made: str | None = None, title: str = "某记录", id_: str = "p") -> Recognised:
    made_on = D(made) if made else None
    read = Period(D(covers[0]), D(covers[1]), "某期") if covers else None
    return Recognised(Paper(id_, title, first=made_on, last=made_on), "r", read, ("题名里有“某记录”",))


def lines(
    cadence: dict[str, Any], papers: list[Recognised], today: str = "2027-12-31", said: tuple[Said, ...] = (),
    unseen: frozenset[str] = frozenset(), facts: Facts | None = None,
) -> tuple[Line, ...]:  # fmt: skip
    calendar = parse(small(**cadence))
    return settle(calendar, expected(calendar, 2026, D(today), facts), papers, 2026, said, unseen)


HALF = {"every": "half-year", "due_days": 15}
FIRST_HALF, MARCH, YEAR = ("2026-01-01", "2026-06-30"), ("2026-03-01", "2026-03-31"), ("2026-01-01", "2026-12-31")

# what is there, today, the states of the two halves of 2026
ROWS = [
    ([], "2026-07-15", ["not_yet", "not_yet"]),
    ([], "2026-07-16", ["missing", "not_yet"]),
    ([], "2027-01-16", ["missing", "missing"]),
    ([paper(FIRST_HALF, "2026-07-15")], "2026-08-01", ["there", "not_yet"]),
    ([paper(FIRST_HALF, "2026-07-16")], "2026-08-01", ["late", "not_yet"]),
    ([paper(FIRST_HALF, None)], "2026-08-01", ["there", "not_yet"]),
    ([paper(MARCH)], "2026-08-01", ["there", "not_yet"]),
    ([paper(YEAR)], "2027-12-31", ["missing", "missing"]),
    ([paper(None)], "2026-08-01", ["missing", "not_yet"]),
]


@pytest.mark.parametrize(("papers", "today", "states"), ROWS)
def test_a_half_year_is_settled_by_what_is_about_it(papers: list[Recognised], today: str, states: list[str]) -> None:
    assert [line.state for line in lines(HALF, papers, today)] == states


def test_a_book_of_the_year_counts_for_every_month_where_books_are_handed_in() -> None:
    assert {line.state for line in lines({"every": "month", "volume": "year"}, [paper(YEAR)])} == {State.THERE}
    assert {line.state for line in lines({"every": "month"}, [paper(YEAR)])} == {State.MISSING}


def test_a_sheet_of_a_quarter_counts_for_its_three_months() -> None:
    found = lines({"every": "month"}, [paper(("2026-04-01", "2026-06-30"))])
    assert [line.period.name for line in found if line.state is State.THERE] == ["4月", "5月", "6月"]


def test_a_book_of_the_year_counts_for_the_weeks_that_have_their_thursday_in_it() -> None:
    found = lines({"every": "week", "volume": "year"}, [paper(YEAR)])
    assert (len(found), {line.state for line in found}) == (53, {State.THERE})
    of_march = lines({"every": "week", "volume": "year"}, [paper(MARCH)])
    # The Thursdays of March 2026: 5, 12, 19, 26.
    assert [line.period.name for line in of_march if line.state is State.THERE] == [
        "第10周",
        "第11周",
        "第12周",
        "第13周",
    ]


def test_two_that_are_asked_for_are_not_there_with_one() -> None:
    year = {"every": "year", "min": 2}
    (one,) = lines(year, [paper(MARCH, id_="a")])
    assert (one.state, one.reason, one.settled_by) == (State.MISSING, "要 2 件，见到 1 件，2027-01-30 到期", ("a",))
    (both,) = lines(year, [paper(MARCH, id_="a"), paper(("2026-05-01", "2026-05-31"), id_="b")])
    assert (both.state, both.settled_by) == (State.THERE, ("a", "b"))


def test_a_statement_settles_a_period_and_a_record_outweighs_it() -> None:
    said = (Said("r", D("2026-01-01"), D("2026-06-30"), "", "书记住院", "高远", D("2026-07-01")),)
    first, second = lines(HALF, [], said=said)
    assert (first.state, first.reason) == (State.DID_NOT_OCCUR, "高远 2026-07-01 说明：书记住院")
    assert second.state is State.MISSING
    assert lines(HALF, [paper(FIRST_HALF)], said=said)[0].state is State.THERE


def test_what_the_asker_cannot_see_is_not_checked_rather_than_missing() -> None:
    assert {line.state for line in lines(HALF, [], unseen=frozenset({"S"}))} == {State.NOT_CHECKED}


def test_each_cadre_is_settled_by_a_paper_that_names_him() -> None:
    facts = Facts(posts=(Post("高远", D("2021-01-01")), Post("林禾", D("2021-01-01"))))
    found = lines({"every": "year", "per": "cadre"}, [paper(YEAR, title="林禾述职报告")], facts=facts)
    assert [(line.of, line.state) for line in found] == [("高远", "missing"), ("林禾", "there")]


def test_an_event_that_nobody_gave_is_counted_when_something_comes_in() -> None:
    event = {"every": "event", "trigger": "elected"}
    assert lines(event, []) == ()
    (one,) = lines(event, [paper(MARCH, id_="a")])
    assert (one.state, one.due, one.settled_by) == (State.THERE, None, ("a",))


def test_a_paper_that_settles_nothing_is_named() -> None:
    book, dateless, earlier = paper(YEAR), paper(None), paper(("2025-01-01", "2025-06-30"))
    papers = [book, dateless, earlier, paper(FIRST_HALF, id_="good")]
    assert unplaced(papers, lines(HALF, papers), 2026) == (book, dateless)
