"""When each stored thing was last read whole, and which files were found missing or changed.

A unit is what is checked at once: an object of the archive by its id, or a staged file. What is right is not kept here:
digests are in the inventories and in the table of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id

STAGED = "staging:"
"""The unit of a staged file is this and the file's id; every other unit is an object's id."""

ENROLMENT = "-enrolment"
"""The row that says when units were last looked for."""


class FixityCheck(Base):
    """One unit, and when it was last read; None = never yet."""

    __tablename__ = "fixity_checks"

    unit: Mapped[str] = mapped_column(String(120), primary_key=True)
    checked_at: Mapped[datetime | None] = mapped_column(index=True)


class FixityFault(Base):
    """One stored file that is missing or changed. The row goes when the file is found well again."""

    __tablename__ = "fixity_faults"

    key: Mapped[str] = mapped_column(String(1024), primary_key=True)
    unit: Mapped[str] = mapped_column(String(120), index=True)
    record_id: Mapped[str | None] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(1000))
    """What people call it: code and title of the record, name of the file."""
    kind: Mapped[str] = mapped_column(String(10))
    """missing | changed | unreadable."""
    expected: Mapped[str] = mapped_column(String(128))
    """SHA-512 as it should be; empty when nothing says it."""
    seen: Mapped[str] = mapped_column(String(128))
    found_at: Mapped[datetime]

    def said(self) -> dict[str, str]:
        """For JSON, for the journal, for sentences."""
        return {name: getattr(self, name) for name in ("key", "name", "kind", "expected", "seen")}


def enrolled_at(session: Session) -> datetime | None:
    """When units were last looked for."""
    return session.scalar(select(FixityCheck.checked_at).where(FixityCheck.unit == ENROLMENT))


def looked_around(session: Session, at: datetime) -> None:
    """Units were looked for at that time."""
    session.merge(FixityCheck(unit=ENROLMENT, checked_at=at))


def enrol(session: Session, units: Sequence[str]) -> int:
    """Add the units that are not known yet; returns how many."""
    known = set(session.scalars(select(FixityCheck.unit).where(FixityCheck.unit.in_(units))))
    fresh = [{"unit": unit} for unit in dict.fromkeys(units) if unit not in known]
    if fresh:
        session.execute(insert(FixityCheck), fresh)
    return len(fresh)


def oldest(session: Session, before: datetime, limit: int) -> Sequence[str]:
    """Units not read since then: the never read first, then the longest ago."""
    waits = FixityCheck.checked_at.is_(None) | (FixityCheck.checked_at < before)
    found = select(FixityCheck.unit).where(waits, FixityCheck.unit != ENROLMENT)
    return session.scalars(found.order_by(FixityCheck.checked_at.nulls_first(), FixityCheck.unit).limit(limit)).all()


def checked(session: Session, units: Sequence[str], at: datetime) -> None:
    """The units were read whole at that time."""
    session.execute(update(FixityCheck).where(FixityCheck.unit.in_(units)).values(checked_at=at))


def forget(session: Session, unit: str) -> None:
    """The unit is no longer kept: there is nothing to check and nothing wrong with it."""
    for row in (session.get(FixityCheck, unit), *faults_of(session, unit)):
        if row is not None:
            session.delete(row)


def faults_of(session: Session, unit: str) -> Sequence[FixityFault]:
    """What is known to be wrong with one unit."""
    return session.scalars(select(FixityFault).where(FixityFault.unit == unit).order_by(FixityFault.key)).all()


def faults(session: Session, limit: int = 500) -> Sequence[FixityFault]:
    """What is known to be wrong, the newest first."""
    return session.scalars(
        select(FixityFault).order_by(FixityFault.found_at.desc(), FixityFault.key).limit(limit)
    ).all()


def number_of_faults(session: Session) -> int:
    """How many stored files are known to be missing or changed."""
    return session.scalar(select(func.count()).select_from(FixityFault)) or 0


def progress(session: Session, since: datetime) -> tuple[int, int]:
    """How many units there are, and how many of them were read since then."""
    units = FixityCheck.unit != ENROLMENT
    read = func.count().filter(FixityCheck.checked_at >= since)
    total, done = session.execute(select(func.count(), read).where(units)).one()
    return total, done
