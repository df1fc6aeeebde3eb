"""Batches, opinions and registers as the store keeps them, and back: what a rebuild from the store alone needs.

The rows of a register are a document of their own, written once: they never change, and everything else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, insert, inspect, select
from sqlalchemy.orm import Session

from storage.database.appraisal import (
    AppraisalBatch,
    AppraisedRecord,
    GroupMember,
    Opinion,
    OpinionRecord,
    covered_by,
    members_of,
    records_in,
)
from storage.database.base import Base, UtcDateTime
from storage.database.registers import ForbiddenPair, Register, RegisterEntry, RegisterRow, entries_of, rows_of

Said = dict[str, Any]


def _said(row: Base) -> Said:
    """Every column of a row but whether the store has it; days and moments as words."""
    columns = [one.key for one in inspect(type(row)).column_attrs if one.key != "kept"]
    values = {name: getattr(row, name) for name in columns}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _put(session: Session, table: type[Base], said: Sequence[Said], **more: object) -> None:
    """Rows back as they were said.

    Raises:
        KeyError, ValueError: they are not what was kept.
    """
    columns = {one.key: one.columns[0] for one in inspect(table).column_attrs if one.key != "kept"}
    days = {name for name, column in columns.items() if isinstance(column.type, Date)}
    moments = {name for name, column in columns.items() if isinstance(column.type, UtcDateTime)}
    rows = []
    for one in said:
        row = {name: one[name] for name in columns}
        row |= {name: row[name] and date.fromisoformat(row[name]) for name in days}
        row |= {name: row[name] and datetime.fromisoformat(row[name]) for name in moments}
        rows.append(row | more)
    if rows:
        session.execute(insert(table), rows)


def batch_document(session: Session, batch_id: str) -> Said:
    """A batch with its group and records."""
    return {
        **_said(session.get_one(AppraisalBatch, batch_id)),
        "group": [_said(one) for one in members_of(session, batch_id)],
        "records": [_said(one) for one in records_in(session, batch_id)],
    }


def restore_batch(session: Session, said: Said) -> None:
    """Put a batch back.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    _put(session, AppraisalBatch, [said], kept=True)
    _put(session, GroupMember, said["group"])
    _put(session, AppraisedRecord, said["records"])


def opinion_document(session: Session, opinion_id: str) -> Said:
    """An opinion with what it covers."""
    return {**_said(session.get_one(Opinion, opinion_id)), "covers": covered_by(session, opinion_id)}


def restore_opinion(session: Session, said: Said) -> None:
    """Put an opinion back.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    _put(session, Opinion, [said], kept=True)
    _put(session, OpinionRecord, [{"opinion_id": said["id"], "record_id": one} for one in said["covers"]])


def register_document(session: Session, register_id: str) -> Said:
    """A register without its rows: cover, seats kept apart, every entry."""
    pairs = session.scalars(
        select(ForbiddenPair)
        .where(ForbiddenPair.register_id == register_id)
        .order_by(ForbiddenPair.one, ForbiddenPair.other)
    )
    return {
        **_said(session.get_one(Register, register_id)),
        "apart": [_said(one) for one in pairs],
        "entries": [_said(one) for one in entries_of(session, register_id)],
    }


def restore_register(session: Session, said: Said) -> None:
    """Put a register back, hashes and all; its rows follow.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    _put(session, Register, [said], kept=True)
    _put(session, ForbiddenPair, said["apart"])
    _put(session, RegisterEntry, said["entries"])


def rows_document(session: Session, register_id: str) -> Said:
    """The rows of a register."""
    return {"register": register_id, "lines": [_said(one) for one in rows_of(session, register_id)]}


def restore_rows(session: Session, said: Said) -> None:
    """Put the rows of a register back.

    Raises:
        KeyError, ValueError: they are not what was kept.
    """
    _put(session, RegisterRow, said["lines"])
