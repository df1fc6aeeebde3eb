"""Searching: the engine finds within the actor's scope; the database supplies page, snippet and marks of the hits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.permissions import Actor, scope_of
from storage.database.organisations import Village, villages_by_id
from storage.database.records import File, Record, files_of, texts_of
from storage.index.door import SearchIndex
from storage.index.highlight import Excerpt, Marked, excerpt, mark
from storage.index.query import SearchAnswer, SearchRequest


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as shown: the record, its marked title, and the best page with its marked passage."""

    record: Record
    village: Village
    title: Marked
    file: File | None
    excerpt: Excerpt | None
    score: float
    rung: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits and what the engine said about the search."""

    hits: tuple[Found, ...]
    answer: SearchAnswer


def find(session: Session, index: SearchIndex, actor: Actor, request: SearchRequest) -> Results:
    """Search. The scope is the actor's; the hits shown are checked against the database once more."""
    scope = scope_of(actor)
    answer = index.search(request, scope)
    ids = [hit.id for hit in answer.hits]
    seen = select(Record).where(Record.id.in_(ids), inside(scope))
    found = {record.id: record for record in session.scalars(seen)}
    by_record = files_of(session, found)
    pages = texts_of(session, [file.id for files in by_record.values() for file in files])
    homes = villages_by_id(session, (record.village_id for record in found.values()))
    hits = []
    for hit in answer.hits:
        record = found.get(hit.id)
        if record is None:
            # The index lags behind a change of access by a moment; the database decides.
            continue
        file, passage = _best_passage(by_record[hit.id], pages, answer)
        home = homes[record.village_id]
        hits.append(Found(record, home, mark(record.title, answer.terms), file, passage, hit.score, hit.rung))
    return Results(tuple(hits), answer)


def _best_passage(
    files: list[File], pages: dict[str, list[tuple[int, str]]], answer: SearchAnswer
) -> tuple[File | None, Excerpt | None]:
    best: tuple[File | None, Excerpt | None] = (files[0] if files else None, None)
    for file in files:
        passage = excerpt(pages[file.id], answer.terms)
        if passage is not None and (best[1] is None or passage.weight > best[1].weight):
            best = (file, passage)
    return best
