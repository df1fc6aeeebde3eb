"""Keeping the derived things true: the index follows the outbox, and the journal is sealed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from archive_service.tasks.keeping import JOURNAL, STRETCH, keep_holds, keep_reference
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.owners import owner_name
from archive_service.wiring import Archive
from storage.database import journal, outbox
from storage.database.journal import JournalSeal
from storage.database.work import note_work, turn
from storage.errors import NotReady
from storage.index import sync

INDEXING = "indexing"
TURN = timedelta(minutes=5)
"""Longer than the engine may take over one load of records: whoever is silent for longer has died."""
Step = Callable[[str], None]


def sync_index(archive: Archive, step: Step = lambda _: None) -> int:
    """Carry changes over to the index until none waits; returns how many records were looked at.

    Another process may have the turn, or hold the index: then that process does it.
    """
    with archive.sessions.read() as session:
        if not outbox.pending(session, 1):
            # An idle server writes nothing.
            return 0
    looked = 0
    owner = owner_name(INDEXING)
    try:
        with turn(archive.sessions, INDEXING, owner, archive.now, TURN) as have_it:
            loads = sync.drain(archive.sessions, archive.index, step=step)
            while have_it() and (number := next(loads, 0)):
                looked += number
                with archive.sessions.begin() as session:
                    note_work(session, INDEXING, owner, archive.now(), number)
    except NotReady:
        return looked
    return looked


def seal_journal(archive: Archive) -> int:
    """Seal what the journal holds and write the stretch to the store; returns the number of entries sealed."""
    sealed = 0
    while True:
        with archive.sessions.begin() as session:
            seal = journal.seal(session, archive.now())
        if seal is None:
            break
        sealed += seal.entries
    _store_seals(archive)
    return sealed


def _store_seals(archive: Archive) -> None:
    """Write sealed stretches that are not in the store yet; the number is the name, so repeating is harmless."""
    with archive.sessions.read() as session:
        waiting = journal.unstored(session)
        stretches = [(seal.number, seal.id, journal.stretch(session, seal)) for seal in waiting]
    if stretches:
        # Whatever changes what keep_reference writes is journaled.
        keep_reference(archive)
        keep_holds(archive)
        keep_documents(archive)
    for number, seal_id, stretch in stretches:
        content = json.dumps(stretch, ensure_ascii=False, sort_keys=True).encode()
        archive.root.put_document(f"{JOURNAL}{number:08d}", STRETCH, content, archive.now())
        with archive.sessions.begin() as session:
            session.get_one(JournalSeal, seal_id).stored = True
