"""Files that hold one thing together — a main text and its attachments — proposed as one record (件).

Only proposals are joined, and a file that a person parted from its record is never joined again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.catalogue import join_records
from ingest.grouping import Group, group
from storage.database.batches import Item, ItemState
from storage.database.records import File, Record, RecordState

BY = "system"


def join_proposed(session: Session, batch_id: str, at: datetime) -> int:
    """Join what belongs together in a batch that has been read; returns how many files found their main text."""
    if _still_reading(session, batch_id):
        return 0
    by_path = dict(_alone(session, batch_id))
    joined = 0
    for found in group(by_path):
        joined += _join(session, found, by_path, at)
    return joined


def _still_reading(session: Session, batch_id: str) -> bool:
    waits = select(Item.id).where(Item.batch_id == batch_id, Item.state == ItemState.RECEIVED).limit(1)
    return session.scalar(waits) is not None


def _alone(session: Session, batch_id: str) -> Iterator[tuple[str, Record]]:
    """Open proposals of the batch by the path of their main file, without those a person parted or described."""
    query = (
        select(File.path, Record)
        .join(Record, File.record_id == Record.id)
        .where(
            Record.batch_id == batch_id,
            Record.state == RecordState.PROPOSED,
            Record.described_by == "",
            File.role == "main",
        )
        .order_by(File.path)
    )
    for path, record in session.execute(query):
        if not record.proposals.get("parted"):
            yield path, record


def _join(session: Session, found: Group, by_path: dict[str, Record], at: datetime) -> int:
    kept = by_path[found.main]
    others = [by_path[path] for path in found.attachments]
    join_records(session, kept, others, BY, at)
    kept.proposals = {**kept.proposals, "together": {"reason": found.reason, "files": list(found.attachments)}}
    return len(others)
