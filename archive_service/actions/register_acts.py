"""What people do to a submitted register: sign, refuse, approve, abort, count, begin, witness; each an appended entry.

Each act asks the role of the person for this fonds, the state of the register, and that one person does not sit in two
seats that exclude each other; the database asks the last again. Removal itself is not here, only its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.actions.registers import person_of, seen, sees_all
from archive_service.permissions import OPERATOR, Actor, Forbidden, Permission, check, scope_of
from classification.appraisal import ROW_OUT, STEPS, Act, RegisterState
from classification.appraisal_seats import Seat, clashes
from classification.errors import RuleError
from storage.database import journal
from storage.database.appraisal import end_records
from storage.database.records import Record
from storage.database.register_chain import append, append_each
from storage.database.registers import (
    ForbiddenPair,
    Register,
    approved_rows,
    entries_of,
    rows_of,
)
from storage.errors import Conflict, Missing

LONGEST = 500
FROM_THE_MACHINE = (Seat.PROPOSER, Seat.ARCHIVIST)
"""Seats that whoever sits at the machine's own command line may take; every other is a person who has logged in."""
WITNESSES = (Seat.WITNESS_FIRST, Seat.WITNESS_SECOND)
NEEDS: dict[Seat, Permission] = {
    Seat.PROPOSER: Permission.PREPARE_DESTRUCTION,
    Seat.ARCHIVIST: Permission.PREPARE_DESTRUCTION,
    Seat.LEADER: Permission.LEAD_APPRAISAL,
    Seat.APPROVER: Permission.APPROVE_DESTRUCTION,
    Seat.WITNESS_FIRST: Permission.WITNESS_DESTRUCTION,
    Seat.WITNESS_SECOND: Permission.WITNESS_DESTRUCTION,
    Seat.OPERATOR: Permission.REMOVE,
}
"""What a person must be allowed to do to take a seat; the seats of accounting: `APPRAISE`, and to be of the group."""


def sign(session: Session, actor: Actor, register_id: str, seat: Seat, at: datetime) -> Register:
    """Sign as the leader of the group, or in a seat of accounting; only who was put into that seat can.

    Raises:
        Missing, Forbidden, Conflict: as every act here.
    """
    found = seen(session, actor, register_id)
    if str(seat) not in signers_of(found):
        raise Conflict(f"这本清册不需要{seat.zh}签字，没有改动。")
    if not any(one["seat"] == seat and one["login"] == actor.login for one in found.cover["group"]):
        raise Forbidden(f"这一批的{seat.zh}不是您，没有签字。")
    return _act(session, actor, found, Act.SIGNED, seat, at)


def signers_of(found: Register) -> list[str]:
    """The seats that must have signed before the approval, by the county's rule as it was at the submission."""
    signers: list[str] = found.cover["rules"]["accounting_signers" if found.accounting else "signers"]
    return signers


def refuse_rows(
    session: Session, actor: Actor, register_id: str, record_ids: Sequence[str], reason: str, at: datetime
) -> Register:
    """Refuse some rows before approving the rest; they stay on the register, noted, and are due again.

    Raises:
        Missing, Forbidden, Conflict, RuleError: as every act here.
    """
    found = seen(session, actor, register_id)
    _take_rows_out(session, actor, found, Act.REFUSED_ROW, Seat.APPROVER, record_ids, reason, at)
    return found


def refuse(session: Session, actor: Actor, register_id: str, reason: str, at: datetime) -> Register:
    """Refuse the whole register; its records are due again.

    Raises:
        Missing, Forbidden, Conflict, RuleError: as every act here.
    """
    found = _act(session, actor, seen(session, actor, register_id), Act.REFUSED, Seat.APPROVER, at, reason)
    return _let_go(session, found, Act.REFUSED)


def withdraw(session: Session, actor: Actor, register_id: str, reason: str, at: datetime) -> Register:
    """Take a submitted register back before it is approved; its records are due again.

    Raises:
        Missing, Forbidden, Conflict, RuleError: as every act here.
    """
    found = _act(session, actor, seen(session, actor, register_id), Act.WITHDRAWN, Seat.PROPOSER, at, reason)
    return _let_go(session, found, Act.WITHDRAWN)


