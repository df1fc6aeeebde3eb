"""Holds: placed by record, search, matter and person, by whoever has the right; released with a reason; never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from archive_service.actions import holds
from archive_service.actions.holds import Wish
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.tasks.keeping import keep_holds
from archive_service.tasks.rebuilding import rebuild_database
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive, build
from classification.errors import RuleError
from storage.database.holds import Hold, HoldKind, holds_ever_on, holds_on, records_under
from storage.database.journal import JournalEntry
from storage.database.organisations import village_named
from storage.database.records import File, Kin, Record, RecordState
from storage.errors import Conflict, Missing
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
ONE, TWO, ELSEWHERE, SECRET, WAITING, FILE = (f"{number:032x}" for number in range(1, 7))


@pytest.fixture
def held(archive: Archive) -> Archive:
    """Two archived records in one village, one in another, a personal one, and one that is not archived."""
    set_up(archive)
    with archive.sessions.begin() as session:
        for name, fonds in (("石门槛村", "V012"), ("远山村", "V031")):
            add_village(session, OPERATOR, NOON, name, fonds, "望溪镇")
        session.flush()
        here, there = (village_named(session, name).id for name in ("石门槛村", "远山村"))
        for record_id, home, title, people, access, state in (
            (ONE, here, "灌溉渠承包合同", ["石大山"], "internal", RecordState.ARCHIVED),
            (TWO, here, "灌溉渠维修账", ["石大山林"], "internal", RecordState.ARCHIVED),
            (ELSEWHERE, there, "灌溉渠分水协议", ["石大山"], "internal", RecordState.ARCHIVED),
            (SECRET, here, "灌溉渠伤残补助名册", ["石大山"], "personal", RecordState.ARCHIVED),
            (WAITING, here, "灌溉渠会议记录", ["石大山"], "internal", RecordState.PROPOSED),
        ):
            session.add(
                Record(
                    id=record_id, village_id=home, title=title, people=people, access=access, state=state,
                    created_at=NOON, changed_at=NOON,
                )
            )  # fmt: skip
    sync_index(archive)
    return archive


def keeper(archive: Archive, role: Role = Role.TOWNSHIP_ARCHIVIST) -> Actor:
    with archive.sessions.read() as session:
        return Actor("k", "keeper", "乡镇", role, village_named(session, "石门槛村").id)


def wish(kind: HoldKind, subject: str = "", records: tuple[str, ...] = ()) -> Wish:
    return Wish(kind, "case", "法院要用", subject, records)


def put(archive: Archive, actor: Actor, wanted: Wish) -> tuple[str, list[str]]:
    with archive.sessions.begin() as session:
        hold = holds.place(session, archive.index, actor, wanted, NOON, TODAY)
        return hold.id, records_under(session, hold.id)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (wish(HoldKind.RECORDS, records=(ONE, ELSEWHERE, ONE)), [ONE, ELSEWHERE]),
        (wish(HoldKind.SEARCH, "灌溉渠 -合同"), [TWO, ELSEWHERE, SECRET]),
        (wish(HoldKind.MATTER, "灌溉渠承包"), [ONE]),
        (wish(HoldKind.PERSON, "石大山"), [ONE, ELSEWHERE, SECRET]),
    ],
)
def test_a_hold_keeps_what_was_named_and_is_archived(held: Archive, wanted: Wish, expected: list[str]) -> None:
    hold_id, found = put(held, OPERATOR, wanted)
    assert found == expected
    with held.sessions.read() as session:
        assert {one: [hold.id for hold in on] for one, on in holds_on(session, [ONE, TWO, ELSEWHERE]).items()} == {
            one: [hold_id] for one in expected if one != SECRET
        }


def test_a_person_of_a_genealogy_is_found_too(held: Archive) -> None:
    with held.sessions.begin() as session:
        home = session.get_one(Record, TWO).village_id
        session.add(
            File(
                id=FILE, record_id=TWO, village_id=home, name="谱.ged", path="谱.ged", size=1, sha256="0", sha512="0",
                storage_key="staging/00/x", received_at=NOON,
            )
        )  # fmt: skip
        session.flush()
        session.add(Kin(record_id=TWO, file_id=FILE, number="I1", name="石小河", details={}))
    assert put(held, OPERATOR, wish(HoldKind.PERSON, "石小河"))[1] == [TWO]


def test_nobody_holds_what_he_may_not_see(held: Archive) -> None:
    """The keeper of one village, to whom personal records are not opened by name."""
    assert put(held, keeper(held), wish(HoldKind.PERSON, "石大山"))[1] == [ONE]
    assert put(held, keeper(held), wish(HoldKind.SEARCH, "灌溉渠"))[1] == [ONE, TWO]
    for hidden in (ELSEWHERE, SECRET):
        with pytest.raises(Missing):
            put(held, keeper(held), wish(HoldKind.RECORDS, records=(ONE, hidden)))


@pytest.mark.parametrize("role", [Role.WITNESS, Role.OPERATOR, Role.APPROVER, Role.REVIEWER])
def test_whoever_takes_part_in_an_appraisal_may_hold(held: Archive, role: Role) -> None:
    assert put(held, keeper(held, role), wish(HoldKind.RECORDS, records=(ONE,)))[1] == [ONE]


@pytest.mark.parametrize("role", [Role.CLERK, Role.CADRE, Role.RESEARCHER, Role.VILLAGER, Role.ADMINISTRATOR])
def test_others_may_not(held: Archive, role: Role) -> None:
    with pytest.raises(Forbidden):
        put(held, keeper(held, role), wish(HoldKind.RECORDS, records=(ONE,)))


@pytest.mark.parametrize(
    "wanted",
    [
        replace(wish(HoldKind.RECORDS, records=(ONE,)), reason=" "),
        replace(wish(HoldKind.RECORDS, records=(ONE,)), ground="whim"),
        replace(wish(HoldKind.RECORDS, records=(ONE,)), review_on=date(2026, 2, 28)),
        wish(HoldKind.PERSON, " "),
        wish(HoldKind.SEARCH, "无中生有的事"),
        wish(HoldKind.RECORDS, records=()),
    ],
)
def test_a_hold_without_sense_is_refused_and_leaves_nothing(held: Archive, wanted: Wish) -> None:
    with pytest.raises(RuleError):
        put(held, OPERATOR, wanted)
    with held.sessions.read() as session:
        assert session.scalars(select(Hold)).all() == []


def test_it_is_released_with_a_reason_once_and_its_history_stays(held: Archive) -> None:
    hold_id, _ = put(held, OPERATOR, wish(HoldKind.RECORDS, records=(ONE,)))
    with pytest.raises(RuleError), held.sessions.begin() as session:
        holds.release(session, OPERATOR, hold_id, "  ", NOON)
    with held.sessions.begin() as session:
        assert holds.release(session, keeper(held), hold_id, "案件已结", NOON).released_by == "keeper"
    with pytest.raises(Conflict), held.sessions.begin() as session:
        holds.release(session, OPERATOR, hold_id, "再来一次", NOON)
    with held.sessions.read() as session:
        assert holds_on(session, [ONE]) == {}
        assert [(one.id, one.release_reason) for one in holds_ever_on(session, ONE)] == [(hold_id, "案件已结")]
        said = session.scalars(select(JournalEntry).where(JournalEntry.object_id == hold_id)).all()
        assert [(one.act, one.actor) for one in said] == [("hold_placed", "operator"), ("hold_released", "keeper")]


def test_two_holds_on_one_record_stand_each_by_itself(held: Archive) -> None:
    first, _ = put(held, OPERATOR, wish(HoldKind.RECORDS, records=(ONE,)))
    second, _ = put(held, OPERATOR, wish(HoldKind.PERSON, "石大山"))
    with held.sessions.begin() as session:
        holds.release(session, OPERATOR, first, "案件已结", NOON)
        session.flush()
        assert [one.id for one in holds_on(session, [ONE])[ONE]] == [second]


def test_nobody_releases_for_villages_beyond_his_reach(held: Archive) -> None:
    hold_id, _ = put(held, OPERATOR, wish(HoldKind.RECORDS, records=(ONE, ELSEWHERE)))
    with pytest.raises(Forbidden), held.sessions.begin() as session:
        holds.release(session, keeper(held), hold_id, "案件已结", NOON)
    far, _ = put(held, OPERATOR, wish(HoldKind.RECORDS, records=(ELSEWHERE,)))
    with pytest.raises(Missing), held.sessions.begin() as session:
        holds.release(session, keeper(held), far, "案件已结", NOON)


def test_a_list_shows_only_holds_that_keep_something_within_reach(held: Archive) -> None:
    both, _ = put(held, OPERATOR, wish(HoldKind.RECORDS, records=(ONE, ELSEWHERE)))
    put(held, OPERATOR, wish(HoldKind.RECORDS, records=(ELSEWHERE,)))
    with held.sessions.read() as session:
        lines, more = holds.listed(session, keeper(held))
        assert ([(one.hold.id, one.records) for one in lines], more) == ([(both, 1)], None)
        assert len(holds.listed(session, OPERATOR, size=1)[0]) == 1
        first, after = holds.listed(session, OPERATOR, size=1)
        assert after is not None
        assert [one.hold.id for one in holds.listed(session, OPERATOR, before=after)[0]] == [both]
        assert first[0].hold.id != both


def test_a_hold_and_its_journal_stand_or_fall_together(held: Archive) -> None:
    with held.sessions.read() as session:
        holds.place(session, held.index, OPERATOR, wish(HoldKind.RECORDS, records=(ONE,)), NOON, TODAY)
        session.rollback()
    with held.sessions.read() as session:
        assert session.scalars(select(Hold)).all() == []
        assert session.scalars(select(JournalEntry).where(JournalEntry.act == "hold_placed")).all() == []


def lose_the_database(archive: Archive) -> Archive:
    archive.sessions.engine.dispose()
    for path in archive.settings.data.glob("*.db*"):
        path.unlink()
    for path in archive.settings.data.glob("*.sqlite*"):
        path.unlink()
    return build(archive.settings, archive.clock)


@pytest.mark.parametrize("keep", [keep_holds, seal_journal], ids=["at once", "by the background"])
def test_the_database_is_lost_while_a_hold_stands_and_the_hold_still_stands(
    held: Archive, keep: Callable[[Archive], int]
) -> None:
    """The records are not in the store at all here: a hold outlives even what it holds."""
    stands, _ = put(held, OPERATOR, replace(wish(HoldKind.PERSON, "石大山"), review_on=date(2027, 1, 1)))
    gone, _ = put(held, OPERATOR, wish(HoldKind.RECORDS, records=(TWO,)))
    keep(held)
    with held.sessions.begin() as session:
        holds.release(session, OPERATOR, gone, "案件已结", NOON)
    keep(held)
    again = lose_the_database(held)
    assert rebuild_database(again).faults == []
    with again.sessions.read() as session:
        assert {one: [hold.id for hold in on] for one, on in holds_on(session, [ONE, TWO, ELSEWHERE]).items()} == {
            ONE: [stands],
            ELSEWHERE: [stands],
        }
        found = session.get_one(Hold, stands)
        assert (found.reason, found.review_on, found.placed_at) == ("法院要用", date(2027, 1, 1), NOON)
        assert session.get_one(Hold, gone).release_reason == "案件已结"


def test_what_the_store_has_already_is_not_written_again(held: Archive) -> None:
    put(held, OPERATOR, wish(HoldKind.RECORDS, records=(ONE,)))
    assert (keep_holds(held), keep_holds(held)) == (1, 0)
