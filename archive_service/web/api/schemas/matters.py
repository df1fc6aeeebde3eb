"""Dossiers, ledgers and handovers as asked for and answered. No rule is held here."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent

Verdict = Literal["fits", "look", "not_checked"]
State = Literal["there", "missing", "not_yet", "optional"]
_DAY = "2026-03-20"
_FINDING = {
    "verdict": "fits",
    "said": "通过票数：赞成 21，实到 40，超过 1/2",
    "mark": "law",
    "source": "VCL2018 art 26",
}
_TIED: dict[str, Any] = {"id": examples.ID, "title": "村民代表会议决议", "code": None, "on": _DAY, "reasons": []}
_STEP = {
    "id": "fd_decide", "number": 4, "name": "村民会议或村民代表会议决议", "state": "there",
    "facts": {"on": _DAY, "present": 40, "in_favour": 21}, "records": [_TIED], "hidden": 0, "proposed": [],
    "findings": [_FINDING],
}  # fmt: skip
_LINE = {
    "id": examples.ID, "village": "石门槛村", "kind": "four_discussions", "name": "修水渠", "opened_on": "2026-03-01",
    "done_on": None, "states": ["there", "there", "missing", "there", "not_yet", "not_yet"], "to_look_at": 1,
}  # fmt: skip
_OBJECTION = {"raised_on": "2026-04-01", "by": "高远", "text": "要求公布造价", "answered_on": None, "answer": ""}
_DOSSIER = {
    "id": examples.ID, "village": "石门槛村", "kind": "four_discussions", "name": "修水渠", "opened_on": "2026-03-01",
    "done_on": None, "head": {"承办人": "石大山"}, "to_look_at": 1, "steps": [_STEP], "objections": [_OBJECTION],
}  # fmt: skip
_ITEM = {"part": "钥匙", "name": "档案室钥匙", "number": 2, "unit": "把", "found": 2, "note": ""}
_HANDOVER = {
    "id": examples.ID, "village": "石门槛村", "kind": "term", "happened_on": "2026-03-15", "due_on": "2026-03-25",
    "giver": "石大山", "receiver": "高远", "host": "", "supervisor": "顾采薇", "signed_on": None, "items": [_ITEM],
    "missing": ["“电脑”还没有清点"],
}  # fmt: skip
_ROW = {"id": examples.ID, "on": "2026-03-05", "cells": {"on": "2026-03-05", "person": "石大山"}}
_BOOK = {
    "book": "duty_log", "name": "村干部值班记录簿", "standing": True, "rows": 3, "first": "2026-01-04",
    "last": "2026-03-05", "shut": False, "columns": {"on": "日期", "person": "值班人"},
}  # fmt: skip


class DossierSent(Sent):
    """A matter to open."""

    model_config = sent(
        {"village": examples.VILLAGE_ID, "kind": "four_discussions", "name": "修水渠", "opened_on": "2026-03-01"}
    )
    village: str = Field(max_length=40)
    kind: str = Field(max_length=40)
    name: str = Field(min_length=1, max_length=120)
    opened_on: date
    head: dict[str, str] = Field(default_factory=dict, max_length=20)


class DossierChange(Sent):
    """What is to be changed of the head; what is left out stays."""

    model_config = sent({"done_on": "2026-08-01", "head": {"承办人": "石大山"}})
    name: str | None = Field(default=None, max_length=120)
    opened_on: date | None = None
    done_on: date | None = None
    head: dict[str, str] = Field(default_factory=dict, max_length=20)


class StepSent(Sent):
    """What a step says, by the ids of its fields; it takes the place of what was said before."""

    model_config = sent({"facts": {"on": _DAY, "meeting": "representatives_meeting", "present": "40"}})
    facts: dict[str, str] = Field(max_length=40)


class ObjectionSent(Sent):
    """An objection, with its answer where there is one."""

    model_config = sent({"raised_on": "2026-04-01", "by": "高远", "text": "要求公布造价"})
    raised_on: date
    by: str = Field(default="", max_length=120)
    text: str = Field(min_length=1, max_length=1000)
    answered_on: date | None = None
    answer: str = Field(default="", max_length=1000)


class TiedOut(BaseModel):
    """A record of a step, or one that is proposed for it with the reasons."""

    model_config = answered(_TIED)
    id: str
    title: str
    code: str | None
    on: date | None
    reasons: list[str]


class FindingOut(BaseModel):
    """What one check found; `mark` says whose rule it is: law, seed, local, model, county."""

    model_config = answered(_FINDING)
    verdict: Verdict
    said: str
    mark: str
    source: str


class StepOut(BaseModel):
    """One step; `hidden` counts records that the asker does not see."""

    model_config = answered(_STEP)
    id: str
    number: int
    name: str
    state: State
    facts: dict[str, Any]
    records: list[TiedOut]
    hidden: int
    proposed: list[TiedOut]
    findings: list[FindingOut]


class DossierLine(BaseModel):
    """One matter in a list."""

    model_config = answered(_LINE)
    id: str
    village: str
    kind: str
    name: str
    opened_on: date
    done_on: date | None
    states: list[State]
    to_look_at: int


class Dossiers(BaseModel):
    """A page of matters, the newest first."""

    model_config = answered({"dossiers": [_LINE], "after": None})
    dossiers: list[DossierLine]
    after: str | None


class ObjectionOut(BaseModel):
    """An objection and its answer."""

    model_config = answered(_OBJECTION)
    raised_on: date
    by: str
    text: str
    answered_on: date | None
    answer: str


class DossierOut(BaseModel):
    """One matter whole."""

    model_config = answered(_DOSSIER)
    id: str
    village: str
    kind: str
    name: str
    opened_on: date
    done_on: date | None
    head: dict[str, str]
    to_look_at: int
    steps: list[StepOut]
    objections: list[ObjectionOut]


class LedgerBookOut(BaseModel):
    """One kind of book in a village's year; `columns` by id, `shut` = handed in."""

    model_config = answered(_BOOK)
    book: str
    name: str
    standing: bool
    rows: int
    first: date | None
    last: date | None
    shut: bool
    columns: dict[str, str]


