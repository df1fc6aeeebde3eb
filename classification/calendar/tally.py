"""Sums over lines of completeness: by record, month and state; what villages lag in, what comes late, month by month.

A tally is small and says nothing of who asked; a sum of tallies is the tally of the sum. Expected is not accused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from classification.calendar.settling import Line, State

Key = tuple[str, int, State]
"""Record, month in which its period ends (0 = nothing was expected), state."""
SETTLED = (State.THERE, State.LATE, State.DID_NOT_OCCUR)


def tally(lines: Iterable[Line], year: int) -> Counter[Key]:
    """How many lines of each record, month of the period's end, and state. A period that ends after the year is of
    December."""
    return Counter((one.record, _month(one, year), one.state) for one in lines)


def _month(line: Line, year: int) -> int:
    if line.due is None:
        return 0
    return 12 if line.period.last.year > year else line.period.last.month


def by_system(tallied: Mapping[Key, int], systems: Mapping[str, str]) -> dict[str, dict[State, int]]:
    """The same by system; `systems`: the system of each record. A record that no system has is left out."""
    found: dict[str, dict[State, int]] = {}
    for (record, _, state), number in tallied.items():
        if record in systems:
            found.setdefault(systems[record], dict.fromkeys(State, 0))[state] += number
    return found


def by_month(tallied: Mapping[Key, int]) -> dict[int, dict[State, int]]:
    """The same by month, all twelve; what was not expected in any month is left out."""
    found = {month: dict.fromkeys(State, 0) for month in range(1, 13)}
    for (_, month, state), number in tallied.items():
        if month:
            found[month][state] += number
    return found


def by_record(tallied: Mapping[Key, int]) -> dict[str, dict[State, int]]:
    """The same by record."""
    found: dict[str, dict[State, int]] = {}
    for (record, _, state), number in tallied.items():
        found.setdefault(record, dict.fromkeys(State, 0))[state] += number
    return found


def whole(tallied: Mapping[Key, int]) -> dict[State, int]:
    """How many in each state."""
    found = dict.fromkeys(State, 0)
    for (_, _, state), number in tallied.items():
        found[state] += number
    return found


def share(cell: Mapping[State, int]) -> int | None:
    """How many in a hundred of what is due are there or explained; None where nothing is due."""
    settled = sum(cell[state] for state in SETTLED)
    due = settled + cell[State.MISSING]
    return round(100 * settled / due) if due else None


@dataclass(frozen=True, slots=True)
class Slow:
    """A record that comes late or is not seen: how many late, how many not seen, of how many that are due."""

    record: str
    late: int
    missing: int
    due: int


def slowest(tallied: Mapping[Key, int], most: int = 12) -> list[Slow]:
    """The records with most late or not seen, the most first; equal ones in the order of their ids."""
    found = [
        Slow(record, cell[State.LATE], cell[State.MISSING], sum(cell[one] for one in (*SETTLED, State.MISSING)))
        for record, cell in by_record(tallied).items()
    ]
    open_ = [one for one in found if one.late or one.missing]
    return sorted(open_, key=lambda one: (-(one.late + one.missing), one.record))[:most]


def good_until(lines: Iterable[Line], today: date) -> date | None:
    """The last day on which the same lines have the same states if nothing changes; None = for ever.

    Only the passing of a due day changes a state by itself.
    """
    return min((one.due for one in lines if one.state is State.NOT_YET and one.due and one.due >= today), default=None)
