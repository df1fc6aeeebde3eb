"""Old backups go by their number or their age; the newest and the newest good one stay, and what is left comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.tasks.backing_up import back_up
from archive_service.tasks.backup_pruning import BACKING_UP, LetGo, alone, let_go
from archive_service.tasks.backup_runs import RUNS, faults_of_target, made_at, read_run, rolls_off, run_names
from archive_service.tasks.restoring_backup import restore
from archive_service.wiring import Archive, build
from storage.database.journal import JournalEntry
from storage.database.records import RecordState
from storage.database.work import take_turn
from storage.errors import NotReady
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore
from storage.objects.vault import Vault
from tests.journeys.test_backup import empty, objects_of  # noqa: F401  fixture of the neighbouring journey
from tests.journeys.test_fixity import the_file
from tests.journeys.test_rebuild import outline, stocked  # noqa: F401  fixtures of the neighbouring journey


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> Archive:
    found: Archive = request.getfixturevalue("stocked")
    return found


@pytest.fixture
def target(tmp_path: Path) -> ObjectStore:
    return open_store(f"file://{tmp_path}/backup")


def later(archive: Archive, days: int) -> Archive:
    """The same archive so many days on."""
    return build(archive.settings, lambda: archive.now() + timedelta(days=days))


def entries(archive: Archive) -> list[JournalEntry]:
    with archive.sessions.read() as session:
        return list(session.scalars(select(JournalEntry).where(JournalEntry.act == "backup_let_go")))


def test_the_newest_so_many_stay_and_what_only_the_others_spoke_of_is_gone(
    kept: Archive, target: ObjectStore, request: pytest.FixtureRequest
) -> None:
    first = back_up(kept, target).run
    villages_then = read_run(target, first).said["tables"]["villages"]["pieces"]
    with kept.sessions.begin() as session:
        add_village(session, OPERATOR, kept.now(), "枫树坪村", "V077")
    cut_off = Vault(target).keep_bytes(b"sent by a run that was cut off")
    second = back_up(kept, target).run
    gone = let_go(kept, target, "s3://key:secret@host:9000/backup", keep=1)
    assert gone.runs == (first,)
    assert run_names(target) == [second]
    assert not any(map(Vault(target).holds, [*villages_then, cut_off]))
    assert gone.objects >= len(villages_then) + 1
    assert [(one.object_id, one.details["place"]) for one in entries(kept)] == [(first, "s3://***@host:9000/backup")]
    restored: Archive = request.getfixturevalue("empty")
    assert restore(restored, target).faults == []
    assert objects_of(restored) == objects_of(kept)


def test_days_count_from_the_run_and_the_newest_stays_however_old(kept: Archive, target: ObjectStore) -> None:
    kept = build(kept.settings.model_copy(update={"backup_keep_days": 7}), kept.clock)
    first, second = back_up(kept, target).run, back_up(later(kept, 3), target).run
    assert rolls_off(first, 7) == made_at(first) + timedelta(days=7)
    assert rolls_off(first, 0) is None
    assert let_go(later(kept, 6), target, "") == LetGo()
    assert let_go(later(kept, 7), target, "").runs == (first,)
    assert let_go(later(kept, 400), target, "").runs == ()
    assert run_names(target) == [second]


def test_the_last_good_run_stays_when_later_ones_have_faults(kept: Archive, target: ObjectStore) -> None:
    good = back_up(kept, target).run
    file, _ = the_file(kept, RecordState.ARCHIVED)
    (kept.settings.data / "store" / file.storage_key.partition("/v1/")[0] / "inventory.json").unlink()
    faulty, newest = back_up(kept, target), back_up(kept, target)
    assert faulty.faults
    assert let_go(kept, target, "", keep=1).runs == (faulty.run,)
    assert run_names(target) == [good, newest.run]


def test_while_a_run_cannot_be_read_nothing_goes(kept: Archive, target: ObjectStore, tmp_path: Path) -> None:
    runs = [back_up(kept, target).run for _ in range(3)]
    document = tmp_path / "backup" / f"{RUNS}{runs[1]}.json"
    document.write_bytes(document.read_bytes() + b" ")
    gone = let_go(kept, target, "", keep=1)
    assert (gone.runs, "被改动过" in gone.fault) == ((), True)
    assert run_names(target) == runs


def test_the_chain_is_followed_past_a_run_that_was_let_go_of_and_a_stolen_one_is_told(
    kept: Archive, target: ObjectStore
) -> None:
    runs = [back_up(kept, target).run for _ in range(4)]
    let_go(kept, target, "", keep=3)
    assert list(faults_of_target(target)) == []
    target.delete(f"{RUNS}{runs[2]}.json")
    assert [runs[2] in fault for fault in faults_of_target(target)] == [True]


def test_two_do_not_back_up_at_once_and_a_dead_one_is_not_waited_for(kept: Archive) -> None:
    now = kept.now()
    with kept.sessions.begin() as session:
        take_turn(session, BACKING_UP, "elsewhere:1-1:backup", now, now + timedelta(minutes=5))
    with pytest.raises(NotReady, match="另一次备份"), alone(kept):
        pass
    with alone(later(kept, 1)) as step:
        step("anything")


def test_without_a_number_and_without_days_nothing_is_let_go_of(kept: Archive, target: ObjectStore) -> None:
    runs = [back_up(kept, target).run for _ in range(2)]
    assert let_go(later(kept, 4000), target, "") == LetGo()
    assert run_names(target) == runs
