"""Handing a folder in from one machine: receive, read and index side by side, so that both cores have work."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

from archive_service.permissions import Actor
from archive_service.tasks.owners import owner_name
from archive_service.tasks.reading import make_readers, read_received, release_leases_of_the_dead
from archive_service.tasks.receiving import receive_folder
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive
from storage.database import outbox
from storage.database.batches import counts_by_state

A_MOMENT = 0.05
BETWEEN_LOOKS = 0.3
"""Seconds from one look at what waits for the index to the next."""
WORTH_A_COMMIT = 200
"""Changes that are carried over to the index together while files are read: each of its commits is dear."""


def hand_in(
    archive: Archive,
    actor: Actor,
    village: str,
    path: Path,
    expect: Callable[[int], None] = lambda _: None,
    step: Callable[[str], None] = lambda _: None,
) -> str:
    """Receive a folder and read it; returns the batch. `expect` hears the total, `step` each file read."""

    def receive() -> str:
        batch_id = receive_folder(archive, actor, village, path)
        _announce(archive, batch_id, expect)
        return batch_id

    # What is loaded by now stays; without it, collecting garbage costs a twentieth of the time.
    gc.freeze()
    over = Event()
    owner = owner_name("hand-in")
    release_leases_of_the_dead(archive)
    with make_readers(archive) as readers, ThreadPoolExecutor(2, thread_name_prefix="hand-in") as beside:
        readers.start()
        receiving = beside.submit(receive)
        indexing = beside.submit(_keep_indexed, archive, over)
        try:
            read_received(archive, readers, owner, step, more=lambda: not wait([receiving], A_MOMENT).done)
            batch_id = receiving.result()
            # What the last moment of receiving brought.
            read_received(archive, readers, owner, step)
        finally:
            over.set()
        sealing = beside.submit(seal_journal, archive)
        wait([indexing])
        sync_index(archive)
        sealing.result()
    return batch_id


def _keep_indexed(archive: Archive, over: Event) -> None:
    """Let the index follow while files are read, so that little is left for the end; what fails here is done then."""
    while not over.wait(BETWEEN_LOOKS):
        with archive.sessions.read() as session:
            waiting = outbox.backlog(session)
        if waiting >= WORTH_A_COMMIT:
            sync_index(archive)


def _announce(archive: Archive, batch_id: str, expect: Callable[[int], None]) -> None:
    with archive.sessions.read() as session:
        states = counts_by_state(session, [batch_id])
    expect(sum(states.values()) - states.get("duplicate", 0) - states.get("rejected", 0))
