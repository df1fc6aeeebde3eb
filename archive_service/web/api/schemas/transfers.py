"""Transfers to an archives, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent
from storage.database.transfers import Transfer

Disclosed = Literal["active", "on_request", "withheld", "none"]
_SHA = "a" * 64
_TRANSFER = {
    "id": examples.ID, "number": "V012-YJ-001", "village_id": examples.ID, "receiver": "云岭县档案馆",
    "purpose": "满二十五年移交", "state": "made", "opened_by": "wang", "opened_at": "2026-03-01T04:00:00Z",
    "records": 2, "done": 2, "total": 2, "problem": "",
    "package": {"records": 2, "files": 2, "bytes": 440, "sha256": _SHA}, "receipt": None,
    "received_at": None, "end_reason": "",
}  # fmt: skip
_LINE = {
    "id": examples.ID, "code": "V012-WS·1990-Y-0001", "title": "土地承包合同", "opening": "open",
    "disclosure": "none", "secrecy": "", "stops": [],
}  # fmt: skip
_CHECK = {
    "check": "A11", "nature": "真实性", "zh": "数字摘要已固化并重算一致", "blocks": True, "result": "passed",
    "number": 0, "said": [],
}  # fmt: skip
_RECEIPT = {
    "records": 2, "files": 2, "bytes": 440, "sha256": _SHA, "signed_by": "周馆员", "received_on": "2026-03-05",
}  # fmt: skip


class TransferOut(BaseModel):
    """One transfer. `done` of `total` records are in the package while it is made."""

    model_config = answered(_TRANSFER)
    id: str
    number: str
    village_id: str
    receiver: str
    purpose: str
    state: str
    opened_by: str
    opened_at: datetime
    records: int
    done: int
    total: int
    problem: str
    package: dict[str, Any] | None
    receipt: dict[str, Any] | None
    received_at: datetime | None
    end_reason: str

    @classmethod
    def of(cls, found: Transfer, records: int) -> TransferOut:
        """A transfer as it is answered."""
        same = set(TransferOut.model_fields) - {"records"}
        return TransferOut(**{name: getattr(found, name) for name in same}, records=records)


class Transfers(BaseModel):
    """A page of transfers, the newest first."""

    model_config = answered({"transfers": [_TRANSFER], "after": None})
    transfers: list[TransferOut]
    after: str | None


class LineOut(BaseModel):
    """One record of a transfer, and what stops it now. No title: the asker may not see this record."""

    model_config = answered(_LINE)
    id: str
    code: str | None
    title: str
    opening: str
    disclosure: str
    secrecy: str
    stops: list[str]


class CheckOut(BaseModel):
    """One four-nature check: passed, failed, or unchecked, which is not passed."""

    model_config = answered(_CHECK)
    check: str
    nature: str
    zh: str
    blocks: bool
    result: str
    number: int
    said: list[str]


class TransferWhole(TransferOut):
    """One transfer with its records and the checks of its package."""

    model_config = answered({**_TRANSFER, "lines": [_LINE], "checks": [_CHECK]})
    lines: list[LineOut]
    checks: list[CheckOut]


class NewTransfer(Sent):
    """Which records of one village go to which archives."""

    model_config = sent({"village": examples.ID, "receiver": "云岭县档案馆", "records": [examples.ID]})
    village: str
    receiver: str = Field(min_length=1, max_length=120)
    records: list[str] = Field(min_length=1, max_length=20_000)
    purpose: str = Field(default="", max_length=300)
    disclosure: Disclosed = "none"
    secrecy: str = Field(default="", max_length=200)


class Described(Sent):
    """Records with their disclosure state and the changes of secrecy, in words."""

    model_config = sent({"records": [examples.ID], "disclosure": "on_request", "secrecy": "1995 年解密"})
    records: list[str] = Field(min_length=1, max_length=20_000)
    disclosure: Disclosed = "none"
    secrecy: str = Field(default="", max_length=200)


class LeftOut(Sent):
    """Which records stay here; none: all that something stops."""

    model_config = sent({"records": []})
    records: list[str] = Field(default_factory=list, max_length=20_000)


class Receipt(Sent):
    """What the archives counted itself, who received it and when."""

    model_config = sent(_RECEIPT)
    records: int
    files: int
    bytes: int
    sha256: str = Field(max_length=64)
    signed_by: str = Field(min_length=1, max_length=80)
    received_on: date
    number: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=500)
