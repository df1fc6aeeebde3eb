"""Statements that an expected record did not come about: made with a reason and a name, taken back with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from archive_service.actions.cadres import facts
from archive_service.actions.calendars import timeline_of
from archive_service.permissions import Actor, Permission, can, check
from classification.calendar.expected import Expected, Facts
from classification.calendar.model import Calendar
from classification.calendar.periods import Every
from classification.calendar.settling import whole_year
from classification.calendar.timeline import Timeline, expected_in
from classification.errors import RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.governance import Statement, statements
from storage.database.organisations import village
from storage.errors import Conflict, Missing

LONGEST_REASON, LONGEST_NAME = 300, 120


@dataclass(frozen=True, slots=True)
class Absence:
    """What is stated not to have come about: which record, of which period, of whom, why, and who answers for it.

    Of an event that nobody entered, the period is a whole year.
    """

    village_id: str
    record: str
    first: date
    last: date
    reason: str
    name: str
    of: str = ""


def state_absence(
    session: Session, actor: Actor, calendar: Calendar, absence: Absence, at: datetime, today: date
) -> Statement:
    """Write down that an expected record did not come about. `calendar` counts while the county has imported none.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: no reason or name, nothing of that period is expected, or the period is not over.
        Conflict: it is stated already.
    """
    home = village(session, absence.village_id)
    check(actor, Permission.CATALOGUE, home.id)
    if not absence.reason.strip() or not absence.name.strip():
        raise RuleError("未发生要写明原因和说明人，没有改动。")
    held = timeline_of(session, calendar)
    kind = held.of(absence.last.year).record(absence.record)
    if not _asked(held, absence, today, facts(session, [home])[home.id]):
        raise RuleError(f"这一期没有应有的“{kind.name}”，没有改动。")
    if absence.last >= today:
        raise RuleError(f"“{kind.name}”这一期还没有过完，过完再说明；没有改动。")
    if any(_same(one, absence) for one in statements(session, [home.id], absence.first, absence.last)):
        raise Conflict(f"“{kind.name}”这一期已经有说明了，没有改动。")
    made = Statement(
        id=new_id(), village_id=home.id, record=kind.id, first=absence.first, last=absence.last, of=absence.of,
        reason=absence.reason.strip()[:LONGEST_REASON], stated_by=absence.name.strip()[:LONGEST_NAME], stated_on=today,
        entered_by=actor.login, entered_at=at,
    )  # fmt: skip
    session.add(made)
    details = {
        "name": kind.name, "from": str(made.first), "to": str(made.last), "of": made.of, "reason": made.reason,
        "stated_by": made.stated_by,
    }  # fmt: skip
    journal.write(session, at, actor.login, "absence_stated", "statement", made.id, home.id, details)
    return made


def take_back_statement(session: Session, actor: Actor, statement_id: str, reason: str, at: datetime) -> Statement:
    """Take a statement back; it stays to be seen and settles nothing any more.

    Raises:
        Missing: there is none for this actor.
        RuleError: no reason.
        Conflict: it was taken back before.
    """
    held = session.get(Statement, statement_id)
    if held is None or not can(actor, Permission.CATALOGUE, held.village_id):
        raise Missing("没有这份说明，或者您不能查看它。")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise RuleError(f"撤回说明要写理由，{LONGEST_REASON} 字以内；没有改动。")
    if held.withdrawn_at is not None:
        raise Conflict("这份说明已经撤回，没有改动。")
    held.withdrawn_at, held.withdrawn_by, held.withdraw_reason = at, actor.login, reason.strip()
    held.kept = False
    said = {"record": held.record, "from": str(held.first), "to": str(held.last), "reason": held.withdraw_reason}
    journal.write(session, at, actor.login, "absence_taken_back", "statement", held.id, held.village_id, said)
    return held


def stated(session: Session, actor: Actor, village_id: str, year: int) -> Sequence[Statement]:
    """What was stated about periods of that year, with what was taken back.

    Raises:
        Forbidden: the actor does not catalogue in this village.
    """
    check(actor, Permission.CATALOGUE, village_id)
    return statements(session, [village_id], date(year, 1, 1), date(year, 12, 31), withdrawn=True)


def _asked(held: Timeline, absence: Absence, today: date, known: Facts) -> bool:
    """Whether the period is expected; a week may begin in the year before its own. Or it is a year of an event."""
    years = {absence.first.year, absence.last.year}
    wanted = [one for year in years for one in expected_in(held, year, today, known)]
    if any(_is(one, absence) for one in wanted):
        return True
    year = whole_year(absence.last.year)
    kind = held.of(absence.last.year).record(absence.record)
    whole = (absence.first, absence.last, absence.of) == (year.first, year.last, "")
    return kind.cadence.every is Every.EVENT and whole and all(one.record != kind.id for one in wanted)


def _is(one: Expected, absence: Absence) -> bool:
    wanted = (absence.record, absence.first, absence.last, absence.of)
    return (one.record, one.period.first, one.period.last, one.of) == wanted


def _same(one: Statement, absence: Absence) -> bool:
    return (one.record, one.first, one.last, one.of) == (absence.record, absence.first, absence.last, absence.of)
