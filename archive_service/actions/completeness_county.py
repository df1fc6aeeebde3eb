"""Years of villages at a glance: sums of what is computed in `completeness`, remembered as long as they would come out.

What is remembered says from what it follows: the calendar, the village, what the asker may see of it, how often the
village changed. For whoever sees records by name it is computed each time.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Text, cast, delete, insert, select, tuple_
from sqlalchemy.orm import Session

from archive_service.actions.calendars import timeline_of
from archive_service.actions.completeness import VillageYear, computed, homes_of
from archive_service.permissions import Actor, Permission, check, scope_of
from classification.calendar.model import Calendar
from classification.calendar.settling import State
from classification.calendar.tally import Key, good_until, tally
from classification.calendar.timeline import Timeline
from storage.database.governance import RememberedYear, changes
from storage.database.organisations import Village
from storage.database.outlines import outline_in_force

AT_ONCE = 25
"""Villages computed together: bounds memory."""
MOST_YEARS = 20


REMEMBERED = 2000
"""Sums kept unpacked, by what they say: some 10 MB."""
STATES = tuple(State)


@dataclass(frozen=True, slots=True)
class YearSum:
    """How many records of a village and year are in each state, by record and month. `packed` is as `_packed` says."""

    village: Village
    year: int
    packed: str

    @property
    def tallied(self) -> Mapping[Key, int]:
        """By record, month and state."""
        return _unpacked(self.packed)


@dataclass(frozen=True, slots=True)
class County:
    """Years of villages under a timeline. `fresh`: what had to be computed now, to be remembered by `remember`."""

    timeline: Timeline
    sums: tuple[YearSum, ...]
    fresh: tuple[dict[str, object], ...] = ()


def county(
    session: Session, actor: Actor, calendar: Calendar, years: Collection[int], today: date, township: str = "",
    village_id: str | None = None,
) -> County:  # fmt: skip
    """These years of the villages that the actor catalogues for, of those of a township or of one, in order of fonds.

    Raises:
        Forbidden: the actor catalogues nowhere.
    """
    check(actor, Permission.CATALOGUE)
    homes = [one for one in homes_of(session, actor, village_id) if township in ("", one.township)]
    wanted = sorted(years)[-MOST_YEARS:]
    held = timeline_of(session, calendar)
    bases = _bases(session, actor, held, homes, wanted)
    known = _remembered(session, bases, wanted, today) if actor_is_remembered(actor) else {}
    fresh: list[dict[str, object]] = []
    for some in _portions(homes):
        for missing, together in _stale(some, wanted, known).items():
            for one in computed(session, actor, held, together, missing, today):
                packed = _packed(tally(one.lines, one.year))
                fresh.append(_row(one, packed, bases[one.village.id, one.year], today))
                known[one.village.id, one.year] = json.dumps(packed)
    sums = tuple(YearSum(home, year, known[home.id, year]) for home in homes for year in wanted)
    return County(held, sums, tuple(fresh) if actor_is_remembered(actor) else ())


def remember(session: Session, found: County) -> None:
    """Remember what was computed, instead of what was remembered before."""
    keys = tuple_(RememberedYear.village_id, RememberedYear.year, RememberedYear.sight)
    for start in range(0, len(found.fresh), 300):
        some = found.fresh[start : start + 300]
        again = [(one["village_id"], one["year"], one["sight"]) for one in some]
        session.execute(delete(RememberedYear).where(keys.in_(again)))
        session.execute(insert(RememberedYear), list(some))


def actor_is_remembered(actor: Actor) -> bool:
    """Whether what this person sees follows from roles alone."""
    return scope_of(actor).person is None


def _portions(homes: Sequence[Village]) -> Iterable[Sequence[Village]]:
    return (homes[start : start + AT_ONCE] for start in range(0, len(homes), AT_ONCE))


def _stale(
    homes: Iterable[Village], years: Sequence[int], known: Collection[tuple[str, int]]
) -> dict[tuple[int, ...], list[Village]]:
    """The villages that lack the same years, together."""
    found: dict[tuple[int, ...], list[Village]] = {}
    for home in homes:
        missing = tuple(year for year in years if (home.id, year) not in known)
        if missing:
            found.setdefault(missing, []).append(home)
    return found


Basis = tuple[str, str]
"""The sight of the asker on a village, and what the sums of a year of it follow from."""


def _bases(
    session: Session, actor: Actor, held: Timeline, homes: Sequence[Village], years: Sequence[int]
) -> dict[tuple[str, int], Basis]:
    """By village and year."""
    changed = changes(session, [home.id for home in homes])
    outline = outline_in_force(session)
    rules = {year: f"{_document(held, year)} {outline.id if outline else ''}" for year in years}
    found: dict[tuple[str, int], Basis] = {}
    for home in homes:
        sight = _digest(repr(_sight(actor, home.id)))[:32]
        own = f"{changed.get(home.id, '')} {home.merged_on}"
        found |= {(home.id, year): (sight, _digest(f"{rules[year]} {own}")) for year in years}
    return found


def _document(held: Timeline, year: int) -> str:
    """What the calendars of a year say, as a digest: a file may change and keep its version."""
    return "".join(_said(calendar) for calendar in held.in_year(year))


_SAID: dict[int, tuple[Calendar, str]] = {}


def _said(calendar: Calendar) -> str:
    known = _SAID.get(id(calendar))
    if known is None or known[0] is not calendar:
        text = repr((calendar.systems, calendar.settings, calendar.effective_from, calendar.effective_to))
        _SAID[id(calendar)] = known = (calendar, _digest(text))
    return known[1]


def _sight(actor: Actor, village_id: str) -> list[tuple[list[str], bool]]:
    grants = scope_of(actor).grants
    return sorted(
        (sorted(one.access), one.unarchived) for one in grants if one.villages is None or village_id in one.villages
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _remembered(
    session: Session, bases: Mapping[tuple[str, int], Basis], years: Sequence[int], today: date
) -> dict[tuple[str, int], str]:
    """What is remembered and still holds. One query."""
    sights = {sight for sight, _ in bases.values()}
    columns = (
        RememberedYear.village_id, RememberedYear.year, RememberedYear.sight, RememberedYear.basis,
        RememberedYear.computed_on, RememberedYear.good_until, cast(RememberedYear.tallies, Text),
    )  # fmt: skip
    wanted = select(*columns).where(RememberedYear.year.in_(years), RememberedYear.sight.in_(sights))
    homes = {home for home, _ in bases}
    rows = session.execute(wanted.where(RememberedYear.village_id.in_(homes)) if len(homes) <= AT_ONCE else wanted)
    return {
        (home, year): tallies
        for home, year, sight, basis, computed_on, good, tallies in rows
        if bases.get((home, year)) == (sight, basis) and computed_on <= today and (good is None or today <= good)
    }


def _row(one: VillageYear, packed: Mapping[str, Sequence[int]], basis: Basis, today: date) -> dict[str, object]:
    return {
        "village_id": one.village.id, "year": one.year, "sight": basis[0], "basis": basis[1], "computed_on": today,
        "good_until": good_until(one.lines, today), "tallies": packed,
    }  # fmt: skip


def _packed(tallied: Mapping[Key, int]) -> dict[str, list[int]]:
    """By record: month, number of the state, how many, and again; small, for thousands of them are read at once."""
    found: dict[str, list[int]] = {}
    for (record, month, state), number in tallied.items():
        found.setdefault(record, []).extend((month, STATES.index(state), number))
    return found


@lru_cache(maxsize=REMEMBERED)
def _unpacked(packed: str) -> Mapping[Key, int]:
    found: dict[Key, int] = {}
    for record, said in json.loads(packed).items():
        for at in range(0, len(said), 3):
            found[record, said[at], STATES[said[at + 1]]] = said[at + 2]
    return found


def added(sums: Iterable[YearSum]) -> Counter[Key]:
    """The sum of sums."""
    return united(one.tallied for one in sums)


def united(tallies: Iterable[Mapping[Key, int]]) -> Counter[Key]:
    """All of them in one."""
    found: Counter[Key] = Counter()
    for one in tallies:
        found.update(one)
    return found
