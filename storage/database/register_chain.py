"""The chains of registers: rows, the registers of a fonds, and all that was appended; what is broken, in sentences.

Every hash is SHA-256 over what is said in a fixed form, with the hash before it; so a row that is changed, dropped,
added or put elsewhere is named, whoever did it and however.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from classification.appraisal import STEPS, Act, RegisterState
from classification.appraisal_seats import Seat
from storage.database.registers import Register, RegisterEntry, RegisterRow

ZERO = "0" * 64
COVER = (
    "id", "village_id", "batch_id", "number", "accounting", "cover", "rows", "rows_root", "previous", "submitted_by",
)  # fmt: skip
ENTRY = ("register_id", "number", "act", "seat", "record_id", "account_id", "login", "name", "reason", "details")
BOTH_WITNESSES = frozenset({Seat.WITNESS_FIRST, Seat.WITNESS_SECOND})
BY_BOTH = frozenset({Act.COUNTED, Act.WITNESSED})


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, as an entry names the person."""

    account_id: str = ""
    login: str = ""
    name: str = ""


SYSTEM = Person(login="system")


def digest(said: Mapping[str, Any], previous: str = "") -> str:
    """SHA-256 over what is said, in a fixed form, and over the hash before it."""
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{plain}".encode()).hexdigest()


def row_hash(row: RegisterRow, previous: str) -> str:
    """The hash that a row must have behind another one."""
    said = {"register_id": row.register_id, "number": row.number, "record_id": row.record_id, "said": row.said}
    return digest(said, previous)


def register_hash(found: Register) -> str:
    """The root hash of a register: its cover, its last row, and the register before it."""
    said = {name: getattr(found, name) for name in COVER} | {"submitted_at": _moment(found.submitted_at)}
    return digest(said, found.previous)


def entry_hash(entry: RegisterEntry, previous: str) -> str:
    """The hash that an entry must have behind another one; the first stands behind the root of its register."""
    return digest({name: getattr(entry, name) for name in ENTRY} | {"at": _moment(entry.at)}, previous)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def write_register(session: Session, found: Register, said: Sequence[tuple[str, Mapping[str, Any]]]) -> Register:
    """Freeze a register: number its rows (record id, columns), chain them, and set its hash; then write all of it."""
    rows: list[dict[str, Any]] = []
    last = ZERO
    for number, (record_id, columns) in enumerate(said, 1):
        row = RegisterRow(register_id=found.id, number=number, record_id=record_id, said=dict(columns))
        last = row_hash(row, last)
        rows.append({"register_id": found.id, "number": number, "record_id": record_id, "said": row.said, "hash": last})
    # A default of the column is set only when the row is written, and the hash is over what will stand there.
    found.accounting, found.rows, found.rows_root = bool(found.accounting), len(rows), last
    found.hash = register_hash(found)
    session.add(found)
    session.flush()
    if rows:
        session.execute(insert(RegisterRow), rows)
    return found


