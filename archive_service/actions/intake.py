"""Handing in: a batch is opened, every leaf file becomes one item, and nothing is counted twice.

The bytes are in the staging area before any of this is called; a transaction that fails leaves them there without a
row, and `verify` lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, check
from storage.database import journal
from storage.database.base import new_id
from storage.database.batches import Batch, Item, ItemState, first_with_digests
from storage.database.records import File

LONGEST_PATH = 1000
"""Characters of a path that are kept; of a longer one its end."""


@dataclass(frozen=True, slots=True)
class Received:
    """One file whose bytes have been kept under `storage_key`. Digests are hexadecimal."""

    file_id: str
    path: str
    path_bytes: bytes
    size: int
    sha256: str
    sha512: str
    storage_key: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not taken: a stable code, the reason, what to do next."""

    path: str
    path_bytes: bytes
    code: str
    reason: str
    remedy: str
    size: int = 0
    sha256: str | None = None


def open_batch(
    session: Session, actor: Actor, village_id: str, source: str, source_path: str | None, at: datetime
) -> Batch:
    """Open a batch. `source_path` lets a walk that was cut off go on later."""
    check(actor, Permission.HAND_IN, village_id)
    batch = Batch(
        id=new_id(),
        village_id=village_id,
        source=source[-500:],
        source_path=source_path,
        opened_by=actor.login,
        opened_at=at,
    )
    session.add(batch)
    journal.write(session, at, actor.login, "batch_opened", "batch", batch.id, village_id, {"source": source})
    return batch


def unfinished_batch(session: Session, village_id: str, source_path: str) -> Batch | None:
    """A batch of this very folder whose walk was cut off."""
    cut_off = select(Batch).where(
        Batch.village_id == village_id, Batch.source_path == source_path, Batch.walked_at.is_(None)
    )
    return session.scalars(cut_off.order_by(Batch.id).limit(1)).one_or_none()


def cut_off_batches(session: Session, quiet_since: datetime) -> Sequence[Batch]:
    """Walks that never ended and have brought nothing since that moment."""
    latest = select(func.max(Item.received_at)).where(Item.batch_id == Batch.id).scalar_subquery()
    cut_off = select(Batch).where(
        Batch.walked_at.is_(None),
        Batch.source_path.is_not(None),
        Batch.opened_at < quiet_since,
        func.coalesce(latest, Batch.opened_at) < quiet_since,
    )
    return session.scalars(cut_off.order_by(Batch.id)).all()


def paths_held(session: Session, batch_id: str) -> set[str]:
    """The paths of a batch that have an item already."""
    return set(session.scalars(select(Item.path).where(Item.batch_id == batch_id)))


def is_held(session: Session, batch_id: str, path: str) -> bool:
    """Whether a batch has an item of this path."""
    return session.scalar(select(Item.id).where(Item.batch_id == batch_id, Item.path == path)) is not None


def receive_all(session: Session, batch: Batch, some: Sequence[Received | Refusal], at: datetime) -> list[Item]:
    """One item for each file, kept or refused, in this order; one query and one flush for all of them."""
    kept = [one.sha256 for one in some if isinstance(one, Received)]
    firsts = first_with_digests(session, batch.village_id, kept)
    with session.no_autoflush:
        return [
            refuse(session, batch, one, at) if isinstance(one, Refusal) else _receive(session, batch, one, firsts, at)
            for one in some
        ]


def receive(session: Session, batch: Batch, received: Received, at: datetime) -> Item:
    """One item for one file whose bytes are kept. The same bytes in the same fonds are a duplicate: see its state."""
    return receive_all(session, batch, [received], at)[0]


def _receive(session: Session, batch: Batch, received: Received, firsts: dict[str, Item], at: datetime) -> Item:
    item = _item(batch, received.path, received.path_bytes, received.size, at)
    item.sha256 = received.sha256
    first = firsts.setdefault(received.sha256, item)
    if first is not item:
        item.state = ItemState.DUPLICATE
        item.duplicate_of = first.id
        item.reason_code = "duplicate"
        item.reason = f"与“{first.path}”内容完全相同，已经收过。"
        item.remedy = "不用再交；确实是另一件时，请点“是另一份，另立一件”。"
    else:
        item.state = ItemState.RECEIVED
        item.file_id = received.file_id
        session.add(_file(batch, received, at))
    session.add(item)
    details = {"path": item.path, "sha256": item.sha256, "state": item.state}
    journal.write(session, at, batch.opened_by, "item_received", "item", item.id, batch.village_id, details)
    return item


def refuse(session: Session, batch: Batch, refusal: Refusal, at: datetime) -> Item:
    """One item for one file that is not taken."""
    item = _item(batch, refusal.path, refusal.path_bytes, refusal.size, at)
    item.state = ItemState.REJECTED
    item.sha256 = refusal.sha256
    item.reason_code, item.reason, item.remedy = refusal.code, refusal.reason, refusal.remedy
    session.add(item)
    details = {"path": item.path, "code": refusal.code}
    journal.write(session, at, batch.opened_by, "item_refused", "item", item.id, batch.village_id, details)
    return item


def close_walk(session: Session, batch_id: str, at: datetime) -> None:
    """Every file of the batch has its item now."""
    batch = session.get_one(Batch, batch_id)
    if batch.walked_at is None:
        batch.walked_at = at
        journal.write(session, at, batch.opened_by, "batch_received", "batch", batch.id, batch.village_id)


def keep_as_another(session: Session, actor: Actor, item_id: str, file: Received, at: datetime) -> Item:
    """“Another copy, another record”: take a duplicate in all the same; its bytes lie under `file.storage_key`."""
    item = session.get_one(Item, item_id)
    check(actor, Permission.HAND_IN, item.village_id)
    batch = session.get_one(Batch, item.batch_id)
    item.state, item.file_id = ItemState.RECEIVED, file.file_id
    item.reason_code = item.reason = item.remedy = ""
    session.add(_file(batch, file, at))
    journal.write(session, at, actor.login, "duplicate_kept", "item", item.id, item.village_id)
    return item


def recent_batches(session: Session, area: frozenset[str] | None, limit: int = 20) -> Sequence[Batch]:
    """The newest batches of some villages, or of the county."""
    query = select(Batch).order_by(Batch.id.desc()).limit(limit)
    return session.scalars(query if area is None else query.where(Batch.village_id.in_(area))).all()


def _item(batch: Batch, path: str, path_bytes: bytes, size: int, at: datetime) -> Item:
    return Item(
        id=new_id(),
        batch_id=batch.id,
        village_id=batch.village_id,
        path=path[-LONGEST_PATH:],
        path_bytes=path_bytes,
        size=size,
        received_at=at,
    )


def _file(batch: Batch, received: Received, at: datetime) -> File:
    return File(
        id=received.file_id,
        village_id=batch.village_id,
        name=received.path.rsplit("/", 1)[-1][-300:],
        path=received.path[-LONGEST_PATH:],
        size=received.size,
        sha256=received.sha256,
        sha512=received.sha512,
        storage_key=received.storage_key,
        received_at=at,
    )
