"""Counts for print: the summary of catalogues, and the yearly statistics by township and village.

Counted by the database within the actor's scope, so that what a person may not see is in no number.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, func, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import within
from archive_service.actions.printing_rows import Asked, chosen, homes
from archive_service.actions.printing_use import Year, used
from archive_service.forms.printed.listing import Cell, Row
from archive_service.permissions import Actor
from classification.outline import Outline, retention_key
from classification.retention import parse_retention
from storage.database.organisations import Village
from storage.database.records import Record

OTHERS = "其他"


class Counted(NamedTuple):
    """Records of one village, year, class and period: how many, their pages, first and last code."""

    village_id: str
    year: int | None
    class_id: str | None
    retention: Any
    records: int
    pages: int
    first: str | None
    last: str | None


def counted(session: Session, wanted: ColumnElement[bool]) -> Iterator[Counted]:
    """The counts of the records under a condition."""
    # PostgreSQL does not group by JSON; the text of a period is the same for the same period.
    group = (Record.village_id, Record.year, Record.class_id, cast(Record.retention, String))
    numbers = (
        func.count(),
        func.coalesce(func.sum(Record.page_count), 0),
        func.min(Record.code),
        func.max(Record.code),
    )
    for row in session.execute(select(*group, *numbers).where(wanted).group_by(*group)):
        one = Counted._make(row)
        yield one._replace(retention=json.loads(one.retention) if one.retention else None)


def top_of(outline: Outline, class_id: str | None) -> str:
    """The name of the class at the top; the id where this outline does not have it."""
    return outline.ancestors(class_id)[0].name if class_id in outline.classes else class_id or OTHERS


def summary_rows(session: Session, actor: Actor, asked: Asked, outline: Outline) -> Iterator[Sequence[Cell]]:
    """The cells of 目录汇总, without their number: one row for each village, year, top class and period."""
    villages = {home.id: home for home in session.scalars(select(Village))}
    order = list(outline.retention_values)
    groups: dict[tuple[Any, ...], list[Counted]] = defaultdict(list)
    for one in counted(session, chosen(actor, asked)):
        period = parse_retention(one.retention)
        key = retention_key(period)
        if asked.period and key != asked.period:
            continue
        home = villages[one.village_id]
        place = order.index(key) if key in order else len(order)
        groups[
            (
                home.fonds,
                home.name,
                one.year or 0,
                top_of(outline, one.class_id),
                place,
                outline.retention_label(period),
            )
        ].append(one)
    for (fonds, name, year, top, _, period_name), some in sorted(groups.items()):
        codes = sorted(code for one in some for code in (one.first, one.last) if code)
        yield (
            fonds, name, str(year or "不详"), top, period_name, sum(one.records for one in some),
            sum(one.pages for one in some), *((codes[0], codes[-1]) if codes else ("待编", "待编")),
        )  # fmt: skip


@dataclass(slots=True)
class Tally:
    """The numbers of one village."""

    township: str
    fonds: str
    name: str
    records: int = 0
    pages: int = 0
    taken_in: int = 0
    used: int = 0
    by_period: Counter[str] = field(default_factory=Counter)
    by_class: Counter[str] = field(default_factory=Counter)


def tallies(session: Session, actor: Actor, asked: Asked, outline: Outline, year: Year) -> list[Tally]:
    """Every village that the actor's roles are for: what it held at the end of the year, took in, and was asked for."""
    here = frozenset({asked.village_id}) if asked.village_id else homes(actor)
    wanted = select(Village).where(within(Village.id, here)).order_by(Village.fonds)
    found = {home.id: Tally(home.township, home.fonds, home.name) for home in session.scalars(wanted)}
    narrowed = Asked(asked.form, asked.village_id, None, asked.class_id)
    held = and_(chosen(actor, narrowed), Record.archived_at < year.ends)
    for one in counted(session, held):
        _count(found[one.village_id], one, outline)
    for village_id, number in _by_village(session, and_(held, Record.archived_at >= year.begins)):
        found[village_id].taken_in = number
    for village_id, number in used(session, chosen(actor, narrowed), year).items():
        found[village_id].used = number
    return list(found.values())


def _count(tally: Tally, one: Counted, outline: Outline) -> None:
    tally.records += one.records
    tally.pages += one.pages
    period = parse_retention(one.retention)
    key = retention_key(period)
    fixed = key in outline.retention_values and period.kind in ("permanent", "years")
    tally.by_period[outline.retention_label(period) if fixed else OTHERS] += one.records
    tally.by_class[top_of(outline, one.class_id)] += one.records


def _by_village(session: Session, wanted: ColumnElement[bool]) -> Iterable[tuple[str, int]]:
    found = session.execute(select(Record.village_id, func.count()).where(wanted).group_by(Record.village_id))
    return ((village_id, number) for village_id, number in found)


def by_period(outline: Outline) -> tuple[list[str], Callable[[Tally], list[int]]]:
    """The columns of the first table and the numbers of a village in them."""
    periods = [one.name for one in outline.retention_values.values() if one.years or one.id == "permanent"]
    names = ["馆藏件数", "馆藏页数", *periods, OTHERS, "本年归档", "本年利用"]
    return names, lambda one: [
        one.records, one.pages, *(one.by_period[name] for name in (*periods, OTHERS)), one.taken_in, one.used
    ]  # fmt: skip


def by_class(outline: Outline, found: Iterable[Tally]) -> tuple[list[str], Callable[[Tally], list[int]]]:
    """The same for the second table: the classes at the top, and those of other outlines that hold something."""
    tops = [one.name for one in outline.classes.values() if one.parent is None]
    names = list(dict.fromkeys([*tops, *(name for one in found for name in one.by_class)]))
    return names, lambda one: [one.by_class[name] for name in names]


def table(found: Sequence[Tally], numbers: Callable[[Tally], list[int]]) -> Iterator[Row]:
    """A row for each village, and after each township its sum where there are several."""
    # The order of the fonds is the county's own.
    townships = list(dict.fromkeys(one.township for one in found))
    place = 0
    for township in townships:
        some = [one for one in found if one.township == township]
        for one in some:
            place += 1
            yield Row((place, one.township, one.fonds, one.name, *numbers(one)))
        if len(townships) > 1:
            sums = [sum(column) for column in zip(*(numbers(one) for one in some), strict=True)]
            yield Row(("", f"{township or '未注明乡镇'}小计", "", f"{len(some)} 个村", *sums), sum=True)