def append(
    session: Session,
    found: Register,
    act: Act,
    at: datetime,
    person: Person = SYSTEM,
    seat: Seat | None = None,
    record_id: str | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> RegisterEntry:
    """Append one entry, chained, and move the register on where the table says so. What may be is asked before.

    Raises:
        IntegrityError: the seat has done this, or the person sits in a seat that forbids this one.
    """
    return append_each(session, found, act, at, [record_id], person, seat, reason, details)[0]


def append_each(
    session: Session,
    found: Register,
    act: Act,
    at: datetime,
    record_ids: Sequence[str | None],
    person: Person = SYSTEM,
    seat: Seat | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> list[RegisterEntry]:
    """The same for many rows at once, an entry each, in a fixed number of statements.

    Raises:
        IntegrityError: as `append`.
    """
    number, last = _end_of_chain(session, found)
    entries = []
    for place, record_id in enumerate(record_ids, number + 1):
        entry = RegisterEntry(
            register_id=found.id, number=place, act=act, seat=seat or "", record_id=record_id,
            account_id=person.account_id, login=person.login, name=person.name, reason=reason, details=details or {},
            at=at,
        )  # fmt: skip
        entry.hash = last = entry_hash(entry, last)
        entries.append(entry)
    session.add_all(entries)
    session.flush()
    found.kept = False
    if (to := STEPS[act].to) is not None and (act not in BY_BOTH or _by_both(session, found.id, act)):
        found.state = to
    return entries


def _end_of_chain(session: Session, found: Register) -> tuple[int, str]:
    """Number and hash behind which the next entry goes. Whoever appends to the same register waits for the other."""
    session.scalars(select(Register.id).where(Register.id == found.id).with_for_update()).one()
    wanted = select(RegisterEntry.number, RegisterEntry.hash).where(RegisterEntry.register_id == found.id)
    last = session.execute(wanted.order_by(RegisterEntry.number.desc()).limit(1)).one_or_none()
    return (last.number, last.hash) if last else (0, found.hash)


def _by_both(session: Session, register_id: str, act: Act) -> bool:
    wanted = select(func.count(RegisterEntry.seat.distinct())).where(
        RegisterEntry.register_id == register_id, RegisterEntry.act == act, RegisterEntry.seat.in_(BOTH_WITNESSES)
    )
    return session.scalar(wanted) == len(BOTH_WITNESSES)


def state_by(entries: Iterable[RegisterEntry]) -> RegisterState:
    """The state that the entries say; the state beside the register must be the same."""
    state, seats = RegisterState.SUBMITTED, dict[str, set[str]]()
    for entry in entries:
        seats.setdefault(entry.act, set()).add(entry.seat)
        to = STEPS[Act(entry.act)].to
        if to is not None and (entry.act not in BY_BOTH or seats[entry.act] >= BOTH_WITNESSES):
            state = to
    return state


def faults(session: Session) -> list[str]:
    """What is wrong with the registers, a sentence each; empty = every chain holds."""
    found: list[str] = []
    every = session.scalars(select(Register).order_by(Register.village_id, Register.number)).all()
    for _, some in groupby(every, key=lambda one: one.village_id):
        previous, expected = ZERO, 1
        for one in some:
            name = named(one)
            if one.number != expected:
                found.append(f"{name}前面缺第 {expected} 本。")
            if one.previous != previous or register_hash(one) != one.hash:
                found.append(f"{name}的封面被改动过，或与上一本的链对不上。")
            found += [*_row_faults(session, one), *_entry_faults(session, one)]
            previous, expected = one.hash, one.number + 1
    return found


def named(found: Register) -> str:
    """A register by its name: fonds and number."""
    return f"全宗 {found.cover.get('fonds', '？')} 第 {found.number} 号销毁清册"


def _row_faults(session: Session, one: Register) -> list[str]:
    found: list[str] = []
    last, number = ZERO, 0
    wanted = select(RegisterRow).where(RegisterRow.register_id == one.id).order_by(RegisterRow.number)
    for row in session.scalars(wanted.execution_options(yield_per=500)):
        number += 1
        if row.number != number or row_hash(row, last) != row.hash:
            found.append(f"{named(one)}第 {row.number} 行被改动过，或与上一行的链对不上。")
        last, number = row.hash, row.number
    if last != one.rows_root or number != one.rows:
        found.append(f"{named(one)}应有 {one.rows} 行，现有的行与封面对不上。")
    return found


def _entry_faults(session: Session, one: Register) -> list[str]:
    found: list[str] = []
    last, number = one.hash, 0
    wanted = select(RegisterEntry).where(RegisterEntry.register_id == one.id).order_by(RegisterEntry.number)
    entries = session.scalars(wanted).all()
    for entry in entries:
        number += 1
        if entry.number != number or entry_hash(entry, last) != entry.hash:
            found.append(f"{named(one)}第 {entry.number} 条附记被改动过，或与上一条的链对不上。")
        last, number = entry.hash, entry.number
    approved = [entry.details.get("not_before", "") for entry in entries if entry.act == Act.APPROVED]
    if approved and approved[-1] != (one.not_before.isoformat() if one.not_before else ""):
        found.append(f"{named(one)}的缓期被改动过。")
    if state_by(entries) != one.state:
        found.append(f"{named(one)}写着“{RegisterState(one.state).zh}”，附记里却没有走到这一步。")
    return found
