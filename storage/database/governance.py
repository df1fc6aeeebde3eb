"""Statements that a record of the calendar did not come about (未发生说明): which, of which period, why, said by whom.

A statement settles a period as a record does. Which records are expected is computed, never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class Statement(Base):
    """One statement. `record` is the id in the calendar; `of` a person or matter, empty for the village."""

    __tablename__ = "did_not_occur"
    __table_args__ = (UniqueConstraint("village_id", "record", "first", "last", "of"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    record: Mapped[str] = mapped_column(String(60))
    first: Mapped[date]
    last: Mapped[date]
    of: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(300))
    stated_by: Mapped[str] = mapped_column(String(120))
    """The name of the person who answers for it, as written on the page."""
    stated_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime]


def statements(session: Session, village_ids: Iterable[str], first: date, last: date) -> Sequence[Statement]:
    """The statements of these villages about periods that touch this interval."""
    wanted = select(Statement).where(
        Statement.village_id.in_(list(village_ids)), Statement.first <= last, Statement.last >= first
    )
    return session.scalars(wanted.order_by(Statement.id)).all()
