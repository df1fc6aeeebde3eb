"""Handing a folder in from one machine: receive, read and index side by side, so that both cores have work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from archive_service.permissions import Actor
from archive_service.tasks.reading import make_readers, owner_name, read_received, release_leases_of_the_dead
from archive_service.tasks.receiving import receive_folder
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive
from storage.database.batches import counts_by_state


def hand_in(
    archive: Archive,
    actor: Actor,
    village: str,
    path: Path,
    expect: Callable[[int], None] = lambda _: None,
    step: Callable[[str], None] = lambda _: None,
) -> str:
    """Receive a folder and read it; returns the batch. `expect` hears the total, `step` each file read."""
    received = Event()
    outcome: list[str | BaseException] = []

    def receive() -> None:
        try:
            outcome.append(receive_folder(archive, actor, village, path))
        except BaseException as error:
            outcome.append(error)
        finally:
            received.set()

    receiver = Thread(target=receive, name="receiving")
    receiver.start()
    owner = owner_name("hand-in")
    release_leases_of_the_dead(archive)
    with make_readers(archive) as readers:
        while not received.wait(0.05):
            read_received(archive, readers, owner, step)
        receiver.join()
        result = outcome[0]
        if isinstance(result, BaseException):
            raise result
        _announce(archive, result, expect)
        read_received(archive, readers, owner, step)
    sync_index(archive)
    seal_journal(archive)
    return result


def _announce(archive: Archive, batch_id: str, expect: Callable[[int], None]) -> None:
    with archive.sessions.read() as session:
        states = counts_by_state(session, [batch_id])
    expect(sum(states.values()) - states.get("duplicate", 0) - states.get("rejected", 0))
