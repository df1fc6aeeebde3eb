"""What should be there and is not: villages × systems of a year, computed from the records that the asker may see.

The number of queries does not depend on how many villages or records there are. Nothing that is computed is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside, within
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from archive_service.rulebook import outline_of
from classification.calendar.expected import Expected, Facts, expected
from classification.calendar.model import Calendar
from classification.calendar.recognition import FIRST_WORDS, Paper, Recognised, Recogniser
from classification.calendar.settling import Line, Said, State, counts, settle, unplaced
from classification.errors import RuleError
from classification.outline import Outline
from storage.database import journal
from storage.database.base import new_id
from storage.database.governance import Statement, statements
from storage.database.organisations import Village, village
from storage.database.outlines import outline_in_force
from storage.database.records import File, PageText, Record
from storage.errors import Conflict

MOST_REMEMBERED = 100_000
LONGEST_REASON, LONGEST_NAME = 300, 120


@dataclass(frozen=True, slots=True)
class VillageYear:
    """One village in one year: every record of the calendar with its state, and the papers that fit no period."""

    village: Village
    year: int
    lines: tuple[Line, ...]
    unplaced: tuple[Recognised, ...]

    @property
    def cells(self) -> Mapping[str, dict[State, int]]:
        """How many records of each system are in each state."""
        return counts(self.lines)


def village_years(
    session: Session, actor: Actor, calendar: Calendar, year: int, today: date, village_id: str | None = None
) -> list[VillageYear]:
    """The year of each village that the actor catalogues for, or of one, in the order of their fonds.

    Raises:
        Forbidden: the actor catalogues nowhere, or not in that village.
    """
    check(actor, Permission.CATALOGUE, village_id)
    homes = _homes(session, actor, village_id)
    papers = _papers(session, actor, homes, year)
    said = _said(session, homes, year)
    version = outline_in_force(session)
    outline = outline_of(version) if version else None
    return [
        _village_year(calendar, home, year, today, papers, said, _unseen(actor, home.id, outline)) for home in homes
    ]


def _village_year(
    calendar: Calendar,
    home: Village,
    year: int,
    today: date,
    papers: Mapping[str, list[Paper]],
    said: Mapping[str, list[Said]],
    unseen: frozenset[str],
) -> VillageYear:
    found = [one for paper in papers.get(home.id, ()) if (one := _recognised(calendar, paper))]
    wanted = expected(calendar, year, today, facts_of(home))
    lines = settle(calendar, wanted, found, year, said.get(home.id, ()), unseen)
    return VillageYear(home, year, lines, unplaced(found, lines, year))


def facts_of(home: Village) -> Facts:
    """What the service holds of a village that the calendar asks about."""
    return Facts(merged=home.merged_on)


def _homes(session: Session, actor: Actor, village_id: str | None) -> Sequence[Village]:
    wanted = select(Village).where(within(Village.id, reach(actor, Permission.CATALOGUE))).order_by(Village.fonds)
    return session.scalars(wanted.where(Village.id == village_id) if village_id else wanted).all()


def _papers(session: Session, actor: Actor, homes: Iterable[Village], year: int) -> dict[str, list[Paper]]:
    """What lies in these villages and may be of that year, by village. Two queries."""
    near = or_(Record.year.between(year - 1, year + 1), Record.year.is_(None))
    wanted = (inside(scope_of(actor)), near, Record.village_id.in_([home.id for home in homes]))
    first_words = _first_words(session, select(Record.id).where(*wanted))
    rows = session.execute(
        select(
            Record.village_id, Record.id, Record.title, Record.series_id, Record.year, Record.earliest, Record.latest
        ).where(*wanted).order_by(Record.id)
    )  # fmt: skip
    found: dict[str, list[Paper]] = {}
    for home, id_, title, series, of_year, first, last in rows:
        paper = Paper(id_, title, first_words.get(id_, ""), series or "", of_year, first, last)
        found.setdefault(home, []).append(paper)
    return found


def _first_words(session: Session, record_ids: Select[str]) -> dict[str, str]:
    rows = session.execute(
        select(File.record_id, func.substr(PageText.text, 1, FIRST_WORDS))
        .join(PageText, PageText.file_id == File.id)
        .where(PageText.number == 1, File.position == 1, File.record_id.in_(record_ids))
    )
    return {id_: text for id_, text in rows}


def _said(session: Session, homes: Iterable[Village], year: int) -> dict[str, list[Said]]:
    # The weeks at the turn of the year reach a few days into its neighbours.
    held = statements(session, [home.id for home in homes], date(year - 1, 12, 1), date(year + 1, 1, 31))
    found: dict[str, list[Said]] = {}
    for one in held:
        said = Said(one.record, one.first, one.last, one.of, one.reason, one.stated_by, one.stated_on)
        found.setdefault(one.village_id, []).append(said)
    return found


def _unseen(actor: Actor, village_id: str, outline: Outline | None) -> frozenset[str]:
    """The series whose records this person does not see in this village: what is not seen is not called missing."""
    if outline is None:
        return frozenset()
    grants = scope_of(actor).grants
    seen = {access for one in grants if one.villages is None or village_id in one.villages for access in one.access}
    return frozenset(series.id for series in outline.series.values() if series.access not in seen)


@lru_cache(maxsize=4)
def _recogniser(calendar: Calendar) -> Recogniser:
    return Recogniser(calendar)


@lru_cache(maxsize=MOST_REMEMBERED)
def _recognised(calendar: Calendar, paper: Paper) -> Recognised | None:
    """Remembered by everything it follows from, so that what is remembered is always what would be computed."""
    return _recogniser(calendar).recognise(paper)


@dataclass(frozen=True, slots=True)
class Absence:
    """What is stated not to have come about: which record, of which period, of whom, why, and who answers for it."""

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
    """Write down that an expected record did not come about.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: no reason or name, nothing of that period is expected, or the period is not over.
        Conflict: it is stated already.
    """
    home = village(session, absence.village_id)
    check(actor, Permission.CATALOGUE, home.id)
    if not absence.reason.strip() or not absence.name.strip():
        raise RuleError("未发生要写明原因和说明人，没有改动。")
    kind = calendar.record(absence.record)
    if not any(_is(one, absence) for one in _near(calendar, absence, today, facts_of(home))):
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


def _near(calendar: Calendar, absence: Absence, today: date, facts: Facts) -> list[Expected]:
    """What is expected in the years that the period touches: a week may begin in the year before its own."""
    years = {absence.first.year, absence.last.year}
    return [one for year in years for one in expected(calendar, year, today, facts)]


def _is(one: Expected, absence: Absence) -> bool:
    wanted = (absence.record, absence.first, absence.last, absence.of)
    return (one.record, one.period.first, one.period.last, one.of) == wanted


def _same(one: Statement, absence: Absence) -> bool:
    return (one.record, one.first, one.last, one.of) == (absence.record, absence.first, absence.last, absence.of)
