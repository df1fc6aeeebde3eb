"""Registers of destruction (销毁清册): made from a closed batch and frozen, and who may look at one.

Accounting records stand on a register of their own. What is held, lent or no longer due when it is submitted is left
out and judged anew. What happens after the submission: `register_acts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive_service.actions import appraisal, appraisal_report
from archive_service.actions.appraisal_closing import STOPPED
from archive_service.actions.appraisal_opinions import InBatch, may_be_destroyed, standing_by
from archive_service.actions.due import stopped
from archive_service.actions.holdings import within
from archive_service.actions.register_rows import columns_of
from archive_service.county_time import day_of
from archive_service.permissions import Actor, Forbidden, Permission, can, check, reach, scope_of
from classification.appraisal import Act
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import ACCOUNTING_SIGNERS, Seat, clashes
from classification.errors import RuleError
from storage.database import journal
from storage.database.appraisal import (
    AppraisalBatch,
    AppraisedRecord,
    BatchState,
    GroupMember,
    Opinion,
    Verdict,
    members_of,
    opinions_of,
)
from storage.database.base import new_id
from storage.database.organisations import village
from storage.database.records import Record
from storage.database.register_chain import ZERO, Person, append, write_register
from storage.database.registers import ForbiddenPair, Register, RegisterRow, last_of, rows_of
from storage.errors import Conflict, Missing

A_PAGE = 100
UNSEEN = "没有这本销毁清册，或者您不能查看它。"


def person_of(actor: Actor) -> Person:
    """The actor as an entry names people."""
    return Person(actor.id, actor.login, actor.name)


def submit(
    session: Session, actor: Actor, batch_id: str, rules: AppraisalRules, at: datetime, today: date
) -> list[Register]:
    """Freeze the destroy list of a closed batch into one register, or two where accounting records are among it.

    Raises:
        Missing: no such batch for this actor. Forbidden: the actor prepares no appraisals, or may not see every record.
        Conflict: the batch is still open, or its registers were submitted.
        RuleError: no report, nothing to destroy, or a person in two seats that exclude each other.
    """
    batch = appraisal.seen(session, actor, batch_id)
    check(actor, Permission.PREPARE_DESTRUCTION, batch.village_id)
    if batch.state != BatchState.CLOSED or batch.report_final:
        raise Conflict("要先结束这一批鉴定，而且一批只提交一次清册；没有提交。")
    if not batch.report:
        raise RuleError("还没有鉴定工作报告，没有提交；请先写好并保存报告。")
    listed = _destroy_list(session, actor, batch, today)
    opinions = standing_by(session, batch.id, rules)
    made = [
        _freeze(session, actor, batch, rules, accounting, some, opinions, at, today)
        for accounting in (False, True)
        if (some := [one for one in listed if rules.is_accounting(one.class_id) == accounting])
    ]
    batch.report_final, batch.kept = True, False
    return made


def _destroy_list(session: Session, actor: Actor, batch: AppraisalBatch, today: date) -> list[Record]:
    """What may be destroyed now, in the order of the codes; the rest is let go, to be judged anew."""
    wanted = (
        select(Record, AppraisedRecord, stopped())
        .join(AppraisedRecord, AppraisedRecord.record_id == Record.id)
        .where(AppraisedRecord.batch_id == batch.id, AppraisedRecord.open.is_(True))
        .where(AppraisedRecord.outcome == Verdict.DESTROY)
        .order_by(Record.code, Record.id)
    )
    scope, found = scope_of(actor), list[Record]()
    for record, line, held in session.execute(wanted):
        if not scope.covers(record.id, record.village_id, record.access, archived=True):
            raise Forbidden("销毁清单里有您不能查看的档案，没有提交；请由能查看的档案员提交。")
        if may_be_destroyed(InBatch(record, bool(held), line.why), today):
            found.append(record)
        else:
            line.open, line.outcome = False, STOPPED
    if not found:
        raise RuleError("这一批没有可以列入销毁清册的档案，没有提交。")
    return found


def _freeze(
    session: Session, actor: Actor, batch: AppraisalBatch, rules: AppraisalRules, accounting: bool,
    listed: Sequence[Record], opinions: Mapping[str, Opinion], at: datetime, today: date,
) -> Register:  # fmt: skip
    group = members_of(session, batch.id)
    if lacking := set(rules.signers_of(accounting)) - {Seat(one.seat) for one in group}:
        words = "、".join(sorted(seat.zh for seat in lacking))
        raise RuleError(f"鉴定小组里没有{words}，{'会计档案的' if accounting else ''}清册没有提交；请先补上小组成员。")
    last = last_of(session, batch.village_id)
    made = Register(
        id=new_id(), village_id=batch.village_id, batch_id=batch.id, number=last.number + 1 if last else 1,
        accounting=accounting, cover=_cover(session, batch, group, listed, rules, today),
        previous=last.hash if last else ZERO, submitted_by=actor.login, submitted_at=at,
    )  # fmt: skip
    try:
        write_register(session, made, list(columns_of(session, listed, opinions, today)))
    except IntegrityError as meanwhile:
        raise Conflict("这个全宗刚刚提交了另一本清册，这一次没有提交；请再提交一次。") from meanwhile
    pairs = [{"register_id": made.id, "one": one, "other": other} for one, other in sorted(rules.apart)]
    session.execute(insert(ForbiddenPair), pairs)
    _take_part(session, actor, batch, made, rules, group, at)
    said = {"number": made.number, "rows": made.rows, "hash": made.hash, "appraisal": batch.id}
    journal.write(session, at, actor.login, "register_submitted", "register", made.id, made.village_id, said)
    return made


def _cover(
    session: Session, batch: AppraisalBatch, group: Sequence[GroupMember], listed: Sequence[Record],
    rules: AppraisalRules, today: date,
) -> dict[str, Any]:  # fmt: skip
    home = village(session, batch.village_id)
    years = sorted(one.year for one in listed if one.year is not None)
    return {
        "fonds": home.fonds,
        "fonds_name": home.name,
        "quantity": len(listed),
        "access": sorted({one.access for one in listed}),
        "years": [years[0], years[-1]] if years else [],
        "purpose": batch.purpose,
        "group": [{"seat": one.seat, "login": one.login, "name": one.name} for one in group],
        "appraised_on": day_of(batch.closed_at).isoformat() if batch.closed_at else "",
        "submitted_on": today.isoformat(),
        "report_sha256": appraisal_report.digest_of(batch.report),
        "rules": rules.stated(),
    }


def _take_part(
    session: Session, actor: Actor, batch: AppraisalBatch, made: Register, rules: AppraisalRules,
    group: Sequence[GroupMember], at: datetime,
) -> None:  # fmt: skip
    """Note who took part in which seat: who submits, the group, and whoever gave an opinion."""
    parts = {(Seat.PROPOSER, person_of(actor))}
    parts |= {(Seat(one.seat), Person(one.account_id, one.login, one.name)) for one in group}
    parts |= {(Seat.MEMBER, Person(one.account_id, one.login, one.name)) for one in opinions_of(session, batch.id)}
    if not made.accounting:
        # Seats of accounting mean nothing here; whoever sits in one judged as a member.
        idle = frozenset(ACCOUNTING_SIGNERS) - set(rules.signers)
        parts = {(Seat.MEMBER if seat in idle else seat, one) for seat, one in parts}
    taken: dict[str, list[Seat]] = {}
    for seat, one in sorted(parts, key=lambda part: (part[0], part[1].login)):
        if against := clashes(seat, taken.get(one.account_id, []), rules.apart):
            raise RuleError(f"{one.name}不能既是{against[0].zh}又是{seat.zh}，清册没有提交；请换一个人。")
        taken.setdefault(one.account_id, []).append(seat)
        append(session, made, Act.PART, at, one, seat)


def seen(session: Session, actor: Actor, register_id: str) -> Register:
    """A register, if the actor may see those of its fonds.

    Raises:
        Missing: there is none for this actor.
    """
    found = session.get(Register, register_id)
    if found is None or not can(actor, Permission.SEE_REGISTERS, found.village_id):
        raise Missing(UNSEEN)
    return found


def listed(
    session: Session, actor: Actor, village_id: str | None = None, states: Sequence[str] = (), before: str = "",
    size: int = A_PAGE,
) -> tuple[Sequence[Register], str | None]:  # fmt: skip
    """Registers of the fonds that the actor reaches, the newest first, and the id to ask for the next page with.

    Raises:
        Forbidden: the actor sees no registers.
    """
    check(actor, Permission.SEE_REGISTERS, village_id)
    wanted = select(Register).where(within(Register.village_id, reach(actor, Permission.SEE_REGISTERS)))
    if village_id:
        wanted = wanted.where(Register.village_id == village_id)
    if states:
        wanted = wanted.where(Register.state.in_(states))
    if before:
        wanted = wanted.where(Register.id < before)
    found = session.scalars(wanted.order_by(Register.id.desc()).limit(size + 1)).all()
    return found[:size], found[size - 1].id if len(found) > size else None


def sees_all(actor: Actor, found: Register) -> bool:
    """Whether the actor may see every record that stands on a register."""
    scope = scope_of(actor)
    return all(scope.covers("", found.village_id, access, archived=True) for access in found.cover["access"])


def sees_row(actor: Actor, found: Register, row: RegisterRow) -> bool:
    """Whether the actor may see the record of a row; also when the record is destroyed."""
    return scope_of(actor).covers(row.record_id, found.village_id, row.said["access"], archived=True)


def rows_seen(
    session: Session, actor: Actor, found: Register, after: int = 0, size: int = 1000
) -> tuple[list[RegisterRow], int | None]:
    """Rows that the actor may see, in their order from behind `after` on; and where the next page begins."""
    some = rows_of(session, found.id, after, size)
    shown = [row for row in some if sees_row(actor, found, row)]
    return shown, some[-1].number if len(some) == size else None
