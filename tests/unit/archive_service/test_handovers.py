"""Handovers over a real database: the register is what there is, nothing is closed while something is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete
from sqlalchemy.orm import Session

from archive_service.actions import handovers
from archive_service.actions.handovers import Counted, NewHandover
from archive_service.actions.outlines import outline_at
from archive_service.actions.villages import add_village
from archive_service.exchange.calendar_files import county_calendar
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.settings import Settings
from archive_service.tasks.kept_documents import KINDS, keep_documents
from archive_service.tasks.matters import archive_handover, print_handover
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.errors import RuleError
from storage.database import journal
from storage.database.handovers import Handover, HandoverKind, documents, restore
from storage.database.organisations import village_named
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing

NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
TODAY, ELECTED = date(2026, 3, 20), date(2026, 3, 15)
PEOPLE = {"giver": "石大山", "receiver": "高远", "supervisor": "顾采薇"}


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """A village with three archived records, one of them personal, and one that is not filed."""
    made = build(settings, lambda: NOW)
    set_up(made)
    with made.sessions.begin() as session:
        home = add_village(session, OPERATOR, NOW, "石门槛村", "V012", "望溪镇").id
        put(session, home, 1, "archived", "internal")
        put(session, home, 2, "archived", "internal")
        put(session, home, 3, "archived", "personal")
        put(session, home, 4, "proposed", "internal")
    yield made
    made.sessions.engine.dispose()


def put(session: Session, home: str, number: int, state: str, access: str) -> None:
    session.add(
        Record(
            id=f"{number:032x}", village_id=home, state=RecordState(state), title="合同", series_id="WS-CW-02",
            access=access, created_at=NOW, changed_at=NOW,
        )
    )  # fmt: skip


def opened(
    session: Session, actor: Actor = OPERATOR, kind: HandoverKind = HandoverKind.TERM, on: date = ELECTED
) -> Handover:
    home = village_named(session, "石门槛村").id
    wish = NewHandover(home, kind, on, PEOPLE)
    made = handovers.open_handover(session, actor, county_calendar(), outline_at(session)[1], wish, NOW, TODAY)
    session.flush()
    return made


def count_all(session: Session, held: Handover) -> None:
    """Everything that is listed is there."""
    counted = {place: Counted(one["number"] or 1, one["number"] or 1, "") for place, one in enumerate(held.items)}
    handovers.note_counts(session, OPERATOR, held.id, {}, counted, NOW)


def clerk(home: str) -> Actor:
    return Actor("c", "clerk", "文书", Role.CLERK, home)


def test_the_register_is_due_ten_days_after_the_election(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        assert opened(session).due_on == date(2026, 3, 25)


def test_the_register_lists_what_there_is_as_far_as_the_person_sees_it(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        everything = {one["name"]: one["number"] for one in opened(session).items if one["number"] is not None}
        home = village_named(session, "石门槛村").id
        seen = opened(session, clerk(home), HandoverKind.ARCHIVIST).items
        series = next(name for name in everything if name.startswith("WS-CW-02 "))
        assert everything == {series: 3, "待整理、待归档的材料": 1}
        assert next(one["number"] for one in seen if one["name"] == series) == 2


def test_nothing_is_registered_twice_or_before_its_day_or_elsewhere(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        opened(session)
        with pytest.raises(Conflict):
            opened(session)
        with pytest.raises(RuleError):
            opened(session, on=date(2026, 3, 21))
        with pytest.raises(Forbidden):
            opened(session, clerk("elsewhere"), HandoverKind.ARCHIVIST)


def test_it_is_not_closed_while_something_is_missing_without_a_note(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        assert any("还没有清点" in one for one in handovers.missing(held))
        count_all(session, held)
        assert handovers.missing(held) == []
        handovers.note_counts(session, OPERATOR, held.id, {}, {0: Counted(None, 1, "")}, NOW)
        with pytest.raises(RuleError, match="应交 3，实交 1"):
            handovers.close(session, OPERATOR, held.id, TODAY, NOW, TODAY)
        handovers.note_counts(session, OPERATOR, held.id, {}, {0: Counted(None, 1, "两件借出未还")}, NOW)
        handovers.close(session, OPERATOR, held.id, TODAY, NOW, TODAY)
        assert (held.signed_on, held.closed_by) == (TODAY, "operator")


@pytest.mark.parametrize(
    ("people", "signed_on"),
    [
        ({"supervisor": ""}, TODAY),
        ({"supervisor": "高远"}, TODAY),
        ({}, date(2026, 3, 14)),
        ({}, date(2026, 3, 21)),
    ],
)
def test_three_different_people_sign_between_the_change_and_today(
    archive: Archive, people: dict[str, str], signed_on: date
) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        count_all(session, held)
        handovers.note_counts(session, OPERATOR, held.id, people, {}, NOW)
        with pytest.raises(RuleError):
            handovers.close(session, OPERATOR, held.id, signed_on, NOW, TODAY)
        assert held.closed_at is None


def test_what_is_closed_does_not_change_any_more(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        count_all(session, held)
        handovers.close(session, OPERATOR, held.id, TODAY, NOW, TODAY)
        with pytest.raises(Conflict):
            handovers.add_item(session, OPERATOR, held.id, "钥匙", "大门钥匙", 1, "把", NOW)
        acts = [one.act for one in journal.history(session, held.id)]
    assert acts == ["handover_opened", "handover_counted", "handover_closed"]


def test_a_line_that_is_added_must_be_counted_too(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        count_all(session, held)
        handovers.add_item(session, OPERATOR, held.id, "钥匙", "大门钥匙", 2, "把", NOW)
        assert handovers.missing(held) == ["“大门钥匙”还没有清点"]
        with pytest.raises(RuleError):
            handovers.add_item(session, OPERATOR, held.id, "人情", "酒席", 2, "桌", NOW)
        with pytest.raises(Missing):
            handovers.note_counts(session, OPERATOR, held.id, {}, {999: Counted(1, 1, "")}, NOW)


def test_the_register_of_a_closed_handover_becomes_one_record(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
    with pytest.raises(RuleError):
        archive_handover(archive, OPERATOR, held.id)
    with archive.sessions.begin() as session:
        found = session.get_one(Handover, held.id)
        count_all(session, found)
        handovers.close(session, OPERATOR, held.id, TODAY, NOW, TODAY)
    record_id = archive_handover(archive, OPERATOR, held.id)
    with archive.sessions.read() as session:
        record = session.get_one(Record, record_id)
        assert (record.title, record.series_id, record.earliest) == (
            "石门槛村2026年换届移交清册", "WS-GB-17", TODAY,
        )  # fmt: skip
    with pytest.raises(Conflict):
        archive_handover(archive, OPERATOR, held.id)


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_the_register_is_printed_with_room_to_sign(archive: Archive, tmp_path: Path, format: str) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
    target = tmp_path / f"清册.{format}"
    assert print_handover(archive, OPERATOR, held.id, format, target).rows == len(held.items)
    if format == "xlsx":
        cells = [str(one) for row in load_workbook(target).worksheets[0].iter_rows(values_only=True) for one in row]
        assert any("移交人：" in one and "接收人：" in one and "监交人：" in one for one in cells)


def test_a_handover_is_kept_in_the_store_and_comes_back_as_it_was(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
    keep_documents(archive)
    kind = next(one for one in KINDS if one.table is Handover)
    with archive.sessions.begin() as session:
        before = documents(session, [session.get_one(Handover, held.id)])
        said = json.loads(archive.root.content(archive.root.read(f"{kind.prefix}{held.id}"), kind.name))
        session.execute(delete(Handover))
        session.expunge_all()
        restore(session, said)
        session.flush()
        assert documents(session, [session.get_one(Handover, held.id)]) == before
