"""Where things stand: what waits to be read, recognised, indexed and sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import shut
from archive_service.permissions import Actor, scope_of
from storage.database import fixity, journal, outbox
from storage.database.batches import Item, ItemState, counts_by_state, sum_of
from storage.database.fixity import FixityFault
from storage.database.records import File, OcrState, Record
from storage.database.work import rates

HIDDEN_FILE = "一件不能查看的档案的文件"


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
        "index_parked": outbox.number_parked(session),
        "unsealed": journal.unsealed(session),
        "fixity_faults": fixity.number_of_faults(session),
    }


def damaged(session: Session, actor: Actor) -> list[dict[str, str]]:
    """Stored files known to be missing or changed; of a record that a donor restricted only where its object lies."""
    faults = fixity.faults(session)
    ids = [one.record_id for one in faults if one.record_id]
    hidden = set(session.scalars(select(Record.id).where(Record.id.in_(ids), shut(scope_of(actor)))))
    return [one.said() | (_unnamed(one) if one.record_id in hidden else {}) for one in faults]


def _unnamed(fault: FixityFault) -> dict[str, str]:
    return {"name": HIDDEN_FILE, "key": fault.key.partition("/content/")[0]}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the work: what waits for it, and how fast it goes while it works. Units: files, pages, records."""

    name: str
    waiting: int
    per_minute: float | None
    """None when it has not worked lately."""

    @property
    def minutes_left(self) -> float | None:
        """Until nothing waits, at the present rate; None when nobody can say."""
        if not self.waiting:
            return 0.0
        return self.waiting / self.per_minute if self.per_minute else None


def stages(session: Session, seen: Mapping[str, Any], now: datetime) -> list[Stage]:
    """Reading, recognition and indexing, as they are now; `seen` is the overview."""
    speed = rates(session, now)
    waiting = {
        "reading": seen["to_read"],
        "recognition": seen["pages_to_recognise"],
        "indexing": seen["index_backlog"],
    }
    return [Stage(name, number, speed.get(name)) for name, number in waiting.items()]


def slowest(of: Sequence[Stage]) -> Stage | None:
    """The stage that everything waits for: the one that will take longest. One that stands still takes for ever."""
    busy = [stage for stage in of if stage.waiting]
    return max(busy, key=lambda stage: inf if stage.minutes_left is None else stage.minutes_left, default=None)


def anything_to_read(session: Session, now: datetime) -> bool:
    """Whether an item waits to be read, or is just being read; one that was put off counts when its time comes."""
    due = Item.lease_owner.is_not(None) | Item.lease_until.is_(None) | (Item.lease_until < now)
    return session.scalar(select(Item.id).where(Item.state == ItemState.RECEIVED, due).limit(1)) is not None


def anything_to_recognise(session: Session) -> bool:
    """Whether a scan waits to be recognised."""
    return session.scalar(select(File.id).where(File.ocr_state == OcrState.PENDING).limit(1)) is not None
