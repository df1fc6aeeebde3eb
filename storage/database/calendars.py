"""The county's calendar of village records, version by version, as imported. Which one counts when is computed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class CalendarVersion(Base):
    """One version of one calendar. `content` is the whole document; it never changes after import."""

    __tablename__ = "calendar_versions"
    __table_args__ = (
        UniqueConstraint("document", "version"),
        Index(
            "ix_calendar_versions_unkept", "id", sqlite_where=text("kept IS false"),
            postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    effective_from: Mapped[date]
    content: Mapped[dict[str, Any]]
    imported_by: Mapped[str] = mapped_column(String(80))
    imported_at: Mapped[datetime]
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it."""


def calendar_versions(session: Session) -> Sequence[CalendarVersion]:
    """All versions in the order in which they came into force; of one day, the one imported later stands later."""
    order = (CalendarVersion.effective_from, CalendarVersion.imported_at, CalendarVersion.id)
    return session.scalars(select(CalendarVersion).order_by(*order)).all()


SAID = ("id", "document", "version", "kind", "title", "content", "imported_by")


def document_of(held: CalendarVersion) -> dict[str, Any]:
    """A version as the store keeps it."""
    moments = {"effective_from": held.effective_from.isoformat(), "imported_at": held.imported_at.isoformat()}
    return {**{name: getattr(held, name) for name in SAID}, **moments}


def restore_calendar(session: Session, said: dict[str, Any]) -> None:
    """Put one version back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    day, at = date.fromisoformat(said["effective_from"]), datetime.fromisoformat(said["imported_at"])
    session.add(CalendarVersion(**{name: said[name] for name in SAID}, effective_from=day, imported_at=at, kept=True))
    session.flush()
