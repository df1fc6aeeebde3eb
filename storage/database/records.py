"""Records (件), their files, and the text of their pages.

A record is a proposal from the moment its file was read; a person makes it a fact (accepted) and files it (archived).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, delete, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship
from sqlalchemy.sql.base import ExecutableOption

from classification.disposal import standing
from classification.retention import Stored, parse_retention
from storage.database.base import Base, Id, new_id
from storage.errors import Missing


class RecordState(StrEnum):
    """The values are stored."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    ARCHIVING = "archiving"
    """The code is allocated and the store is being written; repeated until it is done."""
    ARCHIVED = "archived"
    DESTROYING = "destroying"
    """An approved register lists it, and its removal was begun: it is carried through (see `removals`)."""
    DESTROYED = "destroyed"
    """Only its description is left; every copy was removed and proved absent."""
    WITHDRAWN = "withdrawn"


class OcrState(StrEnum):
    """The values are stored."""

    NONE = "none"
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Record(Base):
    """One 件: a description with one or more files."""

    __tablename__ = "records"
    __table_args__ = (
        Index("ix_records_state_village_id_id_access", "state", "village_id", "id", "access"),
        # A village in a year, counted by state without the records.
        Index("ix_records_village_id_year", "village_id", "year", "state", "access"),
        Index("ix_records_due_on", "due_on"),
        # Everything the due list and the forecast ask, so that neither reads the records.
        Index("ix_records_state_due_on_id", "state", "due_on", "id", "village_id", "access", "class_id"),
        Index("ix_records_state_undue_id", "state", "undue", "id", "village_id", "access"),
        # What was archived last, for the first page: read from its end, without the records that are not seen.
        Index("ix_records_state_archived_at_id", "state", "archived_at", "id", "village_id", "access"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    batch_id: Mapped[str | None] = mapped_column(Id, index=True)
    state: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20), default="document")
    title: Mapped[str] = mapped_column(String(600))
    code: Mapped[str | None] = mapped_column(String(80), unique=True)
    class_id: Mapped[str | None] = mapped_column(String(40), index=True)
    series_id: Mapped[str | None] = mapped_column(String(40), index=True)
    outline_id: Mapped[str | None] = mapped_column(Id)
    """The outline version whose row gave the period."""
    retention: Mapped[Stored] = mapped_column(JSON, nullable=True)
    """The period as stored by the rule book: "permanent", 30, {"event": …}; None = 待定."""
    retention_choice: Mapped[str | None] = mapped_column(String(12))
    """important | ordinary, where the series has two values."""
    event_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    undue: Mapped[str | None] = mapped_column(String(12), default=lambda row: _undue_of(row.get_current_parameters()))
    """Why there is no last day, in the words of `classification.disposal.Standing`; None where there is one.

    Follows from the period and the day, and is never set by hand: it is there so that lists need not read every period.
    """
    year: Mapped[int | None] = mapped_column(index=True)
    earliest: Mapped[date | None]
    latest: Mapped[date | None]
    date_wording: Mapped[str] = mapped_column(String(120), default="")
    date_certainty: Mapped[str] = mapped_column(String(20), default="")
    doc_number: Mapped[str] = mapped_column(String(120), default="")
    responsible: Mapped[str] = mapped_column(String(300), default="")
    people: Mapped[list[Any]] = mapped_column(default=list)
    places: Mapped[list[Any]] = mapped_column(default=list)
    access: Mapped[str] = mapped_column(String(20), default="internal")
    restriction: Mapped[dict[str, Any] | None]
    """A donor's restriction: text, until (a day or None), readers (log-in names), access (what counts without it).
    While it stands, `access` is `storage.scope.RESTRICTED`."""
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The field set of its kind: six elements of a photograph, a custom, a genealogy … by field id."""
    note: Mapped[str] = mapped_column(Text, default="")
    proposals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was proposed and why; kept after acceptance so that the history shows who changed what."""
    confident: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)
    """The head version in the store; 0 = not in the store yet."""
    page_count: Mapped[int] = mapped_column(default=0)
    described_by: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    @property
    def unrestricted_access(self) -> str:
        """The access class, or the one that counts again when the donor's restriction ends."""
        return str(self.restriction["access"]) if self.restriction else self.access

    @unrestricted_access.setter
    def unrestricted_access(self, access: str) -> None:
        if self.restriction:
            self.restriction = {**self.restriction, "access": access}
        else:
            self.access = access

    files: Mapped[list[File]] = relationship(
        back_populates="record", order_by="File.position", lazy="raise", passive_deletes=True
    )


def _undue_of(row: Mapping[str, Any]) -> str | None:
    period = parse_retention(row.get("retention"))
    return None if row.get("due_on") else standing(period, None, date.min).value


@event.listens_for(Record, "before_update")
def _keep_undue(_mapper: object, _connection: object, record: Record) -> None:
    record.undue = _undue_of({"retention": record.retention, "due_on": record.due_on})


class File(Base):
    """One electronic file of a record. `storage_key` is where the bytes lie until they are archived."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_ocr_state_ocr_lease_until", "ocr_state", "ocr_lease_until"),
        Index("ix_files_village_id_ocr_state", "village_id", "ocr_state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    record_id: Mapped[str | None] = mapped_column(ForeignKey("records.id"), index=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    role: Mapped[str] = mapped_column(String(12), default="main")
    """main | attachment."""
    name: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(1000))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    sha512: Mapped[str] = mapped_column(String(128))
    mime: Mapped[str] = mapped_column(String(100), default="application/octet-stream")
    format: Mapped[str] = mapped_column(String(120), default="")
    puid: Mapped[str] = mapped_column(String(40), default="")
    page_count: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Embedded metadata and warnings, as read."""
    similarity: Mapped[str] = mapped_column(String(40), default="")
    """Near-duplicate hint: text:<16 hex> or image:<16 hex>."""
    storage_key: Mapped[str] = mapped_column(String(300))
    ocr_state: Mapped[str] = mapped_column(String(8), default=OcrState.NONE)
    ocr_lease_until: Mapped[datetime | None]
    ocr_attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]

    record: Mapped[Record | None] = relationship(back_populates="files", lazy="raise")


