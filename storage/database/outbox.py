"""The outbox to the index: which records changed. Rows appear in the transaction of the change, by a flush hook.

A bulk statement bypasses the hook; code that needs one calls `mark` itself (a house test looks for the others).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, String, case, delete, event, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from storage.database.base import Base, Id
from storage.database.records import File, Record


class IndexJob(Base):
    """“Look at this record again.” Several rows for one record are as good as one."""

    __tablename__ = "index_jobs"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    record_id: Mapped[str] = mapped_column(Id)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[str | None] = mapped_column(String(500))
    """What the engine said when it took the record the last time it was tried; set once it is parked."""


MOST_ATTEMPTS = 3
"""After so many refusals by the engine a job is parked: the record waits, with the reason, and holds up nobody."""


def mark(session: Session, record_ids: Iterable[str]) -> None:
    """Ask for these records to be compared with the index."""
    rows = [{"record_id": record_id} for record_id in sorted(set(record_ids))]
    if rows:
        session.execute(insert(IndexJob), rows)


def mark_village(session: Session, village_id: str) -> None:
    """Ask for every record of a village to be compared: what its name finds has changed."""
    theirs = select(Record.id).where(Record.village_id == village_id)
    session.execute(insert(IndexJob).from_select(["record_id"], theirs))


def mark_changed(session: Session, _context: Any, _instances: Any) -> None:
    """The flush hook: every record that is new, changed or gone, and every record whose files are."""
    touched: set[str] = set()
    for thing in (*session.new, *session.dirty, *session.deleted):
        if isinstance(thing, Record):
            touched.add(thing.id)
        elif isinstance(thing, File) and thing.record_id:
            touched.add(thing.record_id)
    mark(session, touched)


def watch(sessions: sessionmaker[Session]) -> None:
    """Hang the hook on every session of this maker."""
    event.listen(sessions, "before_flush", mark_changed)


def pending(session: Session, limit: int, after: int = 0) -> Sequence[IndexJob]:
    """The oldest jobs that are not parked, from the one after that number."""
    waiting = select(IndexJob).where(IndexJob.refused.is_(None), IndexJob.id > after).order_by(IndexJob.id).limit(limit)
    return session.scalars(waiting).all()


def backlog(session: Session) -> int:
    """How many jobs wait."""
    return session.scalar(select(func.count()).where(IndexJob.refused.is_(None)).select_from(IndexJob)) or 0


def parked(session: Session) -> dict[str, str]:
    """The records that the engine did not take, and why."""
    refused = select(IndexJob.record_id, IndexJob.refused).where(IndexJob.refused.is_not(None))
    return {record_id: reason or "" for record_id, reason in session.execute(refused.order_by(IndexJob.id))}


def number_parked(session: Session) -> int:
    """How many records the engine did not take."""
    refused = select(func.count(IndexJob.record_id.distinct())).where(IndexJob.refused.is_not(None))
    return session.scalar(refused) or 0


def refuse(session: Session, job_ids: Sequence[int], reason: str) -> None:
    """Count an attempt that the engine refused; the last one parks the jobs."""
    session.execute(
        update(IndexJob)
        .where(IndexJob.id.in_(job_ids))
        .values(
            attempts=IndexJob.attempts + 1,
            refused=case((IndexJob.attempts + 1 >= MOST_ATTEMPTS, reason[:500]), else_=None),
        )
    )


def done(session: Session, job_ids: Sequence[int]) -> None:
    """Forget jobs that have been carried out."""
    session.execute(delete(IndexJob).where(IndexJob.id.in_(job_ids)))


def forget_parked(session: Session, record_ids: Iterable[str]) -> None:
    """These records are in the index after all, or out of it: what was parked for them is settled."""
    session.execute(delete(IndexJob).where(IndexJob.record_id.in_(list(record_ids)), IndexJob.refused.is_not(None)))
