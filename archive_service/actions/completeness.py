"""What should be there and is not: villages × systems of a year, computed from the records that the asker may see.

The number of queries does not depend on how many villages or records there are. What is computed here is not stored;
`completeness_county` remembers sums of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from archive_service.actions.cadres import facts
from archive_service.actions.calendars import timeline_of
from archive_service.actions.dossier_views import Evidence, dossier_evidence
from archive_service.actions.holdings import inside, within
from archive_service.actions.ledgers import ledger_evidence
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from archive_service.rulebook import outline_of
from classification.calendar.expected import Facts
from classification.calendar.model import Calendar
from classification.calendar.recognition import FIRST_WORDS, Paper, Recognised, Recogniser
from classification.calendar.settling import Line, Said, State, counts, unplaced
from classification.calendar.timeline import Timeline, settled_year
from classification.outline import Outline
from storage.database.governance import statements
from storage.database.organisations import Village
from storage.database.outlines import outline_in_force
from storage.database.records import File, OcrState, PageText, Record

MOST_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class VillageYear:
    """One village in one year: every record of its calendar with its state, and the papers that fit no period."""

    village: Village
    year: int
    calendar: Calendar
    lines: tuple[Line, ...]
    unplaced: tuple[Recognised, ...]

    @property
    def cells(self) -> Mapping[str, dict[State, int]]:
        """How many records of each system are in each state."""
        return counts(self.lines)


def village_years(
    session: Session, actor: Actor, calendar: Calendar, year: int, today: date, village_id: str | None = None,
    after: str = "", most: int | None = None,
) -> list[VillageYear]:  # fmt: skip
    """The year of each village that the actor catalogues for, or of one, in the order of their fonds.

    `calendar` counts while the county has imported none.

    `after` is a fonds: only villages behind it; `most`: so many of them.

    Raises:
        Forbidden: the actor catalogues nowhere, or not in that village.
    """
    check(actor, Permission.CATALOGUE, village_id)
    homes = [one for one in homes_of(session, actor, village_id) if one.fonds > after][:most]
    return computed(session, actor, timeline_of(session, calendar), homes, (year,), today)


def computed(
    session: Session, actor: Actor, held: Timeline, homes: Sequence[Village], years: Collection[int], today: date
) -> list[VillageYear]:
    """These years of these villages, village by village; the number of queries depends on the years at most."""
    ids = [home.id for home in homes]
    papers, said, known = _papers(session, actor, homes, years), _said(session, homes, years), facts(session, homes)
    version = outline_in_force(session)
    outline = outline_of(version) if version else None
    books = {year: ledger_evidence(session, held.of(year), ids, year) for year in years}
    matters = {year: dossier_evidence(session, actor, held.of(year), ids, year) for year in years}
    made: list[VillageYear] = []
    for home in homes:
        unseen, own = _unseen(actor, home.id, outline), papers.get(home.id, [])
        for year in years:
            matter = matters[year].get(home.id, Evidence())
            had = _Had(_near(own, year), (*books[year].get(home.id, ()), *matter.papers))
            also = _also(known[home.id], matter)
            made.append(_village_year(held, home, year, today, had, also, said.get(home.id, ()), unseen))
    return made


@dataclass(frozen=True, slots=True)
class _Had:
    """What there is: papers to be recognised, and what is known for sure (rows of ledgers, steps of dossiers)."""

    papers: tuple[Paper, ...]
    sure: tuple[Recognised, ...]

    def recognised(self, calendar: Calendar) -> list[Recognised]:
        """All of it by that calendar. What a person tied to a step is that step, and nothing else."""
        if not self.sure:
            return [one for paper in self.papers if (one := _recognised(calendar, paper))]
        tied = {one.paper.id for one in self.sure}
        kinds = {kind.id for kind in calendar.records}
        found = [one for paper in self.papers if paper.id not in tied and (one := _recognised(calendar, paper))]
        return [*found, *(one for one in self.sure if one.record in kinds)]


def _near(papers: Iterable[Paper], year: int) -> tuple[Paper, ...]:
    return tuple(one for one in papers if one.year is None or abs(one.year - year) <= 1)


def _also(known: Facts, matter: Evidence) -> Facts:
    """What a dossier sets off happened too; nobody has to enter it twice."""
    if not matter.happenings:
        return known
    return replace(known, happenings=tuple(dict.fromkeys((*known.happenings, *matter.happenings))))


def _village_year(
    held: Timeline, home: Village, year: int, today: date, had: _Had, known: Facts, said: Sequence[Said],
    unseen: frozenset[str],
) -> VillageYear:  # fmt: skip
    lines = settled_year(held, year, today, known, had.recognised, said, unseen)
    calendar = held.of(year)
    return VillageYear(home, year, calendar, lines, unplaced(had.recognised(calendar), lines, year))


def homes_of(session: Session, actor: Actor, village_id: str | None = None) -> Sequence[Village]:
    """The villages that the actor catalogues for, or the one of them, in the order of their fonds."""
    wanted = select(Village).where(within(Village.id, reach(actor, Permission.CATALOGUE))).order_by(Village.fonds)
    return session.scalars(wanted.where(Village.id == village_id) if village_id else wanted).all()


def _papers(session: Session, actor: Actor, homes: Iterable[Village], years: Collection[int]) -> dict[str, list[Paper]]:
    """What lies in these villages and may be of those years, by village. Two queries."""
    near = or_(Record.year.between(min(years) - 1, max(years) + 1), Record.year.is_(None))
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
        # What is being recognised counts when it is done: a file's state tells that it changed.
        .where(File.ocr_state != OcrState.PENDING)
    )
    return {id_: text for id_, text in rows}


def _said(session: Session, homes: Iterable[Village], years: Collection[int]) -> dict[str, list[Said]]:
    # The weeks at the turn of the year reach a few days into its neighbours.
    first, last = date(min(years) - 1, 12, 1), date(max(years) + 1, 1, 31)
    held = statements(session, [home.id for home in homes], first, last)
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
