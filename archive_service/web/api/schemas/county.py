"""The county's sums, reports, statements, registers and calendar, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.completeness import State
from archive_service.web.api.schemas.shape import Sent, answered, sent

_STATES = {"there": 30, "late": 2, "missing": 10, "not_yet": 14, "did_not_occur": 1, "not_checked": 0}
_ROLLED = {"name": "望溪镇", "percent": 77, "states": _STATES}
_MONTH = {"month": 3, "states": _STATES}
_SLOW = {"record": "disc_finance", "name": "财务公开", "late": 3, "missing": 5, "due": 24}
_TO_ASK = {
    "whom": "石门槛村", "record": "disc_finance", "name": "财务公开", "period": "3月", "of": "", "due": "2026-04-15",
}  # fmt: skip
_STATUTORY = {"name": "会议记录", "mark": "law", "of_year": 12, "ever": 140}
_STATEMENT = {
    "id": examples.ID, "record": "disc_village", "first": "2026-07-01", "last": "2026-09-30", "of": "",
    "reason": "道路中断", "stated_by": "高远", "stated_on": "2026-10-20", "withdrawn_at": None,
}  # fmt: skip
_POST = {
    "id": examples.ID, "person": "石大山", "post": "村党组织书记", "since": "2021-03-01", "until": None, "counts": True,
}  # fmt: skip
_MATTER = {"id": examples.ID, "trigger": "matter_opened", "on": "2026-03-01", "name": "修水渠", "counts": True}
_SETTING = {"id": "finance_disclosure_every", "name": "财务公开频次", "value": "month", "mark": "law", "note": ""}
_RECORD = {"id": "disc_finance", "system": "three_disclosures", "name": "财务公开", "cadence": "每月", "mark": "law"}
_VERSION = {"version": "2026.1", "title": "云岭县村级治理台账日历（示范）", "effective_from": "2026-01-01"}


class Rolled(BaseModel):
    """A township or a village: how many records are in each state, how many in a hundred of what is due."""

    model_config = answered(_ROLLED)
    name: str
    percent: int | None
    states: dict[State, int]


class MonthSum(BaseModel):
    """One month of the year."""

    model_config = answered(_MONTH)
    month: int
    states: dict[State, int]


class SlowOut(BaseModel):
    """A record that comes late or is not seen: how many late, how many not seen, of how many that are due."""

    model_config = answered(_SLOW)
    record: str
    name: str
    late: int
    missing: int
    due: int


class CountyOut(BaseModel):
    """A year of the villages the asker catalogues for, rolled up."""

    model_config = answered(
        {"year": 2026, "townships": [_ROLLED], "behind": [_ROLLED], "months": [_MONTH], "slow": [_SLOW]}
    )
    year: int
    townships: list[Rolled]
    behind: list[Rolled]
    months: list[MonthSum]
    slow: list[SlowOut]


class ToAsk(BaseModel):
    """What is not seen, and whom to ask for it."""

    model_config = answered(_TO_ASK)
    whom: str
    record: str
    name: str
    period: str
    of: str
    due: date | None


class StatutoryOut(BaseModel):
    """A series of village affairs that a law names, or a rule of another place (`mark`): how many records are here."""

    model_config = answered(_STATUTORY)
    name: str
    mark: str
    of_year: int
    ever: int


class ReportOut(BaseModel):
    """The report of a village and year. What is not seen is asked for; nobody is accused."""

    model_config = answered(
        {
            "village": "石门槛村",
            "year": 2026,
            "percent": 77,
            "states": _STATES,
            "ask": [_TO_ASK],
            "statutory": [_STATUTORY],
        }
    )
    village: str
    year: int
    percent: int | None
    states: dict[State, int]
    ask: list[ToAsk]
    statutory: list[StatutoryOut]


class StatementOut(BaseModel):
    """That a record did not come about, by whose word and why; `withdrawn_at` set = taken back, counts no more."""

    model_config = answered(_STATEMENT)
    id: str
    record: str
    first: date
    last: date
    of: str
    reason: str
    stated_by: str
    stated_on: date
    withdrawn_at: datetime | None


class PostSent(Sent):
    """A person in a post; `until` null = still."""

    model_config = sent(
        {"village": examples.VILLAGE_ID, "person": "石大山", "post": "村党组织书记", "since": "2021-03-01"}
    )
    village: str = Field(max_length=40)
    person: str = Field(min_length=1, max_length=80)
    post: str = Field(min_length=1, max_length=80)
    since: date
    until: date | None = None


class PostEnds(Sent):
    """The last day in post."""

    model_config = sent({"until": "2026-02-28"})
    until: date


class MatterSent(Sent):
    """One thing that happened; `trigger`: an id of the calendar's triggers."""

    model_config = sent(
        {"village": examples.VILLAGE_ID, "trigger": "training_held", "on": "2026-03-01", "name": "春季集中培训"}
    )
    village: str = Field(max_length=40)
    trigger: str = Field(max_length=60)
    on: date
    name: str = Field(min_length=1, max_length=120)


class PostOut(BaseModel):
    """A person in a post; `counts` false = taken back."""

    model_config = answered(_POST)
    id: str
    person: str
    post: str
    since: date
    until: date | None
    counts: bool


class MatterOut(BaseModel):
    """One thing that happened; `counts` false = taken back."""

    model_config = answered(_MATTER)
    id: str
    trigger: str
    on: date
    name: str
    counts: bool


class RegistersOut(BaseModel):
    """What is entered of a village, and what can happen in the words of the calendar."""

    model_config = answered({"posts": [_POST], "matters": [_MATTER], "triggers": {"training_held": "一次集中培训举办"}})
    posts: list[PostOut]
    matters: list[MatterOut]
    triggers: dict[str, str]


class Imported(BaseModel):
    """How many rows were entered; all of the file or none."""

    model_config = answered({"rows": 12})
    rows: int


class SettingOut(BaseModel):
    """What the county has to say; null = open, and then nothing is checked by it."""

    model_config = answered(_SETTING)
    id: str
    name: str
    value: Any
    mark: str
    note: str


class KindOut(BaseModel):
    """One record of the calendar, its cadence in words, and whose rule it is."""

    model_config = answered(_RECORD)
    id: str
    system: str
    name: str
    cadence: str
    mark: str


class CalendarVersionOut(BaseModel):
    """One version that was imported."""

    model_config = answered(_VERSION)
    version: str
    title: str
    effective_from: date


class CalendarOut(BaseModel):
    """The calendar in force today. `banner`: what it is not."""

    model_config = answered(
        {"id": "yunling-governance-model", "version": "2026.1", "banner": "示范日历，仅供试用，不具法律效力。",
         "records": [_RECORD], "settings": [_SETTING], "versions": [_VERSION]}
    )  # fmt: skip
    id: str
    version: str
    banner: str
    records: list[KindOut]
    settings: list[SettingOut]
    versions: list[CalendarVersionOut]


class CalendarDiff(BaseModel):
    """What another version would change."""

    model_config = answered({"differences": ["记录 disc_finance：频次 每月 → 每季"]})
    differences: list[str]


class SettingsSent(Sent):
    """What the county says from a day on, each as it would be typed on the page; it becomes a version of its own."""

    model_config = sent({"since": "2026-07-01", "values": {"finance_disclosure_every": "quarter"}})
    since: date
    values: dict[str, str] = Field(min_length=1, max_length=40)