def approve(session: Session, actor: Actor, register_id: str, at: datetime) -> Register:
    """Approve all rows that were not taken out. Where the county waits, nobody may count before the days are over.

    Raises:
        Missing, Forbidden, Conflict: as every act here. RuleError: a signature is missing, or no row is left.
    """
    found = _ready(session, actor, register_id, Act.APPROVED, Seat.APPROVER)
    signed = {one.seat for one in entries_of(session, found.id, Act.SIGNED)}
    if lacking := [Seat(one).zh for one in signers_of(found) if one not in signed]:
        raise RuleError(f"还缺{'、'.join(lacking)}的签字，没有批准。")
    if not (rows := approved_rows(session, found.id)):
        raise RuleError("清册上没有可以批准的行，没有批准；请退回整本清册。")
    days = found.cover["rules"]["cooling_days"]
    found.not_before = at + timedelta(days=days) if days else None
    said = {"rows": len(rows), "not_before": found.not_before.isoformat() if found.not_before else ""}
    return _act(session, actor, found, Act.APPROVED, Seat.APPROVER, at, details=said)


def abort(session: Session, actor: Actor, register_id: str, reason: str, at: datetime) -> Register:
    """End an approved register before anything is removed, as within the cooling-off; its records are due again.

    Raises:
        Missing, Forbidden, Conflict, RuleError: as every act here.
    """
    found = _act(session, actor, seen(session, actor, register_id), Act.ABORTED, Seat.APPROVER, at, reason)
    return _let_go(session, found, Act.ABORTED)


def file_above(
    session: Session, actor: Actor, register_id: str, authority: str, number: str, on: date, at: datetime
) -> Register:
    """Note that the register was filed with the authority above: with which, under what number, on what day.

    Raises:
        Missing, Forbidden, Conflict: as every act here. RuleError: something is not said.
    """
    found = _ready(session, actor, register_id, Act.FILED_ABOVE, Seat.ARCHIVIST)
    said = {"authority": _said(authority, "备案机关"), "number": number.strip()[:80], "on": on.isoformat()}
    if entries_of(session, found.id, Act.FILED_ABOVE):
        raise Conflict("这本清册已经登记过备案，没有改动。")
    return _act(session, actor, found, Act.FILED_ABOVE, Seat.ARCHIVIST, at, details=said)


def count(session: Session, actor: Actor, register_id: str, at: datetime) -> Register:
    """Say, as a witness, that the things were checked against the register and agree. Both witnesses must.

    Raises:
        Missing, Forbidden, Conflict: as every act here. RuleError: cooling-off, or a filing that must come before.
    """
    found = _ready(session, actor, register_id, Act.COUNTED)
    if found.not_before is not None and at < found.not_before:
        raise RuleError(f"缓期到 {found.not_before.isoformat(timespec='minutes')} 才满，没有记下；请到期再清点。")
    if found.cover["rules"]["filing"] == "before" and not entries_of(session, found.id, Act.FILED_ABOVE):
        raise RuleError("本县规定先报上级备案再销毁，没有记下；请先登记备案。")
    seat = _witness_seat(session, actor, found)
    rows = len(approved_rows(session, found.id))
    return _act(session, actor, found, Act.COUNTED, seat, at, details={"rows": rows})


def miscount(
    session: Session, actor: Actor, register_id: str, record_ids: Sequence[str], reason: str, at: datetime
) -> Register:
    """Take rows out, as a witness, because the things do not agree with them; they are due again.

    Raises:
        Missing, Forbidden, Conflict, RuleError: as every act here.
    """
    found = _ready(session, actor, register_id, Act.MISCOUNTED)
    if found.not_before is not None and at < found.not_before:
        raise RuleError("缓期还没有满，没有记下；请到期再清点。")
    mine = _seat_taken(session, actor, found)
    seat = mine or _witness_seat(session, actor, found)
    _take_rows_out(session, actor, found, Act.MISCOUNTED, seat, record_ids, reason, at)
    return found


def begin(session: Session, actor: Actor, register_id: str, at: datetime) -> Register:
    """Begin the removal as the operator. What is removed, and the proof, is the business of the removal.

    Raises:
        Missing, Forbidden, Conflict: as every act here.
    """
    return _act(session, actor, seen(session, actor, register_id), Act.BEGUN, Seat.OPERATOR, at)


