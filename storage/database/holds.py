"""Holds (停止处置): what must not be destroyed for now, why, by whose word, and who let it go again.

A hold keeps the records that were found when it was placed. Whether one may be placed or released is asked in the
actions. A released hold stays, as its own history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id
from storage.database.records import Record, RecordState

AT_ONCE = 500
"""Ids in one statement."""


class HoldKind(StrEnum):
    """How the held records were named. The values are stored."""

    RECORDS = "records"
    SEARCH = "search"
    MATTER = "matter"
    PERSON = "person"


class Hold(Base):
    """One hold. `released_at` None = it stands; no day ends it by itself."""

    __tablename__ = "holds"
    __table_args__ = (
        Index("ix_holds_released_at", "released_at"),
        Index(
            "ix_holds_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(300), default="")
    """The question, the matter or the person; empty where single records were named."""
    ground: Mapped[str] = mapped_column(String(12))
    """What sort of reason it is: see `classification.disposal.GROUNDS`."""
    reason: Mapped[str] = mapped_column(String(500))
    review_on: Mapped[date | None]
    """The day on which people want to look at it again. It stands after that day too."""
    placed_by: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime]
    released_by: Mapped[str] = mapped_column(String(80), default="")
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str] = mapped_column(String(500), default="")
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


class HeldRecord(Base):
    """One record under one hold. No key into records: a hold outlives even the row of a record that was lost."""

    __tablename__ = "held_records"
    __table_args__ = (Index("ix_held_records_record_id", "record_id"),)

    hold_id: Mapped[str] = mapped_column(ForeignKey("holds.id"), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True)


def held_ids() -> Select[str]:
    """The ids of all records under a hold that stands, as part of another query."""
    return select(HeldRecord.record_id).join(Hold, Hold.id == HeldRecord.hold_id).where(Hold.released_at.is_(None))


def holds_on(session: Session, record_ids: Iterable[str]) -> dict[str, list[Hold]]:
    """The holds that stand on these records, by record id, in one query; records without one are left out."""
    wanted = (
        select(HeldRecord.record_id, Hold)
        .join(Hold, Hold.id == HeldRecord.hold_id)
        .where(HeldRecord.record_id.in_(list(record_ids)), Hold.released_at.is_(None))
    )
    found: dict[str, list[Hold]] = {}
    for record_id, hold in session.execute(wanted.order_by(Hold.id)):
        found.setdefault(record_id, []).append(hold)
    return found


def holds_ever_on(session: Session, record_id: str) -> Sequence[Hold]:
    """Every hold that stood or stands on one record, the newest first."""
    wanted = select(Hold).join(HeldRecord, HeldRecord.hold_id == Hold.id).where(HeldRecord.record_id == record_id)
    return session.scalars(wanted.order_by(Hold.id.desc())).all()


def records_under(session: Session, hold_id: str) -> list[str]:
    """The ids of the records under one hold, in their order."""
    wanted = select(HeldRecord.record_id).where(HeldRecord.hold_id == hold_id).order_by(HeldRecord.record_id)
    return list(session.scalars(wanted))


def lock_filed(session: Session, record_ids: Sequence[str]) -> list[str]:
    """Those of these records that are archived at this moment, locked until the transaction ends.

    A removal that begins at the same moment waits, or is waited for: it sees the hold, or the record is not here.
    """
    filed = Record.state.in_((RecordState.ARCHIVED, RecordState.ARCHIVING))
    found: list[str] = []
    for start in range(0, len(record_ids), AT_ONCE):
        some = select(Record.id).where(Record.id.in_(record_ids[start : start + AT_ONCE]), filed)
        found += session.scalars(some.order_by(Record.id).with_for_update(read=True))
    return found


def hold_records(session: Session, hold: Hold, record_ids: Iterable[str]) -> None:
    """Write a new hold with its records."""
    session.add(hold)
    session.flush()
    rows = [{"hold_id": hold.id, "record_id": record_id} for record_id in sorted(set(record_ids))]
    if rows:
        session.execute(insert(HeldRecord), rows)


def unkept(session: Session, limit: int = 100) -> Sequence[Hold]:
    """Holds that the store does not have as they are now, the oldest first."""
    return session.scalars(select(Hold).where(Hold.kept.is_(False)).order_by(Hold.id).limit(limit)).all()


DAY = "review_on"
MOMENTS = ("placed_at", "released_at")
SAID = ("id", "kind", "subject", "ground", "reason", "placed_by", "released_by", "release_reason")


def document_of(hold: Hold, record_ids: Sequence[str]) -> dict[str, Any]:
    """A hold as the store keeps it."""
    moments = {name: _iso(getattr(hold, name)) for name in (*MOMENTS, DAY)}
    return {**{name: getattr(hold, name) for name in SAID}, **moments, "records": list(record_ids)}


def restore_hold(session: Session, said: dict[str, Any]) -> None:
    """Put one hold back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS}
    day = said[DAY] and date.fromisoformat(said[DAY])
    hold = Hold(**{name: said[name] for name in SAID}, **moments, review_on=day, kept=True)
    hold_records(session, hold, said["records"])


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
