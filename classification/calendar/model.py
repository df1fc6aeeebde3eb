"""The values of a county's calendar: systems, records, cadences, settings. `reader.parse` makes them.

Every cadence and setting carries a mark, so that a model or another place's rule is never shown as a law.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from classification.calendar.periods import Every
from classification.errors import Problem, RuleError

MARKS = {
    "seed": "县标准（据报道）",
    "law": "法律",
    "local": "外地规定，参考",
    "model": "示范取值",
    "county": "本县规定",
}
"""What may be shown beside a cadence."""
LEVELS = {"village": "村", "township": "乡镇", "county": "县"}
UNITS = ("village", "cadre", "matter", "topic", "session", "disclosure", "revision", "batch")
VOLUMES = (Every.MONTH, Every.QUARTER, Every.YEAR)


class CalendarInvalid(RuleError):
    """A calendar was refused. Nothing of it was taken; `problems` lists everything that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(f"台账日历未通过检查，共 {len(problems)} 处问题，没有采用。第一处：{problems[0]}")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the county has to say; `value` None = open."""

    id: str
    name: str
    value: Any
    mark: str
    type: str = ""
    note: str = ""
    length: int | None = None
    """How many a list must have."""
    name_en: str = ""
    unit: str = ""
    """What a number counts: 天, 个月."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule was read in; rules name it by its id, with the article behind it."""

    id: str
    name: str
    name_en: str
    mark: str


@dataclass(frozen=True, slots=True)
class StatutorySeries:
    """A series of village-affairs archives that a law or rule names, and the series of the outline that are of it.

    `mark` is that of its source; a rule of another place binds nobody here.
    """

    id: str
    name: str
    series: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """What makes an event; `known` = a fact that the software may hold."""

    id: str
    name: str
    known: bool


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often, how many, for whom, until when. `every` None = left open by the county: nothing is expected.

    `window`: first and last month in which the record is formed; `due_days` after the end of window or period;
    `due_by`: month and day of the year after, instead.
    """

    every: Every | None
    least: int = 1
    per: str = "village"
    trigger: str = ""
    window: tuple[int, int] | None = None
    window_next_year: bool = False
    due_days: int | None = None
    due_by: tuple[int, int] | None = None
    volume: Every | None = None
    level: str = "village"


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One record of a system: its series in the outline, its cadence, the words that it is known by."""

    id: str
    system_id: str
    name: str
    name_en: str
    series: tuple[str, ...]
    cadence: Cadence
    mark: str
    source: str = ""
    keywords: tuple[str, ...] = ()
    step: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """One of the systems, with its records in order."""

    id: str
    group: str
    name: str
    name_en: str
    records: tuple[RecordKind, ...]


@dataclass(frozen=True, eq=False)
class Calendar:
    """A whole calendar, checked. `banner` is never empty for a model. Each one parsed is equal to itself only."""

    id: str
    version: str
    kind: str
    title: str
    banner: str
    effective_from: date
    effective_to: date | None
    systems: tuple[System, ...]
    settings: dict[str, Setting] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    statutory: tuple[StatutorySeries, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)
    banner_en: str = ""
    title_en: str = ""

    @property
    def records(self) -> tuple[RecordKind, ...]:
        """Every record of every system, in order."""
        return tuple(one for system in self.systems for one in system.records)

    def record(self, record_id: str) -> RecordKind:
        """The record of that id.

        Raises:
            RuleError: the calendar has none.
        """
        for one in self.records:
            if one.id == record_id:
                return one
        raise RuleError(f"台账日历里没有“{record_id}”这种记录，没有改动。")

    @property
    def default_due_days(self) -> int:
        """Days until late, where a cadence says nothing."""
        held = self.settings.get("default_due_days")
        return held.value if held and isinstance(held.value, int) else 30

    @property
    def holidays(self) -> frozenset[date]:
        """The public holidays the county has entered."""
        held = self.settings.get("public_holidays")
        return frozenset(held.value) if held and held.value else frozenset()
