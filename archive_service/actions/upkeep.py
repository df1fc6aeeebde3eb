"""Where things stand: what waits to be read, recognised, indexed and sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.database import fixity, journal, outbox
from storage.database.batches import Item, ItemState, counts_by_state, sum_of
from storage.database.records import File, OcrState, Record


def overview(session: Session) -> dict[str, Any]:
    """Numbers for the status command, the system page and the health check."""
    states = counts_by_state(session)
    waiting = select(func.count(), func.coalesce(func.sum(File.page_count), 0)).where(
        File.ocr_state == OcrState.PENDING
    )
    files, pages = session.execute(waiting).one()
    records = session.execute(select(Record.state, func.count()).group_by(Record.state))
    return {
        "sum": sum_of(states),
        "states": dict(states),
        "to_read": states.get(ItemState.RECEIVED, 0),
        "to_recognise": files,
        "pages_to_recognise": pages,
        "records": {state: number for state, number in records},
        "index_backlog": outbox.backlog(session),
        "unsealed": len(journal.unsealed(session)),
        "fixity_faults": fixity.number_of_faults(session),
    }


def anything_to_read(session: Session, now: datetime) -> bool:
    """Whether an item waits to be read, or is just being read; one that was put off counts when its time comes."""
    due = Item.lease_owner.is_not(None) | Item.lease_until.is_(None) | (Item.lease_until < now)
    return session.scalar(select(Item.id).where(Item.state == ItemState.RECEIVED, due).limit(1)) is not None


def anything_to_recognise(session: Session) -> bool:
    """Whether a scan waits to be recognised."""
    return session.scalar(select(File.id).where(File.ocr_state == OcrState.PENDING).limit(1)) is not None
