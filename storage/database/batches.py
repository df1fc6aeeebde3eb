"""What was handed in: batches (移交批次) and their items (待归档文件), one item per leaf file as walked.

The sum holds at every moment: found = archived + waiting + rejected + duplicate. `ItemState.bucket` says where a
state counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class ItemState(StrEnum):
    """Where an item stands. The values are stored."""

    RECEIVED = "received"
    """Bytes are kept; not read yet."""
    PROPOSED = "proposed"
    """Read, described as a proposal, waiting for a person."""
    ARCHIVED = "archived"
    DESTROYED = "destroyed"
    """Was archived and went by an approved register since. Counts as archived: handing it in was done."""
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    """Refused, set aside, unreadable beyond help, or withdrawn by a person; the reason is on the item."""
    UNREADABLE = "unreadable"
    """Kept, but could not be read; a person looks at it or it is tried again. Counts as waiting."""

    @property
    def bucket(self) -> str:
        """archived | waiting | rejected | duplicate."""
        return {
            ItemState.ARCHIVED: "archived",
            ItemState.DESTROYED: "archived",
            ItemState.DUPLICATE: "duplicate",
            ItemState.REJECTED: "rejected",
        }.get(self, "waiting")


class Batch(Base):
    """One handing-in of one village: a folder, an upload, a package."""

    __tablename__ = "batches"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), index=True)
    source: Mapped[str] = mapped_column(String(500))
    source_path: Mapped[str | None] = mapped_column(Text)
    """The folder on this machine it is read from, for a walk that was cut off; None for an upload."""
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime]
    walked_at: Mapped[datetime | None]
    """When the last file had been received; None while the walk is going on or was cut off."""


class Item(Base):
    """One leaf file as walked. `path` is what people read; `path_bytes` is the name as it came."""

    __tablename__ = "items"
    __table_args__ = (
        Index("ix_items_batch_id_path", "batch_id", "path", unique=True),
        Index("ix_items_state_lease_until", "state", "lease_until"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"))
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), index=True)
    path: Mapped[str] = mapped_column(String(1000))
    path_bytes: Mapped[bytes | None] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(12))
    reason_code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    duplicate_of: Mapped[str | None] = mapped_column(Id)
    """The item whose bytes came first."""
    file_id: Mapped[str | None] = mapped_column(Id, index=True)
    record_id: Mapped[str | None] = mapped_column(Id, index=True)
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(60))


def lease_items(session: Session, owner: str, now: datetime, until: datetime, limit: int) -> list[Item]:
    """Take up to `limit` received items for reading, oldest first; a lease that ran out may be taken again."""
    free = (Item.lease_until.is_(None)) | (Item.lease_until < now)
    wanted = select(Item.id).where(Item.state == ItemState.RECEIVED, free).order_by(Item.id).limit(limit)
    ids = list(session.scalars(wanted.with_for_update(skip_locked=True)))
    session.execute(
        update(Item)
        .where(Item.id.in_(ids), Item.state == ItemState.RECEIVED, free)
        .values(lease_until=until, lease_owner=owner, attempts=Item.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return list(session.scalars(select(Item).where(Item.id.in_(ids), Item.lease_owner == owner).order_by(Item.id)))


def renew_leases(session: Session, owner: str, until: datetime) -> None:
    """Make what this owner holds last from now on."""
    session.execute(
        update(Item)
        .where(Item.state == ItemState.RECEIVED, Item.lease_owner == owner)
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )


def lease_owners(session: Session) -> Sequence[str]:
    """Who holds leases on items that wait to be read."""
    held = select(Item.lease_owner).where(Item.state == ItemState.RECEIVED, Item.lease_owner.is_not(None))
    return [owner for owner in session.scalars(held.distinct()) if owner]


def release_leases(session: Session, owners: Sequence[str]) -> None:
    """Give back what these owners had leased; an attempt that was cut off is not counted against the file."""
    session.execute(
        update(Item)
        .where(Item.state == ItemState.RECEIVED, Item.lease_owner.in_(owners))
        .values(lease_until=None, lease_owner=None, attempts=Item.attempts - 1)
        .execution_options(synchronize_session=False)
    )


def first_with_digests(session: Session, village_id: str, digests: Iterable[str]) -> dict[str, Item]:
    """By SHA-256 the item of the same fonds that brought the bytes first and still holds them, where there is one."""
    held = select(Item).where(
        Item.village_id == village_id,
        Item.sha256.in_(set(digests)),
        Item.state.in_((ItemState.RECEIVED, ItemState.PROPOSED, ItemState.ARCHIVED, ItemState.UNREADABLE)),
    )
    found: dict[str, Item] = {}
    for item in session.scalars(held.order_by(Item.id)):
        found.setdefault(item.sha256 or "", item)
    return found


def counts_by_state(session: Session, batch_ids: Sequence[str] | None = None) -> Mapping[str, int]:
    """How many items stand in each state."""
    query = select(Item.state, func.count()).group_by(Item.state)
    if batch_ids is not None:
        query = query.where(Item.batch_id.in_(batch_ids))
    return {state: number for state, number in session.execute(query)}


def counts_by_batch(session: Session, batch_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """The same for several batches in one query: batch id → state → number."""
    query = select(Item.batch_id, Item.state, func.count()).where(Item.batch_id.in_(batch_ids))
    found: dict[str, dict[str, int]] = {batch_id: {} for batch_id in batch_ids}
    for batch_id, state, number in session.execute(query.group_by(Item.batch_id, Item.state)):
        found[batch_id][state] = number
    return found


def sum_of(states: Mapping[str, int]) -> dict[str, int]:
    """found = archived + waiting + rejected + duplicate, from the numbers by state."""
    total = {"found": 0, "archived": 0, "waiting": 0, "rejected": 0, "duplicate": 0}
    for state, number in states.items():
        total["found"] += number
        total[ItemState(state).bucket] += number
    return total
