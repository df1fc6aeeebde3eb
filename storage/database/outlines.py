"""The county's outline and retention table, version by version, as imported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class OutlineVersion(Base):
    """One version of one outline document. `content` is the whole document; it never changes after import."""

    __tablename__ = "outline_versions"
    __table_args__ = (UniqueConstraint("document", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    effective_from: Mapped[date]
    content: Mapped[dict[str, Any]]
    imported_by: Mapped[str] = mapped_column(String(80))
    imported_at: Mapped[datetime]
    in_force: Mapped[bool] = mapped_column(default=False, index=True)
    """The version new records are described by. One at a time."""


def outline_in_force(session: Session) -> OutlineVersion | None:
    """The version that new records are described by."""
    return session.scalars(select(OutlineVersion).where(OutlineVersion.in_force)).one_or_none()


def outline_versions(session: Session) -> Sequence[OutlineVersion]:
    """All versions, newest first."""
    return session.scalars(select(OutlineVersion).order_by(OutlineVersion.imported_at.desc())).all()


def outline_version(session: Session, document: str, version: str) -> OutlineVersion | None:
    """One version by its names."""
    found = select(OutlineVersion).where(OutlineVersion.document == document, OutlineVersion.version == version)
    return session.scalars(found).one_or_none()
