"""The same change to many at once: looked at first, all or none, and taken back until it is archived."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive_service.actions import bulk_editing, catalogue, physical
from archive_service.actions.outlines import import_outline
from archive_service.exchange import outline_files
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.rulebook import rule_book
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.base import new_id
from storage.database.organisations import Village
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing
from tests.conftest import NOON

CHANGES = {"series": "WS-CW-02", "access": "public", "box": "12", "shelf": "A-3"}


@pytest.fixture
def ids(archive: Archive) -> list[str]:
    """Three proposals of one village, the first without a series."""
    content = outline_files.read(Path("classification/outlines/yunling-model.yaml"))
    with archive.sessions.begin() as session:
        import_outline(session, OPERATOR, content, archive.now())
        session.add(Village(id="v1", fonds="V001", name="石门槛村", township="望溪镇", aliases=[]))
        session.flush()
        made = [
            Record(
                id=new_id(), village_id="v1", state=RecordState.PROPOSED, title=f"第 {number} 件", year=2019,
                date_wording="2019年", people=[], places=[], fields={}, proposals={}, created_at=NOON, changed_at=NOON,
            )
            for number in range(3)
        ]  # fmt: skip
        session.add_all(made)
        for one in made[1:]:
            rule_book(session).assign(one, "WS-CW-01")
    return [one.id for one in made]


def changed(archive: Archive, ids: list[str], at: datetime = NOON, actor: Actor = OPERATOR) -> int:
    with archive.sessions.begin() as session:
        return bulk_editing.edit(session, actor, ids, CHANGES, rule_book(session), at)


def undone(archive: Archive, at: datetime = NOON) -> tuple[int, int]:
    with archive.sessions.begin() as session:
        return bulk_editing.undo(session, OPERATOR, at, rule_book(session), at + timedelta(hours=1))


def told(archive: Archive, ids: list[str]) -> list[tuple[str | None, str, str]]:
    with archive.sessions.read() as session:
        found = {one.id: one for one in session.scalars(select(Record))}
        return [(found[id].series_id, found[id].access, physical.whereabouts(session, id).box) for id in ids]


def test_a_preview_says_what_would_change_and_keeps_nothing(archive: Archive, ids: list[str]) -> None:
    with archive.sessions.read() as session:
        seen = bulk_editing.preview(session, OPERATOR, ids, CHANGES, rule_book(session), NOON)
    assert [one.changed["series"] for one in seen] == [[None, "WS-CW-02"], *[["WS-CW-01", "WS-CW-02"]] * 2]
    assert seen[0].changed["box"] == ["", "12"]
    assert told(archive, ids) == [(None, "internal", ""), *[("WS-CW-01", "internal", "")] * 2]


def test_all_are_changed_and_put_back_as_they_were(archive: Archive, ids: list[str]) -> None:
    before = told(archive, ids)
    assert changed(archive, ids) == 3
    assert told(archive, ids) == [("WS-CW-02", "public", "12")] * 3
    assert changed(archive, ids, NOON + timedelta(minutes=1)) == 0
    assert undone(archive) == (3, 0)
    assert told(archive, ids) == before
    with archive.sessions.read() as session:
        assert session.get_one(Record, ids[0]).retention is None


def test_what_was_changed_again_or_archived_is_left(archive: Archive, ids: list[str]) -> None:
    changed(archive, ids)
    with archive.sessions.begin() as session:
        later = NOON + timedelta(minutes=5)
        catalogue.describe(session, OPERATOR, ids[0], {"access": "village"}, rule_book(session), later)
        session.get_one(Record, ids[1]).state = RecordState.ARCHIVED
    assert undone(archive) == (1, 2)
    assert [access for _, access, _ in told(archive, ids)] == ["village", "public", "internal"]


def test_one_that_is_archived_refuses_for_all(archive: Archive, ids: list[str]) -> None:
    with archive.sessions.begin() as session:
        session.get_one(Record, ids[2]).state = RecordState.ARCHIVED
    with pytest.raises(Conflict):
        changed(archive, ids)
    assert told(archive, ids)[0] == (None, "internal", "")


def test_rights_are_asked_record_by_record(archive: Archive, ids: list[str]) -> None:
    with archive.sessions.begin() as session:
        session.get_one(Record, ids[1]).access = "personal"
    clerk = Actor("c", "clerk", "村档案员", Role.CLERK, "v1")
    neighbour = Actor("n", "other", "邻村", Role.CLERK, "v2")
    for who, some in ((clerk, ids), (neighbour, ids[:1])):
        with archive.sessions.read() as session, pytest.raises(Missing):
            bulk_editing.preview(session, who, some, CHANGES, rule_book(session), NOON)
        with pytest.raises(Missing):
            changed(archive, some, actor=who)
    auditor = Actor("a", "auditor", "审计", Role.AUDITOR)
    with pytest.raises(Forbidden):
        changed(archive, ids[:1], actor=auditor)
    with archive.sessions.read() as session:
        seen = bulk_editing.preview(session, auditor, ids[:1], CHANGES, rule_book(session), NOON)
    assert [bool(one.refused) for one in seen] == [True]


def lent(archive: Archive, record_id: str, days: int, actor: Actor = OPERATOR) -> None:
    today = archive.today()
    with archive.sessions.begin() as session:
        physical.lend(session, actor, record_id, "周明发", "补办证明", today + timedelta(days), NOON, today)


def test_a_loan_goes_out_once_is_overdue_after_its_day_and_comes_back(archive: Archive, ids: list[str]) -> None:
    lent(archive, ids[0], 7)
    with pytest.raises(Conflict, match="周明发"):
        lent(archive, ids[0], 9)
    lent(archive, ids[1], 30)
    with archive.sessions.begin() as session:
        on_day, after = archive.today() + timedelta(7), archive.today() + timedelta(8)
        assert physical.loans(session, OPERATOR, on_day, "overdue")[1] == 0
        late, total = physical.loans(session, OPERATOR, after, "overdue")
        assert ([one.record.id for one in late], total) == ([ids[0]], 1)
        physical.give_back(session, OPERATOR, ids[0], NOON, after)
        session.flush()
        assert physical.loans(session, OPERATOR, after, "overdue")[1] == 0
        assert [one.record.id for one in physical.loans(session, OPERATOR, after)[0]] == [ids[1]]
        assert physical.loans(session, OPERATOR, after, "all")[1] == 2
        with pytest.raises(Conflict):
            physical.give_back(session, OPERATOR, ids[0], NOON, after)
    lent(archive, ids[0], 3)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_that_is_past_or_too_far_is_refused(archive: Archive, ids: list[str], days: int) -> None:
    with pytest.raises(RuleError, match="一年以内"):
        lent(archive, ids[0], days)


def test_a_stranger_neither_lends_nor_sees_loans(archive: Archive, ids: list[str]) -> None:
    lent(archive, ids[0], 7)
    stranger = Actor("n", "other", "邻村", Role.CLERK, "v2")
    with pytest.raises(Missing):
        lent(archive, ids[1], 7, stranger)
    with archive.sessions.read() as session:
        assert physical.loans(session, stranger, archive.today(), "all") == ([], 0)
        with pytest.raises(Forbidden):
            physical.loans(session, Actor("r", "r", "读者", Role.RESEARCHER), archive.today())


def test_a_count_is_a_number(archive: Archive, ids: list[str]) -> None:
    with archive.sessions.begin() as session:
        found = session.get_one(Record, ids[0])
        with pytest.raises(RuleError, match="件数"):
            physical.place(session, OPERATOR, found, {"count": "很多"}, NOON, None)
        assert physical.place(session, OPERATOR, found, {"count": "12"}, NOON, None) == {"count": [None, 12]}
