"""Reading the journal: who did what, when, to which thing; newest first, page by page, within the reader's scope.

What was done to a record that the reader may not see is left out by the query itself: not shown, not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside, within
from archive_service.permissions import NAMED_CLASSES, Actor, Permission, check, reach, scope_of
from storage.database.journal import JournalEntry
from storage.database.records import Record, RecordState


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty fields ask for nothing. `since` is included, `until` is not."""

    actor: str = ""
    act: str = ""
    object_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """One page of the journal, the records it speaks of by id, and where the next page begins."""

    entries: Sequence[JournalEntry]
    records: dict[str, Record]
    after: str | None


def read(session: Session, actor: Actor, wanted: Wanted, after: str | None = None, size: int = 50) -> Entries:
    """The entries that fit, newest first. `after` is the last entry of the page before.

    Raises:
        Forbidden: the actor may not read the journal.
    """
    check(actor, Permission.SEE_JOURNAL)
    query = select(JournalEntry).where(_in_scope(actor), *_conditions(wanted))
    if after:
        query = query.where(JournalEntry.id < after)
    found = session.scalars(query.order_by(JournalEntry.id.desc()).limit(size + 1)).all()
    shown = found[:size]
    ids = {one.object_id for one in shown if one.object_type == "record"}
    records = session.scalars(select(Record).where(Record.id.in_(ids))) if ids else ()
    return Entries(shown, {one.id: one for one in records}, shown[-1].id if len(found) > size else None)


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    hidden = NAMED_CLASSES - actor.clearances
    taken_back = and_(Record.state == RecordState.WITHDRAWN, Record.access.not_in(hidden))
    seen = select(Record.id).where(or_(inside(scope_of(actor)), taken_back))
    condition = or_(JournalEntry.object_type != "record", JournalEntry.object_id.in_(seen))
    return and_(condition, within(JournalEntry.village_id, reach(actor, Permission.SEE_JOURNAL)))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (JournalEntry.actor, wanted.actor),
        (JournalEntry.act, wanted.act),
        (JournalEntry.object_id, wanted.object_id),
    ):
        if value:
            yield column == value
    if wanted.since:
        yield JournalEntry.at >= wanted.since
    if wanted.until:
        yield JournalEntry.at < wanted.until
