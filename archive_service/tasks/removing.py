"""Removing what an approved and counted register lists, record by record, each with its proof.

Of each record: every copy is found; one transaction asks again for holds and loans and begins (from there on it is
carried through, never half); its tombstone is written; bytes go, then rows; every copy is looked for again, and only
when none is left is it proved. `kill -9` at any point leaves a row that says how far it was, and whoever comes next
goes on from there: this task again, or the sweep of a worker, which finishes what was begun and begins nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from archive_service.actions import removing
from archive_service.permissions import Actor
from archive_service.tasks.backup_leftovers import Runs, give_notices, left_in, runs_of
from archive_service.tasks.owners import owner_name
from archive_service.tasks.reading import release_leases_of_the_dead
from archive_service.tasks.removing_copies import Places, astray_of, find, indexed_right, look, proof_of, remove
from archive_service.tasks.tombstones import keep_proofs, keep_tombstone
from archive_service.tasks.upkeep import INDEXING, sync_index
from archive_service.wiring import Archive
from storage.database import journal
from storage.database.records import files_of, record, records
from storage.database.removals import Removal, RemovalState, unproved
from storage.database.work import turn
from storage.errors import NotReady, StorageError
from storage.objects.areas import derivatives_of
from storage.objects.opening import open_store

REMOVING = "removing"
TURN = timedelta(minutes=5)
"""Longer than one record takes: who is silent for longer has died."""
A_TIME = 50
"""Records taken together: bounds memory, and a commit of the index is dear."""
PATIENCE, PAUSE = 20.0, 0.1
"""Seconds to wait for whoever is writing into the index, and between two looks."""
AGAIN = timedelta(hours=3)
"""For so long after the proof a sweep looks once more for pictures that somebody was just drawing."""
BUSY = "另一个程序正在按清册销毁，这一次没有动手；请等它做完，或过五分钟再继续。"
INDEX_BUSY = "检索库正被另一个程序重建，还没有查证；内容已经删除，请过一会儿再继续。"

Step = Callable[[str], None]


@dataclass
class Removed:
    """What one run did. `stopped`: rows that were not removed, and why; `faults`: what was begun and not ended."""

    register_id: str
    begun: int = 0
    proved: int = 0
    closed: bool = False
    stopped: list[dict[str, str]] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class _Run:
    """What one run works with."""

    archive: Archive
    places: Places
    backups: Sequence[Runs]
    done: Removed
    step: Step


def carry_out(
    archive: Archive, actor: Actor, register_id: str, most: int | None = None, step: Step = lambda _: None
) -> Removed:
    """Remove what the register lists, up to `most` records, and first what was begun before. Safe to repeat.

    Raises:
        Missing: no such register for this actor. Conflict: its operator has not begun it.
        NotReady: another process is removing, or the database is away.
    """
    with archive.sessions.read() as session:
        register_id = removing.check_begun(session, actor, register_id).id
    release_leases_of_the_dead(archive)
    with _turn(archive) as have_it:
        if not have_it():
            raise NotReady(BUSY)
        run = _Run(
            archive, Places(archive, astray_of(archive, register_id)), runs_of(archive), Removed(register_id), step
        )
        _finish(run, have_it)
        _remove_rows(run, most, have_it)
        _close(archive, register_id, run.done)
    return run.done


def finish_begun(archive: Archive, step: Step = lambda _: None) -> int:
    """Carry through what was begun and cut off, and close registers that are done; returns how many were proved.

    Nothing is begun here: that only the people do whom the register names.
    """
    with archive.sessions.read() as session:
        if not unproved(session, 1) and not removing.being_removed(session):
            return 0
    release_leases_of_the_dead(archive)
    with _turn(archive) as have_it:
        if not have_it():
            return 0
        run = _Run(archive, Places(archive, {}), runs_of(archive), Removed(""), step)
        _finish(run, have_it)
        with archive.sessions.read() as session:
            over = [one for one in removing.being_removed(session) if removing.is_over(session, one)]
        for register_id in over:
            _close(archive, register_id, run.done)
        sync_index(archive)
    return run.done.proved


@contextmanager
def _turn(archive: Archive) -> Iterator[Callable[[], bool]]:
    with turn(archive.sessions, REMOVING, owner_name(REMOVING), archive.now, TURN) as have_it:
        yield have_it


def _finish(run: _Run, have_it: Callable[[], bool]) -> None:
    after = ""
    while have_it():
        with run.archive.sessions.read() as session:
            some = [one.record_id for one in unproved(session, A_TIME, after)]
        if not some:
            return
        after = some[-1]
        _carry_through(run, some)


def _remove_rows(run: _Run, most: int | None, have_it: Callable[[], bool]) -> None:
    done, after = run.done, 0
    while (most is None or done.begun < most) and have_it():
        size = A_TIME if most is None else min(A_TIME, most - done.begun)
        with run.archive.sessions.read() as session:
            rows = removing.rows_waiting(session, done.register_id, after, size)
        if not rows:
            return
        after = rows[-1][0]
        begun = [record_id for _, record_id in rows if _begin(run, record_id)]
        done.begun += len(begun)
        _carry_through(run, begun)


def _begin(run: _Run, record_id: str) -> bool:
    """Find every copy, then begin, unless something stops it; a record that cannot be looked at stops no other."""
    archive, register_id = run.archive, run.done.register_id
    try:
        with archive.sessions.read() as session:
            found = record(session, record_id)
            why = removing.refusal(session, register_id, record_id, found, archive.now())
            copies = [] if why else find(run.places, session, record_id, files_of(session, [record_id])[record_id])
        if why is None:
            with archive.sessions.begin() as session:
                now = archive.now()
                why = removing.begin_one(session, register_id, record_id, found.version, copies, now)
    except StorageError as error:
        why = str(error)
    if why:
        run.done.stopped.append({"record": record_id, "why": why})
    return why is None


def _carry_through(run: _Run, record_ids: Sequence[str]) -> None:
    """What was begun: bytes, then rows, then the looking. What fails is noted, and the others go on."""
    gone = []
    for record_id in record_ids:
        try:
            _take_away(run, record_id)
        except StorageError as error:
            _note(run, record_id, str(error))
        else:
            gone.append(record_id)
    if not gone:
        return
    try:
        _prove(run, gone)
    except StorageError as error:
        for record_id in gone:
            _note(run, record_id, str(error))


def _note(run: _Run, record_id: str, why: str) -> None:
    run.done.faults.append({"record": record_id, "fault": why})
    with run.archive.sessions.begin() as session:
        removing.note_fault(session, record_id, why)


def _take_away(run: _Run, record_id: str) -> None:
    archive = run.archive
    with archive.sessions.read() as session:
        removal = session.get_one(Removal, record_id)
        proof = proof_of(session, removal)
    if removal.state == RemovalState.BEGUN:
        keep_tombstone(archive, removal)
    remove(run.places, removal, proof)
    with archive.sessions.begin() as session:
        removing.bytes_gone(session, record_id, archive.now())


def _prove(run: _Run, record_ids: Sequence[str]) -> None:
    """Look for every copy. Nobody makes the index anew meanwhile: a half-built one would bring the text back."""
    archive = run.archive
    sync_index(archive)
    with _index_to_ourselves(archive):
        with archive.sessions.read() as session:
            right = indexed_right(archive, session, record_ids)
            removals = {one: session.get_one(Removal, one) for one in record_ids}
            copies = {one: look(run.places, session, removals[one], one in right) for one in record_ids}
            born = {one.id: one.created_at for one in records(session, record_ids).values()}
        with archive.sessions.begin() as session:
            at = archive.now()
            proved = []
            for one in record_ids:
                left = left_in(run.backups, born.get(one, removals[one].begun_at))
                if removing.prove(session, one, copies[one], left, at):
                    proved.append(one)
                else:
                    run.done.faults.append({"record": one, "fault": session.get_one(Removal, one).fault})
            _note_removed(session, {one: removals[one].register_id for one in proved}, at)
    run.done.proved += len(proved)
    for one in proved:
        run.step(one)


def _note_removed(session: Any, registers: dict[str, str], at: Any) -> None:
    for register_id in sorted(set(registers.values())):
        removing.note_removed(session, register_id, [one for one, of in registers.items() if of == register_id], at)


@contextmanager
def _index_to_ourselves(archive: Archive) -> Iterator[None]:
    until = time.monotonic() + PATIENCE
    with turn(archive.sessions, INDEXING, owner_name(REMOVING), archive.now, TURN) as have_it:
        while not have_it():
            if time.monotonic() > until:
                raise NotReady(INDEX_BUSY)
            time.sleep(PAUSE)
        yield


def _close(archive: Archive, register_id: str, done: Removed) -> None:
    """Proofs into the store first, then the word on the register: cut off in between, it is done again."""
    sync_index(archive)
    try:
        keep_proofs(archive, register_id)
        with archive.sessions.begin() as session:
            done.closed = removing.close_register(session, register_id, archive.now()) or done.closed
        if archive.settings.backup_url:
            give_notices(archive, open_store(archive.settings.backup_url))
    except StorageError as error:
        done.notes.append(str(error))


def look_again(archive: Archive) -> int:
    """Remove pictures and texts that somebody was just writing when their record went; returns how many."""
    with archive.sessions.read() as session:
        lately = select(Removal.record_id, Removal.village_id).where(Removal.proved_at > archive.now() - AGAIN)
        gone = session.execute(lately).all()
    number = 0
    for record_id, village_id in gone:
        for key in list(archive.objects.everything(derivatives_of(record_id))):
            archive.objects.delete(key)
            number += 1
            with archive.sessions.begin() as session:
                said = {"key": key}
                journal.write(
                    session, archive.now(), "system", "derivative_removed", "record", record_id, village_id, said
                )
    return number
