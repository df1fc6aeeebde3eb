"""The filed records that a printed list is made of: chosen by village, year, class and period, in the order of codes.

Within the actor's scope, and where no village is named within the villages of the actor's roles. Rows are streamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import FILED, inside, within
from archive_service.permissions import Actor, scope_of
from classification.outline import Outline, retention_key
from classification.retention import Retention, parse_retention
from storage.database.organisations import Village
from storage.database.physical import Whereabouts
from storage.database.records import Record

A_TIME = 500
INFERRED = frozenset({"inferred", "candidates", "uncertain"})
"""Dates that stand in square brackets."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be printed. What is None does not narrow; `period` is a key of the outline: permanent, "30" …"""

    form: str
    village_id: str | None = None
    year: int | None = None
    class_id: str | None = None
    period: str | None = None
    per_box: int = 50
    thick: int = 30


class Filed(NamedTuple):
    """What a list needs of one record."""

    village: str
    fonds: str
    code: str | None
    class_id: str | None
    retention: Any
    year: int | None
    earliest: date | None
    latest: date | None
    date_wording: str
    date_certainty: str
    doc_number: str
    responsible: str
    title: str
    page_count: int
    note: str
    box: str
    """The box it lies in, where somebody said so."""

    @property
    def period(self) -> Retention:
        """How long it is kept."""
        return parse_retention(self.retention)


_BOX = func.coalesce(Whereabouts.box, "")
_COLUMNS = (
    Village.name, Village.fonds, Record.code, Record.class_id, Record.retention, Record.year, Record.earliest,
    Record.latest, Record.date_wording, Record.date_certainty, Record.doc_number, Record.responsible, Record.title,
    Record.page_count, Record.note, _BOX,
)  # fmt: skip


def homes(actor: Actor) -> frozenset[str] | None:
    """The villages of the actor's roles; None = the whole county."""
    areas = [held.villages for held in actor.roles]
    return None if None in areas else frozenset().union(*(area for area in areas if area is not None))


def chosen(actor: Actor, asked: Asked) -> ColumnElement[bool]:
    """What was asked for as a condition on records, but for the period."""
    parts = [inside(scope_of(actor)), Record.state.in_(FILED)]
    home = frozenset({asked.village_id}) if asked.village_id else homes(actor)
    parts.append(within(Record.village_id, home))
    if asked.year is not None:
        parts.append(Record.year == asked.year)
    if asked.class_id:
        parts.append((Record.class_id == asked.class_id) | Record.class_id.startswith(f"{asked.class_id}-"))
    return and_(*parts)


def filed(session: Session, actor: Actor, asked: Asked, by_box: bool = False) -> Iterator[Filed]:
    """The records in the order of their codes; those without a code come last. `by_box`: box by box."""
    query = select(*_COLUMNS).join(Village, Village.id == Record.village_id).where(chosen(actor, asked))
    query = query.outerjoin(Whereabouts, Whereabouts.record_id == Record.id)
    boxed = (_BOX == "", _BOX) if by_box else ()
    query = query.order_by(Village.fonds, *boxed, Record.code.is_(None), Record.code, Record.id)
    for row in session.execute(query.execution_options(yield_per=A_TIME)):
        found = Filed._make(row)
        if not asked.period or retention_key(found.period) == asked.period:
            yield found


def day(row: Filed | Record) -> str:
    """The date as catalogues write it: 20190305, 201903, 2019; what was inferred in square brackets."""
    first, last = row.earliest, row.latest
    if first is None or last is None:
        return row.date_wording
    said = _span(first, last)
    return f"[{said}]" if row.date_certainty in INFERRED else said


def _span(first: date, last: date) -> str:
    digits = first.isoformat().replace("-", "")
    if first == last:
        return digits
    after = last + timedelta(days=1) if last < date.max else last
    if first.day == 1 and after.day == 1 and (first.year, first.month) == (last.year, last.month):
        return digits[:6]
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return digits[:4]
    return f"{digits}—{last.isoformat().replace('-', '')}"


def topic(outline: Outline, class_id: str | None) -> str:
    """The names of the class from the top; the id where this outline does not have it."""
    return " · ".join(outline.class_path(class_id)) if class_id in outline.classes else class_id or ""


def label(outline: Outline, row: Filed) -> str:
    """The period in the words of the outline."""
    return outline.retention_label(row.period)
