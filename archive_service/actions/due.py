"""What has run out, what has not and why, and what will: always within what the actor may see, and never anything done.

A page of a list takes the same number of statements however much there is. Time only puts a record here; people do the
rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, literal, not_, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive_service.actions.holdings import inside, number_of, within
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from archive_service.rulebook import outline_of, period_of
from classification.disposal import GROUNDS, Standing, standing
from classification.errors import RuleError
from classification.retention import WhyStep, why
from classification.transfer import TransferState
from storage.database.holds import Hold, held_ids, holds_on
from storage.database.outlines import OutlineVersion
from storage.database.physical import Loan, out
from storage.database.records import Record, RecordState
from storage.database.transfers import Transfer, transfers_of, under_way
from storage.errors import Missing

A_PAGE = 100
LONGEST_FORECAST = 50
STOPPED = "stopped"
SHOWN = (*Standing, STOPPED)
"""What a list may show: a standing, or what has run out and is stopped by a hold or a loan."""
DATED = frozenset({Standing.DUE, Standing.RUNNING, STOPPED})
"""Those whose records have a last day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which records: `show` is one of SHOWN; with a `year`, those whose term ends in it, run out or not."""

    show: str = Standing.DUE
    village: str | None = None
    year: int | None = None
    after: str = ""
    size: int = A_PAGE
    most: int | None = None
    """How far the whole list is counted."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One record: where it stands, clause → period → start → due, and what stops it."""

    record: Record
    standing: Standing
    why: tuple[WhyStep, ...]
    holds: Sequence[Hold] = ()
    loan: Loan | None = None
    transfer: Transfer | None = None
    """The transfer that it is in, or by which it went; only one that is under way stops it."""

    @property
    def stops(self) -> list[str]:
        """What stops it, a sentence each. Reasons and borrowers are not told here."""
        said = [f"停止处置：{GROUNDS.get(one.ground, one.ground)}" for one in self.holds]
        if self.loan:
            said.append(f"原件借出，{self.loan.due_on} 应还")
        if self.transfer and self.transfer.state != TransferState.RECEIVED:
            said.append(f"正在移交：{self.transfer.number}")
        return said


@dataclass(frozen=True, slots=True)
class DueList:
    """One page: the lines, how many there are in all, and where the next page begins."""

    lines: Sequence[DueLine]
    total: int
    after: str | None


def due_list(session: Session, actor: Actor, asked: Asked, today: date) -> DueList:
    """One page of records by where they stand; by the last day of their term, then by id.

    Raises:
        Forbidden: the actor does not see the due list.
        RuleError: there is no such list, or no such year.
        Missing: the place to go on from is none.
    """
    check(actor, Permission.SEE_DUE)
    wanted = and_(_seen(actor), _shown(asked, today))
    if asked.village:
        wanted = and_(wanted, Record.village_id == asked.village)
    total = number_of(session, wanted, asked.most)
    query = select(Record).where(wanted, *_behind(asked.after)).order_by(*_order(asked))
    found = session.scalars(query.limit(asked.size + 1)).all()
    shown = found[: asked.size]
    return DueList(_lines(session, shown, today), total, _place(shown[-1]) if len(found) > asked.size else None)


def number_due(session: Session, actor: Actor, today: date, most: int | None = None) -> int:
    """How many records have run out and nothing stops. Whether the actor may know is asked before."""
    return number_of(session, and_(_seen(actor), _shown(Asked(), today)), most)


def _seen(actor: Actor) -> ColumnElement[bool]:
    allowed = and_(inside(scope_of(actor)), within(Record.village_id, reach(actor, Permission.SEE_DUE)))
    return and_(Record.state == RecordState.ARCHIVED, allowed)


def _shown(asked: Asked, today: date) -> ColumnElement[bool]:
    if asked.year is not None:
        if not 1 <= asked.year <= 9998:
            raise RuleError(f"年度“{asked.year}”不是有效的年份。")
        return Record.due_on.between(date(asked.year, 1, 1), date(asked.year, 12, 31))
    if asked.show not in SHOWN:
        raise RuleError(f"没有“{asked.show}”这种清单；可以看 {'、'.join(SHOWN)}。")
    if asked.show == Standing.DUE:
        return and_(Record.due_on < today, not_(stopped()))
    if asked.show == STOPPED:
        return and_(Record.due_on < today, stopped())
    if asked.show == Standing.RUNNING:
        return Record.due_on >= today
    return Record.undue == asked.show


