"""The sheets and columns of a calendar as a workbook or CSV folder, and how one cell is written and read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from archive_service.exchange.outline_cells import NO, YES
from classification.calendar.comparison import EVERY, UNIT
from classification.calendar.model import LEVELS, MARKS

SETTING = "设置:"
"""A cell that takes the value of a setting names it: 设置:disclosure_due_days."""
GROUPS = {"daily_management": "日常管理", "decision_supervision": "民主决策与监督", "archives": "档案"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field in the document, its Chinese name, the two ways of a value, and its width."""

    field: str
    title: str
    read: Callable[[str], Any]
    write: Callable[[Any], Any]
    width: int = 14


def _text(cell: str) -> Any:
    return cell


def _listed(cell: str) -> list[str]:
    return [one.strip() for one in cell.replace("；", ";").split(";") if one.strip()]


def _joined(value: Any) -> str:
    return ";".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _number(cell: str) -> Any:
    """A whole number; anything else is left for the rule book to refuse."""
    text = cell.removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() else cell


def _settable(inner: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        text = cell.replace("：", ":")
        return {"setting": text.removeprefix(SETTING).strip()} if text.startswith(SETTING) else inner(cell)

    return read


def _set(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: f"{SETTING}{value['setting']}" if isinstance(value, Mapping) else inner(value)


def _words(words: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[Any], Any]]:
    back = {word: value for value, word in words.items()}
    return (lambda cell: back.get(cell, cell)), (lambda value: words.get(value, value))


def _window(cell: str) -> Any:
    parts = cell.replace("—", "-").replace("至", "-").replace("月", "").split("-")
    return [_number(one.strip()) for one in parts]


def _structure(cell: str) -> Any:
    """A value with parts inside it, as JSON; a plain word or number is itself."""
    if cell[:1] not in ("[", "{"):
        return {YES: True, NO: False}.get(cell, _number(cell))
    try:
        return json.loads(cell)
    except json.JSONDecodeError as wrong:
        raise ValueError("方括号或花括号里的写法读不懂") from wrong


def _structured(value: Any) -> Any:
    if isinstance(value, bool):
        return YES if value else NO
    return value if isinstance(value, int | str) else json.dumps(value, ensure_ascii=False)


_every, _every_back = _words({str(one): word for one, word in EVERY.items()})
_unit = _words(UNIT)
_level, _mark, _group = _words(LEVELS), _words(MARKS), _words(GROUPS)
_volume = _words({"month": "按月", "quarter": "按季", "year": "按年"})
_next = _words({"same": "当年", "next": "次年"})
_known = _words({"yes": YES, "no": NO})
ID = Column("id", "编号", _text, _text, 24)
NAME = Column("zh", "名称", _text, _text, 36)
ENGLISH = Column("en", "英文", _text, _text, 30)
SOURCE, NOTE = Column("source", "依据", _text, _text, 20), Column("note", "说明", _text, _text, 40)
MARK = Column("provenance", "出处", *_mark)
SERIES = Column("series", "条目", _text, _text)
CADENCE = (
    Column("every", "频次", _settable(_every), _set(_every_back)),
    Column("min", "至少几件", _settable(_number), _set(_text)),
    Column("per", "按谁计", *_unit),
    Column("trigger", "触发事项", _text, _text, 20),
    Column("window", "形成月份", _window, lambda value: "-".join(str(one) for one in value)),
    Column("window_year", "当年次年", *_next),
    Column("due_days", "期后几天内", _settable(_number), _set(_text)),
    Column("due_by", "次年何日前", _settable(_text), _set(_text)),
    Column("volume", "可成册", *_volume),
    Column("level", "由谁形成", *_level),
    Column("entries", "册内要求", _structure, _structured),
    Column("parts", "分部分", _structure, _structured),
)
"""These stand in the cadence of a record."""
SECTIONS: dict[str, tuple[str, tuple[Column, ...]]] = {
    "settings": (
        "设置",
        (
            ID, NAME, Column("value", "取值", _structure, _structured, 30), MARK,
            Column("type", "类型", _text, _text, 20), Column("length", "几项", _number, _text),
            Column("unit", "单位", _text, _text, 8), SOURCE, NOTE, ENGLISH,
            Column("seen", "别处所见", _structure, _structured, 30),
        ),
    ),
    "sources": ("依据", (ID, NAME, MARK, ENGLISH)),
    "triggers": (
        "触发事项", (ID, NAME, Column("known", "本系统可知", _structure, _structured)),
    ),
    "systems": ("制度", (ID, Column("group", "组", *_group), NAME, ENGLISH, Column("dossier", "案卷", _text, _text))),
    "records": (
        "记录",
        (
            Column("system", "制度", _text, _text, 24), ID, NAME, SERIES, Column("also", "也可归入", _listed, _joined),
            *CADENCE, MARK, SOURCE, Column("keywords", "关键词", _listed, _joined, 40),
            Column("step", "第几步", _number, _text), NOTE, ENGLISH,
            Column("checks", "核对", _structure, _structured, 30),
        ),
    ),
    "statutory_series": ("法定系列", (ID, NAME, Column("series", "条目", _listed, _joined, 60))),
    "statutory_series_added_elsewhere": ("外地另列", (ID, NAME, Column("series", "条目", _listed, _joined, 60))),
}  # fmt: skip
"""Section of the document → the name of its sheet, and its columns in order."""
IN_CADENCE = frozenset(one.field for one in CADENCE)
OPEN = frozenset({"value"})
"""Columns in which an empty cell says something: the county has not said."""
