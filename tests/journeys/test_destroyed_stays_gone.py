"""What was destroyed comes back by no way: not from an older backup, not from a rebuild, not in a drill."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive_service.settings import Settings
from archive_service.tasks.backing_up import back_up
from archive_service.tasks.backup_runs import run_names
from archive_service.tasks.rebuilding import rebuild_database, rebuild_index
from archive_service.tasks.removing import finish_begun
from archive_service.tasks.restoring_backup import drill, restore
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive, build
from storage.database.batches import Item, ItemState
from storage.database.codes import GivenCode
from storage.database.records import Record
from storage.database.register_chain import faults
from storage.database.registers import Register
from storage.database.removals import Removal
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore
from tests.conftest import NOON
from tests.unit.archive_service import removal_village
from tests.unit.archive_service.appraisal_village import Place, number
from tests.unit.archive_service.removal_village import begun, carry_out, is_gone, is_whole, make_stocked, settle


class Clock:
    """Noon, and a minute later with every backup."""

    minutes = 0

    def __call__(self) -> datetime:
        return NOON + timedelta(minutes=self.minutes)


@pytest.fixture
def target(tmp_path: Path) -> ObjectStore:
    return open_store((tmp_path / "backup").as_uri())


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def place(settings: Settings, now: Clock, tmp_path: Path) -> Place:
    made = build(settings.model_copy(update={"backup_url": (tmp_path / "backup").as_uri()}), now)
    made.prepare()
    return make_stocked(made)


@pytest.fixture
def empty(tmp_path: Path, place: Place) -> Archive:
    return build(place.archive.settings.model_copy(update={"data": tmp_path / "again"}), place.archive.clock)


def backed_up(place: Place, target: ObjectStore, now: Clock) -> str:
    now.minutes += 1
    settle(place.archive)
    done = back_up(place.archive, target)
    assert done.faults == []
    return done.run


def test_a_backup_made_before_brings_nothing_destroyed_back(
    place: Place, target: ObjectStore, empty: Archive, now: Clock
) -> None:
    before = backed_up(place, target, now)
    found = begun(place, 1)
    assert carry_out(place, found).closed
    done = restore(empty, target, before)
    assert (done.faults, done.destroyed) == ([], 1)
    assert is_gone(empty, 1)
    assert [is_whole(empty, one) for one in (2, 3)] == [True, True]
    with empty.sessions.read() as session:
        assert session.get_one(Register, found).state == "removed"
        assert faults(session) == []
    settle(empty)
    assert verify(empty).faults == []


def test_a_backup_made_before_the_register_was_written_brings_nothing_back_either(
    place: Place, target: ObjectStore, empty: Archive, now: Clock
) -> None:
    before = backed_up(place, target, now)
    carry_out(place, begun(place))
    backed_up(place, target, now)
    assert restore(empty, target, before).destroyed == 3
    assert [is_gone(empty, one) for one in (1, 2, 3)] == [True, True, True]


def test_a_backup_made_in_the_middle_is_restored_with_what_went_later_gone_too(
    place: Place, target: ObjectStore, empty: Archive, now: Clock
) -> None:
    found = begun(place)
    carry_out(place, found, 1)
    between = backed_up(place, target, now)
    assert carry_out(place, found).closed
    assert restore(empty, target, between).faults == []
    assert [is_gone(empty, one) for one in (1, 2, 3)] == [True, True, True]


def test_a_backup_made_after_is_equal_row_for_row_and_keeps_the_tombstones(
    place: Place, target: ObjectStore, empty: Archive, now: Clock
) -> None:
    carry_out(place, begun(place, 1))
    backed_up(place, target, now)
    done = restore(empty, target)
    assert (done.faults, done.destroyed) == ([], 0)
    assert is_gone(empty, 1)
    assert verify(empty).faults == []


def test_a_drill_of_an_older_run_finds_no_fault(place: Place, target: ObjectStore, now: Clock, tmp_path: Path) -> None:
    before = backed_up(place, target, now)
    carry_out(place, begun(place, 1))
    done = drill(target, tmp_path / "drill", place.archive.settings, before)
    assert (done.destroyed, [one for one in done.faults if "封存" not in one]) == (1, [])


def test_the_proof_says_which_backups_still_hold_it_and_until_when(
    place: Place, target: ObjectStore, now: Clock
) -> None:
    first, last = backed_up(place, target, now), backed_up(place, target, now)
    kept = replace(place, archive=build(place.archive.settings.model_copy(update={"backup_keep_days": 30}), now))
    carry_out(kept, begun(kept, 1))
    with place.archive.sessions.read() as session:
        (left,) = session.get_one(Removal, number(1)).backups
    # The last run is of 2026-03-01; thirty days later it goes.
    assert (left["runs"], left["first"], left["last"], left["until"]) == (2, first, last, "2026-03-31")
    assert run_names(target) == [first, last]


def lose(archive: Archive) -> Archive:
    """The disk with the database and the index is gone; only the store is left."""
    archive.sessions.engine.dispose()
    for path in archive.settings.data.iterdir():
        if path.name != "store":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return build(archive.settings, archive.clock)


def test_a_rebuild_from_the_store_brings_the_tombstone_and_the_proof_back(place: Place) -> None:
    with place.archive.sessions.begin() as session:
        session.add(GivenCode(normalised="v012wsd10-1", code="V012-WS·2010-D10-0001", record_id=number(1), at=NOON))
    carry_out(place, begun(place, 1))
    settle(place.archive)
    with place.archive.sessions.read() as session:
        before = session.get_one(Removal, number(1)).copies
    again = lose(place.archive)
    assert rebuild_database(again).faults == []
    rebuild_index(again)
    assert is_gone(again, 1)
    assert [is_whole(again, one) for one in (2, 3)] == [True, True]
    with again.sessions.read() as session:
        assert session.get_one(Removal, number(1)).copies == before
        assert session.scalars(select(Item.state).where(Item.record_id == number(1))).all() == [ItemState.DESTROYED]
        assert session.scalars(select(GivenCode.code).where(GivenCode.record_id == number(1))).all() == [
            "V012-WS·2010-D10-0001"
        ]
        assert session.get_one(Record, number(1)).title == "灌溉渠维修账 1"
    settle(again)
    assert verify(again).faults == []


def test_a_rebuild_in_the_middle_of_a_removal_ends_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is lost when the tombstone stands and no byte has gone: the tombstone wins."""
    found = begun(place, 1)
    settle(place.archive)

    class Lost(Exception):
        pass

    def lost(*_said: object) -> None:
        raise Lost

    monkeypatch.setattr(removal_village.removing, "remove", lost)
    with pytest.raises(Lost):
        carry_out(place, found)
    monkeypatch.undo()
    again = lose(place.archive)
    assert rebuild_database(again).faults == []
    rebuild_index(again)
    assert finish_begun(again) == 1
    assert is_gone(again, 1)
    assert [is_whole(again, one) for one in (2, 3)] == [True, True]
