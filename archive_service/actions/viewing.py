"""Looking at what is not public is an act too: it goes into the journal, once an hour for the same person and thing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor
from storage.database import journal
from storage.database.journal import JournalEntry
from storage.database.records import File, Record

AGAIN = timedelta(hours=1)
"""Turning the pages of a volume is one look, not four hundred."""


def unnoted(session: Session, actor: Actor, record: Record, act: str, at: datetime) -> bool:
    """Whether this look has to be written down."""
    if record.access == "public":
        return False
    before = select(JournalEntry.id).where(
        JournalEntry.object_id == record.id,
        JournalEntry.act == act,
        JournalEntry.actor == actor.login,
        JournalEntry.at > at - AGAIN,
    )
    return session.scalar(before.limit(1)) is None


def note(session: Session, actor: Actor, record: Record, act: str, at: datetime, file: File | None = None) -> None:
    """Write it down. Acts: record_viewed, file_viewed, file_downloaded."""
    said = {"file": file.id, "name": file.name} if file else {}
    journal.write(session, at, actor.login, act, "record", record.id, record.village_id, said)