def witness(
    session: Session, actor: Actor, register_id: str, method: str, place: str, on: date, at: datetime
) -> Register:
    """Sign, as one of the two who counted, that it was destroyed: how, where, when.

    Raises:
        Missing, Forbidden, Conflict: as every act here. RuleError: something is not said.
    """
    found = _ready(session, actor, register_id, Act.WITNESSED)
    seat = _seat_taken(session, actor, found)
    if seat is None:
        raise Forbidden("监销签字要由清点过这本清册的监销人本人来签，没有记下。")
    said = {"method": _said(method, "销毁方式"), "place": _said(place, "销毁地点"), "on": on.isoformat()}
    return _act(session, actor, found, Act.WITNESSED, seat, at, details=said)


def tie_scan(session: Session, actor: Actor, register_id: str, record_id: str, at: datetime) -> Register:
    """Tie the scan of the form that people signed on paper, handed in like any paper, to its register.

    Raises:
        Missing: no such record in this fonds. Forbidden, Conflict: as every act here.
    """
    found = _ready(session, actor, register_id, Act.SCANNED, Seat.ARCHIVIST)
    scan = session.scalar(select(Record).where(Record.id == record_id, inside(scope_of(actor))))
    if scan is None or scan.village_id != found.village_id or not scan.version:
        raise Missing("这个全宗里没有这件已归档的扫描件，没有改动；请先移交并归档签字的扫描件。")
    return _act(session, actor, found, Act.SCANNED, Seat.ARCHIVIST, at, record_id=scan.id)


def to_be_archived(session: Session, actor: Actor, register_id: str) -> Register:
    """A register that may be archived itself now: witnessed, its scan tied, filed above where the county asks.

    Raises:
        Missing, Forbidden, Conflict: as every act here. RuleError: something of this is missing.
    """
    found = seen(session, actor, register_id)
    _check(session, actor, found, Act.ARCHIVED, Seat.ARCHIVIST, "")
    if found.cover["rules"]["filing"] == "after" and not entries_of(session, found.id, Act.FILED_ABOVE):
        raise RuleError("还没有报上级备案，清册没有归档；请先登记备案。")
    if not entries_of(session, found.id, Act.SCANNED):
        raise RuleError("还没有签字的扫描件，清册没有归档；请先挂上扫描件。")
    return found


def archived(session: Session, actor: Actor, register_id: str, record_ids: Sequence[str], at: datetime) -> Register:
    """Note under which records register and report are archived for ever; with that the register is finished.

    Raises:
        Missing, Forbidden, Conflict, RuleError: as `to_be_archived`.
    """
    found = to_be_archived(session, actor, register_id)
    done = _act(session, actor, found, Act.ARCHIVED, Seat.ARCHIVIST, at, details={"records": list(record_ids)})
    return _let_go(session, done, Act.REMOVED_ROW)


def _take_rows_out(
    session: Session, actor: Actor, found: Register, act: Act, seat: Seat, record_ids: Sequence[str], reason: str,
    at: datetime,
) -> None:  # fmt: skip
    _check(session, actor, found, act, seat, reason)
    wanted = set(record_ids)
    ids: list[str | None] = [row.record_id for row in approved_rows(session, found.id) if row.record_id in wanted]
    if not wanted or len(ids) < len(wanted):
        raise Conflict("清册上没有这一行，或者它已经退出清册；没有改动。")
    with _once():
        append_each(session, found, act, at, ids, person_of(actor), seat, reason.strip())
    end_records(session, found.batch_id, [one for one in ids if one], act)
    _note(session, actor, found, act, at, {"rows": len(ids), "reason": reason.strip()})


def _act(
    session: Session, actor: Actor, found: Register, act: Act, seat: Seat, at: datetime, reason: str = "",
    details: dict[str, Any] | None = None, record_id: str | None = None,
) -> Register:  # fmt: skip
    """One entry on the whole register.

    Raises:
        Forbidden: the role, the scope, or another seat of this person does not allow it.
        Conflict: the register does not stand where this can be done, or the seat has done it.
        RuleError: no reason where one must be given.
    """
    _check(session, actor, found, act, seat, reason)
    with _once():
        entry = append(session, found, act, at, person_of(actor), seat, record_id, reason.strip(), details)
    _note(session, actor, found, act, at, {"seat": seat, "reason": reason.strip(), "entry": entry.hash})
    return found


