"""The steps of a removal in the database, one transaction each: may it begin, its bytes are gone, it is proved.

Between them the stores are worked on (see `tasks.removing`). Who may begin a register's removal at all is asked in
`register_acts`; every hold and loan is asked again here, in the transaction that begins each record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.actions import registers
from archive_service.actions.holdings import inside
from archive_service.permissions import Actor, Permission, check, scope_of
from classification.appraisal import Act, RegisterState
from storage.database import journal
from storage.database.appraisal import end_records
from storage.database.holds import holds_on
from storage.database.physical import out
from storage.database.records import File, Record, RecordState, files_of, records
from storage.database.register_chain import append, append_each, named
from storage.database.registers import (
    Register,
    RegisterEntry,
    RegisterRow,
    out_ids,
    removal_refusal,
    removed_ids,
)
from storage.database.removals import (
    Removal,
    RemovalState,
    begin,
    counted_by_state,
    forget_rows,
    locked,
    removal_of,
    removals_of,
    waiting_rows,
)
from storage.database.transfers import TransferredRecord, under_way
from storage.errors import Conflict
from storage.objects.ocfl import record_urn

BUSY = "这件档案正在写入新版本或识别文字，这一次没有删除；过一会儿再继续。"
HELD = "这件档案已经停止处置，没有删除；解除以后要重新鉴定。"
LENT = "这件档案的原件借出未还，没有删除；请收回以后再继续。"
MOVING = "这件档案正在移交，没有删除；请先办结或取消移交。"
NOT_FILED = "这件档案不在已归档的状态，没有删除；请核对清册。"
A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Stopped:
    """One row that is not removed now, and why. `title`: the number of the row for who may not see the record."""

    number: int
    record_id: str
    title: str
    why: str


@dataclass
class Status:
    """How far the removal of a register is. `out`: rows that were taken out; `waiting`: not begun yet."""

    register_id: str
    name: str
    state: str
    rows: int
    out: int
    waiting: int
    begun: int
    gone: int
    proved: int
    stopped: list[Stopped] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def status(session: Session, actor: Actor, register_id: str, at: datetime) -> Status:
    """How far it is, with the first of the rows that wait and what stops them.

    Raises:
        Missing: there is no such register for this actor.
    """
    found = registers.seen(session, actor, register_id)
    states = counted_by_state(session, found.id)
    off = session.scalar(select(func.count()).select_from(out_ids(found.id).distinct().subquery())) or 0
    waiting = waiting_rows(session, found.id, 0, A_PAGE)
    stopped = _stopped(session, actor, waiting, at) if found.state == RegisterState.REMOVING else []
    return Status(
        register_id=found.id,
        name=named(found),
        state=found.state,
        rows=found.rows,
        out=off,
        waiting=found.rows - off - sum(states.values()),
        begun=states.get(RemovalState.BEGUN, 0),
        gone=states.get(RemovalState.GONE, 0),
        proved=states.get(RemovalState.PROVED, 0),
        stopped=stopped,
        faults=[{"record": one.record_id, "fault": one.fault} for one in removals_of(session, found.id) if one.fault],
    )


def _stopped(session: Session, actor: Actor, rows: Sequence[RegisterRow], at: datetime) -> list[Stopped]:
    """Of these rows those that could not be removed at this moment, in a fixed number of queries."""
    ids = [row.record_id for row in rows]
    there, held, lent, files = records(session, ids), holds_on(session, ids), out(session, ids), files_of(session, ids)
    moving = set(session.scalars(under_way().where(TransferredRecord.record_id.in_(ids))))
    seen = set(session.scalars(select(Record.id).where(Record.id.in_(ids), inside(scope_of(actor)))))
    stopped = []
    for row in rows:
        of = there.get(row.record_id)
        if row.record_id in held:
            why = HELD
        elif row.record_id in lent:
            why = LENT
        elif row.record_id in moving:
            why = MOVING
        else:
            why = _not_now(of, files[row.record_id], at) or ""
        if why:
            title = of.title if of and of.id in seen else f"第 {row.number} 行"
            stopped.append(Stopped(row.number, row.record_id, title, why))
    return stopped


def _not_now(found: Record | None, files: Sequence[File], at: datetime) -> str | None:
    """Why a record that nothing forbids to remove is not removed at this moment."""
    if found is None or found.state not in (RecordState.ARCHIVED, RecordState.ARCHIVING):
        return NOT_FILED
    read = any(file.ocr_lease_until and file.ocr_lease_until > at for file in files)
    return BUSY if read or found.state == RecordState.ARCHIVING else None


def refusal(session: Session, register_id: str, record_id: str, found: Record | None, at: datetime) -> str | None:
    """Why this record may not be removed at this moment, as a sentence; None = it may."""
    why = removal_refusal(session, register_id, record_id, at)
    return why or _not_now(found, files_of(session, [record_id])[record_id], at)


def begin_one(
    session: Session, register_id: str, record_id: str, version: int, copies: Sequence[dict[str, Any]], at: datetime
) -> str | None:
    """The point of no return of one record, unless something stops it; then why, and nothing is changed.

    `version`: the one whose copies were found; with another the copies are to be found again.
    """
    found = locked(session, record_id)
    why = refusal(session, register_id, record_id, found, at)
    if why or found is None:
        return why
    if found.version != version:
        return BUSY
    if removal_of(session, record_id) is not None:
        return NOT_FILED
    begin(session, found, register_id, copies, at)
    said = {"register": register_id, "copies": sum(one["found"] for one in copies)}
    journal.write(session, at, "system", "removal_begun", "record", record_id, found.village_id, said)
    return None


def bytes_gone(session: Session, record_id: str, at: datetime) -> None:
    """No byte is in the stores any more: the rows go too. Safe to repeat."""
    removal = session.get_one(Removal, record_id)
    if removal.state == RemovalState.BEGUN:
        forget_rows(session, record_id, record_urn(record_id))
        removal.state, removal.gone_at = RemovalState.GONE, at


def note_fault(session: Session, record_id: str, why: str) -> None:
    """Write why a record's removal did not come to its end this time; it goes on with the next."""
    removal = session.get_one(Removal, record_id)
    if removal.state != RemovalState.PROVED:
        removal.fault = why[:500]