class LedgerBooks(BaseModel):
    """Every kind of book."""

    model_config = answered({"year": 2026, "books": [_BOOK]})
    year: int
    books: list[LedgerBookOut]


class LedgerRowOut(BaseModel):
    """One row; cells by column id."""

    model_config = answered(_ROW)
    id: str
    on: date
    cells: dict[str, str]


class LedgerRows(BaseModel):
    """The rows of a book by their day."""

    model_config = answered({"book": "duty_log", "year": 2026, "rows": [_ROW]})
    book: str
    year: int
    rows: list[LedgerRowOut]


class LedgerRowsSent(Sent):
    """Rows to write, all or none; cells by column id."""

    model_config = sent({"village": examples.VILLAGE_ID, "rows": [{"on": "2026-03-05", "person": "石大山"}]})
    village: str = Field(max_length=40)
    rows: list[dict[str, str]] = Field(min_length=1, max_length=20_000)


class LedgerAdded(BaseModel):
    """How many rows were new, how many were there already."""

    model_config = answered({"fresh": 1, "same": 0})
    fresh: int
    same: int


class LedgerYear(Sent):
    """The year of a village's book that is to become one record."""

    model_config = sent({"village": examples.VILLAGE_ID, "year": 2025})
    village: str = Field(max_length=40)
    year: int = Field(ge=1949, le=2200)


class MadeRecord(BaseModel):
    """The record that was made; it waits for a person."""

    model_config = answered({"record": examples.ID})
    record: str


class HandoverSent(Sent):
    """A handover to open: `term` at a change of term, `archivist` at a change of clerk."""

    model_config = sent(
        {"village": examples.VILLAGE_ID, "kind": "term", "happened_on": "2026-03-15", "giver": "石大山"}
    )
    village: str = Field(max_length=40)
    kind: Literal["term", "archivist"]
    happened_on: date
    giver: str = Field(default="", max_length=120)
    receiver: str = Field(default="", max_length=120)
    host: str = Field(default="", max_length=120)
    supervisor: str = Field(default="", max_length=120)


class CountSent(Sent):
    """One line as it was counted; `line` counts from 0."""

    model_config = sent({"line": 3, "found": 2, "note": ""})
    line: int = Field(ge=0, le=1000)
    number: int | None = Field(default=None, ge=0)
    found: int | None = Field(default=None, ge=0)
    note: str = Field(default="", max_length=300)


class HandoverChange(Sent):
    """Who takes part, and what was counted; what is left out stays."""

    model_config = sent({"receiver": "高远", "counts": [{"line": 3, "found": 2, "note": ""}]})
    giver: str | None = Field(default=None, max_length=120)
    receiver: str | None = Field(default=None, max_length=120)
    host: str | None = Field(default=None, max_length=120)
    supervisor: str | None = Field(default=None, max_length=120)
    counts: list[CountSent] = Field(default_factory=list, max_length=1000)


class Signed(Sent):
    """The day on which all three signed."""

    model_config = sent({"signed_on": "2026-03-20"})
    signed_on: date


class ItemOut(BaseModel):
    """One thing that goes over: how many there should be, how many are there."""

    model_config = answered(_ITEM)
    part: str
    name: str
    number: int | None
    unit: str
    found: int | None
    note: str


class HandoverOut(BaseModel):
    """One handover; `missing` says what keeps it open."""

    model_config = answered(_HANDOVER)
    id: str
    village: str
    kind: str
    happened_on: date
    due_on: date
    giver: str
    receiver: str
    host: str
    supervisor: str
    signed_on: date | None
    items: list[ItemOut]
    missing: list[str]


class Handovers(BaseModel):
    """A page of handovers, the newest first."""

    model_config = answered({"handovers": [_HANDOVER], "after": None})
    handovers: list[HandoverOut]
    after: str | None
