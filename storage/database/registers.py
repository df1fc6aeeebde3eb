"""Registers of what is to be destroyed (销毁清册): cover and rows frozen when submitted, all that follows appended.

Each row is chained to the one before, each register to the last of its fonds, each entry to the one before it. The
database refuses to change or drop any of them (migration 0010); what gets around it is named by `verify` (see
`register_chain`). Whether a person may act is asked in the actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, exists, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from classification.appraisal import ROW_OUT, STEPS, Act, RegisterState
from classification.appraisal_seats import Seat
from storage.database.base import Base, Id, new_id
from storage.database.holds import held_ids, holds_on
from storage.database.physical import out
from storage.database.transfers import TransferredRecord, under_way
from storage.errors import Missing


class Register(Base):
    """One register of one fonds. Only `state`, `not_before` and `kept` ever change; the state follows the entries."""

    __tablename__ = "registers"
    __table_args__ = (
        UniqueConstraint("village_id", "number"),
        Index(
            "ix_registers_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    batch_id: Mapped[str] = mapped_column(ForeignKey("appraisal_batches.id"), index=True)
    number: Mapped[int]
    """Counted in the fonds, from 1."""
    accounting: Mapped[bool] = mapped_column(default=False)
    """Accounting records only, with signers of their own; else none of them."""
    cover: Mapped[dict[str, Any]]
    """What the cover says at submission; signatures are entries. `rules`: the county's rules as they were then."""
    rows: Mapped[int]
    rows_root: Mapped[str] = mapped_column(String(64))
    """The hash of the last row."""
    previous: Mapped[str] = mapped_column(String(64))
    """The hash of the register before it in the fonds."""
    hash: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[str] = mapped_column(String(80))
    submitted_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default=RegisterState.SUBMITTED)
    not_before: Mapped[datetime | None]
    """The moment before which nobody may count (缓期); set by the approval."""
    kept: Mapped[bool] = mapped_column(default=False)


class RegisterRow(Base):
    """One row: the columns of the form and what the software adds, as `classification.registers` names them."""

    __tablename__ = "register_rows"
    __table_args__ = (Index("ix_register_rows_record_id", "record_id"), UniqueConstraint("register_id", "record_id"))

    register_id: Mapped[str] = mapped_column(ForeignKey("registers.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(Id)
    said: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64))


class RegisterEntry(Base):
    """One act after the submission: a signature, an approval, a row taken out, a scan. `seat`: in what capacity."""

    __tablename__ = "register_entries"
    __table_args__ = (
        Index("ix_register_entries_record_id", "record_id"),
        # A removal asks for signatures and rows taken out before each record, of a register that may have thousands.
        Index("ix_register_entries_register_id_act_record_id", "register_id", "act", "record_id"),
        # A seat signs once, approves once, counts once, witnesses once.
        Index(
            "uq_register_entries_seat", "register_id", "act", "seat", unique=True,
            sqlite_where=text("act IN ('signed', 'approved', 'counted', 'begun', 'witnessed')"),
            postgresql_where=text("act IN ('signed', 'approved', 'counted', 'begun', 'witnessed')"),
        ),
    )  # fmt: skip

    register_id: Mapped[str] = mapped_column(ForeignKey("registers.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(12))
    seat: Mapped[str] = mapped_column(String(20), default="")
    record_id: Mapped[str | None] = mapped_column(Id)
    """The record of the row it is about, or the archived record it ties to the register; None = the whole register."""
    account_id: Mapped[str] = mapped_column(Id, default="")
    login: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))


class ForbiddenPair(Base):
    """Two seats of one register that one person may not both take; written at its submission, read by a trigger."""

    __tablename__ = "register_forbidden_pairs"

    register_id: Mapped[str] = mapped_column(ForeignKey("registers.id"), primary_key=True)
    one: Mapped[str] = mapped_column(String(20), primary_key=True)
    other: Mapped[str] = mapped_column(String(20), primary_key=True)


def register(session: Session, register_id: str) -> Register:
    """The register with that id.

    Raises:
        Missing: there is none.
    """
    found = session.get(Register, register_id)
    if found is None:
        raise Missing("没有这本销毁清册。")
    return found


def last_of(session: Session, village_id: str) -> Register | None:
    """The newest register of a fonds."""
    wanted = select(Register).where(Register.village_id == village_id).order_by(Register.number.desc()).limit(1)
    return session.scalars(wanted).one_or_none()


def entries_of(session: Session, register_id: str, *acts: Act) -> Sequence[RegisterEntry]:
    """The entries of a register in their order: all, or those of these acts."""
    wanted = select(RegisterEntry).where(RegisterEntry.register_id == register_id)
    if acts:
        wanted = wanted.where(RegisterEntry.act.in_(acts))
    return session.scalars(wanted.order_by(RegisterEntry.number)).all()


def rows_of(session: Session, register_id: str, after: int = 0, size: int | None = None) -> Sequence[RegisterRow]:
    """The rows of a register in their order, from behind `after` on."""
    wanted = select(RegisterRow).where(RegisterRow.register_id == register_id, RegisterRow.number > after)
    return session.scalars(wanted.order_by(RegisterRow.number).limit(size)).all()