class PageText(Base):
    """The text of one page of one file. `confidence` is None for text that was read, not recognised."""

    __tablename__ = "page_texts"

    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float | None]
    lines: Mapped[list[Any] | None]
    """Recognised lines with boxes: [text, confidence, [left, top, right, bottom]]."""
    vertical: Mapped[bool] = mapped_column(default=False)
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)


class Kin(Base):
    """One person of a genealogy record."""

    __tablename__ = "kin"
    __table_args__ = (Index("ix_kin_record_id_number", "record_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("records.id"))
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120), index=True)
    generation: Mapped[str] = mapped_column(String(40), default="")
    details: Mapped[dict[str, Any]]


def record(session: Session, record_id: str) -> Record:
    """The record with that id.

    Raises:
        Missing: there is none.
    """
    found = session.get(Record, record_id)
    if found is None:
        raise Missing("没有这件档案。")
    return found


def records(session: Session, ids: Sequence[str], *loading: ExecutableOption) -> dict[str, Record]:
    """Several records in one query, by id; `loading` may say that only some columns are wanted."""
    wanted = select(Record).where(Record.id.in_(ids)).options(*loading)
    return {found.id: found for found in session.scalars(wanted)}


def files_of(session: Session, record_ids: Iterable[str]) -> dict[str, list[File]]:
    """The files of several records in one query, in their order."""
    by_record: dict[str, list[File]] = {record_id: [] for record_id in record_ids}
    query = select(File).where(File.record_id.in_(by_record)).order_by(File.record_id, File.position, File.id)
    for file in session.scalars(query):
        by_record[file.record_id or ""].append(file)
    return by_record


def file_ids_of(session: Session, record_ids: Iterable[str]) -> dict[str, list[str]]:
    """Only the ids of the files of several records, in their order: a tenth of the work."""
    by_record: dict[str, list[str]] = {record_id: [] for record_id in record_ids}
    query = select(File.record_id, File.id).where(File.record_id.in_(by_record))
    for record_id, file_id in session.execute(query.order_by(File.record_id, File.position, File.id)):
        by_record[record_id or ""].append(file_id)
    return by_record


def pages_of(session: Session, file_ids: Sequence[str]) -> dict[str, list[PageText]]:
    """The pages of several files in one query, in their order."""
    by_file: dict[str, list[PageText]] = {file_id: [] for file_id in file_ids}
    query = select(PageText).where(PageText.file_id.in_(file_ids)).order_by(PageText.file_id, PageText.number)
    for page in session.scalars(query):
        by_file[page.file_id].append(page)
    return by_file


def texts_of(session: Session, file_ids: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Number and text of the pages of several files in one query, in their order: no lines, no boxes."""
    by_file: dict[str, list[tuple[int, str]]] = {file_id: [] for file_id in file_ids}
    wanted = select(PageText.file_id, PageText.number, PageText.text).where(PageText.file_id.in_(file_ids))
    for file_id, number, text in session.execute(wanted.order_by(PageText.file_id, PageText.number)):
        by_file[file_id].append((number, text))
    return by_file


def replace_pages(session: Session, file_id: str, pages: Sequence[dict[str, Any]]) -> None:
    """Put these pages in place of what was there; the same call twice leaves the same rows."""
    numbers = [page["number"] for page in pages]
    session.execute(delete(PageText).where(PageText.file_id == file_id, PageText.number.in_(numbers)))
    if pages:
        session.execute(insert(PageText), [{"file_id": file_id, **page} for page in pages])


def replace_all_pages(session: Session, pages: Mapping[str, Sequence[dict[str, Any]]]) -> None:
    """The pages of whole files, by file id, in place of whatever these files had; two statements for all of them."""
    session.execute(delete(PageText).where(PageText.file_id.in_(pages)))
    rows = [{"file_id": file_id, **page} for file_id, some in pages.items() for page in some]
    if rows:
        session.execute(insert(PageText), rows)


def remove_file(session: Session, file: File) -> None:
    """Delete the row of a file, with the text of its pages and the people read from it."""
    session.execute(delete(PageText).where(PageText.file_id == file.id))
    session.execute(delete(Kin).where(Kin.file_id == file.id))
    session.delete(file)


def lease_for_ocr(session: Session, now: datetime, until: datetime) -> File | None:
    """Take the next file whose pages wait to be recognised; small files first, so that nobody waits for a long book."""
    free = (File.ocr_lease_until.is_(None)) | (File.ocr_lease_until < now)
    wanted = select(File).where(File.ocr_state == OcrState.PENDING, free)
    found = session.scalars(
        wanted.order_by(File.ocr_attempts, File.page_count, File.id).limit(1).with_for_update(skip_locked=True)
    ).one_or_none()
    if found is None:
        return None
    taken = session.scalars(
        update(File)
        .where(File.id == found.id, File.ocr_state == OcrState.PENDING, free)
        .values(ocr_lease_until=until, ocr_attempts=File.ocr_attempts + 1)
        .returning(File.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.refresh(found)
    return found if taken else None