def _ready(
    session: Session, actor: Actor, register_id: str, act: Act, seat: Seat = Seat.WITNESS_FIRST
) -> Register:  # fmt: skip
    """The register, where the role of the actor and its state allow this act.

    Raises:
        Missing, Forbidden, Conflict: as every act here.
    """
    found = seen(session, actor, register_id)
    check(actor, NEEDS[seat], found.village_id)
    if found.state not in STEPS[act].froms:
        raise Conflict(f"这本清册现在是“{RegisterState(found.state).zh}”，不能{act.zh}；没有改动。")
    return found


@contextmanager
def _once() -> Iterator[None]:
    """The seat did this a moment ago, or the database knows the person in another seat: said in a sentence."""
    try:
        yield
    except IntegrityError as refused:
        raise Conflict("这一步已经有人办过，或者您在这本清册里已有别的身份；没有改动。") from refused


def _check(session: Session, actor: Actor, found: Register, act: Act, seat: Seat, reason: str) -> None:
    check(actor, NEEDS.get(seat, Permission.APPRAISE), found.village_id)
    if actor.id == OPERATOR.id and seat not in FROM_THE_MACHINE:
        raise Forbidden(f"{seat.zh}要由本人登录来签，没有改动。")
    if found.state not in STEPS[act].froms:
        raise Conflict(f"这本清册现在是“{RegisterState(found.state).zh}”，不能{act.zh}；没有改动。")
    if STEPS[act].reason and not 0 < len(reason.strip()) <= LONGEST:
        raise RuleError(f"这一步要写明理由，{LONGEST} 字以内；没有改动。")
    entries = entries_of(session, found.id)
    taken = [Seat(one.seat) for one in entries if one.seat and one.account_id == actor.id]
    if against := clashes(seat, taken, _pairs(session, found)):
        raise Forbidden(f"您在这本清册里是{against[0].zh}，不能又是{seat.zh}；没有改动，请由另一个人来办。")
    if not sees_all(actor, found):
        raise Forbidden("清册上有您不能查看的档案，没有改动；请由能查看的人来办。")


def _pairs(session: Session, found: Register) -> list[tuple[Seat, Seat]]:
    wanted = select(ForbiddenPair.one, ForbiddenPair.other).where(ForbiddenPair.register_id == found.id)
    return [(Seat(one), Seat(other)) for one, other in session.execute(wanted)]


def _witness_seat(session: Session, actor: Actor, found: Register) -> Seat:
    """The seat that the actor has, or the first that is free."""
    if (mine := _seat_taken(session, actor, found)) is not None:
        return mine
    taken = {one.seat for one in entries_of(session, found.id, Act.COUNTED, Act.MISCOUNTED)}
    free = [seat for seat in WITNESSES if seat not in taken]
    if not free:
        raise Conflict("两位监销人都已经清点，没有改动。")
    return free[0]


def _seat_taken(session: Session, actor: Actor, found: Register) -> Seat | None:
    acts = entries_of(session, found.id, Act.COUNTED, Act.MISCOUNTED)
    return next((Seat(one.seat) for one in acts if one.account_id == actor.id), None)


def _said(text: str, what: str) -> str:
    if not 0 < len(text.strip()) <= LONGEST:
        raise RuleError(f"请写明{what}，{LONGEST} 字以内；没有记下。")
    return text.strip()


def _let_go(session: Session, found: Register, act: Act) -> Register:
    out = {one.record_id for one in entries_of(session, found.id, *ROW_OUT)}
    left = [row.record_id for row in rows_of(session, found.id) if row.record_id not in out]
    end_records(session, found.batch_id, left, act)
    return found


def _note(session: Session, actor: Actor, found: Register, act: Act, at: datetime, said: dict[str, Any]) -> None:
    journal.write(session, at, actor.login, f"register_{act}", "register", found.id, found.village_id, said)
