"""Archival codes (档号): counters allocated inside the transaction, and every code ever given, never reused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id
from storage.errors import Conflict


class CodeCounter(Base):
    """The last number given within one scope: everything left of the counter in the code."""

    __tablename__ = "code_counters"

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class GivenCode(Base):
    """A code that was given once. The row stays when the record goes, so the code cannot come back."""

    __tablename__ = "given_codes"

    normalised: Mapped[str] = mapped_column(String(80), primary_key=True)
    code: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[str] = mapped_column(Id, index=True)
    at: Mapped[datetime]


def next_number(session: Session, scope: str) -> int:
    """The next number of a scope. The row is locked by the update until the transaction ends."""
    taken = session.scalars(
        update(CodeCounter)
        .where(CodeCounter.scope == scope)
        .values(last=CodeCounter.last + 1)
        .returning(CodeCounter.last)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        _open_scope(session, scope)
        return next_number(session, scope)
    return taken


def _open_scope(session: Session, scope: str) -> None:
    try:
        with session.begin_nested():
            session.add(CodeCounter(scope=scope, last=0))
    except IntegrityError:
        # Another transaction opened the same scope first; its row serves us both.
        return


def raise_to(session: Session, scope: str, number: int) -> None:
    """Make sure that numbers up to this one are not given again (codes that came from elsewhere, or a rebuild)."""
    counter = session.get(CodeCounter, scope)
    if counter is None:
        session.add(CodeCounter(scope=scope, last=number))
    else:
        counter.last = max(counter.last, number)
    session.flush()


def record_code(session: Session, normalised: str, code: str, record_id: str, at: datetime) -> None:
    """Write down that this code was given.

    Raises:
        Conflict: it was given before, to whatever record.
    """
    if session.get(GivenCode, normalised) is not None:
        raise Conflict(f"档号 {code} 已经用过，不能再用；什么都没有写入。")
    session.add(GivenCode(normalised=normalised, code=code, record_id=record_id, at=at))
    session.flush()
