"""Which records a village is expected to have in a year: from calendar, year, day and what is known of it.

What is there is not looked at; see `settling`. An event is expected only where it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from classification.calendar.model import LEVELS, Cadence, Calendar, RecordKind
from classification.calendar.periods import Every, Period, last_of_month, periods

NO_ROLL = "村干部名单未登记，先按一份计"


@dataclass(frozen=True, slots=True)
class Post:
    """A person in a post, from when to when; None = still."""

    person: str
    since: date
    until: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether this person was in the post on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Happening:
    """A matter, topic, session … : what set it off, when, and its name."""

    trigger: str
    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one village. `posts` None = nobody has said; `terms`: first days of its committees' terms."""

    founded: date | None = None
    merged: date | None = None
    posts: tuple[Post, ...] | None = None
    happenings: tuple[Happening, ...] = ()
    terms: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """One record that is expected: which, for whom (a person or a matter; empty = the village), of which period.

    `needed` records settle it; `due` is the last day in time; `past` = that day is over.
    """

    record: str
    system: str
    name: str
    period: Period
    due: date
    needed: int = 1
    of: str = ""
    past: bool = True
    remark: str = ""


def expected(calendar: Calendar, year: int, today: date, facts: Facts | None = None) -> tuple[Expected, ...]:
    """Everything expected of a village in that year, in the order of the calendar.

    Left out: periods that end before the calendar takes effect or after it ends, that the village did not see the
    end of, cadences that the county has left open, and events that are not given.
    """
    known = facts or Facts()
    found = (one for kind in calendar.records for one in _of_kind(calendar, kind, year, known))
    return tuple(one if one.due < today else replace(one, past=False) for one in found)


def _of_kind(calendar: Calendar, kind: RecordKind, year: int, facts: Facts) -> Iterator[Expected]:
    if kind.cadence.every is Every.EVENT:
        yield from _of_events(calendar, kind, year, facts)
    elif kind.cadence.every is Every.TERM:
        yield from _of_terms(calendar, kind, year, facts)
    elif kind.cadence.every is not None:
        for period in periods(kind.cadence.every, year, calendar.holidays):
            if _counts(calendar, facts, period.last):
                yield from _of_period(calendar, kind, period, facts)


def _counts(calendar: Calendar, facts: Facts, day: date) -> bool:
    """Whether the calendar was in force and the village there on that day."""
    in_force = calendar.effective_from <= day and (calendar.effective_to is None or day <= calendar.effective_to)
    there = (facts.founded is None or facts.founded <= day) and (facts.merged is None or day < facts.merged)
    return in_force and there


def _of_period(calendar: Calendar, kind: RecordKind, period: Period, facts: Facts) -> Iterator[Expected]:
    due, remark = due_day(calendar, kind.cadence, period), _level(kind.cadence)
    wanted = Expected(kind.id, kind.system_id, kind.name, period, due, kind.cadence.least, remark=remark)
    if kind.cadence.per != "cadre":
        yield wanted
    elif facts.posts is None:
        yield replace(wanted, remark=NO_ROLL)
    else:
        day = formed_in(kind.cadence, period)[1]
        for person in dict.fromkeys(post.person for post in facts.posts if post.held_on(day)):
            yield replace(wanted, of=person)


def _of_events(calendar: Calendar, kind: RecordKind, year: int, facts: Facts) -> Iterator[Expected]:
    for one in facts.happenings:
        if one.trigger == kind.cadence.trigger and one.on.year == year and _counts(calendar, facts, one.on):
            yield _from_day(calendar, kind, one.on, one.on, one.name)


def _of_terms(calendar: Calendar, kind: RecordKind, year: int, facts: Facts) -> Iterator[Expected]:
    starts = sorted(facts.terms)
    for number, first in enumerate(starts):
        last = starts[number + 1] - timedelta(days=1) if number + 1 < len(starts) else first
        if first.year == year and _counts(calendar, facts, first):
            yield _from_day(calendar, kind, first, last, f"{year}年换届")


def _from_day(calendar: Calendar, kind: RecordKind, first: date, last: date, of: str) -> Expected:
    days = kind.cadence.due_days
    due = first + timedelta(days=calendar.default_due_days if days is None else days)
    period = Period(first, last, f"{first.month}月{first.day}日")
    remark = _level(kind.cadence)
    return Expected(kind.id, kind.system_id, kind.name, period, due, kind.cadence.least, of, remark=remark)


def formed_in(cadence: Cadence, period: Period) -> tuple[date, date]:
    """The days in which the record of a period is to be formed: its window, else the period itself."""
    if cadence.window is None:
        return period.first, period.last
    year = period.last.year + cadence.window_next_year
    return date(year, cadence.window[0], 1), last_of_month(year, cadence.window[1])


def due_day(calendar: Calendar, cadence: Cadence, period: Period) -> date:
    """The last day on which the record of a period is in time."""
    if cadence.due_by:
        return date(period.last.year + 1, *cadence.due_by)
    silent = 0 if cadence.window else calendar.default_due_days
    days = silent if cadence.due_days is None else cadence.due_days
    return formed_in(cadence, period)[1] + timedelta(days=days)


def _level(cadence: Cadence) -> str:
    return "" if cadence.level == "village" else f"由{LEVELS[cadence.level]}形成，村存一份"
