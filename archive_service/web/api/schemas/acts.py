"""What is done to records, as sent, and what came of it. No rule is held here."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent


class Description(Sent):
    """Corrections of a proposal; what is left out stays."""

    model_config = sent(examples.DESCRIPTION)
    title: str | None = Field(default=None, max_length=600)
    series: str | None = None
    choice: Literal["important", "ordinary", ""] | None = None
    date: str | None = Field(default=None, max_length=120, description="as written: 2019年3月5日, 民国三十七年, 1958.3")
    doc_number: str | None = Field(default=None, max_length=120)
    responsible: str | None = Field(default=None, max_length=300)
    people: list[str] | None = None
    places: list[str] | None = None
    access: str | None = None
    note: str | None = Field(default=None, max_length=4000)
    fields: dict[str, str] | None = None


class Chosen(Sent):
    """Several records."""

    model_config = sent({"records": [examples.ID]})
    records: list[str] = Field(min_length=1, max_length=10_000)


class Accepted(BaseModel):
    """The records that became facts; those that were already are not among them."""

    model_config = answered({"accepted": [examples.ID]})
    accepted: list[str]


class FiledOut(BaseModel):
    """What became of one record: its code (None while its period is open), or why it was not archived."""

    model_config = answered(examples.FILED)
    record_id: str
    code: str | None
    error: str | None


class Filed(BaseModel):
    """What became of each."""

    model_config = answered({"records": [examples.FILED]})
    records: list[FiledOut]


class Reason(Sent):
    """Why; it is kept."""

    model_config = sent({"reason": "空白表格，没有填写"})
    reason: str = Field(min_length=1, max_length=1000)


class Merge(Sent):
    """Records whose files become attachments of `into`."""

    model_config = sent({"into": examples.ID, "others": [examples.OTHER_ID]})
    into: str
    others: list[str] = Field(min_length=1, max_length=500)


class Split(Sent):
    """Files that become a record of their own."""

    model_config = sent({"files": [examples.OTHER_ID]})
    files: list[str] = Field(min_length=1, max_length=500)
