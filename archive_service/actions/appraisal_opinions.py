"""Opinions on the records of a batch: given for one or for thousands in the same few statements, never changed.

What cannot be said of a record is refused when it is said: nothing that has not run out may be proposed for
destruction, and no term may be shortened. What was said is carried out by `appraisal_closing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from archive_service.actions import appraisal
from archive_service.actions.due import stopped
from archive_service.actions.holdings import HIDDEN
from archive_service.permissions import Actor, Forbidden, Permission, check, scope_of
from archive_service.rulebook import period_of
from classification.appraisal_opinions import Agreement, Judged, Said, judged
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import Seat
from classification.disposal import GROUNDS
from classification.errors import RuleError
from classification.retention import LONGEST_TERM, Retention, due_on
from storage.database import journal
from storage.database.appraisal import (
    AppraisalBatch,
    AppraisedRecord,
    Opinion,
    Round,
    Verdict,
    add_opinion,
    opinions_of,
    standing_opinions,
)
from storage.database.base import new_id
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing

LONGEST_REASON = 500
VERDICT_WORDS = {
    Verdict.EXTEND: "续存",
    Verdict.PERMANENT: "改为永久",
    Verdict.TRANSFER: "移交",
    Verdict.HOLD: "停止处置",
    Verdict.DESTROY: "拟销毁",
}


@dataclass(frozen=True, slots=True)
class OpinionWish:
    """What to say, of which records. `rest`: all of the batch that have no opinion of this round yet."""

    verdict: Verdict
    reason: str
    records: tuple[str, ...] = ()
    rest: bool = False
    round: Round = Round.FIRST
    years: int | None = None
    ground: str = ""
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class InBatch:
    """One open record of a batch, and whether something stops it."""

    record: Record
    stopped: bool
    why: str


def give(
    session: Session, actor: Actor, batch_id: str, wish: OpinionWish, rules: AppraisalRules, at: datetime, today: date
) -> Opinion:
    """Write down one opinion with the list of what it covers.

    Raises:
        Missing: no such batch or record for this actor. Conflict: the batch is closed.
        Forbidden: the actor is not of the group, or not the one who may speak in this round.
        RuleError: no reason, or something that cannot be said of one of these records.
    """
    batch = appraisal.still_open(session, actor, batch_id)
    seats = appraisal.check_member(session, actor, batch)
    _sensible(wish, today)
    there = open_records(session, batch.id)
    said = standing_opinions(session, batch.id)
    chosen = _chosen(there, said, wish, actor, batch)
    _may_speak(actor, seats, batch, wish, _speakers(session, batch.id), [said.get(one, {}) for one in chosen])
    _possible([there[one] for one in chosen], wish, rules, today)
    opinion = Opinion(
        id=new_id(), batch_id=batch.id, round=wish.round, verdict=wish.verdict, reason=wish.reason.strip(),
        years=wish.years, ground=wish.ground, review_on=wish.review_on, account_id=actor.id, login=actor.login,
        name=actor.name, at=at, records=len(chosen), records_sha256=digest_of(chosen),
    )  # fmt: skip
    add_opinion(session, opinion, chosen)
    told = {
        "opinion": opinion.id, "round": opinion.round, "verdict": opinion.verdict, "reason": opinion.reason,
        "records": opinion.records, "records_sha256": opinion.records_sha256,
    }  # fmt: skip
    journal.write(session, at, actor.login, "opinion_given", "appraisal", batch.id, batch.village_id, told)
    return opinion


def digest_of(record_ids: Sequence[str]) -> str:
    """SHA-256 over the ids in order, a line each."""
    return hashlib.sha256("\n".join(sorted(record_ids)).encode()).hexdigest()


def _sensible(wish: OpinionWish, today: date) -> None:
    if not 0 < len(wish.reason.strip()) <= LONGEST_REASON:
        raise RuleError(f"鉴定意见要写明理由，{LONGEST_REASON} 字以内；没有记下。")
    if (wish.verdict == Verdict.EXTEND) != (wish.years is not None):
        raise RuleError("续存要写明新的年数，其他意见不写年数；没有记下。")
    if wish.years is not None and not 1 <= wish.years <= LONGEST_TERM:
        raise RuleError(f"续存的年数应在 1 至 {LONGEST_TERM} 之间，没有记下。")
    if wish.verdict == Verdict.HOLD:
        if wish.ground not in GROUNDS:
            raise RuleError("停止处置的事由不认识，没有记下；请从列出的几种里选一种。")
        if wish.review_on is None or wish.review_on < today:
            raise RuleError("停止处置要写明复核的日子，不能早于今天；没有记下。")


def open_records(session: Session, batch_id: str) -> dict[str, InBatch]:
    """Every open record of a batch by id, in one query."""
    wanted = (
        select(Record, stopped(), AppraisedRecord.why)
        .join(AppraisedRecord, AppraisedRecord.record_id == Record.id)
        .where(AppraisedRecord.batch_id == batch_id, AppraisedRecord.open.is_(True), AppraisedRecord.outcome == "")
        .order_by(Record.id)
    )
    return {record.id: InBatch(record, bool(held), why) for record, held, why in session.execute(wanted)}


def _chosen(
    there: Mapping[str, InBatch], said: Mapping[str, Mapping[Round, str]], wish: OpinionWish, actor: Actor,
    batch: AppraisalBatch,
) -> list[str]:  # fmt: skip
    scope = scope_of(actor)
    open_to_me = {
        one for one, found in there.items() if scope.covers(one, batch.village_id, found.record.access, archived=True)
    }
    if wish.rest:
        chosen = sorted(one for one in open_to_me if wish.round not in said.get(one, {}))
    else:
        chosen = sorted(set(wish.records))
        if not set(chosen) <= open_to_me:
            raise Missing(f"{HIDDEN}也可能它已经不在这一批里；没有记下任何意见。")
    if not chosen:
        raise RuleError("没有选中任何档案，没有记下。")
    return chosen


def _speakers(session: Session, batch_id: str) -> dict[str, str]:
    """Who gave each opinion of a batch: account by opinion."""
    wanted = select(Opinion.id, Opinion.account_id).where(Opinion.batch_id == batch_id)
    return {opinion_id: account for opinion_id, account in session.execute(wanted)}


def _may_speak(
    actor: Actor, seats: Sequence[Seat], batch: AppraisalBatch, wish: OpinionWish, speakers: Mapping[str, str],
    said: Sequence[Mapping[Round, str]],
) -> None:  # fmt: skip
    if wish.round == Round.DECIDING:
        check(actor, Permission.LEAD_APPRAISAL, batch.village_id)
        if Seat.LEADER not in seats:
            raise Forbidden("只有这一批的鉴定小组负责人可以决定，没有记下。")
        return
    other = Round.SECOND if wish.round == Round.FIRST else Round.FIRST
    if wish.round == Round.SECOND and any(Round.FIRST not in one for one in said):
        raise RuleError("有的档案还没有第一人的意见，没有记下；请先由一人提出意见。")
    if any(speakers.get(one.get(other, "")) == actor.id for one in said):
        raise Forbidden("第二人的意见要由另一个人提出，没有记下；请换一位小组成员。")


def _possible(chosen: Sequence[InBatch], wish: OpinionWish, rules: AppraisalRules, today: date) -> None:
    if any(one.record.state != RecordState.ARCHIVED for one in chosen):
        raise Conflict("有的档案正在写入新版本，没有记下；请稍后再试。")
    if wish.verdict == Verdict.DESTROY:
        _none([one for one in chosen if not may_be_destroyed(one, today)], "还没有期满、永久或已停止处置，不能拟销毁")
    if wish.verdict == Verdict.EXTEND:
        _none([one for one in chosen if one.record.due_on is None], "没有期满日，不能续存，可以改为永久")
        _none([one for one in chosen if _shorter(one.record, wish.years or 0, rules, today)], "续存后期满日不比现在晚")


def may_be_destroyed(one: InBatch, today: date) -> bool:
    """Whether a record may be proposed for destruction: run out, taken in as such, and nothing stops it."""
    found = one.record
    has_term = period_of(found).kind in ("years", "event")
    return has_term and found.due_on is not None and found.due_on < today and not one.stopped and not one.why


def _shorter(found: Record, years: int, rules: AppraisalRules, today: date) -> bool:
    new = due_on(Retention("years", years=years), rules.new_start(today, found.due_on))
    return new is None or new < today or (found.due_on is not None and new <= found.due_on)


def _none(wrong: Sequence[InBatch], words: str) -> None:
    if wrong:
        first = wrong[0].record
        raise RuleError(f"“{first.title}”等 {len(wrong)} 件{words}；什么意见都没有记下。")


def standing_by(session: Session, batch_id: str, rules: AppraisalRules) -> dict[str, Opinion]:
    """The opinion that stands for each record of a batch that is judged."""
    return {
        record_id: one
        for record_id, (newest, weighed) in judgements(session, batch_id, rules).items()
        for one in newest.values()
        if weighed.by is not None and one.id == weighed.by.order
    }


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """One record of a batch with what was said of it, newest opinion of each round, and what that comes to."""

    record: Record
    why: str
    open: bool
    outcome: str
    opinions: Mapping[Round, Opinion]
    judged: Judged


def said_of(opinion: Opinion) -> Said:
    """An opinion as the rule book weighs it."""
    return Said(opinion.id, opinion.verdict, str(opinion.years or opinion.ground or ""))


def judgements(
    session: Session, batch_id: str, rules: AppraisalRules, record_ids: Collection[str] | None = None
) -> dict[str, tuple[dict[Round, Opinion], Judged]]:
    """What was said of each record of a batch that anything was said of, and what that comes to; two queries."""
    opinions = {one.id: one for one in opinions_of(session, batch_id)}
    ids = None if record_ids is None else list(record_ids)
    found = {}
    for record_id, by_round in standing_opinions(session, batch_id, ids).items():
        newest = {turn: opinions[one] for turn, one in by_round.items()}
        first, second, deciding = (said_of(newest[turn]) if turn in newest else None for turn in Round)
        found[record_id] = (newest, judged(first, second, deciding, rules))
    return found


NOTHING_SAID: tuple[dict[Round, Opinion], Judged] = ({}, Judged(Agreement.NONE))


def lines(
    session: Session, actor: Actor, batch_id: str, rules: AppraisalRules, after: str = "", size: int = 100,
    wanted: Callable[[Judged], bool] = lambda _: True,
) -> tuple[list[OpinionLine], str | None]:  # fmt: skip
    """The records of a batch that the actor may see, by id, and the id to ask for the next page with.

    `wanted` narrows them to what has come so far, as only disagreements.

    Raises:
        Missing: there is no such batch for this actor.
    """
    batch = appraisal.seen(session, actor, batch_id)
    verdicts = judgements(session, batch.id, rules)
    rows = session.execute(
        select(Record, AppraisedRecord)
        .join(AppraisedRecord, AppraisedRecord.record_id == Record.id)
        .where(AppraisedRecord.batch_id == batch.id, Record.id > after)
        .order_by(Record.id)
    )
    scope, found = scope_of(actor), list[OpinionLine]()
    for record, one in rows:
        if len(found) > size:
            break
        newest, weighed = verdicts.get(record.id, NOTHING_SAID)
        if scope.covers(record.id, record.village_id, record.access, archived=True) and wanted(weighed):
            found.append(OpinionLine(record, one.why, one.open, one.outcome, newest, weighed))
    return found[:size], found[size - 1].record.id if len(found) > size else None


def count_judged(
    session: Session, batch_id: str, rules: AppraisalRules, among: ColumnElement[bool] | None = None
) -> dict[Agreement, int]:
    """How many open records of a batch stand where; `among`: a condition on the records that are counted."""
    verdicts, counts = judgements(session, batch_id, rules), dict.fromkeys(Agreement, 0)
    still = select(AppraisedRecord.record_id).join(Record, Record.id == AppraisedRecord.record_id)
    still = still.where(AppraisedRecord.batch_id == batch_id, AppraisedRecord.open.is_(True))
    still = still.where(AppraisedRecord.outcome == "", true() if among is None else among)
    for record_id in session.scalars(still):
        counts[verdicts.get(record_id, NOTHING_SAID)[1].agreement] += 1
    return counts
