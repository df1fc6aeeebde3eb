"""Removals: how far each record of a register is on its way out of the archive, with every copy found and what is left.

begun → gone → proved. Before `begun` is committed nothing was removed and a hold still counts; from then on the removal
is carried through, whatever fails on the way. A row that is proved is frozen by the database (migration 0011). Which
copies there are is found elsewhere; the signatures are read in `registers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, delete, exists, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from classification.appraisal import Act
from classification.appraisal_seats import Seat
from storage.database import fixity
from storage.database.base import Base, Id
from storage.database.batches import Item, ItemState
from storage.database.outbox import mark
from storage.database.records import File, Kin, PageText, Record, RecordState
from storage.database.register_chain import named
from storage.database.registers import Register, RegisterRow, entries_of, out_ids
from storage.errors import Missing


class RemovalState(StrEnum):
    """The values are stored."""

    BEGUN = "begun"
    GONE = "gone"
    """No byte of it is in the store, no row of its files and text in the database; the looking is still to come."""
    PROVED = "proved"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return {"begun": "正在删除", "gone": "已删除，等待查证", "proved": "已查证不在"}[self.value]


class Removal(Base):
    """The removal of one record. No key into registers or records: what was destroyed outlives their rows."""

    __tablename__ = "removals"
    __table_args__ = (
        Index("ix_removals_register_id", "register_id"),
        Index(
            "ix_removals_unproved", "record_id", sqlite_where=text("state <> 'proved'"),
            postgresql_where=text("state <> 'proved'"),
        ),
    )  # fmt: skip

    record_id: Mapped[str] = mapped_column(Id, primary_key=True)
    register_id: Mapped[str] = mapped_column(Id)
    village_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(8), default=RemovalState.BEGUN)
    copies: Mapped[list[Any]] = mapped_column(default=list)
    """Every copy that was found, `{what, where, found, left}`: `left` is None until it was looked for again."""
    backups: Mapped[list[Any]] = mapped_column(default=list)
    """What stays in backups and until when, `{place, runs, first, last, until}`, as it was known at the proof."""
    fault: Mapped[str] = mapped_column(String(500), default="")
    """Why the last try did not come to its end."""
    begun_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]


DESCRIPTION_ONLY = (RecordState.DESTROYING, RecordState.DESTROYED)


def removals_of(session: Session, register_id: str) -> Sequence[Removal]:
    """The removals of a register, in the order of their records' ids."""
    wanted = select(Removal).where(Removal.register_id == register_id)
    return session.scalars(wanted.order_by(Removal.record_id)).all()


def removal_of(session: Session, record_id: str) -> Removal | None:
    """The removal of one record; None while it was not begun."""
    return session.get(Removal, record_id)


def unproved(session: Session, limit: int, after: str = "") -> Sequence[Removal]:
    """Removals that were begun and are not proved, from behind a record id on."""
    wanted = select(Removal).where(Removal.state != RemovalState.PROVED, Removal.record_id > after)
    return session.scalars(wanted.order_by(Removal.record_id).limit(limit)).all()


def counted_by_state(session: Session, register_id: str) -> dict[str, int]:
    """How many removals of a register stand in each state."""
    wanted = select(Removal.state, func.count()).where(Removal.register_id == register_id).group_by(Removal.state)
    return {state: number for state, number in session.execute(wanted)}


def waiting_rows(session: Session, register_id: str, after: int, size: int) -> Sequence[RegisterRow]:
    """Rows of a register that nobody took out and whose removal was not begun, from behind a row number on."""
    wanted = select(RegisterRow).where(
        RegisterRow.register_id == register_id,
        RegisterRow.number > after,
        RegisterRow.record_id.not_in(out_ids(register_id)),
        ~exists().where(Removal.record_id == RegisterRow.record_id),
    )
    return session.scalars(wanted.order_by(RegisterRow.number).limit(size)).all()


