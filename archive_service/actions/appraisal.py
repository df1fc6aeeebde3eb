"""Appraisal batches: which records of one fonds are judged together, by which group, and who may see and change that.

A record is open in one batch at most. What has run out comes in from the due list or by name; anything else only with
a reason, and can then be judged, never destroyed. What is said of the records: `appraisal_opinions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, extract, func, not_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive_service.actions import holds
from archive_service.actions.accounts import actor_named
from archive_service.actions.due import stopped
from archive_service.actions.holdings import HIDDEN, inside, within
from archive_service.permissions import Actor, Forbidden, Permission, can, check, reach, scope_of
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import IN_GROUP, Seat
from classification.errors import RuleError
from storage.database import appraisal, journal
from storage.database.appraisal import AppraisalBatch, AppraisedRecord, BatchState, GroupMember
from storage.database.base import new_id
from storage.database.holds import HoldKind
from storage.database.organisations import village
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing
from storage.index.door import SearchIndex

A_PAGE = 100
LONGEST_PURPOSE, LONGEST_WHY = 300, 300
MOST_RECORDS = 20_000
UNSEEN = "没有这一批鉴定，或者您不能查看它。"


class Source(StrEnum):
    """Where the records of a batch come from."""

    DUE = "due"
    SEARCH = "search"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which records: all that have run out, all that a search finds, or these. `why`: for what has not run out."""

    source: Source = Source.DUE
    question: str = ""
    records: tuple[str, ...] = ()
    year: int | None = None
    class_id: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class BatchWish:
    """A batch to open: the fonds, what for, and the group by seat and log-in name."""

    village: str
    purpose: str
    group: tuple[tuple[Seat, str], ...]
    chosen: Chosen = Chosen()


def open_batch(
    session: Session, index: SearchIndex, actor: Actor, wish: BatchWish, rules: AppraisalRules, at: datetime,
    today: date,
) -> AppraisalBatch:  # fmt: skip
    """Open a batch with its group and records.

    Raises:
        Forbidden: the actor does not prepare appraisals for this fonds.
        RuleError: no purpose, a group that is not one, or records that may not come in.
        Missing: a record or a person is not there. Conflict: a record is open in another batch.
    """
    check(actor, Permission.PREPARE_DESTRUCTION, wish.village)
    village(session, wish.village)
    if not 0 < len(wish.purpose.strip()) <= LONGEST_PURPOSE:
        raise RuleError(f"请写明鉴定的目的，{LONGEST_PURPOSE} 字以内；没有立批。")
    group = _group(session, wish, rules, today)
    batch = AppraisalBatch(
        id=new_id(), village_id=wish.village, purpose=wish.purpose.strip(), opened_by=actor.login, opened_at=at
    )
    session.add(batch)
    session.flush()
    session.add_all(
        [GroupMember(batch_id=batch.id, seat=seat, account_id=one.id, login=one.login, name=one.name)
         for seat, one in group]
    )  # fmt: skip
    number = _take_in(session, index, actor, batch, wish.chosen, today)
    said = {
        "purpose": batch.purpose,
        "records": number,
        "group": [f"{seat.zh} {one.name}（{one.login}）" for seat, one in group],
    }
    journal.write(session, at, actor.login, "appraisal_opened", "appraisal", batch.id, batch.village_id, said)
    return batch


SEAT_NEEDS = {Seat.LEADER: Permission.LEAD_APPRAISAL, Seat.ARCHIVIST: Permission.PREPARE_DESTRUCTION}
"""What a person of the group must be allowed to do; every other seat: `APPRAISE`."""


def _group(session: Session, wish: BatchWish, rules: AppraisalRules, today: date) -> list[tuple[Seat, Actor]]:
    group = [(seat, sitting(session, seat, login, wish.village, today)) for seat, login in dict.fromkeys(wish.group)]
    seats = [seat for seat, _ in group]
    if seats.count(Seat.LEADER) != 1 or Seat.ARCHIVIST not in seats:
        raise RuleError("鉴定小组要有一位负责人，并有档案员参加；没有立批。")
    if len({one.id for _, one in group}) < rules.group_least:
        raise RuleError(f"鉴定小组至少要有 {rules.group_least} 人，没有立批。")
    return group


