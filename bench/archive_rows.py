"""The invented county of `search_corpus` as rows of a database: villages, records, files, pages. No bytes in the store.

For what goes through the database: rebuilding the index, searching through the action and over HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select

from bench.search_corpus import VILLAGES, Corpus
from storage.database.engine import Sessions
from storage.database.organisations import Village
from storage.database.records import File, PageText, Record, RecordState
from storage.index.documents import IndexDocument

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
A_TIME = 1000
Row = dict[str, Any]


def fill(sessions: Sessions, number: int, length: int) -> Iterator[IndexDocument]:
    """Put so many records into an empty database, and yield each as the corpus made it, once its row is there."""
    with sessions.begin() as session:
        homes = [{"id": f"v{n:03}", "name": name, "fonds": f"V{n:03}"} for n, name in enumerate(VILLAGES)]
        session.execute(insert(Village), [{**home, "township": "", "aliases": []} for home in homes])
    documents = Corpus().documents(number, length)
    while some := list(islice(documents, A_TIME)):
        with sessions.begin() as session:
            session.execute(insert(Record), [_record(one) for one in some])
            session.execute(insert(File), [_file(one) for one in some])
            session.execute(insert(PageText), [_page(one) for one in some])
        yield from some


def filled(sessions: Sessions, number: int, length: int) -> None:
    """Have so many records in the database, unless they are there already."""
    with sessions.read() as session:
        there = session.scalar(select(func.count()).select_from(Record))
    if there != number:
        for _ in fill(sessions, number, length):
            pass


def _record(one: IndexDocument) -> Row:
    state = RecordState.ARCHIVED if one.archived else RecordState.ACCEPTED
    return {
        "id": one.id, "village_id": one.village, "batch_id": one.batch, "state": state, "kind": one.kind,
        "title": one.title, "code": f"{one.code[:-4]}{one.id}", "class_id": one.class_path[-1], "series_id": one.series,
        "retention": one.retention if one.retention == "permanent" else int(one.retention), "year": one.year_from,
        "earliest": one.date_from, "latest": one.date_to, "responsible": one.responsible, "people": list(one.people),
        "places": list(one.places), "access": one.access, "page_count": 1, "created_at": AT, "changed_at": AT,
    }  # fmt: skip


def _file(one: IndexDocument) -> Row:
    return {
        "id": one.id, "record_id": one.id, "village_id": one.village, "name": "会议记录.txt", "path": "会议记录.txt",
        "size": len(one.text), "sha256": one.id, "sha512": one.id, "page_count": 1, "storage_key": one.id,
        "received_at": AT,
    }  # fmt: skip


def _page(one: IndexDocument) -> Row:
    return {"file_id": one.id, "number": 1, "text": one.text}
