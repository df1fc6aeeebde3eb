"""What is expected beside what is there: there, late, missing, not yet, did not occur, not checked. Pure.

Expected is not accused: what is not there by its day is 未见, and each state says from what it follows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from classification.calendar.expected import Expected
from classification.calendar.model import Calendar, RecordKind
from classification.calendar.periods import Every, Period
from classification.calendar.recognition import Recognised


class State(StrEnum):
    """The values are those of the API."""

    THERE = "there"
    LATE = "late"
    MISSING = "missing"
    NOT_YET = "not_yet"
    DID_NOT_OCCUR = "did_not_occur"
    NOT_CHECKED = "not_checked"


NAMES = {
    State.THERE: "已有",
    State.LATE: "已有，晚于期限",
    State.MISSING: "未见",
    State.NOT_YET: "未到期",
    State.DID_NOT_OCCUR: "未发生（有说明）",
    State.NOT_CHECKED: "未检查",
}
"""Neutral words: nobody is accused."""
LONGEST_SHEET = 184
"""Days of half a year: what covers more is a book, and only a record that may be handed in as a book counts as one."""
DAYS_OF_A_WEEK = 7
THURSDAY = timedelta(days=3)
UNSEEN = "这类材料您看不到，没有检查"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that a record did not come about."""

    record: str
    first: date
    last: date
    of: str
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Line:
    """One record of one period and its state. `due` None: nothing was expected, and something came in."""

    record: str
    system: str
    name: str
    period: Period
    due: date | None
    state: State
    reason: str
    of: str = ""
    settled_by: tuple[str, ...] = ()


def settle(
    calendar: Calendar,
    wanted: Iterable[Expected],
    papers: Iterable[Recognised],
    year: int,
    said: Iterable[Said] = (),
    unseen: Collection[str] = (),
) -> tuple[Line, ...]:
    """The state of everything expected, and what came in of events that nobody gave; in the order of the calendar.

    `unseen`: series that the asker cannot see; a record of such a series is not checked, unless it is there.
    """
    there: dict[str, list[Recognised]] = {}
    for paper in papers:
        there.setdefault(paper.record, []).append(paper)
    stated = list(said)
    kinds = {kind.id: kind for kind in calendar.records}
    lines = [_line(calendar, kinds[one.record], one, there.get(one.record, []), stated, unseen) for one in wanted]
    asked = {one.record for one in lines}
    unasked = [kind for kind in calendar.records if kind.cadence.every is Every.EVENT and kind.id not in asked]
    lines += [line for kind in unasked if (line := _unasked(kind, there.get(kind.id, []), stated, year))]
    order = {kind.id: number for number, kind in enumerate(calendar.records)}
    return tuple(sorted(lines, key=lambda one: (order[one.record], one.period.first)))


def _line(
    calendar: Calendar,
    kind: RecordKind,
    one: Expected,
    papers: list[Recognised],
    said: list[Said],
    unseen: Collection[str],
) -> Line:
    found = [paper for paper in papers if _settles(kind, one, paper)]
    state, reason = _state(one, found, said, unseen, kind)
    ids = tuple(paper.paper.id for paper in found)
    more = f"；{one.remark}" if one.remark else ""
    return Line(one.record, one.system, one.name, one.period, one.due, state, reason + more, one.of, ids)


def _state(
    one: Expected, found: list[Recognised], said: list[Said], unseen: Collection[str], kind: RecordKind
) -> tuple[State, str]:
    if len(found) >= one.needed:
        sheets = [paper for paper in found if paper.covers and one.period.holds(paper.covers.first, paper.covers.last)]
        dated = sorted(paper.paper.first for paper in sheets if paper.paper.first)
        # Late only if the earliest day its date may mean is; and a book is begun before.
        late = len(sheets) == len(found) and len(dated) >= one.needed
        after = dated[one.needed - 1] if late else None
        if after and after > one.due:
            return State.LATE, f"形成于 {after}，期限是 {one.due}"
        return State.THERE, _why(found[0])
    stated = next((mine for mine in said if _about(mine, one)), None)
    if stated:
        return State.DID_NOT_OCCUR, f"{stated.by} {stated.on} 说明：{stated.reason}"
    if any(series in unseen for series in kind.series):
        return State.NOT_CHECKED, UNSEEN
    if not one.past:
        return State.NOT_YET, f"{one.due} 到期"
    return State.MISSING, f"要 {one.needed} 件，见到 {len(found)} 件，{one.due} 到期"


def _why(found: Recognised) -> str:
    return "，".join(found.reasons)


def _settles(kind: RecordKind, one: Expected, paper: Recognised) -> bool:
    """Whether a paper is about this period: what it covers lies inside, or it is a book that covers the whole of it."""
    covers = paper.covers
    if covers is None or (one.of and one.of not in paper.paper.title + paper.paper.first_words):
        return False
    if kind.cadence.every in (Every.EVENT, Every.TERM):
        return one.period.first <= covers.last and bool(one.of)
    return one.period.holds(covers.first, covers.last) or (
        _longer(kind, one, covers) and (kind.cadence.volume is not None or _days(covers) <= LONGEST_SHEET)
    )


def _longer(kind: RecordKind, one: Expected, covers: Period) -> bool:
    """Whether what a paper covers goes beyond the period and takes it in. A week counts with its Thursday."""
    if kind.cadence.every is Every.WEEK:
        return _days(covers) > DAYS_OF_A_WEEK and covers.holds(*[one.period.first + THURSDAY] * 2)
    return _days(covers) > _days(one.period) and covers.holds(one.period.first, one.period.last)


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1


def _about(said: Said, one: Expected) -> bool:
    same = said.record == one.record and said.of == one.of
    return same and said.first <= one.period.first and one.period.last <= said.last


def _of_year(papers: list[Recognised], year: int) -> list[Recognised]:
    return [paper for paper in papers if paper.covers and paper.covers.first.year == year]


def whole_year(year: int) -> Period:
    """The period of a statement that nothing of a kind occurred in a year."""
    return Period(date(year, 1, 1), date(year, 12, 31), "全年")


def _unasked(kind: RecordKind, papers: list[Recognised], said: list[Said], year: int) -> Line | None:
    """Of an event that nobody gave: what came in, else the statement that there was none in the year."""
    found, whole = _of_year(papers, year), whole_year(year)
    if not found:
        about = (kind.id, whole.first, whole.last, "")
        mine = next((one for one in said if (one.record, one.first, one.last, one.of) == about), None)
        reason = mine and f"{mine.by} {mine.on} 说明：{mine.reason}"
        state = State.DID_NOT_OCCUR
        return Line(kind.id, kind.system_id, kind.name, whole, None, state, reason) if reason else None
    ids = tuple(paper.paper.id for paper in found)
    reason = f"按发生计，已有 {len(found)} 件"
    return Line(kind.id, kind.system_id, kind.name, whole, None, State.THERE, reason, settled_by=ids)


def unplaced(papers: Iterable[Recognised], lines: Iterable[Line], year: int) -> tuple[Recognised, ...]:
    """Papers of the year that were recognised and settle nothing: a person should say which period they are of."""
    settled = {one for line in lines for one in line.settled_by}
    return tuple(
        paper
        for paper in papers
        if paper.paper.id not in settled and (paper.covers.first if paper.covers else date(year, 1, 1)).year == year
    )


def counts(lines: Iterable[Line]) -> Mapping[str, dict[State, int]]:
    """How many lines of each system are in each state."""
    found: dict[str, dict[State, int]] = {}
    for line in lines:
        cell = found.setdefault(line.system, dict.fromkeys(State, 0))
        cell[line.state] += 1
    return found
