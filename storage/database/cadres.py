"""The registers of a village: who held which post from when to when, and what happened there (matters, elections …).

What is entered is never overwritten: a wrong line is taken back with a reason and stays. What follows from a line for
the records that are expected is computed in `classification.calendar`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class CadrePost(Base):
    """One person in one post of one village. `until` None = still; `withdrawn_at` set = taken back, counts no more."""

    __tablename__ = "cadre_posts"
    __table_args__ = (
        Index("ix_cadre_posts_village_id", "village_id"),
        Index(
            "ix_cadre_posts_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false")
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    person: Mapped[str] = mapped_column(String(80))
    post: Mapped[str] = mapped_column(String(80))
    since: Mapped[date]
    until: Mapped[date | None]
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(80), default="")
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str] = mapped_column(String(300), default="")
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


class VillageMatter(Base):
    """One thing that happened in a village; `trigger` is an id of the calendar's triggers, such as matter_opened."""

    __tablename__ = "village_matters"
    __table_args__ = (
        Index("ix_village_matters_village_id", "village_id"),
        Index(
            "ix_village_matters_unkept", "id", sqlite_where=text("kept IS false"),
            postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    trigger: Mapped[str] = mapped_column(String(60))
    on: Mapped[date]
    name: Mapped[str] = mapped_column(String(120))
    """What people call it; a record that names it settles what it asks for."""
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(80), default="")
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str] = mapped_column(String(300), default="")
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


def posts_of(session: Session, village_ids: Iterable[str], withdrawn: bool = False) -> Sequence[CadrePost]:
    """The posts of these villages, oldest first; with `withdrawn` those that were taken back too. One query."""
    wanted = select(CadrePost).where(CadrePost.village_id.in_(list(village_ids)))
    wanted = wanted if withdrawn else wanted.where(CadrePost.withdrawn_at.is_(None))
    return session.scalars(wanted.order_by(CadrePost.since, CadrePost.id)).all()


def matters_of(session: Session, village_ids: Iterable[str], withdrawn: bool = False) -> Sequence[VillageMatter]:
    """What happened in these villages, oldest first; with `withdrawn` what was taken back too. One query."""
    wanted = select(VillageMatter).where(VillageMatter.village_id.in_(list(village_ids)))
    wanted = wanted if withdrawn else wanted.where(VillageMatter.withdrawn_at.is_(None))
    return session.scalars(wanted.order_by(VillageMatter.on, VillageMatter.id)).all()


DAYS: dict[type[CadrePost] | type[VillageMatter], tuple[str, ...]] = {
    CadrePost: ("since", "until"), VillageMatter: ("on",),
}  # fmt: skip
MOMENTS = ("entered_at", "withdrawn_at")
BOTH = ("id", "village_id", "entered_by", "withdrawn_by", "withdraw_reason")
SAID: dict[type[CadrePost] | type[VillageMatter], tuple[str, ...]] = {
    CadrePost: (*BOTH, "person", "post"), VillageMatter: (*BOTH, "trigger", "name"),
}  # fmt: skip


def document_of(held: CadrePost | VillageMatter) -> dict[str, Any]:
    """A line of a register as the store keeps it."""
    table = type(held)
    moments = {
        name: value and value.isoformat() for name in (*DAYS[table], *MOMENTS) for value in [getattr(held, name)]
    }
    return {**{name: getattr(held, name) for name in SAID[table]}, **moments}


def restore_line(session: Session, table: type[CadrePost] | type[VillageMatter], said: dict[str, Any]) -> None:
    """Put one line back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    days = {name: said[name] and date.fromisoformat(said[name]) for name in DAYS[table]}
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS}
    session.add(table(**{name: said[name] for name in SAID[table]}, **days, **moments, kept=True))
    session.flush()
