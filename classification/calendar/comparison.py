"""Two versions of a calendar side by side: what differs, in words. Nothing is changed here."""

from __future__ import annotations

from classification.calendar.model import LEVELS, MARKS, Cadence, Calendar, RecordKind, Setting
from classification.calendar.periods import Every
from classification.comparison import Described, Difference, differences

EVERY = {
    Every.DAY: "每日",
    Every.WORKDAY: "每个工作日",
    Every.WEEK: "每周",
    Every.MONTH: "每月",
    Every.QUARTER: "每季度",
    Every.HALF_YEAR: "每半年",
    Every.YEAR: "每年",
    Every.EVENT: "每次发生",
    Every.TERM: "每届",
}
UNIT = {
    "village": "村", "cadre": "每名村干部", "matter": "每个事项", "topic": "每个议题", "session": "每次活动",
    "disclosure": "每次公开", "revision": "每次修订", "batch": "每批",
}  # fmt: skip


def compare(old: Calendar, new: Calendar) -> tuple[Difference, ...]:
    """Everything that differs, list by list, in the order of the documents; empty for equal contents."""
    before, after = _described(old), _described(new)
    return tuple(found for part in before for found in differences(part, before[part], after[part]))


def cadence_in_words(cadence: Cadence) -> str:
    """How often, how many, for whom, until when: 每季度 1 件，期末后 15 天内."""
    if cadence.every is None:
        return "由县定，尚未定"
    said = f"{EVERY[cadence.every]} {cadence.least} 件"
    parts = [said if cadence.per == "village" else f"{UNIT[cadence.per]}{said}"]
    if cadence.window:
        first, last = cadence.window
        months = f"{first}" if first == last else f"{first}至{last}"
        parts.append(f"{'次年' if cadence.window_next_year else ''}{months}月形成")
    if cadence.due_by:
        parts.append(f"次年{cadence.due_by[0]}月{cadence.due_by[1]}日前")
    elif cadence.due_days is not None:
        parts.append(f"期后 {cadence.due_days} 天内")
    if cadence.volume:
        parts.append("可成册")
    if cadence.level != "village":
        parts.append(f"由{LEVELS[cadence.level]}形成")
    return "，".join(parts)


def _described(calendar: Calendar) -> dict[str, dict[str, Described]]:
    return {
        "文件": {"说明": ("", _document(calendar))},
        "设置": {one.id: (one.name, _setting(one)) for one in calendar.settings.values()},
        "触发事项": {one.id: (one.name, {"名称": one.name}) for one in calendar.triggers.values()},
        "制度": {one.id: (one.name, {"名称": one.name}) for one in calendar.systems},
        "记录": {one.id: (one.name, _record(one, calendar)) for one in calendar.records},
    }


def _document(calendar: Calendar) -> dict[str, str]:
    return {
        "标题": calendar.title,
        "版本": calendar.version,
        "性质": calendar.kind,
        "施行日期": str(calendar.effective_from),
        "失效日期": str(calendar.effective_to or ""),
    }


def _setting(one: Setting) -> dict[str, str]:
    return {"名称": one.name, "取值": "" if one.value is None else str(one.value), "出处": MARKS[one.mark]}


def _record(one: RecordKind, calendar: Calendar) -> dict[str, str]:
    trigger = calendar.triggers[one.cadence.trigger].name if one.cadence.trigger else ""
    return {
        "名称": one.name,
        "条目": "；".join(one.series),
        "频次": cadence_in_words(one.cadence),
        "触发事项": trigger,
        "关键词": "、".join(one.keywords),
        "出处": MARKS[one.mark],
        "依据": one.source,
    }
