"""The physical side of records: in which box and on which shelf they lie, and who has borrowed them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class Whereabouts(Base):
    """Where the paper, print or object of one record lies; empty texts and None are not said."""

    __tablename__ = "whereabouts"
    __table_args__ = (Index("ix_whereabouts_box", "box"),)

    record_id: Mapped[str] = mapped_column(ForeignKey("records.id"), primary_key=True)
    box: Mapped[str] = mapped_column(String(40), default="")
    shelf: Mapped[str] = mapped_column(String(80), default="")
    carrier: Mapped[str] = mapped_column(String(40), default="")
    """What it is on: paper, photograph, disc, tape, object."""
    count: Mapped[int | None]
    """How many sheets, prints or pieces, as counted by hand."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(80))


class Loan(Base):
    """One lending (借阅) of the original of one record. `returned_on` None = still out."""

    __tablename__ = "loans"
    __table_args__ = (
        Index(
            "uq_loans_out", "record_id", unique=True,
            sqlite_where=text("returned_on IS NULL"), postgresql_where=text("returned_on IS NULL"),
        ),
        Index("ix_loans_returned_on_due_on", "returned_on", "due_on"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("records.id"), index=True)
    borrower: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300), default="")
    lent_on: Mapped[date]
    due_on: Mapped[date]
    returned_on: Mapped[date | None]
    lent_by: Mapped[str] = mapped_column(String(80))
    taken_back_by: Mapped[str] = mapped_column(String(80), default="")


def whereabouts_of(session: Session, record_ids: Iterable[str]) -> dict[str, Whereabouts]:
    """Where these records lie, by record id; those of which nothing is said are left out."""
    found = session.scalars(select(Whereabouts).where(Whereabouts.record_id.in_(list(record_ids))))
    return {one.record_id: one for one in found}


def out(session: Session, record_ids: Iterable[str]) -> dict[str, Loan]:
    """The loans of these records that are still out, by record id."""
    wanted = select(Loan).where(Loan.record_id.in_(list(record_ids)), Loan.returned_on.is_(None))
    return {one.record_id: one for one in session.scalars(wanted)}