def prove(
    session: Session, record_id: str, copies: Sequence[dict[str, Any]], backups: Sequence[dict[str, Any]], at: datetime
) -> bool:
    """Take down what was found by looking for every copy again; whether all are proved absent."""
    removal = session.get_one(Removal, record_id)
    if removal.state == RemovalState.PROVED:
        return True
    removal.copies, removal.backups = list(copies), list(backups)
    left = [one for one in copies if one["left"] != 0]
    if left or removal.state != RemovalState.GONE:
        removal.fault = "还查到 " + "、".join(f"{one['what']} {one['where']}" for one in left[:5])
        return False
    removal.state, removal.proved_at, removal.fault = RemovalState.PROVED, at, ""
    found = session.get(Record, record_id)
    if found is not None:
        found.state, found.changed_at = RecordState.DESTROYED, at
    said = {"register": removal.register_id, "copies": sum(one["found"] for one in copies), "backups": list(backups)}
    journal.write(session, at, "system", "record_destroyed", "record", record_id, removal.village_id, said)
    return True


def note_removed(session: Session, register_id: str, record_ids: Sequence[str], at: datetime) -> None:
    """Append the proved records to the register, an entry each; those that are there already are passed over."""
    there = set(session.scalars(removed_ids(register_id).where(RegisterEntry.record_id.in_(record_ids))))
    fresh: list[str | None] = [one for one in record_ids if one not in there]
    found = session.get(Register, register_id)
    if found is not None and fresh:
        append_each(session, found, Act.REMOVED_ROW, at, fresh)
        end_records(session, found.batch_id, [one for one in fresh if one], RecordState.DESTROYED)


def is_over(session: Session, register_id: str) -> bool:
    """Whether no row waits and every removal that was begun is proved."""
    states = counted_by_state(session, register_id)
    return not waiting_rows(session, register_id, 0, 1) and set(states) <= {RemovalState.PROVED}


def close_register(session: Session, register_id: str, at: datetime) -> bool:
    """Say on the register that all is removed, once it is; whether it is said now."""
    found = session.get(Register, register_id)
    if found is None or found.state != RegisterState.REMOVING or not is_over(session, register_id):
        return False
    removed = session.scalar(select(func.count()).select_from(removed_ids(register_id).subquery())) or 0
    said = {"removed": removed, "rows": found.rows}
    append(session, found, Act.REMOVED, at, details=said)
    journal.write(session, at, "system", "register_removed", "register", found.id, found.village_id, said)
    return True


def being_removed(session: Session) -> Sequence[str]:
    """Registers whose removal has begun and is not said to be over."""
    wanted = select(Register.id).where(Register.state == RegisterState.REMOVING)
    return session.scalars(wanted.order_by(Register.id)).all()


def check_begun(session: Session, actor: Actor, register_id: str) -> Register:
    """The register, if its operator has begun its removal.

    Raises:
        Missing: there is no such register for this actor. Forbidden: this person removes nothing here.
        Conflict: nobody has begun.
    """
    found = registers.seen(session, actor, register_id)
    check(actor, Permission.REMOVE, found.village_id)
    if found.state != RegisterState.REMOVING:
        raise Conflict(
            f"{named(found)}现在是“{RegisterState(found.state).zh}”，什么都没有删除；"
            "要先由批准人批准、两位监销人清点，再由销毁经办人开始。"
        )
    return found


def rows_waiting(session: Session, register_id: str, after: int, size: int) -> Sequence[tuple[int, str]]:
    """Number and record id of rows that nobody took out and that were not begun, from behind a number on."""
    return [(row.number, row.record_id) for row in waiting_rows(session, register_id, after, size)]


def proofs(session: Session, actor: Actor, register_id: str, after: str, size: int) -> Sequence[Removal]:
    """The removals of a register with all that was found, in the order of their records' ids, from behind one on.

    Raises:
        Missing: there is no such register for this actor.
    """
    found = registers.seen(session, actor, register_id)
    wanted = select(Removal).where(Removal.register_id == found.id, Removal.record_id > after)
    return session.scalars(wanted.order_by(Removal.record_id).limit(size)).all()
