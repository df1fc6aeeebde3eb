"""The due list, its forecast, and holds, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.holdings import Step
from archive_service.web.api.schemas.shape import Sent, answered, sent

_WHY = [{"kind": "due", "text": "2024-12-31 期满，期满只列入待鉴定名单，不会自动销毁", "mark": ""}]
_DUE = {
    "id": examples.ID, "village_id": examples.ID, "code": "V012-WS·2014-D10-0001", "title": "灌溉渠维修记录",
    "period": "定期10年", "starts_on": "2015-01-01", "due_on": "2024-12-31", "standing": "due", "why": _WHY,
    "stops": [],
}  # fmt: skip
_HOLD = {
    "id": examples.ID, "kind": "person", "subject": "石大山", "ground": "case", "reason": "法院要用",
    "review_on": "2027-01-01", "placed_by": "wang", "placed_at": "2026-03-01T04:00:00Z", "released_by": "",
    "released_at": None, "release_reason": "", "records": 3,
}  # fmt: skip


class DueOut(BaseModel):
    """One record, where it stands, the arithmetic of its term, and what stops it."""

    model_config = answered(_DUE)
    id: str
    village_id: str
    code: str | None
    title: str
    period: str
    starts_on: date | None
    due_on: date | None
    standing: str
    why: list[Step]
    stops: list[str]


class Due(BaseModel):
    """A page of the due list. `total` counts what the asker may see."""

    model_config = answered({"records": [_DUE], "total": 1, "after": None})
    records: list[DueOut]
    total: int
    after: str | None


class ForecastOut(BaseModel):
    """How many records of one class run out in one year."""

    model_config = answered({"year": 2027, "class_id": "WS-CW", "number": 12})
    year: int
    class_id: str | None
    number: int


class Forecast(BaseModel):
    """The coming years, and how many records stand where today."""

    model_config = answered({"years": [{"year": 2027, "class_id": "WS-CW", "number": 12}], "standing": {"due": 3}})
    years: list[ForecastOut]
    standing: dict[str, int]


class NewHold(Sent):
    """What to hold, and why: `records` where single ones are named, else `subject` (question, matter or person)."""

    model_config = sent({"kind": "person", "subject": "石大山", "ground": "case", "reason": "法院要用"})
    kind: Literal["records", "search", "matter", "person"]
    ground: Literal["case", "dispute", "debt", "unfinished", "other"]
    reason: str = Field(min_length=1, max_length=500)
    subject: str = Field(default="", max_length=300)
    records: list[str] = Field(default_factory=list, max_length=10_000)
    village: str | None = None
    review_on: date | None = None


class HoldOut(BaseModel):
    """One hold; `records` counts those that the asker reaches."""

    model_config = answered(_HOLD)
    id: str
    kind: str
    subject: str
    ground: str
    reason: str
    review_on: date | None
    placed_by: str
    placed_at: datetime
    released_by: str
    released_at: datetime | None
    release_reason: str
    records: int


class Holds(BaseModel):
    """A page of holds, the newest first."""

    model_config = answered({"holds": [_HOLD], "after": None})
    holds: list[HoldOut]
    after: str | None
