"""Statements that a record of the calendar did not come about (未发生说明), and what was last computed of a year.

A statement settles a period as a record does. Which records are expected is computed; what is remembered of that
computation says what it follows from, and is never the source of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import journal
from storage.database.base import Base, Id, new_id
from storage.database.records import File, OcrState


class Statement(Base):
    """One statement. `record` is the id in the calendar; `of` a person or matter, empty for the village."""

    __tablename__ = "did_not_occur"
    __table_args__ = (
        Index(
            "uq_did_not_occur_standing", "village_id", "record", "first", "last", "of", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "ix_did_not_occur_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false")
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    record: Mapped[str] = mapped_column(String(60))
    first: Mapped[date]
    last: Mapped[date]
    of: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(String(300))
    stated_by: Mapped[str] = mapped_column(String(120))
    """The name of the person who answers for it, as written on the page."""
    stated_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(80))
    entered_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
    withdrawn_at: Mapped[datetime | None]
    """When it was taken back; it stays, and counts no more."""
    withdraw_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    kept: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether the store has it as it is now."""


class RememberedYear(Base):
    """What was computed of one village and year for one sight (what the asker may see), and what it followed from.

    `basis` names the calendar, what the village said of itself and how often it changed; it holds from the day
    `computed_on` until `good_until`, the next day on which something falls due (None = for ever).
    """

    __tablename__ = "remembered_years"

    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sight: Mapped[str] = mapped_column(String(32), primary_key=True)
    basis: Mapped[str] = mapped_column(String(64))
    computed_on: Mapped[date]
    good_until: Mapped[date | None]
    tallies: Mapped[dict[str, Any]]
    """{record: [month, number of the state, how many, month, …]}"""


def statements(
    session: Session, village_ids: Iterable[str], first: date, last: date, withdrawn: bool = False
) -> Sequence[Statement]:
    """The statements of these villages about periods that touch this interval; `withdrawn`: those taken back too."""
    wanted = select(Statement).where(
        Statement.village_id.in_(list(village_ids)), Statement.first <= last, Statement.last >= first
    )
    wanted = wanted if withdrawn else wanted.where(Statement.withdrawn_at.is_(None))
    return session.scalars(wanted.order_by(Statement.id)).all()


def changes(session: Session, village_ids: Iterable[str]) -> dict[str, str]:
    """For each village a text that differs after every change: its entries in the journal, its files not recognised.

    Every act on a village is journaled in its own transaction. A recognised page is no act: it shows in there being one
    file less that waits or failed, for a file that begins to wait was received by an act.
    """
    wanted = set(village_ids)
    found = {home: str(number) for home, number in journal.acts_by_village(session, wanted).items()}
    unread = (File.village_id.in_(wanted), File.ocr_state.in_((OcrState.PENDING, OcrState.FAILED)))
    files = select(File.village_id, File.ocr_state, func.count()).where(*unread)
    for home, state, number in session.execute(
        files.group_by(File.village_id, File.ocr_state).order_by(File.village_id, File.ocr_state)
    ):
        found[home] = f"{found.get(home, '0')} {state}{number}"
    return found


DAYS = ("first", "last", "stated_on")
MOMENTS = ("entered_at", "withdrawn_at")
SAID = (
    "id", "village_id", "record", "of", "reason", "stated_by", "entered_by", "withdrawn_by", "withdraw_reason",
)  # fmt: skip


def document_of(held: Statement) -> dict[str, Any]:
    """A statement as the store keeps it."""
    moments = {name: value and value.isoformat() for name in (*DAYS, *MOMENTS) for value in [getattr(held, name)]}
    return {**{name: getattr(held, name) for name in SAID}, **moments}


def restore_statement(session: Session, said: dict[str, Any]) -> None:
    """Put one statement back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    days = {name: date.fromisoformat(said[name]) for name in DAYS}
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS}
    session.add(Statement(**{name: said[name] for name in SAID}, **days, **moments, kept=True))
    session.flush()
