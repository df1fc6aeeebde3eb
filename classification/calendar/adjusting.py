"""A county says what the sources leave open: a calendar document with other values in its settings, as a new version.

The document stays what it was: a model with values of the county is still marked as a model. Whether a value is wise
is not judged; whether it can be read is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from classification.calendar.model import CalendarInvalid
from classification.calendar.periods import Every
from classification.errors import Problem

YES, NO = ("是", "true", "yes", "1"), ("否", "false", "no", "0")
WEEKDAYS = "一二三四五六日"


def adjusted(document: Mapping[str, Any], said: Mapping[str, str], version: str, since: date) -> dict[str, Any]:
    """The document with the settings `said` (id → what was typed; empty = open), as this version from that day on.

    Raises:
        CalendarInvalid: a setting is not there, or what was typed cannot be read; every such one is named.
    """
    problems: list[Problem] = []
    rows = document.get("settings") or []
    known = {row["id"] for row in rows}
    problems += [Problem("设置", one, "日历里没有这项设置") for one in said if one not in known]
    made = [_row(row, said[row["id"]], problems) if row["id"] in said else dict(row) for row in rows]
    if problems:
        raise CalendarInvalid(tuple(problems))
    head = {**document["document"], "version": version, "effective_from": since.isoformat(), "effective_to": None}
    return {**document, "document": head, "settings": made}


def _row(row: Mapping[str, Any], typed: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        value = value_of(str(row.get("type", "")), typed, row.get("length"))
    except ValueError as wrong:
        problems.append(Problem(f"设置 {row['id']}", str(row.get("zh", "")), str(wrong)))
        return dict(row)
    return {**row, "value": value, "provenance": "county" if value is not None else row.get("provenance")}


def value_of(kind: str, typed: str, length: int | None = None) -> Any:
    """What was typed as a value of this type; None for nothing. Lists: one a line, or divided by 、；

    Raises:
        ValueError: it cannot be read; the message is Chinese.
    """
    text = typed.strip()
    if not text:
        return None
    if kind.startswith("list"):
        return _list(kind, [one.strip() for one in re.split(r"[\n；;、]", text) if one.strip()], length)
    if kind == "integer":
        if not text.isascii() or not text.isdigit():
            raise ValueError("要写一个整数")
        return int(text)
    if kind == "boolean":
        if text.lower() not in (*YES, *NO):
            raise ValueError("要写 是 或 否")
        return text.lower() in YES
    return _checked(kind, text)


def _list(kind: str, parts: list[str], length: int | None) -> list[Any]:
    if length is not None and len(parts) != length:
        raise ValueError(f"要写 {length} 项，写了 {len(parts)} 项")
    if "code" in kind:
        return [{"code": f"{number:02}", "zh": one} for number, one in enumerate(parts, 1)]
    if "dates" in kind:
        return [_day(one) for one in parts]
    return parts


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as wrong:
        raise ValueError(f"“{text}”应写成 2026-01-01") from wrong


def _checked(kind: str, text: str) -> str:
    choices = [str(one) for one in Every] if kind == "cadence" else [one.strip() for one in kind.split("|")]
    if len(choices) > 1 and text not in choices:
        raise ValueError(f"“{text}”不可用，可用 {'、'.join(choices)}")
    if kind == "weekday" and text not in tuple(f"周{one}" for one in WEEKDAYS):
        raise ValueError("要写 周一 到 周日 中的一天")
    if kind == "fraction" and not re.fullmatch(r"[1-9]\d?/[1-9]\d?|\d{1,2}%", text):
        raise ValueError("要写成 2/3 或 30%")
    return text


def text_of(value: Any) -> str:
    """A value as it is typed again: lists one a line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "\n".join(str(one["zh"]) if isinstance(one, Mapping) else str(one) for one in value)
    return str(value)
