"""Taking a reading in: what a file says becomes a proposed record, or the reason why it could not be read.

Every call is safe to repeat: an item that is no longer waiting to be read is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.rulebook import RuleBook
from classification.suggestion import Suggester, Suggestion
from ingest.reading import Facts, Failure, Page, Reading
from storage.database import journal
from storage.database.base import new_id
from storage.database.batches import Item, ItemState
from storage.database.records import File, Kin, OcrState, Record, RecordState, remove_file, replace_all_pages

TEXT_FOR_SUGGESTION = 2000
"""Characters of the text that the suggestion looks at; the beginning says what a paper is."""

RETRIED = frozenset({"timeout", "crashed", "out_of_memory", "reader_died"})
"""The reader's misfortune may be the machine's: these are tried again before a person is asked."""

AWAY = "reader_away"
"""A server that reads was not there: the file waits, and no attempt is counted against it."""

PAUSES = {AWAY: 60, "reader_died": 20}
"""Seconds to wait for a server to come back, by what was wrong with it; others are tried again at once."""

APART = 40
"""Files that were with the server when it broke are spread over so many seconds: the next break names one of them."""

REFUSED = frozenset(
    {
        "corrupt", "encrypted", "empty", "zero_pages", "truncated", "charset", "bomb", "traversal", "symlink",
        "xml_entities", "too_large", "secret", "malware", "forbidden", "nested", "zip_bomb",
    }
)  # fmt: skip
KEPT_NOWHERE = frozenset({"secret"})
"""What must not stay in the house at all: `refuse` lets go of the file, and its bytes are removed after the commit."""

MOST_ATTEMPTS = 2


def take_in_all(session: Session, readings: Mapping[str, Reading], rules: RuleBook, at: datetime) -> list[Record]:
    """Turn readings, by item id, into proposed records.

    What could not be read, or was taken in before, gives none. The number of queries does not grow with the readings.
    """
    waiting = select(Item, File).join(File, File.id == Item.file_id)
    waiting = waiting.where(Item.id.in_(readings), Item.state == ItemState.RECEIVED)
    found = [(item, file, readings[item.id]) for item, file in session.execute(waiting.order_by(Item.id))]
    with session.no_autoflush:
        suggester = rules.suggester(session, [_title(file, reading.facts) for _, file, reading in found])
        taken = [_take_in(session, *one, rules, suggester, at) for one in found]
    read = {file.id: reading.extraction.pages for _, file, reading in found if reading.failure is None}
    replace_all_pages(session, {file_id: [page_row(page) for page in pages] for file_id, pages in read.items()})
    return [record for record in taken if record is not None]


def take_in(session: Session, item_id: str, reading: Reading, rules: RuleBook, at: datetime) -> Record | None:
    """Turn one reading into a proposed record; None when the file could not be read or was taken in before."""
    return next(iter(take_in_all(session, {item_id: reading}, rules, at)), None)


def _take_in(
    session: Session, item: Item, file: File, reading: Reading, rules: RuleBook, suggester: Suggester, at: datetime
) -> Record | None:
    _describe_file(file, reading)
    if reading.failure is not None:
        _fail(session, item, file, reading, at)
        return None
    record = _propose(item, file, reading, rules, suggester, at)
    session.add(record)
    file.record_id = record.id
    if reading.extraction.people:
        # A person of a genealogy points at its record, which must be written first.
        session.flush()
        session.add_all(_kin(record, file, reading))
    item.state, item.record_id = ItemState.PROPOSED, record.id
    item.reason_code = item.reason = item.remedy = ""
    _release(item)
    details = {"title": record.title, "series": record.series_id}
    journal.write(session, at, "system", "record_proposed", "record", record.id, record.village_id, details)
    return record


def _describe_file(file: File, reading: Reading) -> None:
    extraction = reading.extraction
    file.mime, file.format, file.puid = reading.format.mime, reading.format.label[:120], reading.format.puid or ""
    file.page_count = extraction.page_count or len(extraction.pages)
    file.similarity = reading.similarity
    file.details = {"metadata": extraction.metadata, "warnings": list(extraction.warnings)}
    if reading.format.mismatch:
        file.details["warnings"].append("文件名的后缀与内容不符，按内容读取。")
    waits = extraction.needs_ocr and reading.failure is None
    file.ocr_state = OcrState.PENDING if waits else OcrState.NONE


def _fail(session: Session, item: Item, file: File, reading: Reading, at: datetime) -> None:
    failure = reading.failure
    if failure is None:
        return
    _release(item)
    if failure.code == AWAY:
        item.attempts -= 1
    elif failure.code not in RETRIED or item.attempts >= MOST_ATTEMPTS:
        refuse(session, item, file, failure, at)
        return
    if failure.code in PAUSES:
        _postpone(item, failure, at)


def _postpone(item: Item, failure: Failure, at: datetime) -> None:
    """Leave it for later, and say on the item why it still waits: a lease that nobody holds, and that runs out."""
    item.reason_code, item.reason, item.remedy = failure.code, failure.reason, failure.remedy
    item.lease_until = at + timedelta(seconds=PAUSES[failure.code] + crc32(item.id.encode()) % APART)


def refuse(session: Session, item: Item, file: File, failure: Failure, at: datetime) -> None:
    """Write on the item why its file could not be read, and forget a file that may be kept nowhere.

    The bytes of such a file are the caller's to delete, once this is committed.
    """
    item.state = ItemState.REJECTED if failure.code in REFUSED else ItemState.UNREADABLE
    item.reason_code, item.reason, item.remedy = failure.code, failure.reason, failure.remedy
    details = {"path": item.path, "code": failure.code, "sha256": item.sha256}
    journal.write(session, at, "system", "item_unreadable", "item", item.id, item.village_id, details)
    if failure.code in KEPT_NOWHERE:
        item.file_id = None
        remove_file(session, file)
        removed = {**details, "file": file.id, "key": file.storage_key}
        journal.write(session, at, "system", "bytes_removed", "item", item.id, item.village_id, removed)


def _release(item: Item) -> None:
    item.lease_until = item.lease_owner = None


def page_row(page: Page) -> dict[str, Any]:
    """A page as the row that `replace_pages` and `replace_all_pages` write."""
    return {
        "number": page.number,
        "text": page.text,
        "confidence": page.confidence,
        "lines": [[line.text, line.confidence, list(line.box)] for line in page.lines] or None,
        "vertical": page.vertical,
        "width": page.width,
        "height": page.height,
    }


def _kin(record: Record, file: File, reading: Reading) -> list[Kin]:
    return [
        Kin(
            id=new_id(),
            record_id=record.id,
            file_id=file.id,
            number=kinsman.id[:60],
            name=kinsman.name[:120],
            generation=kinsman.generation[:40],
            details={
                "names": kinsman.names, "sex": kinsman.sex, "birth": kinsman.birth, "death": kinsman.death,
                "burial": kinsman.burial, "parents": list(kinsman.parents), "spouses": list(kinsman.spouses),
                "children": list(kinsman.children), "restricted": kinsman.restricted, "note": kinsman.note,
            },
        )
        for kinsman in reading.extraction.people
    ]  # fmt: skip


def _title(file: File, facts: Facts) -> str:
    return facts.title.value if facts.title else file.name.rsplit(".", 1)[0]


def _propose(item: Item, file: File, reading: Reading, rules: RuleBook, suggester: Suggester, at: datetime) -> Record:
    facts, extraction = reading.facts, reading.extraction
    title = _title(file, facts)
    text = "\n".join(page.text for page in extraction.pages)[:TEXT_FOR_SUGGESTION]
    suggestion = suggester.suggest(title, text, path=item.path, kind=extraction.kind)
    record = Record(
        id=new_id(),
        village_id=item.village_id,
        batch_id=item.batch_id,
        state=RecordState.PROPOSED,
        kind=extraction.kind,
        title=title[:600],
        doc_number=facts.doc_number.value if facts.doc_number else "",
        responsible=facts.responsible.value[:300] if facts.responsible else "",
        people=[fact.value for fact in facts.people],
        places=[fact.value for fact in facts.places],
        page_count=file.page_count,
        confident=suggestion.confident,
        proposals=_proposals(facts, suggestion),
        fields=_photo_fields(extraction.metadata) if extraction.kind == "photo" else {},
        created_at=at,
        changed_at=at,
    )
    if facts.date:
        record.earliest, record.latest, record.year = facts.date.earliest, facts.date.latest, facts.date.latest.year
        record.date_wording, record.date_certainty = facts.date.wording[:120], facts.date.certainty
    propose_series(record, suggestion, rules)
    return record


def propose_series(record: Record, suggestion: Suggestion, rules: RuleBook) -> None:
    """Write the best suggestion onto a record, with the period that follows from it."""
    record.unrestricted_access = suggestion.access
    if suggestion.series and suggestion.confident:
        rules.assign(record, suggestion.series[0].series_id)


def _fact(fact: Any) -> dict[str, str] | None:
    return {"value": fact.value, "source": fact.source} if fact else None


def _proposals(facts: Facts, suggestion: Suggestion) -> dict[str, Any]:
    return {
        **suggestion_row(suggestion),
        "title": _fact(facts.title),
        "doc_number": _fact(facts.doc_number),
        "responsible": _fact(facts.responsible),
        "village": _fact(facts.village),
        "people": [_fact(fact) for fact in facts.people],
        "places": [_fact(fact) for fact in facts.places],
        "date": {
            "wording": facts.date.wording,
            "earliest": facts.date.earliest.isoformat(),
            "latest": facts.date.latest.isoformat(),
            "certainty": facts.date.certainty,
            "source": facts.date.source,
        }
        if facts.date
        else None,
    }


def suggestion_row(suggestion: Suggestion) -> dict[str, Any]:
    """The best three series and the access class, with their reasons, as stored with the record."""
    return {
        "series": [
            {"series": one.series_id, "class": one.class_id, "score": round(one.score, 3), "reasons": list(one.reasons)}
            for one in suggestion.series[:3]
        ],
        "confident": suggestion.confident,
        "access": {"value": suggestion.access, "reason": suggestion.access_reason},
    }


PHOTO_FIELDS = {
    "photo.caption": "event",
    "photo.time": "time",
    "photo.place": "place",
    "photo.people": "people",
    "photo.background": "background",
    "photo.maker": "photographer",
    "photo.gps": "gps",
    "photo.device": "device",
}


def _photo_fields(metadata: dict[str, str]) -> dict[str, str]:
    return {field: metadata[key] for key, field in PHOTO_FIELDS.items() if metadata.get(key)}


def storage_keys(session: Session, items: list[Item]) -> dict[str, str]:
    """Where the bytes of these items lie, by item id, in one query."""
    by_file = {item.file_id: item.id for item in items if item.file_id}
    found = session.execute(select(File.id, File.storage_key).where(File.id.in_(by_file)))
    return {by_file[file_id]: key for file_id, key in found}
