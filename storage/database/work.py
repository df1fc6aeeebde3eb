"""What workers share: turns that one of them has at a time, and how much each stage did in which minute.

Turns keep two processes from writing an older view of a record over a newer one; they run out, so a dead owner is not
waited for. The minutes say how fast a stage is, not what it did: that stands in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base
from storage.database.engine import Sessions

RECENTLY = timedelta(minutes=10)
"""What counts as now when a rate is asked for."""


class Turn(Base):
    """Who may do a thing that only one may do at a time, and until when without a word from them."""

    __tablename__ = "turns"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime]


class WorkMinute(Base):
    """How many units (files, pages, records) an owner did of a stage in a minute."""

    __tablename__ = "work_minutes"

    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(100), primary_key=True)
    units: Mapped[int]


def take_turn(session: Session, name: str, owner: str, now: datetime, until: datetime) -> bool:
    """Take a turn that is free, has run out or is one's own already; False while another has it."""
    made = _insert(session)(Turn).values(name=name, owner=owner, until=until).on_conflict_do_nothing()
    session.execute(made)
    mine_or_free = (Turn.owner == owner) | (Turn.until < now)
    taken = update(Turn).where(Turn.name == name, mine_or_free).values(owner=owner, until=until)
    return bool(session.execute(taken).rowcount)  # type: ignore[attr-defined]  # a cursor's result


def end_turn(session: Session, name: str, owner: str) -> None:
    """Give a turn back; one that has gone to another stays there."""
    session.execute(delete(Turn).where(Turn.name == name, Turn.owner == owner))


def turns(session: Session) -> list[tuple[str, str]]:
    """The turns that are taken: name and owner."""
    return [(taken.name, taken.owner) for taken in session.scalars(select(Turn))]


@contextmanager
def turn(
    sessions: Sessions, name: str, owner: str, clock: Callable[[], datetime], lasting: timedelta
) -> Iterator[Callable[[], bool]]:
    """Whether this owner has the turn: call it before each step, which also makes the turn last from then on."""

    def have_it() -> bool:
        now = clock()
        with sessions.begin() as session:
            return take_turn(session, name, owner, now, now + lasting)

    try:
        yield have_it
    finally:
        with sessions.begin() as session:
            end_turn(session, name, owner)


def note_work(session: Session, stage: str, owner: str, at: datetime, units: int) -> None:
    """Count units towards the minute. A row per owner: workers never wait for each other here."""
    if not units:
        return
    row = {"stage": stage, "owner": owner, "minute": at.replace(second=0, microsecond=0), "units": units}
    statement = _insert(session)(WorkMinute).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["stage", "minute", "owner"], set_={"units": WorkMinute.units + units}
        )
    )


def rates(session: Session, now: datetime) -> dict[str, float]:
    """Units a minute of each stage that worked lately: over the minutes in which it worked."""
    worked = (
        select(WorkMinute.stage, func.sum(WorkMinute.units), func.count(WorkMinute.minute.distinct()))
        .where(WorkMinute.minute >= now - RECENTLY)
        .group_by(WorkMinute.stage)
    )
    return {stage: units / minutes for stage, units, minutes in session.execute(worked)}


def forget_work(session: Session, before: datetime) -> None:
    """Remove minutes that nobody asks for any more."""
    session.execute(delete(WorkMinute).where(WorkMinute.minute < before))


def _insert(session: Session) -> Callable[..., Any]:
    """Both databases know ON CONFLICT; their two statements have no common type."""
    return postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
