"""Opening review, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent

_REVIEW = {
    "outcome": "controlled", "code": "C1", "said": "名册里有身份证号", "review_on": "2031-03-01", "first_by": "wang",
    "first_at": "2026-03-01T04:00:00Z", "state": "agreed", "second_by": "li", "second_at": "2026-03-02T04:00:00Z",
    "second_said": "",
}  # fmt: skip
_LINE = {
    "id": examples.ID, "village_id": examples.ID, "code": "V012-WS·1990-Y-0001", "title": "承包户名册", "year": 1990,
    "access": "internal", "opening": "controlled", "decided": _REVIEW, "waiting": None, "hints": ["写有 12 人姓名"],
}  # fmt: skip


class ReviewOut(BaseModel):
    """One review of one record: what the first person said, and the second."""

    model_config = answered(_REVIEW)
    outcome: str
    code: str
    said: str
    review_on: date | None
    first_by: str
    first_at: datetime
    state: str
    second_by: str
    second_at: datetime | None
    second_said: str


class OpeningOut(BaseModel):
    """One record, what counts today, what waits, and what a reviewer should know."""

    model_config = answered(_LINE)
    id: str
    village_id: str
    code: str | None
    title: str
    year: int | None
    access: str
    opening: str
    decided: ReviewOut | None
    waiting: ReviewOut | None
    hints: list[str]


class Openings(BaseModel):
    """A page of a list. `total` counts what the asker may review."""

    model_config = answered({"records": [_LINE], "total": 1, "after": None})
    records: list[OpeningOut]
    total: int
    after: str | None


class OpeningHistory(BaseModel):
    """The reviews of one record."""

    model_config = answered({"reviews": [_REVIEW]})
    reviews: list[ReviewOut]


class NewOpinion(Sent):
    """A first opinion on some records. Only what is kept back has a day on which it is looked at again."""

    model_config = sent({"records": [examples.ID], "outcome": "controlled", "code": "C1", "review_on": "2031-03-01"})
    records: list[str] = Field(min_length=1, max_length=1000)
    outcome: Literal["open", "controlled", "postponed"]
    code: str = Field(max_length=8)
    said: str = Field(default="", max_length=500)
    review_on: date | None = None


class Second(Sent):
    """What the second person says; who does not agree says why."""

    model_config = sent({"records": [examples.ID], "agree": True})
    records: list[str] = Field(min_length=1, max_length=1000)
    agree: bool
    said: str = Field(default="", max_length=500)


class TakenBack(Sent):
    """What is taken back, and why."""

    model_config = sent({"records": [examples.ID], "reason": "写错了"})
    records: list[str] = Field(min_length=1, max_length=1000)
    reason: str = Field(min_length=1, max_length=500)


class Reviewed(BaseModel):
    """Of how many records it was said."""

    model_config = answered({"records": 3})
    records: int