def out_ids(register_id: str) -> Select[str | None]:
    """The ids of records whose rows were taken out of this register, as part of another query."""
    return select(RegisterEntry.record_id).where(
        RegisterEntry.register_id == register_id, RegisterEntry.act.in_(ROW_OUT), RegisterEntry.record_id.is_not(None)
    )


def removed_ids(register_id: str) -> Select[str | None]:
    """The ids of records that are removed according to this register, as part of another query."""
    return select(RegisterEntry.record_id).where(
        RegisterEntry.register_id == register_id,
        RegisterEntry.act == Act.REMOVED_ROW,
        RegisterEntry.record_id.is_not(None),
    )


def approved_rows(session: Session, register_id: str) -> Sequence[RegisterRow]:
    """The rows that the approval covers: not refused, not miscounted, and nothing holds them now; in their order.

    Rows that are removed already are among them. Whether the register is approved at all: see `removal_refusal`.
    """
    wanted = select(RegisterRow).where(
        RegisterRow.register_id == register_id,
        RegisterRow.record_id.not_in(out_ids(register_id)),
        RegisterRow.record_id.not_in(held_ids()),
    )
    return session.scalars(wanted.order_by(RegisterRow.number)).all()


SIGNED_BEFORE_REMOVAL = (
    (Act.APPROVED, Seat.APPROVER),
    (Act.COUNTED, Seat.WITNESS_FIRST),
    (Act.COUNTED, Seat.WITNESS_SECOND),
    (Act.BEGUN, Seat.OPERATOR),
)


def removal_refusal(session: Session, register_id: str, record_id: str, at: datetime) -> str | None:
    """Why this record may not be removed by this register at this moment, as a sentence; None = it may.

    Asked anew before every object: a hold that came a moment ago counts. It believes the signatures, not the state.
    """
    found = session.get(Register, register_id)
    if found is None or found.state != RegisterState.REMOVING:
        return "这本清册不在销毁这一步，没有删除任何内容；请先批准、清点，再开始销毁。"
    signed = {(one.act, one.seat) for one in entries_of(session, register_id, Act.APPROVED, Act.COUNTED, Act.BEGUN)}
    if lacking := [seat.zh for act, seat in SIGNED_BEFORE_REMOVAL if (act, seat) not in signed]:
        return f"这本清册缺少{'、'.join(lacking)}的签字，没有删除任何内容；请核对清册。"
    if found.not_before is not None and at < found.not_before:
        return "缓期还没有满，没有删除任何内容；请到期再办。"
    return _stopped(session, register_id, record_id)


def _stopped(session: Session, register_id: str, record_id: str) -> str | None:
    row = exists().where(RegisterRow.register_id == register_id, RegisterRow.record_id == record_id)
    taken_out = exists().where(
        RegisterEntry.register_id == register_id,
        RegisterEntry.record_id == record_id,
        RegisterEntry.act.in_(ROW_OUT),
    )
    listed, off = session.execute(select(row, taken_out)).one()
    if not listed:
        return "这件档案不在这本清册上，没有删除；请核对清册。"
    if off:
        return "这件档案的这一行已经退出清册，没有删除；请另行鉴定。"
    if holds_on(session, [record_id]):
        return "这件档案已经停止处置，没有删除；解除以后要重新鉴定。"
    if session.scalar(select(under_way().where(TransferredRecord.record_id == record_id).exists())):
        return "这件档案正在移交，没有删除；请先办结或取消移交。"
    return "这件档案的原件借出未还，没有删除；请收回以后再办。" if out(session, [record_id]) else None


def removal_allowed(session: Session, register_id: str, record_id: str, at: datetime) -> bool:
    """Whether this record may be removed by this register at this moment; why not: `removal_refusal`."""
    return removal_refusal(session, register_id, record_id, at) is None


def live_rows(session: Session, record_ids: Sequence[str]) -> Sequence[RegisterRow]:
    """Rows of these records on registers whose removal is not over, that nobody has taken out."""
    open_states = STEPS[Act.HELD].froms
    gone = (*ROW_OUT, Act.REMOVED_ROW)
    settled = exists().where(
        RegisterEntry.register_id == RegisterRow.register_id,
        RegisterEntry.record_id == RegisterRow.record_id,
        RegisterEntry.act.in_(gone),
    )
    wanted = select(RegisterRow).join(Register, Register.id == RegisterRow.register_id)
    wanted = wanted.where(RegisterRow.record_id.in_(record_ids), Register.state.in_(open_states), ~settled)
    return session.scalars(wanted.order_by(RegisterRow.register_id, RegisterRow.number)).all()


def registers_naming(session: Session, record_ids: Iterable[str]) -> Sequence[Register]:
    """The registers on which any of these records stands, newest first."""
    wanted = select(RegisterRow.register_id).where(RegisterRow.record_id.in_(list(record_ids)))
    return session.scalars(select(Register).where(Register.id.in_(wanted)).order_by(Register.id.desc())).all()
