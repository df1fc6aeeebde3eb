"""Requests for access, certified copies, saved searches and suggestions, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent

_REQUEST = {
    "id": examples.ID, "village_id": examples.ID, "wanted": "1982 年分给石大山家的承包地", "purpose": "办理确权",
    "wish": "view", "standing": "granted", "reader": "顾采薇", "asked_at": "2026-03-01T04:00:00Z",
    "decided_by": "wang", "decided_at": "2026-03-02T04:00:00Z", "reason": "", "until": "2026-03-16",
    "original": False, "records": [examples.ID],
}  # fmt: skip
_COPY = {
    "number": "2026-0007-K7QM2XPD", "record_id": examples.ID, "receiver": "顾采薇", "purpose": "办理确权",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "issued_by": "wang",
    "issued_at": "2026-03-01T04:00:00Z", "withdrawn_at": None, "withdraw_reason": "",
}  # fmt: skip
_SAVED = {
    "id": examples.ID, "name": "水渠", "query": "q=%E6%B0%B4%E6%B8%A0", "total": 12, "new": 2,
    "made_at": "2026-03-01T04:00:00Z",
}  # fmt: skip


class NewRequest(Sent):
    """What is looked for, in one's own words, and what for."""

    model_config = sent(
        {"village": examples.ID, "wanted": "1982 年分给石大山家的承包地", "purpose": "办理确权", "wish": "view"}
    )
    village: str
    wanted: str = Field(min_length=1, max_length=1000)
    purpose: str = Field(min_length=1, max_length=300)
    wish: Literal["view", "copy", "certified", "borrow"] = "view"


class NewDecision(Sent):
    """`records`: codes or ids of filed records of that village. `until`: the last day. A refusal needs its reason."""

    model_config = sent({"grant": True, "records": ["V012-WS·2014-D10-0001"], "until": "2026-03-16", "original": False})
    grant: bool
    reason: str = Field(default="", max_length=500)
    records: list[str] = Field(default_factory=list, max_length=100)
    until: date | None = None
    original: bool = False


class Ending(Sent):
    """Why it is shut before its day; the reader himself needs no reason."""

    model_config = sent({"reason": "看完了"})
    reason: str = Field(default="", max_length=500)


class RequestOut(BaseModel):
    """One request. `records` are the opened ones that the asker may know of."""

    model_config = answered(_REQUEST)
    id: str
    village_id: str
    wanted: str
    purpose: str
    wish: str
    standing: str
    reader: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    until: date | None
    original: bool
    records: list[str]


class Requests(BaseModel):
    """A page of requests, the newest first."""

    model_config = answered({"requests": [_REQUEST], "after": None})
    requests: list[RequestOut]
    after: str | None


class NewCopy(Sent):
    """For whom and what for; `request` where it answers one."""

    model_config = sent({"receiver": "顾采薇", "purpose": "办理确权"})
    receiver: str = Field(min_length=1, max_length=120)
    purpose: str = Field(min_length=1, max_length=300)
    request: str = ""


class CopyOut(BaseModel):
    """A certified copy. `digest` is what its sheet names."""

    model_config = answered(_COPY)
    number: str
    record_id: str
    receiver: str
    purpose: str
    digest: str
    issued_by: str
    issued_at: datetime
    withdrawn_at: datetime | None
    withdraw_reason: str


class CheckedOut(BaseModel):
    """What anybody learns of a certified copy."""

    model_config = answered({name: _COPY[name] for name in ("number", "issued_at", "digest", "withdrawn_at")})
    number: str
    issued_at: datetime
    digest: str
    withdrawn_at: datetime | None


class NewSaved(Sent):
    """The parameters of the search page, as in its address, under a name."""

    model_config = sent({"name": "水渠", "query": "q=水渠&village=…"})
    name: str = Field(min_length=1, max_length=80)
    query: str = Field(min_length=1, max_length=2000)


class SavedOut(BaseModel):
    """A saved search: how many it finds now, and how many came since the last look."""

    model_config = answered(_SAVED)
    id: str
    name: str
    query: str
    total: int
    new: int
    made_at: datetime


class SuggestionOut(BaseModel):
    """One thing that may be meant: person, place, village, series or record, and the page that shows it."""

    model_config = answered({"kind": "person", "text": "石大山", "number": 3, "address": "/search?person=石大山"})
    kind: str
    text: str
    number: int | None
    address: str
