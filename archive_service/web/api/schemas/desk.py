"""The desk: where originals lie, loans, versions and revisions, changes to many, the journal. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.acts import Description
from archive_service.web.api.schemas.shape import Sent, answered, sent

_AT = "2026-03-01T04:00:00Z"
_PLACE = {"box": "12", "shelf": "3 排 2 层", "carrier": "paper", "count": 24}
_LOAN = {
    "id": examples.ID,
    "record_id": examples.OTHER_ID,
    "borrower": "周明发",
    "purpose": "核对承包面积",
    "lent_on": "2026-03-01",
    "due_on": "2026-03-08",
    "returned_on": None,
    "lent_by": "shimenkan",
}
_VERSION = {"number": 2, "at": _AT, "actor": "shimenkan", "message": "题名漏字"}
_CHANGE = {"record_id": examples.ID, "title": "村民代表会议记录", "changed": {"box": ["", "12"]}, "refused": ""}
_ENTRY = {
    "id": examples.ID,
    "at": _AT,
    "actor": "shimenkan",
    "act": "record_described",
    "object_type": "record",
    "object_id": examples.OTHER_ID,
    "village_id": examples.VILLAGE_ID,
    "details": {"title": ["会议", "村民代表会议记录"]},
}


class Place(Sent):
    """Where the original lies; what is left out stays."""

    model_config = sent(_PLACE)
    box: str | None = Field(default=None, max_length=40)
    shelf: str | None = Field(default=None, max_length=80)
    carrier: str | None = Field(default=None, max_length=40)
    count: int | None = Field(default=None, ge=0, le=1_000_000)


class PlaceOut(BaseModel):
    """Where the original lies; empty and null = nobody has said."""

    model_config = answered(_PLACE)
    box: str
    shelf: str
    carrier: str
    count: int | None


class Lending(Sent):
    """To whom an original goes, what for, and the day it comes back."""

    model_config = sent({"borrower": "周明发", "purpose": "核对承包面积", "due_on": "2026-03-08"})
    borrower: str = Field(min_length=1, max_length=120)
    purpose: str = Field(default="", max_length=300)
    due_on: date


class LoanOut(BaseModel):
    """One lending; `returned_on` null = still out."""

    model_config = answered(_LOAN)
    id: str
    record_id: str
    borrower: str
    purpose: str
    lent_on: date
    due_on: date
    returned_on: date | None
    lent_by: str


class Loans(BaseModel):
    """A page of loans, how many there are, and `after` for the next page."""

    model_config = answered({"loans": [_LOAN], "total": 1, "after": None})
    loans: list[LoanOut]
    total: int
    after: str | None


class RecordVersion(BaseModel):
    """One version of an archived record: when, by whom and why it was made."""

    model_config = answered(_VERSION)
    number: int
    at: datetime
    actor: str
    message: str


class RecordVersions(BaseModel):
    """All versions, the newest first; none before archiving."""

    model_config = answered({"versions": [_VERSION]})
    versions: list[RecordVersion]


class RevisionSent(Description):
    """A correction of an archived record with its reason. `version`: the one that was read, so that none is lost."""

    model_config = sent({"title": "村民代表会议记录", "reason": "题名漏字", "version": 1})
    reason: str = Field(min_length=1, max_length=1000)
    version: int | None = None


class Revised(BaseModel):
    """Whether a new version was made; false = nothing was different."""

    model_config = answered({"changed": True})
    changed: bool


class ManyChanges(Sent):
    """The same change to records that are not archived yet; what is left out stays."""

    model_config = sent({"records": [examples.ID], "series": "WS-CW-02", "access": "village", "box": "12"})
    records: list[str] = Field(min_length=1, max_length=10_000)
    series: str | None = None
    choice: str | None = None
    access: str | None = None
    date: str | None = Field(default=None, max_length=120)
    responsible: str | None = Field(default=None, max_length=300)
    note: str | None = Field(default=None, max_length=4000)
    box: str | None = Field(default=None, max_length=40)
    shelf: str | None = Field(default=None, max_length=80)
    carrier: str | None = Field(default=None, max_length=40)
    count: int | None = Field(default=None, ge=0, le=1_000_000)


class OneChange(BaseModel):
    """What would become of one record: each thing before and after, or why it is refused."""

    model_config = answered(_CHANGE)
    record_id: str
    title: str
    changed: dict[str, list[Any]]
    refused: str


class ChangesShown(BaseModel):
    """What a change would do; nothing is written."""

    model_config = answered({"records": [_CHANGE]})
    records: list[OneChange]


class ChangesMade(BaseModel):
    """How many records are different now, and the moment by which the change can be taken back until archiving."""

    model_config = answered({"changed": 1, "at": "2026-03-01T12:00:00.000001+08:00"})
    changed: int
    at: datetime


class TakeBack(Sent):
    """The moment of the change that is to be taken back."""

    model_config = sent({"at": "2026-03-01T12:00:00.000001+08:00"})
    at: AwareDatetime


class TakenBack(BaseModel):
    """How many are as before, and how many were left: archived by now, or changed again."""

    model_config = answered({"restored": 1, "left": 0})
    restored: int
    left: int


class JournalLine(BaseModel):
    """One entry of the journal, as it was written."""

    model_config = answered(_ENTRY)
    id: str
    at: datetime
    actor: str
    act: str
    object_type: str
    object_id: str
    village_id: str | None
    details: dict[str, Any]


class JournalPage(BaseModel):
    """A page of the journal, the newest first, and `after` for the next."""

    model_config = answered({"entries": [_ENTRY], "after": None})
    entries: list[JournalLine]
    after: str | None