def sitting(session: Session, seat: Seat, login: str, village_id: str, today: date) -> Actor:
    """The person for a seat of the group, if a role allows it there today."""
    if seat not in IN_GROUP:
        raise RuleError(f"{seat.zh}不是鉴定小组的席位，没有改动。")
    one = actor_named(session, login, today)
    if not can(one, SEAT_NEEDS.get(seat, Permission.APPRAISE), village_id):
        raise RuleError(f"{one.name}没有在这个村担任{seat.zh}的权限，没有改动；请先授予角色。")
    return one


def seat_one_more(
    session: Session, actor: Actor, batch_id: str, seat: Seat, login: str, at: datetime, today: date
) -> GroupMember:
    """Add a person to the group until a register goes out: as the signers of accounting, who were not thought of.

    Raises:
        Missing: no such batch or person. Forbidden: the actor prepares no appraisals for this fonds.
        Conflict: a register went out, or the person sits there. RuleError: the seat is none of the group, or the
            leader's, or the person has no role for it.
    """
    batch = seen(session, actor, batch_id)
    check(actor, Permission.PREPARE_DESTRUCTION, batch.village_id)
    if batch.report_final or batch.state == BatchState.GIVEN_UP:
        raise Conflict("这一批已经提交清册或放弃，小组不再变动；没有改动。")
    if seat == Seat.LEADER:
        raise RuleError("一批只有一位鉴定小组负责人，没有改动；换人请用“换负责人”。")
    one = sitting(session, seat, login, batch.village_id, today)
    if session.get(GroupMember, (batch.id, seat, one.id)) is not None:
        raise Conflict("这个人已经在小组的这个席位上，没有改动。")
    member = GroupMember(batch_id=batch.id, seat=seat, account_id=one.id, login=one.login, name=one.name)
    session.add(member)
    batch.kept = False
    said = {"seat": seat, "login": one.login}
    journal.write(session, at, actor.login, "appraisal_seated", "appraisal", batch.id, batch.village_id, said)
    return member


def add(
    session: Session, index: SearchIndex, actor: Actor, batch_id: str, chosen: Chosen, at: datetime, today: date
) -> int:
    """Take more records into an open batch; returns how many.

    Raises:
        As `open_batch`.
    """
    batch = prepared(session, actor, batch_id)
    number = _take_in(session, index, actor, batch, chosen, today)
    batch.kept = False
    said = {"records": number, "why": chosen.why}
    journal.write(session, at, actor.login, "appraisal_added", "appraisal", batch.id, batch.village_id, said)
    return number


def take_out(
    session: Session, actor: Actor, batch_id: str, record_ids: Sequence[str], reason: str, at: datetime
) -> int:
    """Let records leave an open batch before it is closed, with the reason; what was said of them stays.

    Raises:
        Missing, Forbidden, Conflict: as `prepared`. RuleError: no reason.
    """
    batch = prepared(session, actor, batch_id)
    if not 0 < len(reason.strip()) <= LONGEST_WHY:
        raise RuleError(f"退出鉴定要写明理由，{LONGEST_WHY} 字以内；没有改动。")
    wanted = set(record_ids)
    gone = [one for one in appraisal.records_in(session, batch.id) if one.open and one.record_id in wanted]
    for one in gone:
        one.open, one.outcome = False, "taken_out"
    batch.kept = False
    said = {"records": sorted(one.record_id for one in gone), "reason": reason.strip()}
    journal.write(session, at, actor.login, "appraisal_taken_out", "appraisal", batch.id, batch.village_id, said)
    return len(gone)


def give_up(session: Session, actor: Actor, batch_id: str, reason: str, at: datetime) -> None:
    """End a batch without carrying anything out; its records are as before, what was said stays.

    Raises:
        Missing, Forbidden, Conflict: as `prepared`. RuleError: no reason.
    """
    batch = prepared(session, actor, batch_id)
    if not 0 < len(reason.strip()) <= LONGEST_WHY:
        raise RuleError(f"放弃一批鉴定要写明理由，{LONGEST_WHY} 字以内；没有改动。")
    for one in appraisal.records_in(session, batch.id):
        one.open = False
    batch.state, batch.closed_by, batch.closed_at, batch.kept = BatchState.GIVEN_UP, actor.login, at, False
    said = {"reason": reason.strip()}
    journal.write(session, at, actor.login, "appraisal_given_up", "appraisal", batch.id, batch.village_id, said)


