"""Appraisal batches (鉴定): which records are judged together, by whom, and every opinion that was given.

An opinion is never changed: a changed mind is a new row, and the newest of its round counts. One opinion covers one
record or many. Whether one may be given is asked in the actions; the database refuses to change or drop one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from classification.appraisal_seats import Seat
from storage.database.base import Base, Id, new_id


class BatchState(StrEnum):
    """The values are stored."""

    OPEN = "open"
    CLOSED = "closed"
    GIVEN_UP = "given_up"


class Verdict(StrEnum):
    """What an opinion says. The values are stored."""

    EXTEND = "extend"
    PERMANENT = "permanent"
    TRANSFER = "transfer"
    HOLD = "hold"
    DESTROY = "destroy"


class Round(StrEnum):
    """Whose turn an opinion is. The values are stored."""

    FIRST = "first"
    SECOND = "second"
    DECIDING = "deciding"


class AppraisalBatch(Base):
    """One batch of one fonds. `report` may be edited until a register of the batch is submitted."""

    __tablename__ = "appraisal_batches"
    __table_args__ = (
        Index("ix_appraisal_batches_village_id_id", "village_id", "id"),
        Index(
            "ix_appraisal_batches_unkept", "id", sqlite_where=text("kept IS false"),
            postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    purpose: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12), default=BatchState.OPEN)
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime]
    closed_by: Mapped[str] = mapped_column(String(80), default="")
    closed_at: Mapped[datetime | None]
    report: Mapped[str] = mapped_column(Text, default="")
    report_by: Mapped[str] = mapped_column(String(80), default="")
    report_at: Mapped[datetime | None]
    report_final: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


class GroupMember(Base):
    """One person of the group. No key into the accounts: a batch outlives them, as after a rebuild from the store."""

    __tablename__ = "appraisal_members"

    batch_id: Mapped[str] = mapped_column(ForeignKey("appraisal_batches.id"), primary_key=True)
    seat: Mapped[str] = mapped_column(String(20), primary_key=True)
    """A `classification.appraisal_seats.Seat` of the group."""
    account_id: Mapped[str] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))


class AppraisedRecord(Base):
    """One record in one batch. `open`: its process has not ended; a record is open in one batch at most."""

    __tablename__ = "appraised_records"
    __table_args__ = (
        Index(
            "uq_appraised_records_open", "record_id", unique=True, sqlite_where=text("open IS true"),
            postgresql_where=text("open IS true"),
        ),
        Index("ix_appraised_records_record_id", "record_id"),
    )  # fmt: skip

    batch_id: Mapped[str] = mapped_column(ForeignKey("appraisal_batches.id"), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True)
    why: Mapped[str] = mapped_column(String(300), default="")
    """Why a record that is not due was taken in; such a one can never be destroyed."""
    open: Mapped[bool] = mapped_column(default=True)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    """The verdict that was carried out; empty while there is none."""


class Opinion(Base):
    """One opinion, on the records of `opinion_records`. `years`: the new term; `review_on`: of a hold."""

    __tablename__ = "appraisal_opinions"
    __table_args__ = (
        Index("ix_appraisal_opinions_batch_id_id", "batch_id", "id"),
        Index(
            "ix_appraisal_opinions_unkept", "id", sqlite_where=text("kept IS false"),
            postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("appraisal_batches.id"))
    round: Mapped[str] = mapped_column(String(10))
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(500))
    years: Mapped[int | None]
    ground: Mapped[str] = mapped_column(String(12), default="")
    review_on: Mapped[date | None]
    account_id: Mapped[str] = mapped_column(Id)
    login: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    records: Mapped[int]
    records_sha256: Mapped[str] = mapped_column(String(64))
    """Over the ids in order, a line each: what the opinion covers cannot be changed unseen."""
    kept: Mapped[bool] = mapped_column(default=False)


class OpinionRecord(Base):
    """One record that an opinion covers."""

    __tablename__ = "appraisal_opinion_records"
    __table_args__ = (Index("ix_appraisal_opinion_records_record_id", "record_id"),)

    opinion_id: Mapped[str] = mapped_column(ForeignKey("appraisal_opinions.id"), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True)


AT_ONCE = 500
"""Ids in one statement."""


def portions(ids: Sequence[str]) -> list[Sequence[str]]:
    """Ids in lots that fit into one statement."""
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def add_records(session: Session, batch_id: str, record_ids: Iterable[str], why: str) -> None:
    """Put records into a batch; the database refuses one that is open in another."""
    rows = [{"batch_id": batch_id, "record_id": one, "why": why} for one in record_ids]
    if rows:
        session.execute(insert(AppraisedRecord), rows)


def add_opinion(session: Session, opinion: Opinion, record_ids: Sequence[str]) -> None:
    """Write an opinion with what it covers."""
    session.add(opinion)
    session.flush()
    session.execute(insert(OpinionRecord), [{"opinion_id": opinion.id, "record_id": one} for one in record_ids])


def end_records(session: Session, batch_id: str, record_ids: Sequence[str], outcome: str) -> None:
    """The process of these records is over, with this outcome: they may come into another batch."""
    for some in portions(record_ids):
        session.execute(
            update(AppraisedRecord)
            .where(AppraisedRecord.batch_id == batch_id, AppraisedRecord.record_id.in_(some))
            .values(open=False, outcome=outcome)
            .execution_options(synchronize_session="fetch")
        )
    session.get_one(AppraisalBatch, batch_id).kept = False


def members_of(session: Session, batch_id: str) -> Sequence[GroupMember]:
    """The group of a batch, the leader first, then in the order of the seats."""
    found = session.scalars(select(GroupMember).where(GroupMember.batch_id == batch_id))
    seats = list(Seat)
    return sorted(found, key=lambda one: (seats.index(Seat(one.seat)), one.login))


def open_in(session: Session, record_ids: Sequence[str]) -> dict[str, str]:
    """In which batch these records are open, by record id."""
    found: dict[str, str] = {}
    for some in portions(record_ids):
        wanted = select(AppraisedRecord.record_id, AppraisedRecord.batch_id)
        rows = session.execute(wanted.where(AppraisedRecord.record_id.in_(some), AppraisedRecord.open.is_(True)))
        found |= {record_id: batch_id for record_id, batch_id in rows}
    return found


def records_in(session: Session, batch_id: str) -> Sequence[AppraisedRecord]:
    """The records of a batch, in the order of their ids."""
    wanted = select(AppraisedRecord).where(AppraisedRecord.batch_id == batch_id)
    return session.scalars(wanted.order_by(AppraisedRecord.record_id)).all()


def opinions_of(session: Session, batch_id: str) -> Sequence[Opinion]:
    """Every opinion of a batch, oldest first."""
    return session.scalars(select(Opinion).where(Opinion.batch_id == batch_id).order_by(Opinion.id)).all()


def covered_by(session: Session, opinion_id: str) -> list[str]:
    """The ids of the records that an opinion covers, in order."""
    wanted = select(OpinionRecord.record_id).where(OpinionRecord.opinion_id == opinion_id)
    return list(session.scalars(wanted.order_by(OpinionRecord.record_id)))


def standing_opinions(
    session: Session, batch_id: str, record_ids: Sequence[str] | None = None
) -> dict[str, dict[Round, str]]:
    """The id of the newest opinion of each round, by record: of the whole batch, or of these records; in one query."""
    wanted = (
        select(OpinionRecord.record_id, Opinion.round, func.max(Opinion.id))
        .join(Opinion, Opinion.id == OpinionRecord.opinion_id)
        .where(Opinion.batch_id == batch_id)
    )
    if record_ids is not None:
        wanted = wanted.where(OpinionRecord.record_id.in_(record_ids))
    found: dict[str, dict[Round, str]] = {}
    for record_id, turn, opinion_id in session.execute(wanted.group_by(OpinionRecord.record_id, Opinion.round)):
        found.setdefault(record_id, {})[Round(turn)] = opinion_id
    return found
