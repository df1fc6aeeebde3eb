"""How dossiers stand: in a list, one whole with its records and what is to be looked at, and as evidence of a year.

Records beyond the actor's scope are counted and not named. Nothing is changed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from archive_service.actions.dossiers import Kinds, seen
from archive_service.actions.holdings import inside, within
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from classification.calendar.expected import Happening
from classification.calendar.model import Calendar, RecordKind
from classification.calendar.periods import Every, Period
from classification.calendar.recognition import Paper, Recognised, Recogniser, period_of
from classification.dossier_checks import StepReview, StepState, Verdict, review
from classification.dossiers import DISCLOSURE, PERIOD, POSTINGS, DossierKind, Matter, Step, happenings
from storage.database.dossiers import Dossier, records_of
from storage.database.organisations import Village
from storage.database.records import Record, RecordState

A_PAGE = 100
MOST_PROPOSED = 5
MOST_LOOKED_AT = 400
LONGEST_MATTER = timedelta(days=5 * 366)
"""A matter that was opened longer ago is not asked for its happenings any more."""
DAYS = ("on", "from", "to", "notified_on")


@dataclass(frozen=True, slots=True)
class Tied:
    """A record tied to a step, or proposed for it with the reasons."""

    id: str
    title: str
    code: str | None
    on: date | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step: how it stands, what is written of it, its records, how many more are hidden, what is proposed."""

    review: StepReview
    facts: Mapping[str, Any]
    records: Sequence[Tied]
    hidden: int
    proposed: Sequence[Tied]


@dataclass(frozen=True, slots=True)
class DossierShown:
    """One dossier whole."""

    dossier: Dossier
    village: Village
    kind: DossierKind
    steps: Sequence[StepShown]

    @property
    def gaps(self) -> int:
        """How many steps are not seen, and checks to be looked at."""
        return gaps(one.review for one in self.steps)


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One dossier in a list: the state of each step, and how much is to be looked at."""

    dossier: Dossier
    village: Village
    kind_name: str
    states: Sequence[StepState]
    gaps: int


def gaps(steps: Iterable[StepReview]) -> int:
    """How many steps are not seen, and checks to be looked at."""
    return sum(
        (one.state == StepState.MISSING) + sum(found.verdict == Verdict.LOOK for found in one.findings)
        for one in steps
    )  # fmt: skip


def matter_of(dossier: Dossier, tied: Iterable[tuple[str, str]]) -> Matter:
    """A dossier as the rule book looks at it."""
    steps = {
        step: {name: _day(value) if name in DAYS else value for name, value in facts.items()}
        for step, facts in dossier.steps.items()
    }
    objections = [
        (_day(one["raised_on"]), one["answered_on"] and _day(one["answered_on"])) for one in dossier.objections
    ]
    records = Counter(step for step, _ in tied)
    return Matter(dossier.name, dossier.opened_on, dossier.done_on, steps, records, objections)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def listed(
    session: Session, actor: Actor, kinds: Kinds, today: date, village_id: str = "", kind: str = "", before: str = ""
) -> tuple[list[DossierLine], str | None]:
    """Dossiers of the villages in which the actor catalogues, the newest first; and where the next page begins.

    Raises:
        Forbidden: the actor catalogues nowhere, or not in that village.
    """
    check(actor, Permission.CATALOGUE, village_id or None)
    wanted = select(Dossier, Village).join(Village, Village.id == Dossier.village_id)
    wanted = wanted.where(within(Dossier.village_id, reach(actor, Permission.CATALOGUE)), Dossier.kind.in_(kinds))
    for column, value in ((Dossier.village_id, village_id), (Dossier.kind, kind)):
        wanted = wanted.where(column == value) if value else wanted
    wanted = wanted.where(Dossier.id < before) if before else wanted
    rows = session.execute(wanted.order_by(Dossier.id.desc()).limit(A_PAGE + 1)).all()
    tied = records_of(session, [one.id for one, _ in rows])
    lines = []
    for one, home in rows[:A_PAGE]:
        steps = review(kinds[one.kind], matter_of(one, tied.get(one.id, ())), today)
        lines.append(DossierLine(one, home, kinds[one.kind].name, [step.state for step in steps], gaps(steps)))
    return lines, rows[A_PAGE - 1][0].id if len(rows) > A_PAGE else None


def shown(
    session: Session, actor: Actor, kinds: Kinds, calendar: Calendar, dossier_id: str, today: date
) -> DossierShown:
    """One dossier whole. Four queries, however many records it has.

    Raises:
        Missing: there is none for this actor.
    """
    found = seen(session, actor, dossier_id)
    kind = kinds[found.kind]
    tied = records_of(session, [found.id]).get(found.id, [])
    wanted = select(Record).where(Record.id.in_([record for _, record in tied]), inside(scope_of(actor)))
    open_ = {one.id: _tied(one) for one in session.scalars(wanted)}
    proposed = _proposed(session, actor, calendar, found, kind, {record for _, record in tied})
    steps = []
    for one in review(kind, matter_of(found, tied), today):
        records = [record for step, record in tied if step == one.step.id]
        there = [open_[record] for record in records if record in open_]
        steps.append(
            StepShown(
                one, found.steps.get(one.step.id, {}), there, len(records) - len(there), proposed.get(one.step.id, [])
            )
        )
    return DossierShown(found, session.get_one(Village, found.village_id), kind, steps)


def _tied(record: Record, reasons: tuple[str, ...] = ()) -> Tied:
    return Tied(record.id, record.title, record.code, record.earliest, reasons)


@lru_cache(maxsize=4)
def _recogniser(calendar: Calendar) -> Recogniser:
    return Recogniser(calendar)


def _proposed(
    session: Session, actor: Actor, calendar: Calendar, found: Dossier, kind: DossierKind, tied: set[str]
) -> dict[str, list[Tied]]:
    """Records of the village that look like a step of this matter: those that bear its name first, then by day."""
    years = (found.opened_on.year - 1, (found.done_on or found.opened_on).year + 2)
    series = {one for step in kind.steps for one in step.series}
    wanted = select(Record).where(
        Record.village_id == found.village_id, inside(scope_of(actor)), Record.state != RecordState.WITHDRAWN,
        or_(Record.year.between(*years), Record.year.is_(None)),
        or_(Record.series_id.in_(series), Record.series_id.is_(None), _bears(found.name)),
    )  # fmt: skip
    places = {record: step for step in kind.steps for record in step.also}
    ranked: list[tuple[tuple[bool, date, str], Step, Tied]] = []
    for record in session.scalars(wanted.order_by(Record.id.desc()).limit(MOST_LOOKED_AT)):
        known = _recogniser(calendar).recognise(_paper(record)) if record.id not in tied else None
        step = places.get(known.record) if known else None
        if known and step:
            named = found.name in record.title
            reasons = (f"题名里有“{found.name}”", *known.reasons) if named else known.reasons
            ranked.append(((not named, record.earliest or date.max, record.id), step, _tied(record, reasons)))
    proposed: dict[str, list[Tied]] = {}
    for _, step, one in sorted(ranked, key=lambda row: row[0]):
        held = proposed.setdefault(step.id, [])
        if len(held) < MOST_PROPOSED:
            held.append(one)
    return proposed


def _bears(name: str) -> ColumnElement[bool]:
    return Record.title.contains(name, autoescape=True)


def _paper(record: Record) -> Paper:
    return Paper(record.id, record.title, "", record.series_id or "", record.year, record.earliest, record.latest)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What dossiers say of a village's year: what happened, and which records are which step of it."""

    happenings: tuple[Happening, ...] = ()
    papers: tuple[Recognised, ...] = ()


