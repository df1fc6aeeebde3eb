"""What the removal of a register takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent

_COPY = {"what": "object", "where": "archive/…/description.json", "found": 1, "left": 0}
_BACKUP = {"place": "file:///backup", "runs": 2, "first": "000001-…", "last": "000002-…", "until": "2026-04-01"}
_AT = "2026-03-01T04:00:00Z"
_PROOF = {
    "record_id": examples.ID, "state": "proved", "begun_at": _AT, "gone_at": _AT, "proved_at": _AT, "copies": [_COPY],
    "backups": [_BACKUP],
}  # fmt: skip
_ROW = {"number": 3, "record_id": examples.ID, "title": "灌溉渠维修账", "why": "这件档案已经停止处置，没有删除。"}
_FAULT = {"record": examples.ID, "fault": "档案库连不上。"}


class Stopped(BaseModel):
    """One row that is not removed now, and why."""

    number: int
    record_id: str
    title: str
    why: str


class RemovalOut(BaseModel):
    """How far the removal of a register is."""

    model_config = answered(
        {
            "register_id": examples.ID, "name": "全宗 V012 第 1 号销毁清册", "state": "removing", "rows": 5, "out": 1,
            "waiting": 1, "begun": 0, "gone": 1, "proved": 2, "stopped": [_ROW], "faults": [_FAULT],
        }
    )  # fmt: skip
    register_id: str
    name: str
    state: str
    rows: int
    out: int
    waiting: int
    begun: int
    gone: int
    proved: int
    stopped: list[Stopped]
    faults: list[dict[str, str]]


class Slice(Sent):
    """How many records at most in this call."""

    model_config = sent({"most": 50})
    most: int = Field(default=50, ge=1, le=200)


class RemovedOut(BaseModel):
    """What one call removed and proved; `closed`: the register is carried out."""

    model_config = answered(
        {
            "register_id": examples.ID, "begun": 2, "proved": 2, "closed": True, "stopped": [], "faults": [],
            "notes": [],
        }
    )  # fmt: skip
    register_id: str
    begun: int
    proved: int
    closed: bool
    stopped: list[dict[str, str]]
    faults: list[dict[str, str]]
    notes: list[str]


class ProofOut(BaseModel):
    """How a record went: every copy with what was found and what is left, and the backups that still hold it."""

    model_config = ConfigDict(from_attributes=True)
    record_id: str
    state: str
    begun_at: datetime
    gone_at: datetime | None
    proved_at: datetime | None
    copies: list[dict[str, Any]]
    backups: list[dict[str, Any]]


class Proofs(BaseModel):
    """The proofs of a register; `after` is where the next page begins."""

    model_config = answered({"records": [_PROOF], "after": None})
    records: list[ProofOut]
    after: str | None
