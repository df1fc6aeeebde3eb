"""The due list: what has run out, what has not and why, what stops it, and what the coming years bring."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from archive_service.actions import due, holds, physical
from archive_service.actions.due import Asked, ForecastLine
from archive_service.actions.holds import Wish
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.rulebook import rule_book
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.base import new_id
from storage.database.holds import HoldKind
from storage.database.organisations import village_named
from storage.database.records import Record, RecordState
from storage.errors import Missing
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
EVENT = {"event": "合同期满", "plus_years": 10}
SPLIT = {"important": 30, "ordinary": 10}
KINDS: dict[str, dict[str, Any]] = {
    "old": {"retention": 10, "starts_on": date(2010, 1, 1), "due_on": date(2019, 12, 31)},
    "yesterday": {"retention": 10, "starts_on": date(2016, 3, 1), "due_on": date(2026, 2, 28)},
    "today": {"retention": 10, "starts_on": date(2016, 3, 2), "due_on": date(2026, 3, 1)},
    "later": {"retention": 30, "starts_on": date(2000, 1, 1), "due_on": date(2029, 12, 31)},
    "for ever": {"retention": "permanent", "starts_on": date(1950, 1, 1)},
    "open": {"retention": None, "starts_on": date(1950, 1, 1)},
    "two": {"retention": SPLIT, "starts_on": date(1950, 1, 1)},
    "event": {"retention": EVENT},
    "no year": {"retention": 10},
}


@pytest.fixture
def stocked(archive: Archive) -> Archive:
    """One archived record of every kind, one in another village, one personal, one not archived; all but KINDS old."""
    set_up(archive)
    with archive.sessions.begin() as session:
        for name, fonds in (("石门槛村", "V012"), ("远山村", "V031")):
            add_village(session, OPERATOR, NOON, name, fonds, "望溪镇")
        session.flush()
        here, there = (village_named(session, name).id for name in ("石门槛村", "远山村"))
        others = [("far", there, "internal", RecordState.ARCHIVED), ("secret", here, "personal", RecordState.ARCHIVED)]
        others.append(("waiting", here, "internal", RecordState.ACCEPTED))
        rows = [(title, here, "internal", RecordState.ARCHIVED, period) for title, period in KINDS.items()]
        for title, home, access, state, period in [*rows, *((*one, KINDS["old"]) for one in others)]:
            session.add(
                Record(
                    id=new_id(), village_id=home, title=title, access=access, state=state, class_id="WS-CW",
                    created_at=NOON, changed_at=NOON, **period,
                )
            )  # fmt: skip
    return archive


def keeper(archive: Archive, role: Role = Role.TOWNSHIP_ARCHIVIST) -> Actor:
    with archive.sessions.read() as session:
        return Actor("k", "keeper", "乡镇", role, village_named(session, "石门槛村").id)


def titles(archive: Archive, actor: Actor, asked: Asked) -> list[str]:
    with archive.sessions.read() as session:
        found = due.due_list(session, actor, asked, TODAY)
        assert found.total == len(found.lines)
        return [one.record.title for one in found.lines]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("due", ["old", "yesterday"]),
        ("running", ["today", "later"]),
        ("permanent", ["for ever"]),
        ("undetermined", ["open"]),
        ("unchosen", ["two"]),
        ("no_event", ["event"]),
        ("no_year", ["no year"]),
        ("stopped", []),
    ],
)
def test_every_record_is_in_one_list_and_its_line_says_the_same(
    stocked: Archive, show: str, expected: list[str]
) -> None:
    assert titles(stocked, keeper(stocked), Asked(show)) == expected
    with stocked.sessions.read() as session:
        lines = due.due_list(session, keeper(stocked), Asked(show), TODAY).lines
        assert {one.standing.value for one in lines} <= {show}


def test_the_county_sees_all_of_it_and_the_counts_agree(stocked: Archive) -> None:
    assert sorted(titles(stocked, OPERATOR, Asked())) == ["far", "old", "secret", "yesterday"]
    with stocked.sessions.read() as session:
        assert {one.show: one.number for one in due.standings(session, OPERATOR, TODAY)} == {
            "due": 4, "stopped": 0, "running": 2, "permanent": 1, "undetermined": 1, "unchosen": 1, "no_event": 1,
            "no_year": 1,
        }  # fmt: skip
        assert due.number_due(session, keeper(stocked), TODAY) == 2
        there = village_named(session, "远山村").id
    assert titles(stocked, OPERATOR, Asked(village=there)) == ["far"]
    assert titles(stocked, keeper(stocked), Asked(village=there)) == []


def test_a_record_without_a_stored_period_at_all_is_undetermined(stocked: Archive) -> None:
    with stocked.sessions.begin() as session:
        home = village_named(session, "石门槛村").id
        state = RecordState.ARCHIVED
        session.add(Record(id=new_id(), village_id=home, title="bare", state=state, created_at=NOON, changed_at=NOON))
    assert titles(stocked, OPERATOR, Asked("undetermined")) == ["open", "bare"]


def test_what_is_held_or_lent_is_not_due_and_says_why(stocked: Archive) -> None:
    with stocked.sessions.begin() as session:
        by_title = {one.record.title: one.record.id for one in due.due_list(session, OPERATOR, Asked(), TODAY).lines}
        wish = Wish(HoldKind.RECORDS, "debt", "欠款未清", records=(by_title["old"],))
        hold = holds.place(session, stocked.index, OPERATOR, wish, NOON, TODAY).id
        back = TODAY + timedelta(days=30)
        physical.lend(session, OPERATOR, by_title["yesterday"], "石小河", "核对", back, NOON, TODAY)
    assert titles(stocked, keeper(stocked), Asked()) == []
    with stocked.sessions.read() as session:
        lines = due.due_list(session, keeper(stocked), Asked("stopped"), TODAY).lines
        assert [(one.record.title, one.stops) for one in lines] == [
            ("old", ["停止处置：债权债务未结清"]),
            ("yesterday", ["原件借出，2026-03-31 应还"]),
        ]
    with stocked.sessions.begin() as session:
        holds.release(session, OPERATOR, hold, "已还清", NOON)
    assert titles(stocked, keeper(stocked), Asked()) == ["old"]


def test_a_year_shows_what_ends_in_it_whether_run_out_or_not(stocked: Archive) -> None:
    assert titles(stocked, keeper(stocked), Asked(year=2026)) == ["yesterday", "today"]
    assert titles(stocked, keeper(stocked), Asked(year=2029)) == ["later"]


def test_the_forecast_counts_from_today_to_the_end_of_the_last_year(stocked: Archive) -> None:
    with stocked.sessions.read() as session:
        assert due.forecast(session, OPERATOR, TODAY, 3) == [ForecastLine(2026, "WS-CW", 1)]
        assert due.forecast(session, OPERATOR, TODAY, 4) == [
            ForecastLine(2026, "WS-CW", 1),
            ForecastLine(2029, "WS-CW", 1),
        ]


@pytest.mark.parametrize("show", ["due", "running", "permanent"])
def test_the_pages_of_a_list_are_the_list(stocked: Archive, show: str) -> None:
    with stocked.sessions.begin() as session:
        home = village_named(session, "石门槛村").id
        for title, period in KINDS.items():
            session.add(
                Record(
                    id=new_id(), village_id=home, title=f"{title} again", state=RecordState.ARCHIVED, created_at=NOON,
                    changed_at=NOON, **period,
                )
            )  # fmt: skip
    whole = titles(stocked, OPERATOR, Asked(show))
    after, pages = "", []
    with stocked.sessions.read() as session:
        while True:
            page = due.due_list(session, OPERATOR, Asked(show, after=after, size=1), TODAY)
            assert page.total == len(whole)
            pages += [one.record.title for one in page.lines]
            if page.after is None:
                break
            after = page.after
    assert len(whole) >= 2
    assert pages == whole


def test_the_arithmetic_names_version_and_row_and_ends_with_the_day(stocked: Archive) -> None:
    with stocked.sessions.begin() as session:
        rules = rule_book(session)
        home = village_named(session, "石门槛村").id
        found = Record(
            id=new_id(), village_id=home, title="账簿", year=1980, retention_choice="ordinary",
            state=RecordState.ARCHIVED, access="internal", created_at=NOON, changed_at=NOON,
        )  # fmt: skip
        rules.assign(found, "WS-CW-02")
        session.add(found)
        # 10 years from 1 January 1981.
        assert (found.starts_on, found.due_on) == (date(1981, 1, 1), date(1990, 12, 31))
    with stocked.sessions.read() as session:
        line = next(one for one in due.due_list(session, OPERATOR, Asked(), TODAY).lines if one.record.title == "账簿")
    steps = {step.kind: step.text for step in line.why}
    assert "WS-CW-02" in steps["clause"]
    assert rules.outline.document.version in steps["clause"]
    assert steps["period"] == "保管期限：定期10年"
    assert "1981-01-01 起" in steps["start"]
    assert steps["due"].startswith("1990-12-31 期满")


def test_wrong_wishes_are_refused(stocked: Archive) -> None:
    with stocked.sessions.read() as session:
        for asked in (Asked("soon"), Asked(year=0)):
            with pytest.raises(RuleError):
                due.due_list(session, OPERATOR, asked, TODAY)
        with pytest.raises(Missing):
            due.due_list(session, OPERATOR, Asked(after="yesterday.1"), TODAY)
        with pytest.raises(RuleError):
            due.forecast(session, OPERATOR, TODAY, 0)
        for act in (
            lambda who: due.due_list(session, who, Asked(), TODAY),
            lambda who: due.standings(session, who, TODAY),
            lambda who: due.forecast(session, who, TODAY, 5),
        ):
            with pytest.raises(Forbidden):
                act(keeper(stocked, Role.CLERK))
