"""Several versions of a calendar, one after the other: which counts on which day, and a year that two of them share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from classification.calendar.expected import Expected, Facts, expected
from classification.calendar.model import Calendar, System
from classification.calendar.recognition import Recognised
from classification.calendar.settling import Line, Said, settle

A_WEEK = timedelta(days=6)
"""The last week of a year may end that long after it."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """Calendars in the order of their force, no day under two of them. Each one made is equal to itself only."""

    calendars: tuple[Calendar, ...]

    def in_year(self, year: int) -> tuple[Calendar, ...]:
        """Those that count on some day of that year; where none does, the nearest, which then expects nothing."""
        first, last = date(year, 1, 1), date(year, 12, 31) + A_WEEK
        found = tuple(
            one
            for one in self.calendars
            if one.effective_from <= last and (one.effective_to is None or first <= one.effective_to)
        )
        before = [one for one in self.calendars if one.effective_from <= last]
        return found or (before[-1] if before else self.calendars[0],)

    def of(self, year: int) -> Calendar:
        """What a page about that year shows and papers are recognised by: all its systems, as the last says them."""
        return _merged(self.in_year(year))


def timeline(versions: Iterable[Calendar]) -> Timeline:
    """The timeline of these versions, in the order of import: each ends the day before the next one begins.

    Of two that begin on the same day the later import counts. There must be one at least.
    """
    by_day = {one.effective_from: one for one in sorted(versions, key=lambda one: one.effective_from)}
    ordered = list(by_day.values())
    ends = [one.effective_from - timedelta(days=1) for one in ordered[1:]]
    cut = [_until(one, end) for one, end in zip(ordered, ends, strict=False)]
    return Timeline((*cut, ordered[-1]))


def _until(calendar: Calendar, end: date) -> Calendar:
    own = calendar.effective_to
    return calendar if own is not None and own <= end else replace(calendar, effective_to=end)


@lru_cache(maxsize=64)
def _merged(calendars: tuple[Calendar, ...]) -> Calendar:
    latest = calendars[-1]
    if len(calendars) == 1:
        return latest
    systems: dict[str, System] = {}
    for calendar in calendars:
        for system in calendar.systems:
            before = systems[system.id].records if system.id in systems else ()
            said = {one.id for one in system.records}
            gone = tuple(one for one in before if one.id not in said)
            systems[system.id] = replace(system, records=system.records + gone)
    return replace(latest, systems=tuple(systems.values()))


def expected_in(held: Timeline, year: int, today: date, facts: Facts | None = None) -> tuple[Expected, ...]:
    """Everything expected of a village in that year, each period by the calendar in force on its last day."""
    return tuple(one for calendar in held.in_year(year) for one in expected(calendar, year, today, facts))


def settled_year(
    held: Timeline,
    year: int,
    today: date,
    facts: Facts | None,
    recognised: Callable[[Calendar], Iterable[Recognised]],
    said: Sequence[Said] = (),
    unseen: Collection[str] = (),
) -> tuple[Line, ...]:
    """The state of everything that the calendars of that year expect, in the order in which `Timeline.of` has it.

    `recognised`: the papers as that calendar knows them; a version may know more words than the one before.
    """
    found: list[Line] = []
    for calendar in held.in_year(year):
        wanted = expected(calendar, year, today, facts)
        found += settle(calendar, wanted, recognised(calendar), year, said, unseen)
    if len(held.in_year(year)) == 1:
        return tuple(found)
    order = {kind.id: number for number, kind in enumerate(held.of(year).records)}
    return tuple(sorted(_once(found), key=lambda one: (order[one.record], one.period.first)))


def _once(lines: Iterable[Line]) -> Iterator[Line]:
    """What came in unasked is said once, and not at all where one of the versions asked for it."""
    held = list(lines)
    said = {one.record for one in held if one.due is not None}
    for one in held:
        if one.due is not None:
            yield one
        elif one.record not in said:
            said.add(one.record)
            yield one
