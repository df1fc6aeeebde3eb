"""Appraisal batches, opinions and registers of destruction, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent

Seat = Literal[
    "archivist", "leader", "member", "archives_head", "accounting_head", "archives_handler", "accounting_handler"
]
Verdict = Literal["extend", "permanent", "transfer", "hold", "destroy"]
Round = Literal["first", "second", "deciding"]
_GROUP = [{"seat": "leader", "login": "zu"}, {"seat": "archivist", "login": "wang"}, {"seat": "member", "login": "yu"}]
_BATCH = {
    "id": examples.ID, "village_id": examples.ID, "purpose": "2026 年到期档案鉴定", "state": "open", "records": 120,
    "open": 120, "opened_by": "wang", "opened_at": "2026-03-01T04:00:00Z", "closed_by": "", "closed_at": None,
}  # fmt: skip
_OPINION = {
    "id": examples.ID, "round": "first", "verdict": "destroy", "reason": "无继续保存价值", "years": None, "ground": "",
    "review_on": None, "login": "yu", "name": "余秋", "at": "2026-03-01T04:00:00Z", "records": 120,
    "records_sha256": "0" * 64,
}  # fmt: skip
_LINE = {
    "id": examples.ID, "code": "V012-WS·2014-D10-0001", "title": "灌溉渠维修记录", "why": "", "open": True,
    "outcome": "", "agreement": "second_missing", "by": None, "opinions": [_OPINION],
}  # fmt: skip
_REGISTER = {
    "id": examples.ID, "village_id": examples.ID, "batch_id": examples.ID, "number": 1, "accounting": False,
    "state": "submitted", "rows": 120, "hash": "0" * 64, "previous": "0" * 64, "submitted_by": "wang",
    "submitted_at": "2026-03-01T04:00:00Z", "not_before": None, "cover": {"fonds": "V012", "quantity": 120},
}  # fmt: skip
_ENTRY = {
    "number": 3, "act": "signed", "seat": "leader", "record_id": None, "login": "zu", "name": "祖组长", "reason": "",
    "details": {}, "at": "2026-03-01T04:00:00Z", "hash": "0" * 64,
}  # fmt: skip


class MemberIn(Sent):
    """One person of the group: the seat, and the log-in name."""

    model_config = sent(_GROUP[0])
    seat: Seat
    login: str = Field(min_length=1, max_length=60)


class LeaderIn(Sent):
    """Who leads from now on, and why."""

    model_config = sent({"login": "zhouzu", "reason": "原负责人病休"})
    login: str = Field(min_length=1, max_length=60)
    reason: str = Field(min_length=1, max_length=300)


class ChosenIn(Sent):
    """Which records: all that have run out (`due`), what a search finds, or these. `why`: for what has not run out."""

    model_config = sent({"source": "due"})
    source: Literal["due", "search", "records"] = "due"
    question: str = Field(default="", max_length=300)
    records: list[str] = Field(default_factory=list, max_length=20_000)
    year: int | None = None
    class_id: str | None = None
    why: str = Field(default="", max_length=300)


class NewAppraisal(Sent):
    """A batch to open: fonds, purpose, group, records."""

    model_config = sent({"village": examples.ID, "purpose": "2026 年到期档案鉴定", "group": _GROUP})
    village: str
    purpose: str = Field(min_length=1, max_length=300)
    group: list[MemberIn] = Field(min_length=1, max_length=50)
    chosen: ChosenIn = ChosenIn()


class TakenOut(Sent):
    """Records that leave an open batch, and why."""

    model_config = sent({"records": [examples.ID], "reason": "列错了"})
    records: list[str] = Field(min_length=1, max_length=20_000)
    reason: str = Field(min_length=1, max_length=300)


class AppraisalOut(BaseModel):
    """One batch; `open` counts the records whose process has not ended."""

    model_config = answered(_BATCH)
    id: str
    village_id: str
    purpose: str
    state: str
    records: int
    open: int
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None


class Appraisals(BaseModel):
    """A page of batches, the newest first."""

    model_config = answered({"appraisals": [_BATCH], "after": None})
    appraisals: list[AppraisalOut]
    after: str | None


class NewOpinion(Sent):
    """One opinion on these records, or with `rest` on all that have none of this round yet."""

    model_config = sent({"verdict": "destroy", "reason": "无继续保存价值", "rest": True})
    verdict: Verdict
    reason: str = Field(min_length=1, max_length=500)
    records: list[str] = Field(default_factory=list, max_length=20_000)
    rest: bool = False
    round: Round = "first"
    years: int | None = None
    ground: str = ""
    review_on: date | None = None


class OpinionOut(BaseModel):
    """One opinion; `records_sha256` is over the ids that it covers, in order."""

    model_config = answered(_OPINION)
    id: str
    round: str
    verdict: str
    reason: str
    years: int | None
    ground: str
    review_on: date | None
    login: str
    name: str
    at: datetime
    records: int
    records_sha256: str


class JudgedOut(BaseModel):
    """One record of a batch, what was said of it, and what that comes to; `by`: the opinion that stands."""

    model_config = answered(_LINE)
    id: str
    code: str | None
    title: str
    why: str
    open: bool
    outcome: str
    agreement: str
    by: str | None
    opinions: list[OpinionOut]


class JudgedPage(BaseModel):
    """A page of the records of a batch, and how many open ones stand where."""

    model_config = answered({"records": [_LINE], "counts": {"second_missing": 1}, "after": None})
    records: list[JudgedOut]
    counts: dict[str, int]
    after: str | None


class ClosedOut(BaseModel):
    """What became of the records of a batch, by outcome."""

    model_config = answered({"outcomes": {"destroy": 100, "extend": 20}})
    outcomes: dict[str, int]


class ReportIn(Sent):
    """The report as edited."""

    model_config = sent({"text": "石门槛村（全宗 V012）档案鉴定工作报告……"})
    text: str = Field(min_length=1, max_length=100_000)


class ReportOut(BaseModel):
    """The report as it was saved, and as the batch would write it now."""

    model_config = answered({"saved": "", "draft": "石门槛村（全宗 V012）档案鉴定工作报告……", "final": False})
    saved: str
    draft: str
    final: bool


class RegisterOut(BaseModel):
    """One register: cover, root hash, the hash of the register before it, and where it stands."""

    model_config = answered(_REGISTER)
    id: str
    village_id: str
    batch_id: str
    number: int
    accounting: bool
    state: str
    rows: int
    hash: str
    previous: str
    submitted_by: str
    submitted_at: datetime
    not_before: datetime | None
    cover: dict[str, Any]


class Registers(BaseModel):
    """A page of registers, the newest first."""

    model_config = answered({"registers": [_REGISTER], "after": None})
    registers: list[RegisterOut]
    after: str | None


class RowOut(BaseModel):
    """One row: the columns of the form and what the software adds; `out`: it left the register."""

    model_config = answered({"number": 1, "record_id": examples.ID, "said": {"title": "收支表"}, "hash": "0" * 64,
                             "out": False})  # fmt: skip
    number: int
    record_id: str
    said: dict[str, Any]
    hash: str
    out: bool


class Rows(BaseModel):
    """A page of the rows that the asker may see."""

    model_config = answered({"rows": [], "after": None})
    rows: list[RowOut]
    after: int | None


class EntryOut(BaseModel):
    """One act after the submission, chained to the one before."""

    model_config = answered(_ENTRY)
    number: int
    act: str
    seat: str
    record_id: str | None
    login: str
    name: str
    reason: str
    details: dict[str, Any]
    at: datetime
    hash: str


class Entries(BaseModel):
    """Everything that was done to a register, in order."""

    model_config = answered({"entries": [_ENTRY]})
    entries: list[EntryOut]


class SeatIn(Sent):
    """In which seat to sign."""

    model_config = sent({"seat": "leader"})
    seat: Seat


class RowsOut(Sent):
    """Rows that leave a register, and why."""

    model_config = sent({"records": [examples.ID], "reason": "还有用"})
    records: list[str] = Field(min_length=1, max_length=20_000)
    reason: str = Field(min_length=1, max_length=500)


class FiledAbove(Sent):
    """With which authority the register was filed, under what number, on what day."""

    model_config = sent({"authority": "云岭县档案局", "number": "备2026-3", "on": "2026-03-02"})
    authority: str = Field(min_length=1, max_length=300)
    number: str = Field(default="", max_length=80)
    on: date


class Witnessed(Sent):
    """How, where and on what day it was destroyed."""

    model_config = sent({"method": "删除并查证", "place": "县档案馆机房", "on": "2026-03-10"})
    method: str = Field(min_length=1, max_length=300)
    place: str = Field(min_length=1, max_length=300)
    on: date


class ScanIn(Sent):
    """The archived record that is the scan of the signed form."""

    model_config = sent({"record": examples.ID})
    record: str


class TurnOut(BaseModel):
    """A fonds whose turn it is: how many records have run out, and when a batch was last opened; null = never."""

    model_config = answered({"village": examples.VILLAGE_ID, "due": 42, "last": "2024-03-01"})
    village: str
    due: int
    last: date | None


class Turns(BaseModel):
    """The county's cycle in years, and whose turn it is."""

    model_config = answered(
        {"cycle_years": 1, "turns": [{"village": examples.VILLAGE_ID, "due": 42, "last": "2024-03-01"}]}
    )
    cycle_years: int
    turns: list[TurnOut]
