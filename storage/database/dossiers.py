"""Dossiers (事项卷): one matter from proposal to result, what each step says, and which records belong to it.

What a step should say, and whether it fits the county's rule, is asked in `classification.dossiers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class Dossier(Base):
    """One matter. `steps`: facts by step; `objections`: [{raised_on, by, text, answered_on, answer}], days as text."""

    __tablename__ = "dossiers"
    __table_args__ = (
        Index("ix_dossiers_village_id_opened_on", "village_id", "opened_on"),
        Index(
            "ix_dossiers_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    opened_on: Mapped[date]
    done_on: Mapped[date | None]
    head: Mapped[dict[str, Any]] = mapped_column(default=dict)
    steps: Mapped[dict[str, Any]] = mapped_column(default=dict)
    objections: Mapped[list[Any]] = mapped_column(default=list)
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


class DossierRecord(Base):
    """One record of one step. No key into records: a dossier outlives even the row of a record that was lost."""

    __tablename__ = "dossier_records"
    __table_args__ = (Index("ix_dossier_records_record_id", "record_id"),)

    dossier_id: Mapped[str] = mapped_column(ForeignKey("dossiers.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(60), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True)


def records_of(session: Session, dossier_ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The step and the id of every record of these dossiers, by dossier; one query."""
    wanted = select(DossierRecord).where(DossierRecord.dossier_id.in_(list(dossier_ids)))
    found: dict[str, list[tuple[str, str]]] = {}
    for one in session.scalars(wanted.order_by(DossierRecord.step, DossierRecord.record_id)):
        found.setdefault(one.dossier_id, []).append((one.step, one.record_id))
    return found


SAID = ("id", "village_id", "kind", "name", "head", "steps", "objections", "opened_by")
DAYS = ("opened_on", "done_on")
MOMENTS = ("opened_at", "changed_at")


def documents(session: Session, dossiers: Sequence[Dossier]) -> list[dict[str, Any]]:
    """Dossiers as the store keeps them."""
    tied = records_of(session, [one.id for one in dossiers])
    return [
        {
            **{name: getattr(one, name) for name in SAID},
            **{name: (day := getattr(one, name)) and day.isoformat() for name in (*DAYS, *MOMENTS)},
            "records": [list(pair) for pair in tied.get(one.id, ())],
        }
        for one in dossiers
    ]


def restore(session: Session, said: dict[str, Any]) -> None:
    """Put one dossier back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    days = {name: said[name] and date.fromisoformat(said[name]) for name in DAYS}
    moments = {name: datetime.fromisoformat(said[name]) for name in MOMENTS}
    session.add(Dossier(**{name: said[name] for name in SAID}, **days, **moments, kept=True))
    session.flush()
    rows = [{"dossier_id": said["id"], "step": step, "record_id": record} for step, record in said["records"]]
    if rows:
        session.execute(insert(DossierRecord), rows)
