"""To whom a record is opened by name: those a donor's restriction names, and the person whom it concerns.

While a restriction stands, it alone says who reads the record. Otherwise a person reads what concerns him once it is
filed. Who may open a record to somebody is asked in the actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, String, and_, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from storage.database.base import Base, Id
from storage.database.records import Record, RecordState
from storage.scope import RESTRICTED

_FILED = (RecordState.ARCHIVED, RecordState.ARCHIVING)


class Ground(StrEnum):
    """Why a record is opened to somebody by name. The values are stored."""

    DONOR = "donor"
    """The donor's restriction names him."""
    CONCERNED = "concerned"
    """The record is about him."""


class RecordReader(Base):
    """One record opened to one account. No key into records: the row says nothing without the record."""

    __tablename__ = "record_readers"

    login: Mapped[str] = mapped_column(String(60), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True, index=True)
    ground: Mapped[str] = mapped_column(String(10), primary_key=True)
    opened_by: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime]


def opened_to(login: str) -> ColumnElement[bool]:
    """The records that are opened to this account now, as a condition on records."""
    named = select(RecordReader.record_id).where(RecordReader.login == login)
    restricted = and_(Record.access == RESTRICTED, Record.id.in_(named.where(RecordReader.ground == Ground.DONOR)))
    mine = Record.id.in_(named.where(RecordReader.ground == Ground.CONCERNED))
    return or_(restricted, and_(Record.access != RESTRICTED, Record.state.in_(_FILED), mine))


def is_named(login: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether any record is opened to an account by name, as a column of another query."""
    return exists().where(RecordReader.login == login)


def readers_of(session: Session, records: Iterable[Record]) -> dict[str, list[str]]:
    """To whom these records are opened by name now, by record id, in one query; records without any are left out."""
    counts = {found.id: _ground_of(found) for found in records}
    wanted = select(RecordReader.record_id, RecordReader.login, RecordReader.ground)
    opened: dict[str, list[str]] = {}
    rows = session.execute(wanted.where(RecordReader.record_id.in_(counts)).order_by(RecordReader.login))
    for record_id, login, ground in rows:
        if ground == counts[record_id]:
            opened.setdefault(record_id, []).append(login)
    return opened


def _ground_of(found: Record) -> Ground | None:
    if found.access == RESTRICTED:
        return Ground.DONOR
    return Ground.CONCERNED if found.state in _FILED else None


def rows_on(session: Session, record_id: str, ground: Ground) -> Sequence[RecordReader]:
    """Everybody named for one record on this ground, by log-in name."""
    wanted = select(RecordReader).where(RecordReader.record_id == record_id, RecordReader.ground == ground)
    return session.scalars(wanted.order_by(RecordReader.login)).all()


def name_readers(
    session: Session, record_id: str, ground: Ground, logins: Iterable[str], by: str, at: datetime
) -> None:
    """Open a record to these accounts on this ground, and to nobody else."""
    here = (RecordReader.record_id == record_id, RecordReader.ground == ground)
    session.execute(delete(RecordReader).where(*here))
    for login in dict.fromkeys(logins):
        session.add(RecordReader(login=login, record_id=record_id, ground=ground, opened_by=by, opened_at=at))
    session.flush()
