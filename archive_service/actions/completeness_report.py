"""The yearly report of a village and the lists of what to ask for: sums and lines put together, nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.actions.completeness import VillageYear, village_years
from archive_service.actions.completeness_county import YearSum, added
from archive_service.actions.holdings import inside
from archive_service.permissions import Actor, scope_of
from classification.calendar.model import LEVELS, Calendar, StatutorySeries
from classification.calendar.settling import Line, State
from classification.calendar.tally import Key, share, whole
from storage.database.records import Record
from storage.errors import Missing


@dataclass(frozen=True, slots=True)
class StatutoryLine:
    """One statutory series: how many records of it are here, of that year and of all years."""

    series: StatutorySeries
    of_year: int
    ever: int


@dataclass(frozen=True, slots=True)
class Report:
    """A village's year: what is there, and the statutory series of village affairs beside it."""

    shown: VillageYear
    statutory: tuple[StatutoryLine, ...]


def report(session: Session, actor: Actor, calendar: Calendar, village_id: str, year: int, today: date) -> Report:
    """The report of a village and year, of what the actor may see.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        Missing: there is no such village.
    """
    found = village_years(session, actor, calendar, year, today, village_id)
    if not found:
        raise Missing("没有这个村。")
    shown = found[0]
    counted = select(Record.series_id, Record.year == year, func.count()).where(
        inside(scope_of(actor)), Record.village_id == village_id, Record.series_id.is_not(None)
    )
    held: dict[str, list[int]] = {}
    for series, now, number in session.execute(counted.group_by(Record.series_id, Record.year == year)):
        both = held.setdefault(series or "", [0, 0])
        both[0] += number if now else 0
        both[1] += number
    return Report(shown, tuple(_statutory(one, held) for one in shown.calendar.statutory))


def _statutory(one: StatutorySeries, held: Mapping[str, Sequence[int]]) -> StatutoryLine:
    of_year, ever = (sum(held.get(series, (0, 0))[at] for series in one.series) for at in (0, 1))
    return StatutoryLine(one, of_year, ever)


@dataclass(frozen=True, slots=True)
class Rolled:
    """A township, or a village, with its sums; `percent` of what is due, None where nothing is."""

    name: str
    tallied: Mapping[Key, int]
    percent: int | None
    states: Mapping[State, int]


def by_township(sums: Iterable[YearSum]) -> list[Rolled]:
    """The sums of each township, in the order in which its first village comes."""
    found: dict[str, list[YearSum]] = {}
    for one in sums:
        found.setdefault(one.village.township, []).append(one)
    return [_rolled(name, added(held)) for name, held in found.items()]


def behind(sums: Iterable[YearSum], most: int = 20) -> list[Rolled]:
    """The villages with most not seen, the most first; those with nothing not seen are left out."""
    found = [_rolled(one.village.name, one.tallied) for one in sums]
    lacking = [one for one in found if one.states[State.MISSING]]
    return sorted(lacking, key=lambda one: -one.states[State.MISSING])[:most]


def _rolled(name: str, tallied: Mapping[Key, int]) -> Rolled:
    states = whole(tallied)
    return Rolled(name, tallied, share(states), states)


def to_ask(shown: VillageYear) -> list[tuple[str, Line]]:
    """What is not seen, with who forms it and may be asked for it: the village, its township, the county."""
    kinds = {kind.id: kind for kind in shown.calendar.records}
    places = {"village": shown.village.name, "township": shown.village.township or LEVELS["township"]}
    return [
        (places.get(level := kinds[one.record].cadence.level, LEVELS[level]), one)
        for one in shown.lines
        if one.state is State.MISSING
    ]
