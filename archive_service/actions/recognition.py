"""Taking recognised pages in; when a file is done, what it says improves the proposal of its record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.reading import TEXT_FOR_SUGGESTION, page_row, propose_series, suggestion_row
from archive_service.rulebook import RuleBook
from ingest.facts import propose
from ingest.reading import Failure, Page
from storage.database import journal
from storage.database.outbox import mark
from storage.database.records import File, OcrState, PageText, Record, RecordState, replace_pages

MOST_ATTEMPTS = 3


def pages_done(session: Session, file_id: str) -> set[int]:
    """Pages that were recognised before, or that had text of their own."""
    has_text = PageText.confidence.is_not(None) | (PageText.text != "")
    done = select(PageText.number).where(PageText.file_id == file_id, has_text)
    return set(session.scalars(done))


def keep_page(session: Session, file_id: str, page: Page, lease_until: datetime) -> None:
    """Keep one recognised page and the lease on the file."""
    replace_pages(session, file_id, [page_row(page)])
    session.get_one(File, file_id).ocr_lease_until = lease_until


def close(session: Session, file_id: str, failure: Failure | None, rules: RuleBook, at: datetime) -> None:
    """The file is done, or could not be: mark it, and propose again where a person has not decided yet."""
    file = session.get_one(File, file_id)
    file.ocr_lease_until = None
    if failure is not None:
        if file.ocr_attempts >= MOST_ATTEMPTS:
            file.ocr_state = OcrState.FAILED
            file.details = {**file.details, "warnings": [*file.details.get("warnings", []), failure.reason]}
        return
    file.ocr_state = OcrState.DONE
    if file.record_id is None:
        return
    record = session.get_one(Record, file.record_id)
    if record.state == RecordState.PROPOSED and file.position == 1:
        _propose_again(session, record, file, rules, at)
    mark(session, [record.id])


def _propose_again(session: Session, record: Record, file: File, rules: RuleBook, at: datetime) -> None:
    rows = session.scalars(select(PageText).where(PageText.file_id == file.id).order_by(PageText.number)).all()
    pages = tuple(Page(row.number, row.text, row.confidence) for row in rows)
    facts = propose(file.name, file.path, {}, pages, received=at.date())
    proposals = dict(record.proposals)
    if facts.title and not _said_by_person(record):
        record.title = facts.title.value[:600]
        proposals["title"] = {"value": facts.title.value, "source": facts.title.source}
    if facts.date and record.year is None:
        record.earliest, record.latest, record.year = facts.date.earliest, facts.date.latest, facts.date.latest.year
        record.date_wording, record.date_certainty = facts.date.wording[:120], facts.date.certainty
    record.doc_number = record.doc_number or (facts.doc_number.value if facts.doc_number else "")
    record.responsible = record.responsible or (facts.responsible.value[:300] if facts.responsible else "")
    record.people = record.people or [fact.value for fact in facts.people]
    text = "\n".join(page.text for page in pages)[:TEXT_FOR_SUGGESTION]
    suggestion = rules.suggester.suggest(record.title, text, path=file.path, kind=record.kind)
    record.proposals = {**proposals, **suggestion_row(suggestion)}
    record.confident, record.changed_at = suggestion.confident, at
    propose_series(record, suggestion, rules)
    said = {"title": record.title, "series": record.series_id}
    journal.write(session, at, "system", "record_proposed", "record", record.id, record.village_id, said)


def _said_by_person(record: Record) -> bool:
    return bool(record.described_by)
