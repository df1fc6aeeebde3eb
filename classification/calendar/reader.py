"""From a plain document to a Calendar: every cell is checked, every error is named with its place and column.

The document is what a YAML file or the rows of a workbook become. Whether a rule is wise is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from classification.calendar.model import (
    LEVELS,
    MARKS,
    UNITS,
    VOLUMES,
    Cadence,
    Calendar,
    CalendarInvalid,
    RecordKind,
    Setting,
    Source,
    StatutorySeries,
    System,
    Trigger,
)
from classification.calendar.periods import Every
from classification.errors import Problem

GROUPS = ("daily_management", "decision_supervision", "archives")
HIGHEST_MONTH = 12
SAMPLE_YEAR = 2001
"""A year without 29 February: a day that is due every year must be in every year."""


def parse(document: Mapping[str, Any]) -> Calendar:
    """The calendar in a document.

    Raises:
        CalendarInvalid: with everything that is wrong, in the order of the document.
    """
    reading = _Reading(document)
    made = reading.calendar()
    if reading.problems:
        raise CalendarInvalid(tuple(reading.problems))
    return made


class _Reading:
    """One pass over a document; what is wrong is noted and a stand-in goes on, so that one pass finds everything."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.settings = self._settings()
        self.triggers = {
            row["id"]: Trigger(row["id"], str(row.get("zh", "")), row.get("known") is True)
            for row in self._rows(document.get("grammar", {}), "triggers")
        }

    def calendar(self) -> Calendar:
        head = self.document.get("document")
        head = head if isinstance(head, Mapping) else {}
        names = {name: self._text(head, name, "文件说明") for name in ("id", "version")}
        kind = self._one_of(head.get("kind"), ("model", "county"), "文件说明", "kind", "model")
        banner = str(head.get("banner_zh") or "")
        if kind == "model" and not banner:
            self._wrong("文件说明", "banner_zh", "示范日历必须带“仅供试用”的说明")
        first, last = self._day(head, "effective_from", needed=True), self._day(head, "effective_to")
        if first and last and last < first:
            self._wrong("文件说明", "effective_to", "失效日期早于施行日期")
        title = head.get("title")
        said, english = (title.get("zh"), title.get("en")) if isinstance(title, Mapping) else (title, "")
        return Calendar(
            names["id"], names["version"], kind, str(said or ""), banner, first or date.max, last,
            self._systems(), self.settings, self.triggers, self._statutory(), self._sources(),
            str(head.get("banner_en") or ""), str(english or ""),
        )  # fmt: skip

    def _settings(self) -> dict[str, Setting]:
        made = {}
        for row in self._rows(self.document, "settings"):
            mark = self._one_of(row.get("provenance"), MARKS, _place(row, "设置"), "provenance", "model")
            made[row["id"]] = Setting(
                row["id"], str(row.get("zh", "")), row.get("value"), mark, str(row.get("type", "")),
                str(row.get("note", "")), row.get("length"), str(row.get("en", "")), str(row.get("unit", "")),
                str(row.get("source", "")),
            )  # fmt: skip
        return made

    def _sources(self) -> dict[str, Source]:
        return {
            str(row["id"]): Source(
                str(row["id"]), str(row.get("zh", "")), str(row.get("en", "")),
                self._one_of(row.get("provenance"), MARKS, _place(row, "依据"), "provenance", "model"),
            )
            for row in self._rows(self.document, "sources")
        }  # fmt: skip

    def _statutory(self) -> tuple[StatutorySeries, ...]:
        lists = (("statutory_series", "law"), ("statutory_series_added_elsewhere", "local"))
        return tuple(
            StatutorySeries(row["id"], str(row.get("zh", "")), tuple(map(str, row.get("series") or ())), mark)
            for name, mark in lists
            for row in self._rows(self.document, name)
        )

    def _systems(self) -> tuple[System, ...]:
        seen: set[str] = set()
        made = []
        for row in self._rows(self.document, "systems"):
            place = _place(row, "制度")
            group = self._one_of(row.get("group"), GROUPS, place, "group", GROUPS[0])
            records = tuple(self._record(row["id"], one, seen) for one in self._rows(row, "records", place))
            if not records:
                self._wrong(place, "records", "至少要有一种记录")
            made.append(System(row["id"], group, self._text(row, "zh", place), str(row.get("en", "")), records))
        if not made:
            self._wrong("制度", "systems", "一项制度也没有")
        return tuple(made)

    def _record(self, system: str, row: Mapping[str, Any], seen: set[str]) -> RecordKind:
        place = _place(row, "记录")
        if row["id"] in seen:
            self._wrong(place, "id", "编号重复")
        seen.add(row["id"])
        return RecordKind(
            row["id"], system, self._text(row, "zh", place), str(row.get("en", "")),
            (self._text(row, "series", place), *row.get("also", ())), self._cadence(row.get("cadence"), place),
            self._one_of(row.get("provenance"), MARKS, place, "provenance", "model"), str(row.get("source", "")),
            tuple(str(one) for one in row.get("keywords", ())), row.get("step"), str(row.get("note", "")),
        )  # fmt: skip

    def _cadence(self, row: Any, place: str) -> Cadence:
        if not isinstance(row, Mapping):
            self._wrong(place, "cadence", "必须写明频次")
            return Cadence(None)
        every = self._every(row.get("every"), place)
        trigger = str(row.get("trigger", ""))
        if (every is Every.EVENT) != bool(trigger):
            self._wrong(place, "trigger", "每次发生（event）的记录要写触发事项，其余的不能写")
        elif trigger and trigger not in self.triggers:
            self._wrong(place, "trigger", f"没有触发事项“{trigger}”")
        volume = row.get("volume")
        return Cadence(
            every,
            self._number(row.get("min", 1), place, "min", 1) or 1,
            self._one_of(row.get("per", "village"), UNITS, place, "per", "village"),
            trigger,
            self._window(row.get("window"), place),
            self._one_of(row.get("window_year", "same"), ("same", "next"), place, "window_year", "same") == "next",
            self._number(row.get("due_days"), place, "due_days", 0),
            self._month_and_day(row.get("due_by"), place),
            Every(self._one_of(volume, VOLUMES, place, "volume", "year")) if volume else None,
            self._one_of(row.get("level", "village"), LEVELS, place, "level", "village"),
        )

    def _every(self, value: Any, place: str) -> Every | None:
        said = self._set(value, place, "every")
        if said is None and value is not None:
            return None
        if said not in list(Every):
            self._wrong(place, "every", f"“{said}”不是频次，可用 {'、'.join(Every)}")
            return None
        return Every(said)

    def _window(self, value: Any, place: str) -> tuple[int, int] | None:
        if value is None:
            return None
        months = list(value) if isinstance(value, list | tuple) else []
        fits = len(months) == 2 and all(isinstance(one, int) and 1 <= one <= HIGHEST_MONTH for one in months)
        if not fits or months[0] > months[1]:
            self._wrong(place, "window", "应写成两个月份，先小后大，如 [1, 2]")
            return None
        return months[0], months[1]

    def _month_and_day(self, value: Any, place: str) -> tuple[int, int] | None:
        said = self._set(value, place, "due_by")
        if said is None:
            return None
        found = re.fullmatch(r"(\d\d)-(\d\d)", str(said))
        try:
            day = date(SAMPLE_YEAR, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            self._wrong(place, "due_by", f"“{said}”应写成月-日，如 06-30")
        return (day.month, day.day) if day else None

    def _number(self, value: Any, place: str, column: str, least: int) -> int | None:
        said = self._set(value, place, column)
        if said is None:
            return None
        if not isinstance(said, int) or isinstance(said, bool) or said < least:
            self._wrong(place, column, f"“{said}”应为不小于 {least} 的整数")
            return None
        return said

    def _set(self, value: Any, place: str, column: str) -> Any:
        """The value, or that of the setting it names; None where the county has not said."""
        if not isinstance(value, Mapping):
            return value
        named = str(value.get("setting", ""))
        if named not in self.settings:
            self._wrong(place, column, f"没有设置“{named}”")
            return None
        return self.settings[named].value

    def _day(self, head: Mapping[str, Any], column: str, needed: bool = False) -> date | None:
        value = head.get(column)
        if value is None and not needed:
            return None
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self._wrong("文件说明", column, "应写成 2026-01-01")
            return None

    def _rows(self, holder: Any, name: str, place: str = "") -> list[Mapping[str, Any]]:
        rows = holder.get(name) if isinstance(holder, Mapping) else None
        if rows is None:
            return []
        good = [row for row in rows if isinstance(row, Mapping) and row.get("id")] if isinstance(rows, list) else []
        if not isinstance(rows, list) or len(good) < len(rows):
            self._wrong(place or name, name, "每一行都要有编号 id")
        return good

    def _text(self, row: Mapping[str, Any], column: str, place: str) -> str:
        said = str(row.get(column) or "").strip()
        if not said:
            self._wrong(place, column, "必须填写")
        return said

    def _one_of(self, value: Any, allowed: Any, place: str, column: str, stand_in: str) -> str:
        if value in tuple(allowed):
            return str(value)
        self._wrong(place, column, f"“{value}”不可用，可用 {'、'.join(allowed)}")
        return stand_in

    def _wrong(self, place: str, column: str, message: str) -> None:
        self.problems.append(Problem(place, column, message))


def _place(row: Mapping[str, Any], what: str) -> str:
    """The row of the file it came from, where there is one."""
    return str(row.get("_place") or f"{what} {row['id']}")
