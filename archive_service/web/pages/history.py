"""What was done to a record, in words: each change with the value before and after; proposals beside facts."""

from __future__ import annotations

from typing import Any

from archive_service.web import words
from storage.database.journal import JournalEntry
from storage.database.records import Record

WITH_BOTH_VALUES = ("record_described", "record_revised", "record_placed", "record_restricted", "restriction_lifted")
"""Acts whose details have each value before and after."""


def lines(entry: JournalEntry, lang: str) -> list[str]:
    """The details of one act as lines; what only machines read is left out."""
    found = []
    for name, value in entry.details.items():
        title = words.FIELD_NAMES.get(name)
        if title is None:
            continue
        shown = words.say(lang, title)
        if entry.act in WITH_BOTH_VALUES and isinstance(value, list) and len(value) == 2:
            found.append(f"{shown}：{_plain(value[0])} → {_plain(value[1])}")
        elif value:
            found.append(f"{shown}：{_plain(value)}")
    return found


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "；".join(f"{name} {held}" for name, held in value.items() if held) or "—"
    if isinstance(value, list):
        return "、".join(str(one) for one in value) or "—"
    return str(value) if value not in (None, "") else "—"


def compared(found: Record) -> list[dict[str, str]]:
    """What the reading proposed beside what stands now, where both say something."""
    proposals = found.proposals or {}
    best = next(iter(proposals.get("series") or ()), None)
    date = proposals.get("date") or {}
    rows = [
        ("题名", _value(proposals, "title"), found.title, _source(proposals, "title")),
        ("条目", best["series"] if best else "", found.series_id or "", "；".join(best["reasons"][:2]) if best else ""),
        ("日期", date.get("wording", ""), found.date_wording, date.get("source", "")),
        ("文号", _value(proposals, "doc_number"), found.doc_number, _source(proposals, "doc_number")),
        ("责任者", _value(proposals, "responsible"), found.responsible, _source(proposals, "responsible")),
    ]
    return [{"name": name, "proposed": was, "now": now, "source": source} for name, was, now, source in rows if was]


def _value(proposals: dict[str, Any], name: str) -> str:
    return str((proposals.get(name) or {}).get("value", ""))


def _source(proposals: dict[str, Any], name: str) -> str:
    return str((proposals.get(name) or {}).get("source", ""))
