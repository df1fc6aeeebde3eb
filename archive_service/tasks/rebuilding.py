"""Making the index again from the database, and the database again from the store alone.

What comes back is what is archival: townships, villages, outline versions, records with their files, pages and batches,
codes and their counters, holds, tombstones, the sealed journal. Accounts and unfinished work are in backups only.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from archive_service.actions import restoring
from archive_service.actions.restoring import Kept, Restoring, Row
from archive_service.tasks.keeping import (
    HOLD,
    HOLD_NAME,
    JOURNAL,
    OUTLINE,
    OUTLINE_NAME,
    PAGES,
    STRETCH,
    VILLAGES,
    VILLAGES_NAME,
    read_pages,
)
from archive_service.tasks.kept_documents import KINDS, PLACES, DocumentKind, kind_of
from archive_service.tasks.owners import owner_name
from archive_service.tasks.reading import release_leases_of_the_dead
from archive_service.tasks.tombstones import PROOFS, PROOFS_NAME, TOMBSTONE, TOMBSTONE_NAME
from archive_service.tasks.upkeep import INDEXING, TURN
from archive_service.wiring import Archive
from storage.database.holds import restore_hold
from storage.database.organisations import Village
from storage.database.work import turn
from storage.errors import Conflict, Corrupt, Missing, NotReady
from storage.index import sync
from storage.objects.areas import derivative_key
from storage.objects.layout import object_id_at
from storage.objects.ocfl import DESCRIPTION, RECORD, Held

A_TIME = 500
"""Objects taken together: bounds memory, and a commit costs more than a row."""

Step = Callable[[str], None]


@dataclass
class Rebuilt:
    """How many records came back, and what could not be read, a sentence each."""

    records: int = 0
    faults: list[str] = field(default_factory=list)


def rebuild_index(archive: Archive, step: Step = lambda _: None) -> int:
    """Make the index again from the database; returns the number of records in it. Searches go on meanwhile.

    Raises:
        NotReady: another process is writing into the index, or making it again.
    """
    release_leases_of_the_dead(archive)
    with turn(archive.sessions, INDEXING, owner_name("rebuilding"), archive.now, TURN) as have_it:
        if not have_it():
            raise NotReady("另一个程序正在写检索库，这次没有重建；现有的检索不受影响，请稍后再试。")
        return sync.rebuild(archive.sessions, archive.index, now_and_then(have_it, step))


def now_and_then(keep_turn: Callable[[], bool], step: Step) -> Step:
    """Make the turn last while the work goes on, without a query for every record."""
    count = itertools.count(1)

    def stepped(record_id: str) -> None:
        if next(count) % A_TIME == 0:
            keep_turn()
        step(record_id)

    return stepped


def rebuild_database(archive: Archive, step: Step = lambda _: None) -> Rebuilt:
    """Make the database again from the store, into an empty one. What is damaged is named and passed over.

    Raises:
        Conflict: the database holds something already; nothing was changed.
    """
    archive.prepare()
    with archive.sessions.read() as session:
        if not restoring.empty(session):
            raise Conflict("数据库里已经有内容，没有重建。只有数据库丢失、换成空库以后才能这样重建。")
    known, done = Restoring(), Rebuilt()
    _restore_places(archive, known, done)
    found = _held(archive, done)
    later: list[tuple[DocumentKind, Held]] = []
    destroyed: list[str] = []
    while some := list(islice(found, A_TIME)):
        destroyed += [one.object_id for one in some if one.object_id.startswith((TOMBSTONE, PROOFS))]
        later += [(kind, one) for one in some if (kind := kind_of(one.object_id)) and kind not in PLACES]
        _restore(archive, some, known, done, step)
    later.sort(key=lambda one: KINDS.index(one[0]))
    _restore_decisions(archive, later, done)
    _restore_destroyed(archive, destroyed, known, done)
    with archive.sessions.begin() as session:
        restoring.finish(session, known, done.records, archive.now())
    return done


def _restore_places(archive: Archive, known: Restoring, done: Rebuilt) -> None:
    """First, for everything else points at them; should a village be lost, each record still names its own."""
    for prefix in archive.root.objects():
        object_id = object_id_at(prefix) or ""
        kind = kind_of(object_id)
        if kind in PLACES and (said := _read(archive, object_id, kind.name, done)) is not None:
            _restore_place(archive, kind, object_id, said, known, done)
    _restore_list_of_villages(archive, known)


def _restore_place(
    archive: Archive, kind: DocumentKind, object_id: str, said: Row, known: Restoring, done: Rebuilt
) -> None:
    try:
        with archive.sessions.begin() as session:
            kind.restore(session, restoring.told_apart(said, known) if kind.table is Village else said)
    except (KeyError, TypeError, ValueError) as error:
        done.faults.append(f"{object_id} 读不出来，没有重建这一份：{error}")


def _restore_list_of_villages(archive: Archive, known: Restoring) -> None:
    """As they were kept before each had a document of its own; what was said above is newer."""
    try:
        said = _document(archive, archive.root.read(VILLAGES), VILLAGES_NAME)
    except Missing:
        return
    with archive.sessions.begin() as session:
        restoring.restore_villages(session, said, known)


def _held(archive: Archive, done: Rebuilt) -> Iterator[Held]:
    for prefix in archive.root.objects():
        try:
            yield archive.root.read_at(prefix)
        except (Missing, Corrupt) as error:
            done.faults.append(str(error))


def _restore(archive: Archive, some: Sequence[Held], known: Restoring, done: Rebuilt, step: Step) -> None:
    records: list[Kept] = []
    outlines: list[Row] = []
    stretches: list[Row] = []
    holds: list[Row] = []
    for held in some:
        try:
            if held.object_id.startswith(RECORD):
                records.append(_record(archive, held))
            elif held.object_id.startswith(OUTLINE):
                outlines.append(_document(archive, held, OUTLINE_NAME))
            elif held.object_id.startswith(HOLD):
                holds.append(_document(archive, held, HOLD_NAME))
            elif held.object_id.startswith(JOURNAL):
                stretches.append(_document(archive, held, STRETCH))
        except (Missing, Corrupt, ValueError) as error:
            done.faults.append(f"{held.object_id} 读不出来，没有重建这一份：{error}")
    with archive.sessions.begin() as session:
        for outline in outlines:
            restoring.restore_outline(session, outline)
        for hold in holds:
            restore_hold(session, hold)
        for stretch in stretches:
            restoring.restore_stretch(session, stretch, known)
        restoring.restore_records(session, records, known)
    done.records += len(records)
    for one in records:
        step(one.description["id"])


def _restore_decisions(archive: Archive, later: Sequence[tuple[DocumentKind, Held]], done: Rebuilt) -> None:
    """Last, for they point at villages, which may be known only by their records."""
    for start in range(0, len(later), A_TIME):
        with archive.sessions.begin() as session:
            for kind, held in later[start : start + A_TIME]:
                try:
                    kind.restore(session, _document(archive, held, kind.name))
                except (Missing, Corrupt, ValueError, KeyError) as error:
                    done.faults.append(f"{held.object_id} 读不出来，没有重建这一份：{error}")


def _restore_destroyed(archive: Archive, object_ids: Sequence[str], known: Restoring, done: Rebuilt) -> None:
    """Tombstones win over what is left of an object; the proofs of the registers come behind them."""
    proofs = [one for one in object_ids if one.startswith(PROOFS)]
    tombs = [one for one in object_ids if one.startswith(TOMBSTONE)]
    for start in range(0, len(tombs), A_TIME):
        said = [one for name in tombs[start : start + A_TIME] if (one := _read(archive, name, TOMBSTONE_NAME, done))]
        with archive.sessions.begin() as session:
            restoring.restore_destroyed(session, said, known)
    for name in proofs:
        if one := _read(archive, name, PROOFS_NAME, done):
            with archive.sessions.begin() as session:
                restoring.restore_proofs(session, one)


def _read(archive: Archive, object_id: str, name: str, done: Rebuilt) -> Any:
    try:
        return _document(archive, archive.root.read(object_id), name)
    except (Missing, Corrupt, ValueError) as error:
        done.faults.append(f"{object_id} 读不出来，没有重建这一份：{error}")
        return None


def _record(archive: Archive, held: Held) -> Kept:
    description = _document(archive, held)
    pages = {file["id"]: _pages(archive, description["id"], file["id"]) for file in description["files"]}
    keys = {file["logical"]: held.key_of(file["logical"]) for file in description["files"]}
    return Kept(description, held.version, keys, pages)


def _pages(archive: Archive, record_id: str, file_id: str) -> Sequence[Row]:
    """Pages are derived: without them the record is still whole, only its text is not searchable."""
    try:
        with archive.objects.open(derivative_key(record_id, file_id, PAGES)) as stream:
            return read_pages(stream.read())
    except Missing:
        return ()


def _document(archive: Archive, held: Held, name: str = DESCRIPTION) -> Any:
    return json.loads(archive.root.content(held, name))