def _take_in(
    session: Session, index: SearchIndex, actor: Actor, batch: AppraisalBatch, chosen: Chosen, today: date
) -> int:
    found = _found(session, index, actor, batch.village_id, chosen, today)
    if not found:
        raise RuleError("没有可以列入这一批的档案，没有改动；请换一个范围。")
    if len(found) + _number_in(session, batch.id) > MOST_RECORDS:
        raise RuleError(f"一批最多 {MOST_RECORDS} 件，没有改动；请分成几批。")
    undue = [one for one, due in found if not due]
    if undue and not 0 < len(chosen.why.strip()) <= LONGEST_WHY:
        raise RuleError(f"有 {len(undue)} 件还没有期满或已停止处置，列入鉴定要写明理由；没有改动。")
    if taken := appraisal.open_in(session, [one for one, _ in found]):
        raise Conflict(f"有 {len(taken)} 件正在另一批或这一批鉴定里，没有改动；请先了结那一批。")
    try:
        appraisal.add_records(session, batch.id, [one for one, due in found if due], "")
        appraisal.add_records(session, batch.id, undue, chosen.why.strip())
    except IntegrityError as taken_meanwhile:
        raise Conflict("有的档案刚被列入另一批或曾在这一批里，没有改动；请重新选择。") from taken_meanwhile
    return len(found)


def _number_in(session: Session, batch_id: str) -> int:
    counted = select(func.count()).select_from(AppraisedRecord).where(AppraisedRecord.batch_id == batch_id)
    return session.scalar(counted) or 0


def _found(
    session: Session, index: SearchIndex, actor: Actor, village_id: str, chosen: Chosen, today: date
) -> list[tuple[str, bool]]:
    """The records that come in, and of each whether it has run out and nothing stops it."""
    if chosen.source == Source.DUE:
        wanted = and_(_due(today), Record.id.not_in(_open_anywhere()))
        if chosen.year is not None:
            wanted = and_(wanted, extract("year", Record.due_on) == chosen.year)
        if chosen.class_id:
            below = Record.class_id.startswith(f"{chosen.class_id}-", autoescape=True)
            wanted = and_(wanted, or_(Record.class_id == chosen.class_id, below))
        reached = _reached(actor, village_id).where(wanted).limit(MOST_RECORDS + 1)
        return [(one, True) for one in session.scalars(reached)]
    return _named(session, actor, village_id, _ids(index, actor, village_id, chosen), chosen, today)


def _ids(index: SearchIndex, actor: Actor, village_id: str, chosen: Chosen) -> list[str]:
    if chosen.source == Source.RECORDS:
        return list(dict.fromkeys(chosen.records))
    if not chosen.question.strip():
        raise RuleError("请写明查找的内容，没有改动。")
    wish = holds.Wish(HoldKind.SEARCH, "other", chosen.why, chosen.question, village=village_id)
    return holds.searched(index, actor, wish)


def _named(
    session: Session, actor: Actor, village_id: str, ids: Sequence[str], chosen: Chosen, today: date
) -> list[tuple[str, bool]]:
    due: set[str] = set()
    there: list[str] = []
    for some in appraisal.portions(ids):
        reached = _reached(actor, village_id).where(Record.id.in_(some))
        there += session.scalars(reached)
        due |= set(session.scalars(reached.where(_due(today))))
    if chosen.source == Source.RECORDS and len(there) < len(ids):
        raise Missing(HIDDEN)
    return [(one, one in due) for one in sorted(there)]


def _reached(actor: Actor, village_id: str) -> Select[str]:
    allowed = and_(inside(scope_of(actor)), within(Record.village_id, reach(actor, Permission.PREPARE_DESTRUCTION)))
    return select(Record.id).where(
        Record.village_id == village_id, Record.state == RecordState.ARCHIVED, allowed
    ).order_by(Record.id)  # fmt: skip


def _due(today: date) -> ColumnElement[bool]:
    return and_(Record.due_on < today, not_(stopped()))


