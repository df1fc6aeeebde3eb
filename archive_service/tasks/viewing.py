"""Journal a look at a record in a transaction of its own, and only where one is due: most looks write nothing."""

from __future__ import annotations

from archive_service.actions import viewing
from archive_service.permissions import Actor
from archive_service.wiring import Archive
from storage.database.records import File, Record


def note_view(archive: Archive, actor: Actor, record: Record, act: str, file: File | None = None) -> None:
    """Write down that this person looked at a record that is not public."""
    at = archive.now()
    with archive.sessions.read() as session:
        due = viewing.unnoted(session, actor, record, act, at)
    if due:
        with archive.sessions.begin() as session:
            viewing.note(session, actor, record, act, at, file)
