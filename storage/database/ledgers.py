"""Ledgers (台账): what a village writes down row by row, in one book for each kind and year.

Which books there are and what a row must say is asked in `classification.ledgers`. A row is known by the digest of what
it says, so that the same row twice is once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class LedgerBook(Base):
    """One book of one village and year. `item_id`: the line of the batch by which it was handed in, once it was."""

    __tablename__ = "ledger_books"
    __table_args__ = (
        UniqueConstraint("village_id", "book", "year"),
        Index(
            "ix_ledger_books_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    book: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    item_id: Mapped[str | None] = mapped_column(Id, index=True)
    handed_in_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


class LedgerRow(Base):
    """One row: its day, whom it is about where that counts, and its cells by column."""

    __tablename__ = "ledger_rows"
    __table_args__ = (
        UniqueConstraint("book_id", "digest"),
        Index("ix_ledger_rows_book_id_on_id", "book_id", "on", "id", "who"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    book_id: Mapped[str] = mapped_column(ForeignKey("ledger_books.id"))
    on: Mapped[date]
    who: Mapped[str] = mapped_column(String(120), default="")
    cells: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime]


def book_of(session: Session, village_id: str, book: str, year: int) -> LedgerBook | None:
    """The book of that village, kind and year."""
    wanted = select(LedgerBook).where(
        LedgerBook.village_id == village_id, LedgerBook.book == book, LedgerBook.year == year
    )
    return session.scalars(wanted).one_or_none()


def book_of_item(session: Session, item_id: str) -> LedgerBook | None:
    """The book that was handed in as this line of a batch."""
    return session.scalars(select(LedgerBook).where(LedgerBook.item_id == item_id)).first()


def rows_of(session: Session, book_id: str) -> Sequence[LedgerRow]:
    """The rows of a book by their day."""
    wanted = select(LedgerRow).where(LedgerRow.book_id == book_id)
    return session.scalars(wanted.order_by(LedgerRow.on, LedgerRow.id)).all()


SAID = ("id", "village_id", "book", "year", "item_id")
MOMENTS = ("handed_in_at", "changed_at")
SAID_OF_ROW = ("id", "who", "cells", "digest", "entered_by")


def documents(session: Session, books: Sequence[LedgerBook]) -> list[dict[str, Any]]:
    """Books with their rows as the store keeps them."""
    found: dict[str, list[dict[str, Any]]] = {}
    wanted = select(LedgerRow).where(LedgerRow.book_id.in_([one.id for one in books]))
    for row in session.scalars(wanted.order_by(LedgerRow.on, LedgerRow.id)):
        said = {name: getattr(row, name) for name in SAID_OF_ROW}
        said |= {"on": row.on.isoformat(), "entered_at": row.entered_at.isoformat()}
        found.setdefault(row.book_id, []).append(said)
    return [
        {
            **{name: getattr(one, name) for name in SAID},
            **{name: (at := getattr(one, name)) and at.isoformat() for name in MOMENTS},
            "rows": found.get(one.id, []),
        }
        for one in books
    ]


def restore(session: Session, said: dict[str, Any]) -> None:
    """Put one book back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS}
    session.add(LedgerBook(**{name: said[name] for name in SAID}, **moments, kept=True))
    session.flush()
    rows = [
        {
            **{name: row[name] for name in SAID_OF_ROW},
            "book_id": said["id"],
            "on": date.fromisoformat(row["on"]),
            "entered_at": datetime.fromisoformat(row["entered_at"]),
        }
        for row in said["rows"]
    ]
    if rows:
        session.execute(insert(LedgerRow), rows)
