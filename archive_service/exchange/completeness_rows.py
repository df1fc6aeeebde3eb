"""Completeness as rows: for programs by their names, for a workbook in Chinese. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from classification.calendar.model import LEVELS, MARKS, Calendar
from classification.calendar.settling import NAMES, Line, State

HEAD = (
    "村",
    "年度",
    "制度",
    "记录",
    "对象",
    "所属期间",
    "起",
    "止",
    "期限",
    "状态",
    "依据",
    "已有几件",
    "由谁形成",
    "频次来自",
)


def row_of(village: str, year: int, line: Line) -> dict[str, Any]:
    """One line for programs: village, year, record, period, state, reason, the records that settle it."""
    return {
        "village": village,
        "year": year,
        "system": line.system,
        "record": line.record,
        "name": line.name,
        "of": line.of,
        "period": line.period.name,
        "from": line.period.first,
        "to": line.period.last,
        "due": line.due,
        "state": line.state.value,
        "reason": line.reason,
        "records": list(line.settled_by),
    }


def printed_rows(calendar: Calendar, years: Iterable[tuple[str, int, Sequence[Line]]]) -> Iterator[list[Any]]:
    """The same for a workbook, in the order of HEAD."""
    systems = {system.id: system.name for system in calendar.systems}
    kinds = {kind.id: kind for kind in calendar.records}
    for village, year, lines in years:
        for line in lines:
            kind = kinds[line.record]
            yield [
                village, year, systems[line.system], line.name, line.of, line.period.name, line.period.first,
                line.period.last, line.due, NAMES[line.state], line.reason, len(line.settled_by),
                LEVELS[kind.cadence.level], MARKS[kind.mark],
            ]  # fmt: skip


def share(cell: Mapping[State, int]) -> int | None:
    """How many in a hundred of what is due are there or explained; None where nothing is due."""
    settled = cell[State.THERE] + cell[State.LATE] + cell[State.DID_NOT_OCCUR]
    due = settled + cell[State.MISSING]
    return round(100 * settled / due) if due else None


def total(cells: Iterable[Mapping[State, int]]) -> dict[State, int]:
    """The sum of several cells."""
    held = list(cells)
    return {state: sum(cell[state] for cell in held) for state in State}