def dossier_evidence(
    session: Session, actor: Actor, calendar: Calendar, village_ids: Iterable[str], year: int
) -> dict[str, Evidence]:
    """What the dossiers of these villages say of a year, by village. Two queries, or three where records are tied.

    A record counts for a step only within the actor's scope. It counts for the matter by the name of the dossier.
    """
    wanted = select(Dossier).where(
        Dossier.village_id.in_(list(village_ids)), Dossier.opened_on <= date(year, 12, 31),
        Dossier.opened_on >= date(year, 1, 1) - LONGEST_MATTER,
    )  # fmt: skip
    dossiers = session.scalars(wanted.order_by(Dossier.id)).all()
    tied = records_of(session, [one.id for one in dossiers]) if dossiers else {}
    papers = _open_papers(session, actor, {record for rows in tied.values() for _, record in rows})
    kinds = {one.id: one for one in calendar.records}
    found: dict[str, Evidence] = {}
    for one in dossiers:
        rows = tied.get(one.id, [])
        matter = matter_of(one, rows)
        steps = [
            _as_step(kinds, one, matter.day(step), step, papers[record])
            for step, record in rows
            if record in papers and step in kinds
        ]
        held = found.get(one.village_id, Evidence())
        known = tuple(step for step in steps if step)
        found[one.village_id] = Evidence((*held.happenings, *happenings(one.kind, matter)), (*held.papers, *known))
    return found


def _open_papers(session: Session, actor: Actor, record_ids: set[str]) -> dict[str, Paper]:
    if not record_ids:
        return {}
    wanted = select(Record).where(
        Record.id.in_(record_ids), inside(scope_of(actor)), Record.state != RecordState.WITHDRAWN
    )
    return {one.id: _paper(one) for one in session.scalars(wanted)}


def _as_step(
    kinds: Mapping[str, RecordKind], dossier: Dossier, on: date | None, step: str, paper: Paper
) -> Recognised | None:
    """A tied record as the record of the calendar that its step is; None where it has no day at all."""
    kind, day = _posted(kinds, dossier, kinds[step]), on or paper.first
    if day is None:
        return None
    about = dossier.head.get(PERIOD, "")
    named = replace(paper, title=f"{about} {dossier.name} {paper.title}".strip(), first=day, last=day)
    covers = Period(day, day, day.isoformat())
    if kind.cadence.every is not Every.EVENT:
        # What comes again and again is about a period, which its head or name says better than the day of posting.
        covers = period_of(kind, named)[0] or covers
    return Recognised(named, kind.id, covers, (f"挂在“{dossier.name}”的“{kind.name}”",))


def _posted(kinds: Mapping[str, RecordKind], dossier: Dossier, kind: RecordKind) -> RecordKind:
    """Which of the disclosures it is, as the head says."""
    chosen = dossier.head.get(POSTINGS, "")
    if dossier.kind != DISCLOSURE or not chosen or kind.cadence.every is Every.EVENT:
        return kind
    same = [one for one in kinds.values() if one.system_id == kind.system_id and one.name == chosen]
    return same[0] if same else kind
