"""What belongs near a record: papers of the same number, of the same people, of the same series in the years around.

Asked of the index within the scope, and looked up once more in the database, so that it shows what a search would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.permissions import Actor, scope_of
from storage.database.records import Record
from storage.index.door import SearchIndex
from storage.index.query import SearchRequest

MOST = 8
OF_ONE_REASON = 4
MOST_PEOPLE = 10
SAME_NUMBER, SAME_PEOPLE, SAME_SERIES = "同一文号", "写着同样的人", "同一条目、前后年份"


@dataclass(frozen=True, slots=True)
class Related:
    """A record that belongs near, and why."""

    record: Record
    why: str


def related(session: Session, index: SearchIndex, actor: Actor, found: Record) -> list[Related]:
    """The nearest first; at most three questions to the index and one to the database."""
    scope = scope_of(actor)
    why: dict[str, str] = {}
    for reason, request in _questions(found):
        for hit in index.search(request, scope).hits:
            if hit.id != found.id:
                why.setdefault(hit.id, reason)
    ids = list(why)[:MOST]
    wanted = select(Record).where(Record.id.in_(ids), inside(scope))
    records = {one.id: one for one in session.scalars(wanted)}
    return [Related(records[id_], why[id_]) for id_ in ids if id_ in records]


def _questions(found: Record) -> Iterator[tuple[str, SearchRequest]]:
    size = OF_ONE_REASON + 1
    if found.doc_number:
        yield SAME_NUMBER, SearchRequest(text=f"“{found.doc_number}”", villages=(found.village_id,), size=size)
    if found.people:
        people = tuple(str(name) for name in found.people[:MOST_PEOPLE])
        yield SAME_PEOPLE, SearchRequest(villages=(found.village_id,), people=people, sort="newest", size=size)
    if found.series_id and found.year:
        around = (found.year - 1, found.year + 1)
        yield (
            SAME_SERIES,
            SearchRequest(
                villages=(found.village_id,), series=(found.series_id,), years=around, sort="newest", size=size
            ),
        )
