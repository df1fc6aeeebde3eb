"""Closing a batch: what the group said is carried out: new terms and permanence written, holds placed, the rest listed.

The store must then be given the new versions (see `tasks.appraising`). Nothing here removes anything: what is to be
destroyed only stands on the list that a register is made of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from archive_service.actions import appraisal, holds
from archive_service.actions.appraisal_opinions import (
    VERDICT_WORDS,
    InBatch,
    count_judged,
    may_be_destroyed,
    open_records,
    standing_by,
)
from archive_service.permissions import Actor, Forbidden, Permission, check
from archive_service.rulebook import period_of
from classification.appraisal_opinions import Agreement
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import Seat
from classification.errors import RuleError
from classification.retention import PERMANENT, Retention, due_on
from storage.database import journal
from storage.database.appraisal import AppraisalBatch, BatchState, Opinion, Verdict, records_in
from storage.database.holds import HoldKind
from storage.database.records import Record, RecordState
from storage.errors import Conflict
from storage.index.door import SearchIndex

STOPPED = "stopped"
"""The outcome of a record that was to be destroyed and is held, lent or not due any more when the batch is closed."""


@dataclass
class Closed:
    """What became of a batch: how many of each outcome, and the records of which the store needs a new version."""

    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: list[str] = field(default_factory=list)


def close(
    session: Session, index: SearchIndex, actor: Actor, batch_id: str, rules: AppraisalRules, at: datetime, today: date
) -> Closed:
    """Carry out what stands, by the leader of the group.

    Raises:
        Missing: no such batch for this actor. Conflict: it is closed, or one of its records is just being written.
        Forbidden: the actor does not lead the group. RuleError: something is not judged yet, or disagreed upon.
    """
    batch = appraisal.still_open(session, actor, batch_id)
    check(actor, Permission.LEAD_APPRAISAL, batch.village_id)
    if Seat.LEADER not in appraisal.check_member(session, actor, batch):
        raise Forbidden("只有这一批的鉴定小组负责人可以结束鉴定，没有改动。")
    there = open_records(session, batch.id)
    if any(one.record.state != RecordState.ARCHIVED for one in there.values()):
        raise Conflict("有的档案正在写入新版本，没有结束鉴定；请稍后再试。")
    standing = _standing(session, batch, there, rules)
    closed = Closed()
    outcomes = {one: _carry_out(session, there[one], by, rules, at, today, closed) for one, by in standing.items()}
    _place_holds(session, index, actor, batch, outcomes, standing, at, today)
    for line in records_in(session, batch.id):
        if line.record_id in outcomes:
            line.outcome = outcomes[line.record_id]
            line.open = line.outcome == Verdict.DESTROY
            closed.outcomes[line.outcome] += 1
    batch.state, batch.closed_by, batch.closed_at, batch.kept = BatchState.CLOSED, actor.login, at, False
    said = {"outcomes": dict(closed.outcomes)}
    journal.write(session, at, actor.login, "appraisal_closed", "appraisal", batch.id, batch.village_id, said)
    return closed


def _standing(
    session: Session, batch: AppraisalBatch, there: Mapping[str, InBatch], rules: AppraisalRules
) -> dict[str, Opinion]:
    """The opinion that stands for each open record.

    Raises:
        RuleError: one has none.
    """
    found = {one: by for one, by in standing_by(session, batch.id, rules).items() if one in there}
    if len(found) < len(there):
        counts = count_judged(session, batch.id, rules)
        lacking = [f"{counts[one]} 件{one.zh}" for one in Agreement if one != Agreement.SETTLED and counts[one]]
        raise RuleError(f"还不能结束鉴定：{'；'.join(lacking)}；已经提出的意见都在。")
    if not found:
        raise RuleError("这一批里没有档案，不用结束；不要了可以放弃这一批。")
    return found


def _carry_out(
    session: Session, one: InBatch, by: Opinion, rules: AppraisalRules, at: datetime, today: date, closed: Closed
) -> str:
    """The outcome of one record, and its new term where it has one."""
    found = one.record
    if by.verdict == Verdict.DESTROY:
        # A hold or a loan since it was said: it stays, and is judged anew.
        return Verdict.DESTROY if may_be_destroyed(one, today) else STOPPED
    if by.verdict == Verdict.EXTEND:
        start = rules.new_start(today, found.due_on)
        _set_term(session, found, Retention("years", years=by.years), start, by, at)
        closed.changed.append(found.id)
    if by.verdict == Verdict.PERMANENT and period_of(found) != PERMANENT:
        _set_term(session, found, PERMANENT, None, by, at)
        closed.changed.append(found.id)
    return by.verdict


def _set_term(
    session: Session, found: Record, period: Retention, start: date | None, by: Opinion, at: datetime
) -> None:
    """Write a new term; the code stays. The record waits for the store as after every revision."""
    before = _term(found)
    found.retention, found.starts_on = period.stored, start or found.starts_on
    found.due_on = due_on(period, start) if start else None
    found.state, found.changed_at = RecordState.ARCHIVING, at
    after = _term(found)
    said: dict[str, Any] = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    said |= {
        "reason": by.reason, "verdict": VERDICT_WORDS[Verdict(by.verdict)], "appraisal": by.batch_id, "opinion": by.id,
    }  # fmt: skip
    journal.write(session, at, by.login, "record_revised", "record", found.id, found.village_id, said)


def _term(found: Record) -> dict[str, Any]:
    starts, due = (day and day.isoformat() for day in (found.starts_on, found.due_on))
    return {"retention": found.retention, "starts_on": starts, "due_on": due}


def _place_holds(
    session: Session, index: SearchIndex, actor: Actor, batch: AppraisalBatch, outcomes: Mapping[str, str],
    standing: Mapping[str, Opinion], at: datetime, today: date,
) -> None:  # fmt: skip
    """One hold for each opinion that asks for one."""
    by_opinion: dict[str, list[str]] = defaultdict(list)
    for record_id, outcome in outcomes.items():
        if outcome == Verdict.HOLD:
            by_opinion[standing[record_id].id].append(record_id)
    for ids in by_opinion.values():
        by = standing[ids[0]]
        day = by.review_on if by.review_on and by.review_on >= today else None
        wish = holds.Wish(
            HoldKind.RECORDS, by.ground, by.reason, records=tuple(ids), village=batch.village_id, review_on=day
        )
        holds.place(session, index, actor, wish, at, today)
