"""A file that the service made itself becomes one record in the normal way: received, read, described, journaled.

Its text is known here, so that no reader has to be started for it. A person accepts and archives it as any other.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive_service.actions import catalogue
from archive_service.actions.reading import take_in
from archive_service.permissions import Actor
from archive_service.rulebook import rule_book
from archive_service.tasks.receiving import close_upload, open_upload, receive_stream
from archive_service.wiring import Archive
from ingest.reading import Extraction, Fact, Facts, FileFormat, Page, Reading
from storage.database import journal
from storage.database.batches import Batch, Item
from storage.database.records import Record
from storage.errors import NotReady

FORMATS = {
    "xlsx": FileFormat("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 工作簿", "xlsx"),
    "pdf": FileFormat("application/pdf", "PDF", "pdf"),
}
MADE_HERE = "由系统按登记生成"


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its name with an ending of FORMATS, bytes, text, title, series, and its date in words."""

    name: str
    content: bytes
    text: str
    title: str
    series: str
    dated: str


def hand_in_made(
    archive: Archive, actor: Actor, village_id: str, made: Made, then: Callable[[Session, str], None]
) -> str:
    """Hand it in; `then` hears the line of the batch, in the transaction of the record. Returns the record.

    Raises:
        Forbidden: the actor does not hand in for this village.
        RuleError: the outline has no such series.
        NotReady: the store cannot keep it, or another process took it up; what was received is kept.
    """
    batch_id = open_upload(archive, actor, village_id, made.name)
    with archive.sessions.read() as session:
        batch = session.get_one(Batch, batch_id)
    taken = receive_stream(archive, batch, made.name, io.BytesIO(made.content))
    close_upload(archive, batch_id)
    item_id = taken[0].item_id
    at = archive.now()
    with archive.sessions.begin() as session:
        rules = rule_book(session)
        take_in(session, item_id, _reading(made), rules, at)
        session.flush()
        record_id = session.get_one(Item, item_id).record_id
        if record_id is None:
            raise NotReady(f"“{made.name}”没有收下，请过一会儿再交一次。")
        record, changes = session.get_one(Record, record_id), {"series": made.series, "date": made.dated}
        # Said of it as it is made, whoever may open it afterwards: its text may make it one for named persons only.
        said = catalogue.correct(record, {"title": made.title, **changes}, rules, at)
        journal.write(session, at, actor.login, "record_described", "record", record.id, village_id, said)
        then(session, item_id)
    return record_id


def _reading(made: Made) -> Reading:
    pages = (Page(1, made.text),)
    facts = Facts(title=Fact(made.title, MADE_HERE))
    return Reading(FORMATS[made.name.rsplit(".", 1)[-1]], Extraction(pages, {}, 1), facts)
