"""Handovers (移交): what goes from one person to the next, who gives, receives and supervises, until when.

Whether one may be closed is asked in the actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class HandoverKind(StrEnum):
    """Why something is handed over. The values are stored."""

    TERM = "term"
    ARCHIVIST = "archivist"


class Handover(Base):
    """One handover. `items`: [{part, name, number, unit, found, note}]; `found` None = not counted yet."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index("ix_handovers_village_id_id", "village_id", "id"),
        Index(
            "ix_handovers_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    kind: Mapped[str] = mapped_column(String(12))
    happened_on: Mapped[date]
    """The day of the election, or of the change of person."""
    due_on: Mapped[date]
    giver: Mapped[str] = mapped_column(String(120), default="")
    receiver: Mapped[str] = mapped_column(String(120), default="")
    host: Mapped[str] = mapped_column(String(120), default="")
    supervisor: Mapped[str] = mapped_column(String(120), default="")
    items: Mapped[list[Any]] = mapped_column(default=list)
    signed_on: Mapped[date | None]
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime]
    closed_by: Mapped[str] = mapped_column(String(80), default="")
    closed_at: Mapped[datetime | None]
    item_id: Mapped[str | None] = mapped_column(Id, index=True)
    """The line of the batch by which its register was handed in."""
    changed_at: Mapped[datetime]
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


SAID = (
    "id", "village_id", "kind", "giver", "receiver", "host", "supervisor", "items", "opened_by", "closed_by", "item_id",
)  # fmt: skip
DAYS = ("happened_on", "due_on", "signed_on")
MOMENTS = ("opened_at", "closed_at", "changed_at")


def documents(_session: Session, handovers: Sequence[Handover]) -> list[dict[str, Any]]:
    """Handovers as the store keeps them."""
    return [
        {
            **{name: getattr(one, name) for name in SAID},
            **{name: (day := getattr(one, name)) and day.isoformat() for name in (*DAYS, *MOMENTS)},
        }
        for one in handovers
    ]


def restore(session: Session, said: dict[str, Any]) -> None:
    """Put one handover back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    days = {name: said[name] and date.fromisoformat(said[name]) for name in DAYS}
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS}
    session.add(Handover(**{name: said[name] for name in SAID}, **days, **moments, kept=True))
