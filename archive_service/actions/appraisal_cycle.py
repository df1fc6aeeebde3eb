"""Whose turn it is: fonds with records that have run out and no appraisal within the county's cycle.

The law says 定期 without a number (档案法实施条例 art 24); how many years is the county's setting.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside, within
from archive_service.county_time import day_of
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from classification.appraisal_rules import AppraisalRules
from storage.database.appraisal import AppraisalBatch, BatchState
from storage.database.organisations import Village
from storage.database.records import Record, RecordState


@dataclass(frozen=True, slots=True)
class Turn:
    """A fonds, how many of its records have run out, and the day of its last appraisal; None = there was none."""

    village: Village
    due: int
    last: date | None


def turns(session: Session, actor: Actor, rules: AppraisalRules, today: date) -> Sequence[Turn]:
    """The fonds whose turn it is, those never appraised first, then the longest ago. Three queries.

    Raises:
        Forbidden: the actor prepares no appraisals.
    """
    check(actor, Permission.PREPARE_DESTRUCTION)
    mine = within(Record.village_id, reach(actor, Permission.PREPARE_DESTRUCTION))
    wanted = select(Record.village_id, func.count()).where(
        inside(scope_of(actor)), mine, Record.state == RecordState.ARCHIVED, Record.due_on < today
    )
    due = {home: number for home, number in session.execute(wanted.group_by(Record.village_id))}
    opened = select(AppraisalBatch.village_id, func.max(AppraisalBatch.opened_at)).where(
        AppraisalBatch.village_id.in_(due), AppraisalBatch.state != BatchState.GIVEN_UP
    )
    last = {home: day_of(at) for home, at in session.execute(opened.group_by(AppraisalBatch.village_id))}
    homes = session.scalars(select(Village).where(Village.id.in_(due)).order_by(Village.fonds))
    found = [Turn(home, due[home.id], last.get(home.id)) for home in homes]
    over = [one for one in found if _is_over(one.last, rules.cycle_years, today)]
    return sorted(over, key=lambda one: one.last or date.min)


def _is_over(last: date | None, years: int, today: date) -> bool:
    """Whether the cycle has passed: on the same day of that year, or on the last of February for a leap day."""
    if last is None:
        return True
    year = last.year + years
    day = 28 if (last.month, last.day) == (2, 29) and not isleap(year) else last.day
    return last.replace(year=year, day=day) <= today
