"""Taking recognised pages in; when a file is done, what it says improves the proposal of its record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.reading import TEXT_FOR_SUGGESTION, page_row, propose_series, refuse, suggestion_row
from archive_service.rulebook import RuleBook
from ingest.errors import Secret
from ingest.reading import Fact, Facts, Failure, Page
from storage.database import journal
from storage.database.batches import Item
from storage.database.organisations import Village
from storage.database.outbox import mark
from storage.database.records import File, OcrState, PageText, Record, RecordState, files_of, replace_pages

MOST_ATTEMPTS = 3
SECRET_IN_ARCHIVE = "识别出的文字标有“{marking}”，可能属于国家秘密；档案没有改动，请立即报县（乡镇）保密工作机构处理。"


def pages_done(session: Session, file_id: str) -> set[int]:
    """Pages that were recognised before, or that had text of their own."""
    has_text = PageText.confidence.is_not(None) | (PageText.text != "")
    done = select(PageText.number).where(PageText.file_id == file_id, has_text)
    return set(session.scalars(done))


def keep_page(session: Session, file_id: str, page: Page, lease_until: datetime) -> None:
    """Keep one recognised page and the lease on the file."""
    replace_pages(session, file_id, [page_row(page)])
    session.get_one(File, file_id).ocr_lease_until = lease_until


def close(session: Session, file_id: str, failure: Failure | None, rules: RuleBook, at: datetime) -> dict[str, str]:
    """The file is done, or could not be: mark it, and propose again where a person has not decided yet.

    Returns what must leave the store after the commit, because the pages bear a secrecy marking: storage keys by id
    of their file, empty as a rule.
    """
    # The rules of facts are loaded by whoever recognises a scan, not by every server that starts.
    from ingest.facts import propose

    file = session.get_one(File, file_id)
    file.ocr_lease_until = None
    record = session.get_one(Record, file.record_id) if file.record_id else None
    pages = _pages(session, file)
    home = session.get_one(Village, file.village_id).name
    facts = propose(file.name, file.path, {}, pages, (home,), home=home, received=at.date())
    if record and facts.secrecy:
        if record.state in (RecordState.PROPOSED, RecordState.ACCEPTED):
            return _let_go(session, record, Secret.marked(facts.secrecy.value).failure, at)
        _point_out(session, record, file, facts.secrecy, at)
    if failure is not None:
        if file.ocr_attempts >= MOST_ATTEMPTS:
            file.ocr_state = OcrState.FAILED
            _warn(file, failure.reason)
        return {}
    file.ocr_state = OcrState.DONE
    if record and record.state == RecordState.PROPOSED and file.position == 1:
        _propose_again(session, record, file, pages, facts, rules, at)
    if record:
        mark(session, [record.id])
    return {}


def _pages(session: Session, file: File) -> tuple[Page, ...]:
    rows = session.scalars(select(PageText).where(PageText.file_id == file.id).order_by(PageText.number))
    return tuple(Page(row.number, row.text, row.confidence) for row in rows)


def _let_go(session: Session, record: Record, failure: Failure, at: datetime) -> dict[str, str]:
    """A marked paper is secret with its attachments: the whole record goes, as it would have been refused at first."""
    files = files_of(session, [record.id])[record.id]
    keys = {file.id: file.storage_key for file in files}
    by_file = {file.id: file for file in files}
    for item in session.scalars(select(Item).where(Item.file_id.in_(by_file))):
        refuse(session, item, by_file[item.file_id or ""], failure, at)
    record.state, record.changed_at = RecordState.WITHDRAWN, at
    said = {"reason": failure.reason}
    journal.write(session, at, "system", "record_withdrawn", "record", record.id, record.village_id, said)
    return keys


def _point_out(session: Session, record: Record, file: File, marking: Fact, at: datetime) -> None:
    """What is archived is never changed by a machine: a person is told, once."""
    sentence = SECRET_IN_ARCHIVE.format(marking=marking.value)
    if sentence not in file.details.get("warnings", []):
        _warn(file, sentence)
        said = {"file": file.id, "marking": marking.value, "source": marking.source}
        journal.write(session, at, "system", "secrecy_found", "record", record.id, record.village_id, said)


def _warn(file: File, sentence: str) -> None:
    file.details = {**file.details, "warnings": [*file.details.get("warnings", []), sentence]}


def _propose_again(
    session: Session,
    record: Record,
    file: File,
    pages: tuple[Page, ...],
    facts: Facts,
    rules: RuleBook,
    at: datetime,
) -> None:
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
    suggester = rules.suggester(session, [record.title])
    suggestion = suggester.suggest(record.title, text, path=file.path, kind=record.kind)
    record.proposals = {**proposals, **suggestion_row(suggestion)}
    record.confident, record.changed_at = suggestion.confident, at
    propose_series(record, suggestion, rules)
    said = {"title": record.title, "series": record.series_id}
    journal.write(session, at, "system", "record_proposed", "record", record.id, record.village_id, said)


def _said_by_person(record: Record) -> bool:
    return bool(record.described_by)
