"""Records, their files and pages, as answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import answered


class RecordBrief(BaseModel):
    """A record as lists show it. `period` is the retention period in words, 待定 while the county has set none."""

    model_config = answered(examples.RECORD)
    id: str
    village_id: str
    state: str
    kind: str
    title: str
    code: str | None
    class_id: str | None
    series_id: str | None
    period: str
    due_on: date | None
    date_wording: str
    earliest: date | None
    latest: date | None
    date_certainty: str
    doc_number: str
    responsible: str
    people: list[str]
    places: list[str]
    access: str
    confident: bool
    page_count: int


class Records(BaseModel):
    """A page of records. `total` counts what the asker may see."""

    model_config = answered({"records": [examples.RECORD], "total": 1, "after": None})
    records: list[RecordBrief]
    total: int
    after: str | None


class FileOut(BaseModel):
    """A file of a record; its bytes are at /files/{id}."""

    model_config = answered(examples.FILE)
    id: str
    name: str
    path: str
    role: str
    position: int
    size: int
    sha256: str
    mime: str
    format: str
    puid: str
    page_count: int
    ocr_state: str
    details: dict[str, Any]


class Step(BaseModel):
    """One step of “why this period”."""

    model_config = ConfigDict(from_attributes=True)
    kind: str
    text: str
    mark: str


class Entry(BaseModel):
    """One act in the journal."""

    model_config = ConfigDict(from_attributes=True)
    at: datetime
    actor: str
    act: str
    details: dict[str, Any]


class KinOut(BaseModel):
    """A person of a genealogy."""

    model_config = ConfigDict(from_attributes=True)
    number: str
    name: str
    generation: str
    details: dict[str, Any]


class DestroyedOut(BaseModel):
    """By which register a record was destroyed, and when; `proved_at` None while it is still being looked for."""

    model_config = ConfigDict(from_attributes=True)
    register_id: str
    register_name: str
    begun_at: datetime
    proved_at: datetime | None


class RecordOut(RecordBrief):
    """A record whole: proposals with their reasons, files, why its period, history."""

    model_config = answered(examples.RECORD_WHOLE)
    retention: Any
    retention_choice: str | None
    starts_on: date | None
    note: str
    fields: dict[str, Any]
    proposals: dict[str, Any]
    described_by: str
    changed_at: datetime
    archived_at: datetime | None
    files: list[FileOut]
    why: list[Step]
    history: list[Entry]
    kin: list[KinOut]
    destroyed: DestroyedOut | None = None


class PageOut(BaseModel):
    """The text of one page. `confidence`: None for text that was read, not recognised."""

    model_config = ConfigDict(from_attributes=True)
    number: int
    text: str
    confidence: float | None
    vertical: bool


class FilePages(BaseModel):
    """The pages of one file."""

    file: str
    pages: list[PageOut]


class Pages(BaseModel):
    """The text of a record, page by page."""

    model_config = answered(examples.PAGES)
    files: list[FilePages]
