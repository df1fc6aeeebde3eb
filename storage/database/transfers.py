"""Transfers to an archives: what was packed, what the archives said it received, and so where a record lies today.

The rows say how far a transfer is. A record is in one transfer at most, until that one is given up. What a transfer
needs is asked in the actions and the rule book.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, String, func, insert, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from classification.transfer import TransferState
from storage.database.base import Base, Id, new_id
from storage.errors import Missing

NEEDS_A_PACKAGE = (TransferState.WAITING, TransferState.MAKING)


class Transfer(Base):
    """One transfer of records of one village. `done` of `total`: files packed so far."""

    __tablename__ = "transfers"
    __table_args__ = (
        Index("ix_transfers_village_id_id", "village_id", "id"),
        Index("ix_transfers_state", "state"),
        Index(
            "ix_transfers_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    receiver: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(12), default=TransferState.DRAFT)
    opened_by: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(String(500), default="")
    """Why the last attempt at a package came to nothing, a sentence for people."""
    package: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Name, size, digests and counts of the package that was made."""
    checks: Mapped[list[Any]] = mapped_column(default=list)
    """Four-nature checks of that package, each with its result."""
    made_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    received_by: Mapped[str] = mapped_column(String(80), default="")
    received_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(80), default="")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(500), default="")
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


class TransferredRecord(Base):
    """One record of a transfer. No key into records: where a record went outlives its row."""

    __tablename__ = "transferred_records"
    __table_args__ = (
        Index("ix_transferred_records_record_id", "record_id"),
        Index(
            "uq_transferred_records_bound", "record_id", unique=True,
            sqlite_where=text("bound IS true"), postgresql_where=text("bound IS true"),
        ),
    )  # fmt: skip

    transfer_id: Mapped[str] = mapped_column(ForeignKey("transfers.id"), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True)
    bound: Mapped[bool] = mapped_column(default=True)
    """False once the transfer is given up: then another may take the record."""
    disclosure: Mapped[str] = mapped_column(String(12))
    """See `classification.transfer.Disclosure`."""
    secrecy: Mapped[str] = mapped_column(String(200), default="")
    """What changed of its secrecy, in words; empty: it never had any."""
    opening: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The opening opinion that went with it, as it was when the package was made."""


def transfer(session: Session, transfer_id: str) -> Transfer:
    """The transfer with that id.

    Raises:
        Missing: there is none.
    """
    found = session.get(Transfer, transfer_id)
    if found is None:
        raise Missing("没有这一次移交。")
    return found


def next_number(session: Session, village_id: str, fonds: str) -> str:
    """The number of a village's next transfer: its fonds, then how many there were and one."""
    earlier = session.scalar(select(func.count()).select_from(Transfer).where(Transfer.village_id == village_id)) or 0
    return f"{fonds}-YJ-{earlier + 1:03d}"


def bind(session: Session, transfer_id: str, record_ids: Iterable[str], disclosure: str, secrecy: str) -> None:
    """Put records into a transfer."""
    rows = [
        {"transfer_id": transfer_id, "record_id": one, "bound": True, "disclosure": disclosure, "secrecy": secrecy}
        for one in dict.fromkeys(record_ids)
    ]
    if rows:
        session.execute(insert(TransferredRecord), rows)


def release(session: Session, transfer_id: str) -> None:
    """Let the records of a transfer that was given up go into another."""
    rows = update(TransferredRecord).where(TransferredRecord.transfer_id == transfer_id)
    session.execute(rows.values(bound=False).execution_options(synchronize_session="fetch"))


def rows_of(session: Session, transfer_id: str) -> Sequence[TransferredRecord]:
    """The records of a transfer, in the order of their ids."""
    wanted = select(TransferredRecord).where(TransferredRecord.transfer_id == transfer_id)
    return session.scalars(wanted.order_by(TransferredRecord.record_id)).all()


def transfers_of(session: Session, record_ids: Iterable[str]) -> dict[str, Transfer]:
    """The transfer that each of these records is or was in, by record id, in one query; others are left out."""
    wanted = select(TransferredRecord.record_id, Transfer).join(Transfer, Transfer.id == TransferredRecord.transfer_id)
    wanted = wanted.where(TransferredRecord.record_id.in_(list(record_ids)), TransferredRecord.bound.is_(True))
    return dict(session.execute(wanted).all())


def under_way() -> Select[str]:
    """The ids of all records in a transfer that is neither received nor given up, as part of another query."""
    wanted = select(TransferredRecord.record_id).join(Transfer, Transfer.id == TransferredRecord.transfer_id)
    return wanted.where(TransferredRecord.bound.is_(True), Transfer.state != TransferState.RECEIVED)


def any_waits(session: Session, now: datetime) -> bool:
    """Whether `lease` would take one."""
    return session.scalar(_waiting(now).limit(1)) is not None


def lease(session: Session, now: datetime, until: datetime) -> Transfer | None:
    """Take the next transfer that waits for its package; one whose maker died is taken again when its lease is over."""
    found = session.scalars(_waiting(now).limit(1).with_for_update(skip_locked=True)).one_or_none()
    if found is not None:
        found.state, found.lease_until, found.done = TransferState.MAKING, until, 0
    return found


def _waiting(now: datetime) -> Select[Transfer]:
    free = or_(Transfer.lease_until.is_(None), Transfer.lease_until < now)
    return select(Transfer).where(Transfer.state.in_(NEEDS_A_PACKAGE), free).order_by(Transfer.id)


SAID = (
    "id", "number", "village_id", "receiver", "purpose", "state", "opened_by", "done", "total", "problem", "package",
    "checks", "receipt", "received_by", "ended_by", "end_reason",
)  # fmt: skip
MOMENTS = ("opened_at", "made_at", "received_at", "ended_at")
SAID_OF_RECORD = ("record_id", "bound", "disclosure", "secrecy", "opening")


def document_of(session: Session, found: Transfer) -> dict[str, Any]:
    """A transfer as the store keeps it."""
    moments = {name: value.isoformat() if (value := getattr(found, name)) else None for name in MOMENTS}
    rows = [{name: getattr(row, name) for name in SAID_OF_RECORD} for row in rows_of(session, found.id)]
    return {**{name: getattr(found, name) for name in SAID}, **moments, "records": rows}


def restore_transfer(session: Session, said: dict[str, Any]) -> None:
    """Put one transfer back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS}
    session.add(Transfer(**{name: said[name] for name in SAID}, **moments, kept=True))
    session.flush()
    rows = [{**{name: row[name] for name in SAID_OF_RECORD}, "transfer_id": said["id"]} for row in said["records"]]
    if rows:
        session.execute(insert(TransferredRecord), rows)
