"""Batches, items and what waits, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent


class Sum(BaseModel):
    """found = archived + waiting + rejected + duplicate, always."""

    found: int
    archived: int
    waiting: int
    rejected: int
    duplicate: int


class NewBatch(Sent):
    """A batch to be opened. `village`: id, name or fonds number; `source`: what people call the folder."""

    model_config = sent({"village": "石门槛村", "source": "新建文件夹(2)"})
    village: str = Field(min_length=1, max_length=80)
    source: str = Field(default="", max_length=500)


class BatchOut(BaseModel):
    """A batch with its sum. `left`: files that wait to be read; `walked_at`: when the last file had come."""

    model_config = answered(examples.BATCH)
    id: str
    village_id: str
    source: str
    opened_by: str
    opened_at: datetime
    walked_at: datetime | None
    sum: Sum
    states: dict[str, int]
    left: int


class Batches(BaseModel):
    """The newest batches."""

    model_config = answered({"batches": [examples.BATCH]})
    batches: list[BatchOut]


class TakenOut(BaseModel):
    """What became of one file at the door; reasons are on the item."""

    model_config = answered(examples.TAKEN)
    item: str
    state: str
    path: str


class Taken(BaseModel):
    """What became of what was sent; a zip becomes several items."""

    model_config = answered({"items": [examples.TAKEN]})
    items: list[TakenOut]


class ItemOut(BaseModel):
    """One line of the reconciliation sheet; what lies behind it only where the record may be seen."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"example": examples.ITEM})
    item: str
    batch: str
    path: str
    state: str
    reason_code: str
    reason: str
    remedy: str
    size: int
    sha256: str | None
    duplicate_of: str | None
    record: str | None = None


class Items(BaseModel):
    """A page of items. `after` goes into the next request; None at the end."""

    model_config = answered({"items": [examples.ITEM], "after": None})
    items: list[ItemOut]
    after: str | None


class StageOut(BaseModel):
    """One stage of the work: what waits, units a minute while it works lately, and the minutes until nothing waits."""

    name: str
    waiting: int
    per_minute: float | None
    minutes_left: float | None


class Jobs(BaseModel):
    """What waits to be read, recognised, indexed and sealed."""

    model_config = answered(examples.JOBS)
    sum: Sum
    to_read: int
    to_recognise: int
    pages_to_recognise: int
    records: dict[str, int]
    index_backlog: int
    index_parked: int
    unsealed: int
    fixity_faults: int
    stages: list[StageOut]
