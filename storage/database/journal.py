"""The journal (操作日志): every act, in the transaction of the change, each row with its own hash.

Chaining is not done by the writers, or they would queue behind one another: a sealer takes committed rows in the order
it finds them, chains them, and writes the sealed stretch to the store (see `storage.journal`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class JournalEntry(Base):
    """One act: who, when, what, to which thing."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_object_id_id", "object_id", "id"),
        Index("ix_journal_village_id", "village_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(60), index=True)
    object_type: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str] = mapped_column(String(80))
    village_id: Mapped[str | None] = mapped_column(Id)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    hash: Mapped[str] = mapped_column(String(64))
    seal_id: Mapped[str | None] = mapped_column(ForeignKey("journal_seals.id"), index=True)


class JournalSeal(Base):
    """A sealed stretch: its entries' hashes in order, chained to the stretch before."""

    __tablename__ = "journal_seals"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    sealed_at: Mapped[datetime]
    entries: Mapped[int]
    previous: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))
    order: Mapped[str] = mapped_column(Text)
    """The ids of the entries in the order they were chained, one a line."""
    stored: Mapped[bool] = mapped_column(default=False)


class SealedActs(Base):
    """How many sealed entries there are of a village. They are never taken out again, so the number only grows."""

    __tablename__ = "sealed_acts"

    village_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


def entry_hash(entry: JournalEntry) -> str:
    """SHA-256 over everything an entry says, in a fixed form."""
    return hashlib.sha256(json.dumps(_said(entry), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _said(entry: JournalEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "village_id": entry.village_id,
        "details": entry.details,
    }


def write(
    session: Session,
    at: datetime,
    actor: str,
    act: str,
    object_type: str,
    object_id: str,
    village_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> JournalEntry:
    """Write one act into the journal, in the transaction of the change it tells of."""
    entry = JournalEntry(
        id=new_id(),
        at=at,
        actor=actor,
        act=act,
        object_type=object_type,
        object_id=object_id,
        village_id=village_id,
        details=details or {},
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    return entry


def history(session: Session, object_id: str, without: Iterable[str] = ()) -> Sequence[JournalEntry]:
    """What was done to one thing, oldest first, but for some acts."""
    found = select(JournalEntry).where(JournalEntry.object_id == object_id, JournalEntry.act.not_in(list(without)))
    return session.scalars(found.order_by(JournalEntry.id)).all()


def chain(previous: str, hashes: Sequence[str]) -> str:
    """The root of a stretch: each hash folded into the one before."""
    root = previous
    for one in hashes:
        root = hashlib.sha256(f"{root}{one}".encode()).hexdigest()
    return root


def seal(session: Session, at: datetime, limit: int = 10_000) -> JournalSeal | None:
    """Chain the committed entries that are not sealed yet; None when there is nothing to seal."""
    columns = (JournalEntry.id, JournalEntry.hash, JournalEntry.village_id)
    waiting = select(*columns).where(JournalEntry.seal_id.is_(None))
    entries = session.execute(waiting.order_by(JournalEntry.id).limit(limit)).all()
    if not entries:
        return None
    last = session.scalars(select(JournalSeal).order_by(JournalSeal.number.desc()).limit(1)).one_or_none()
    previous = last.root if last else "0" * 64
    sealed = JournalSeal(
        id=new_id(),
        number=last.number + 1 if last else 1,
        sealed_at=at,
        entries=len(entries),
        previous=previous,
        root=chain(previous, [entry.hash for entry in entries]),
        order="\n".join(entry.id for entry in entries),
    )
    session.add(sealed)
    session.flush()
    session.execute(update(JournalEntry), [{"id": entry.id, "seal_id": sealed.id} for entry in entries])
    count_sealed(session, (entry.village_id for entry in entries))
    return sealed


def count_sealed(session: Session, village_ids: Iterable[str | None]) -> None:
    """Count sealed entries by their villages, one id for each entry."""
    counted = Counter[str](home for home in village_ids if home)
    known = {
        one.village_id: one for one in session.scalars(select(SealedActs).where(SealedActs.village_id.in_(counted)))
    }
    for home, number in counted.items():
        if home in known:
            known[home].number += number
        else:
            session.add(SealedActs(village_id=home, number=number))


def acts_by_village(session: Session, village_ids: Collection[str]) -> dict[str, int]:
    """How many entries there are of each of these villages. The sealed ones, nearly all, are counted already."""
    kept = select(SealedActs.village_id, SealedActs.number).where(SealedActs.village_id.in_(village_ids))
    found = Counter({home: number for home, number in session.execute(kept)})
    fresh = select(JournalEntry.village_id, func.count()).where(JournalEntry.seal_id.is_(None))
    for home, number in session.execute(fresh.group_by(JournalEntry.village_id)):
        if home is not None and home in village_ids:
            found[home] += number
    return dict(found)


def faults(session: Session) -> list[str]:
    """What is wrong with the journal, in sentences: changed rows, broken chain, gaps, rows not sealed yet."""
    found: list[str] = []
    previous, expected = "0" * 64, 1
    for sealed in session.scalars(select(JournalSeal).order_by(JournalSeal.number)):
        if sealed.number != expected:
            found.append(f"第 {expected} 段封存缺失。")
        entries = {e.id: e for e in session.scalars(select(JournalEntry).where(JournalEntry.seal_id == sealed.id))}
        ids = sealed.order.split("\n")
        found += [f"第 {sealed.number} 段中的日志 {one} 不见了。" for one in ids if one not in entries]
        found += [
            f"日志 {one} 被改动过。" for one in ids if one in entries and entry_hash(entries[one]) != entries[one].hash
        ]
        root = chain(sealed.previous, [entries[one].hash for one in ids if one in entries])
        if sealed.previous != previous or root != sealed.root:
            found.append(f"第 {sealed.number} 段的链对不上。")
        previous, expected = sealed.root, sealed.number + 1
    return found


def unsealed(session: Session) -> int:
    """How many entries wait to be sealed."""
    return session.scalar(select(func.count()).where(JournalEntry.seal_id.is_(None)).select_from(JournalEntry)) or 0


def unstored(session: Session) -> Sequence[JournalSeal]:
    """Sealed stretches that are not in the store yet."""
    return session.scalars(select(JournalSeal).where(JournalSeal.stored.is_(False)).order_by(JournalSeal.number)).all()


def stretch(session: Session, sealed: JournalSeal) -> dict[str, Any]:
    """A sealed stretch whole, as it is written to the store."""
    entries = {e.id: e for e in session.scalars(select(JournalEntry).where(JournalEntry.seal_id == sealed.id))}
    return {
        "number": sealed.number,
        "sealed_at": sealed.sealed_at.isoformat(),
        "previous": sealed.previous,
        "root": sealed.root,
        "entries": [{**_said(entries[one]), "hash": entries[one].hash} for one in sealed.order.split("\n")],
    }


def acted(session: Session, actor: str, act: str) -> bool:
    """Whether this actor ever did this."""
    found = select(JournalEntry.id).where(JournalEntry.act == act, JournalEntry.actor == actor).limit(1)
    return session.scalar(found) is not None