def stopped() -> ColumnElement[bool]:
    """What a hold, a loan or a transfer under way stops, as a condition on records."""
    lent = select(Loan.record_id).where(Loan.returned_on.is_(None))
    return or_(Record.id.in_(held_ids()), Record.id.in_(lent), Record.id.in_(under_way()))


def _order(asked: Asked) -> tuple[InstrumentedAttribute[Any], ...]:
    """Where a standing has no day, none of its rows has one, and the id alone is the order: its index is another."""
    return (Record.due_on, Record.id) if asked.year is not None or asked.show in DATED else (Record.id,)


def _behind(after: str) -> list[ColumnElement[bool]]:
    if not after:
        return []
    day, _, record_id = after.rpartition(".")
    try:
        last = date.fromisoformat(day) if day else None
    except ValueError as bad:
        raise Missing("没有这一页，请从第一页看起。") from bad
    if last is None:
        return [Record.id > record_id]
    return [tuple_(Record.due_on, Record.id) > tuple_(literal(last), literal(record_id))]


def _place(record: Record) -> str:
    return f"{record.due_on.isoformat() if record.due_on else ''}.{record.id}"


def _lines(session: Session, found: Sequence[Record], today: date) -> list[DueLine]:
    ids = [one.id for one in found]
    held, lent, going = holds_on(session, ids), out(session, ids), transfers_of(session, ids)
    versions = {one.outline_id for one in found if one.outline_id}
    outlines = {one.id: one for one in session.scalars(select(OutlineVersion).where(OutlineVersion.id.in_(versions)))}
    return [
        DueLine(
            one,
            standing(period_of(one), one.starts_on, today),
            _arithmetic(one, outlines.get(one.outline_id or "")),
            held.get(one.id, ()),
            lent.get(one.id),
            going.get(one.id),
        )
        for one in found
    ]


def _arithmetic(record: Record, version: OutlineVersion | None) -> tuple[WhyStep, ...]:
    """Clause → evidence → period → start → due, by the version and row that gave the period."""
    outline = outline_of(version) if version else None
    if outline is None or record.series_id is None or record.series_id not in outline.series:
        return ()
    settled = period_of(record)
    facts = outline.retention_facts(
        record.series_id, record.year, record.retention_choice if settled.kind == "split" else None, record.event_on,
        retention=settled, start=record.starts_on,
    )  # fmt: skip
    return tuple(step for step in why(facts) if step.kind != "banner")


@dataclass(frozen=True, slots=True)
class Count:
    """How many records stand somewhere."""

    show: str
    number: int


def standings(
    session: Session, actor: Actor, today: date, village: str | None = None, most: int | None = None
) -> list[Count]:
    """How many records stand where, in the order of SHOWN; `due` leaves out what is stopped. `most`: see `number_of`.

    Raises:
        Forbidden: the actor does not see the due list.
    """
    check(actor, Permission.SEE_DUE)
    here = _seen(actor) if village is None else and_(_seen(actor), Record.village_id == village)
    return [Count(str(show), number_of(session, and_(here, _shown(Asked(show), today)), most)) for show in SHOWN]


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """How many records of one class run out in one year."""

    year: int
    class_id: str | None
    number: int


def forecast(session: Session, actor: Actor, today: date, years: int, village: str | None = None) -> list[ForecastLine]:
    """What runs out from today on, in this year and the `years` - 1 after it, by year and class.

    Holds, loans and extensions to come are not known yet, so they are not taken off.

    Raises:
        Forbidden: the actor does not see the due list.
        RuleError: so many years are not foretold.
    """
    check(actor, Permission.SEE_DUE)
    if not 1 <= years <= LONGEST_FORECAST:
        raise RuleError(f"预测的年数应在 1 至 {LONGEST_FORECAST} 之间。")
    end = date(today.year + years, 1, 1) - timedelta(days=1)
    wanted = and_(_seen(actor), Record.due_on.between(today, end))
    if village:
        wanted = and_(wanted, Record.village_id == village)
    year = extract("year", Record.due_on)
    rows = session.execute(select(year, Record.class_id, func.count()).where(wanted).group_by(year, Record.class_id))
    found = [ForecastLine(int(one), class_id, number) for one, class_id, number in rows]
    return sorted(found, key=lambda line: (line.year, line.class_id or ""))