def signatures(session: Session, register_id: str, record_id: str) -> dict[str, Any]:
    """What a proof of destruction is made of: hashes of register and row, and who approved, counted and began it.

    Raises:
        Missing: the record is not on that register.
    """
    found = session.get(Register, register_id)
    wanted = select(RegisterRow.hash).where(RegisterRow.register_id == register_id, RegisterRow.record_id == record_id)
    row = session.scalar(wanted)
    if found is None or row is None:
        raise Missing("这件档案不在这本清册上，没有删除；请核对清册。")
    signed = entries_of(session, register_id, Act.APPROVED, Act.COUNTED, Act.BEGUN)
    said = {(one.act, one.seat): one.account_id for one in signed}
    witnesses = (Seat.WITNESS_FIRST, Seat.WITNESS_SECOND)
    return {
        "register_id": register_id,
        "register_hash": found.hash,
        "row_hash": row,
        "record_id": record_id,
        "approved_by": said.get((Act.APPROVED, Seat.APPROVER), ""),
        "counted_by": tuple(one for seat in witnesses if (one := said.get((Act.COUNTED, seat)))),
        "begun_by": said.get((Act.BEGUN, Seat.OPERATOR), ""),
    }


def locked(session: Session, record_id: str) -> Record | None:
    """The record, locked until the transaction ends: a hold that comes at the same moment waits, or is waited for."""
    wanted = select(Record).where(Record.id == record_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def begin(session: Session, found: Record, register_id: str, copies: Sequence[dict[str, Any]], at: datetime) -> None:
    """The point of no return: once this is committed the record will be destroyed. What forbids it is asked before."""
    session.add(
        Removal(
            record_id=found.id,
            register_id=register_id,
            village_id=found.village_id,
            state=RemovalState.BEGUN,
            copies=list(copies),
            backups=[],
            fault="",
            begun_at=at,
        )
    )
    found.state, found.changed_at = RecordState.DESTROYING, at


def forget_rows(session: Session, record_id: str, unit: str) -> None:
    """Delete the rows of a record's files, their text and people, and what fixity knew; its description stays."""
    theirs = select(File.id).where(File.record_id == record_id)
    session.execute(delete(PageText).where(PageText.file_id.in_(theirs)))
    session.execute(delete(Kin).where(Kin.record_id == record_id))
    destroyed = {"state": ItemState.DESTROYED, "file_id": None}
    for column in (Item.file_id.in_(theirs), Item.record_id == record_id):
        gone = update(Item).where(column, Item.state == ItemState.ARCHIVED).values(destroyed)
        session.execute(gone.execution_options(synchronize_session=False))
    session.execute(delete(File).where(File.record_id == record_id))
    fixity.forget(session, unit)
    found = session.get(Record, record_id)
    if found is not None:
        # Proposals quote the text; the version says what the store has.
        found.proposals, found.version = {}, 0
        mark(session, [record_id])


def rows_left(session: Session, record_id: str, file_ids: Iterable[str]) -> dict[str, int]:
    """How many rows the database still has of a record's files, text and people."""
    ids = list(file_ids)
    counts = {
        "files": select(func.count()).where((File.record_id == record_id) | File.id.in_(ids)),
        "pages": select(func.count()).where(PageText.file_id.in_(ids)),
        "kin": select(func.count()).where(Kin.record_id == record_id),
    }
    return {name: session.scalar(query) or 0 for name, query in counts.items()}


@dataclass(frozen=True, slots=True)
class Gone:
    """That a record is destroyed or being destroyed: by which register, since when, and what proves it."""

    register_id: str
    register_name: str
    state: str
    begun_at: datetime
    proved_at: datetime | None
    copies: Sequence[dict[str, Any]]
    backups: Sequence[dict[str, Any]]


def gone(session: Session, record_id: str) -> Gone | None:
    """How a record went; None for one that is here."""
    removal = removal_of(session, record_id)
    if removal is None:
        return None
    found = session.get(Register, removal.register_id)
    name = named(found) if found else ""
    return Gone(
        removal.register_id, name, removal.state, removal.begun_at, removal.proved_at, removal.copies, removal.backups
    )
