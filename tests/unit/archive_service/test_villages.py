"""Villages that are renamed or go into others: the old name finds, the fonds stays, others look after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.accounts import actor_named, add_account
from archive_service.actions.granting import Area, give
from archive_service.actions.restoring import Restoring, restore_villages
from archive_service.actions.townships import merge_township, move, rename_township
from archive_service.actions.villages import add_village, merge, rename
from archive_service.permissions import OPERATOR, Actor, Forbidden, Permission, Role, can, scope_of
from classification.errors import RuleError
from storage.database.base import new_id
from storage.database.engine import make_sessions, migrate
from storage.database.journal import JournalEntry
from storage.database.organisations import Village, townships_named, village_document
from storage.database.outbox import IndexJob
from storage.database.records import Record
from storage.errors import Conflict, Missing
from storage.index.sync import former_names

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def session() -> Iterator[Session]:
    sessions = make_sessions("sqlite://")
    migrate(sessions.engine)
    with sessions.begin() as session:
        yield session
    sessions.engine.dispose()


@pytest.fixture
def stone(session: Session) -> Village:
    return add_village(
        session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇", [{"name": "红旗大队", "from": 1958, "to": 1984}]
    )


@pytest.fixture
def green(session: Session) -> Village:
    return add_village(session, OPERATOR, NOON, "青石坳村", "V013", "望溪镇")


def record(session: Session, home: Village, year: int) -> Record:
    made = Record(
        id=new_id(), village_id=home.id, state="archived", kind="document", title="收支表", access="internal",
        year=year, earliest=date(year, 1, 1), latest=date(year, 12, 31), created_at=NOON, changed_at=NOON,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_after_a_renaming_each_name_finds_the_records_of_its_years(session: Session, stone: Village) -> None:
    commune, village, now = (record(session, stone, year) for year in (1975, 2001, 2026))
    session.query(IndexJob).delete()
    rename(session, OPERATOR, NOON, stone.id, "石门新村", 2020)
    session.flush()
    assert stone.aliases == [
        {"name": "红旗大队", "from": 1958, "to": 1984},
        {"name": "石门槛村", "from": 1984, "to": 2020},
    ]
    assert former_names(stone, {}, commune) == ["红旗大队"]
    assert former_names(stone, {}, village) == ["石门槛村"]
    assert former_names(stone, {}, now) == []
    assert {job.record_id for job in session.query(IndexJob)} == {commune.id, village.id, now.id}


def test_a_name_that_is_taken_or_the_same_is_refused(session: Session, stone: Village, green: Village) -> None:
    with pytest.raises(Conflict):
        rename(session, OPERATOR, NOON, stone.id, "青石坳村", 2020)
    with pytest.raises(RuleError):
        rename(session, OPERATOR, NOON, stone.id, "石门槛村", 2020)
    assert stone.name == "石门槛村"


def test_the_clerk_of_the_successor_reaches_the_fonds_of_the_village_that_went_into_it(
    session: Session, stone: Village, green: Village
) -> None:
    add_account(session, OPERATOR, HASHER, NOON, "clerk", "周", Role.CLERK, stone.id, password="足够长的口令")
    merge(session, OPERATOR, NOON, green.id, stone.id, date(2026, 2, 1))
    session.flush()
    before, after = (actor_named(session, "clerk", day) for day in (date(2026, 1, 31), date(2026, 2, 1)))
    assert not can(before, Permission.CATALOGUE, green.id)
    assert can(after, Permission.CATALOGUE, green.id)
    assert scope_of(after).covers("1", green.id, "internal", archived=True)
    assert green.fonds == "V013"
    assert [one.village_id for one in session.query(JournalEntry) if one.act == "village_merged"] == [
        green.id,
        stone.id,
    ]


def test_the_clerk_of_the_predecessor_does_not_reach_the_successor(
    session: Session, stone: Village, green: Village
) -> None:
    add_account(session, OPERATOR, HASHER, NOON, "clerk", "周", Role.CLERK, green.id, password="足够长的口令")
    merge(session, OPERATOR, NOON, green.id, stone.id, date(2026, 2, 1))
    session.flush()
    assert not can(actor_named(session, "clerk", date(2026, 2, 1)), Permission.CATALOGUE, stone.id)


def test_a_village_goes_into_no_circle_and_only_once(session: Session, stone: Village, green: Village) -> None:
    merge(session, OPERATOR, NOON, green.id, stone.id, date(2026, 2, 1))
    for home, into in ((stone, stone), (stone, green), (green, stone)):
        with pytest.raises(RuleError):
            merge(session, OPERATOR, NOON, home.id, into.id, date(2026, 2, 1))


def test_only_the_administrator_renames_and_merges(session: Session, stone: Village, green: Village) -> None:
    keeper = Actor("1", "keeper", "县档案员", Role.ARCHIVIST)
    with pytest.raises(Forbidden):
        rename(session, keeper, NOON, stone.id, "石门新村", 2020)
    with pytest.raises(Forbidden):
        merge(session, keeper, NOON, green.id, stone.id, date(2026, 2, 1))


def test_a_merger_survives_the_loss_of_the_database(session: Session, stone: Village, green: Village) -> None:
    merge(session, OPERATOR, NOON, green.id, stone.id, date(2026, 2, 1))
    kept = [village_document(one) for one in (stone, green)]
    session.query(JournalEntry).delete()
    session.query(Village).delete()
    session.flush()
    session.expunge_all()
    restore_villages(session, kept, Restoring())
    session.flush()
    back = session.get_one(Village, kept[1]["id"])
    assert (back.merged_into_id, back.merged_on) == (kept[0]["id"], date(2026, 2, 1))


def test_a_village_that_changes_over_is_found_by_the_township_of_each_year(session: Session, stone: Village) -> None:
    before, after = record(session, stone, 1990), record(session, stone, 2010)
    move(session, OPERATOR, NOON, stone.id, "岩口镇", 2001)
    assert (stone.township, stone.former_townships) == ("岩口镇", [{"name": "望溪镇", "from": None, "to": 2001}])
    assert former_names(stone, {}, before) == ["望溪镇"]
    assert former_names(stone, {}, after) == []
    assert {one.record_id for one in session.scalars(select(IndexJob))} >= {before.id, after.id}
    with pytest.raises(RuleError, match="已经属于"):
        move(session, OPERATOR, NOON, stone.id, "岩口镇", 2005)
    with pytest.raises(RuleError, match="2001"):
        move(session, OPERATOR, NOON, stone.id, "云顶乡", 1999)


def test_a_township_with_another_name_keeps_its_villages_and_the_roles_held_for_it(
    session: Session, stone: Village, green: Village
) -> None:
    kept = record(session, stone, 1990)
    add_account(session, OPERATOR, HASHER, NOON, "xiang", "乡档案员", Role.RESEARCHER, None)
    give(session, OPERATOR, NOON, "xiang", Role.TOWNSHIP_ARCHIVIST, Area(township="望溪镇"))
    made = rename_township(session, OPERATOR, NOON, "望溪镇", "望溪街道", 2020)
    session.flush()
    assert (stone.township, green.township) == ("望溪街道", "望溪街道")
    assert made.aliases == [{"name": "望溪镇", "from": None, "to": 2020}]
    assert former_names(stone, townships_named(session, ["望溪街道"]), kept) == ["望溪镇"]
    keeper = actor_named(session, "xiang", date(2026, 3, 1))
    assert all(can(keeper, Permission.ARCHIVE, home.id) for home in (stone, green))
    again = rename_township(session, OPERATOR, NOON, "望溪街道", "望溪新区", 2024)
    assert again.aliases[1:] == [{"name": "望溪街道", "from": 2020, "to": 2024}]


def test_a_township_that_goes_into_another_takes_its_villages_along_and_its_name_still_finds(
    session: Session, stone: Village, green: Village
) -> None:
    far = add_village(session, OPERATOR, NOON, "远山村", "V031", "云顶乡")
    kept = record(session, stone, 2000)
    with pytest.raises(Missing, match="没有登记"):
        merge_township(session, OPERATOR, NOON, "望溪镇", "没有的乡", date(2015, 7, 1))
    moved = merge_township(session, OPERATOR, NOON, "望溪镇", "云顶乡", date(2015, 7, 1))
    assert [one.name for one in moved] == ["石门槛村", "青石坳村"]
    assert {home.township for home in (stone, green, far)} == {"云顶乡"}
    assert former_names(stone, {}, kept) == ["望溪镇"]
    assert townships_named(session, ["望溪镇"])["望溪镇"].merged_into == "云顶乡"
    with pytest.raises(Conflict, match="合并"):
        rename_township(session, OPERATOR, NOON, "云顶乡", "望溪镇", 2020)


def test_who_does_not_keep_the_list_of_villages_changes_no_township(session: Session, stone: Village) -> None:
    clerk = Actor("c", "stone", "石门槛", Role.CLERK, stone.id)
    with pytest.raises(Forbidden):
        move(session, clerk, NOON, stone.id, "岩口镇", 2001)
    with pytest.raises(Forbidden):
        rename_township(session, clerk, NOON, "望溪镇", "望溪街道", 2020)
    with pytest.raises(Forbidden):
        merge_township(session, clerk, NOON, "望溪镇", "云顶乡", date(2015, 7, 1))
