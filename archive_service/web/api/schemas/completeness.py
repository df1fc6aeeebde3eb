"""Completeness as asked for and answered. No rule is held here."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent

State = Literal["there", "late", "missing", "not_yet", "did_not_occur", "not_checked"]
_CELL = {
    "village": "石门槛村", "system": "three_disclosures", "percent": 75,
    "states": {"there": 3, "late": 0, "missing": 1, "not_yet": 14, "did_not_occur": 0, "not_checked": 0},
}  # fmt: skip
_LINE = {
    "village": "石门槛村", "year": 2026, "system": "three_disclosures", "record": "disc_village", "name": "村务公开",
    "of": "", "period": "第一季度", "from": "2026-01-01", "to": "2026-03-31", "due": "2026-04-15", "state": "there",
    "reason": "题名里有“村务公开”，题名写明2026年第一季度", "records": [examples.ID],
}  # fmt: skip


class CompletenessCell(BaseModel):
    """One village and one system: how many records are in each state, and how many in a hundred of what is due."""

    model_config = answered(_CELL)
    village: str
    system: str
    percent: int | None
    states: dict[State, int]


class CompletenessLine(BaseModel):
    """One record of one period, its state, why, and the records that settle it."""

    model_config = answered(_LINE)
    village: str
    year: int
    system: str
    record: str
    name: str
    of: str
    period: str
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    due: date | None
    state: State
    reason: str
    records: list[str]


class CompletenessOut(BaseModel):
    """The matrix of a year; with a village its lines too."""

    model_config = answered(
        {"year": 2026, "calendar": "yunling-governance-model 2026.1", "banner": "示范日历，仅供试用",
         "cells": [_CELL], "lines": [_LINE]}
    )  # fmt: skip
    year: int
    calendar: str
    banner: str
    cells: list[CompletenessCell]
    lines: list[CompletenessLine]


class AbsenceSent(Sent):
    """That a record did not come about: which, of which period, why, and who answers for it."""

    model_config = sent(
        {"village": examples.VILLAGE_ID, "record": "disc_village", "from": "2026-07-01", "to": "2026-09-30",
         "reason": "道路中断", "name": "高远"}
    )  # fmt: skip
    village: str = Field(max_length=40)
    record: str = Field(max_length=60)
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    reason: str = Field(min_length=1, max_length=300)
    name: str = Field(min_length=1, max_length=120)
    of: str = Field(default="", max_length=120)


class AbsenceOut(BaseModel):
    """The id of a statement."""

    model_config = answered({"id": examples.ID})
    id: str