def _open_anywhere() -> Select[str]:
    return select(AppraisedRecord.record_id).where(AppraisedRecord.open.is_(True))


def seen(session: Session, actor: Actor, batch_id: str) -> AppraisalBatch:
    """A batch, if the actor may see the appraisals of its fonds.

    Raises:
        Missing: there is none for this actor.
    """
    batch = session.get(AppraisalBatch, batch_id)
    if batch is None or not can(actor, Permission.SEE_REGISTERS, batch.village_id):
        raise Missing(UNSEEN)
    return batch


def still_open(session: Session, actor: Actor, batch_id: str) -> AppraisalBatch:
    """The same, while it is open.

    Raises:
        Missing: there is none for this actor. Conflict: it is closed.
    """
    batch = seen(session, actor, batch_id)
    if batch.state != BatchState.OPEN:
        raise Conflict("这一批鉴定已经结束，没有改动；要改请另立一批。")
    return batch


def prepared(session: Session, actor: Actor, batch_id: str) -> AppraisalBatch:
    """The same, for who prepares the appraisals of its fonds.

    Raises:
        Missing, Conflict: as `still_open`. Forbidden: somebody else prepares them.
    """
    batch = still_open(session, actor, batch_id)
    check(actor, Permission.PREPARE_DESTRUCTION, batch.village_id)
    return batch


def seats_of(session: Session, actor: Actor, batch_id: str) -> list[Seat]:
    """The seats of the actor in the group of a batch."""
    return [Seat(one.seat) for one in appraisal.members_of(session, batch_id) if one.account_id == actor.id]


def check_member(session: Session, actor: Actor, batch: AppraisalBatch) -> list[Seat]:
    """The seats of the actor, who must be of the group and may appraise for this fonds.

    Raises:
        Forbidden: somebody else.
    """
    check(actor, Permission.APPRAISE, batch.village_id)
    seats = seats_of(session, actor, batch.id)
    if not seats:
        raise Forbidden("您不在这一批的鉴定小组里，没有改动；请找立这一批的档案员。")
    return seats


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch in a list: how many records, and how many of them are still open."""

    batch: AppraisalBatch
    records: int
    open: int


def listed(
    session: Session, actor: Actor, open_only: bool = True, village_id: str | None = None, before: str = "",
    size: int = A_PAGE,
) -> tuple[list[BatchLine], str | None]:  # fmt: skip
    """Batches of the fonds that the actor reaches, the newest first, and the id to ask for the next page with.

    Raises:
        Forbidden: the actor sees no appraisals.
    """
    check(actor, Permission.SEE_REGISTERS, village_id)
    wanted = select(AppraisalBatch).where(within(AppraisalBatch.village_id, reach(actor, Permission.SEE_REGISTERS)))
    if open_only:
        wanted = wanted.where(AppraisalBatch.state == BatchState.OPEN)
    if village_id:
        wanted = wanted.where(AppraisalBatch.village_id == village_id)
    if before:
        wanted = wanted.where(AppraisalBatch.id < before)
    found = session.scalars(wanted.order_by(AppraisalBatch.id.desc()).limit(size + 1)).all()
    lines = _counted(session, actor, found[:size])
    return lines, lines[-1].batch.id if len(found) > size else None


def line_of(session: Session, actor: Actor, batch: AppraisalBatch) -> BatchLine:
    """One batch as a list shows it."""
    return _counted(session, actor, [batch])[0]


def _counted(session: Session, actor: Actor, found: Iterable[AppraisalBatch]) -> list[BatchLine]:
    """How many records of each batch the actor may see."""
    batches = list(found)
    still = func.count().filter(AppraisedRecord.open.is_(True))
    wanted = select(AppraisedRecord.batch_id, func.count(), still).join(Record, Record.id == AppraisedRecord.record_id)
    wanted = wanted.where(AppraisedRecord.batch_id.in_([one.id for one in batches]), inside(scope_of(actor)))
    numbers = {one: (all_, open_) for one, all_, open_ in session.execute(wanted.group_by(AppraisedRecord.batch_id))}
    return [BatchLine(one, *numbers.get(one.id, (0, 0))) for one in batches]
