"""The sheets and columns of an outline as a workbook or CSV folder, and how one cell is written and read back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from classification.outline_words import COLUMN_NAMES

DOCUMENT = "文件"
SECTIONS: dict[str, tuple[str, str]] = {
    "series": (
        "归档范围",
        "id class zh retention start access creators basis confidence serves keywords kinds examples note en",
    ),
    "classes": ("类目", "id code zh parent template national history_kind note en"),
    "code_templates": ("档号模板", "id standard zh pattern counter inner_counter example alternative_to"),
    "retention_values": ("保管期限", "id zh code years en"),
    "start_rules": ("起算规则", "id zh evidence fiscal_year_end en"),
    "events": ("事件", "id zh en"),
    "access_classes": ("利用范围", "id zh who en"),
    "creators": ("立档单位", "id zh en"),
    "evidence_sources": ("依据来源", "id zh en names_only cite_as_law"),
    "evidence_rows": ("依据", "id source zh term_as_read"),
}
"""Section of the document → the name of its sheet, and its columns in order."""
YES, NO = "是", "否"
FIELD_OF = {zh: field for field, zh in COLUMN_NAMES.items()}
LISTS = frozenset({"creators", "basis", "serves", "keywords", "kinds", "examples"})
FLAGS = frozenset({"national", "names_only", "cite_as_law"})
MEANINGFUL_WHEN_EMPTY = frozenset({"retention", "parent"})
"""An empty period is 待定 and an empty parent is the top; an empty cell of another column says nothing."""
TERMS = {"永久": "permanent", "permanent": "permanent", "待定": None, "": None, "none": None}


def value_of(field: str, cell: object) -> object:
    """What a cell says, as the document has it.

    Raises:
        ValueError: it cannot be understood; the message is Chinese.
    """
    text = "" if cell is None else str(cell).strip()
    if field in LISTS:
        return [one.strip() for one in text.replace("；", ";").split(";") if one.strip()]
    if field == "retention":
        return term_of(text)
    if field == "fiscal_year_end":
        return _braces(text) if text.startswith("{") else text
    if field in FLAGS:
        return text.lower() in (YES, "true", "1", "yes")
    if field == "years" and text.removesuffix(".0").isdigit():
        return int(text.removesuffix(".0"))
    return text or None


def term_of(text: str) -> object:
    """永久, 30, 30年, 定期30年, 待定, {"event": …}, 重要的永久/一般的30年.

    Raises:
        ValueError: none of these.
    """
    if text.lower() in TERMS:
        return TERMS[text.lower()]
    if text.startswith("{"):
        return _braces(text)
    if "重要" in text and "一般" in text:
        important, _, ordinary = text.replace("，", "/").partition("/")
        return {
            "important": term_of(important.removeprefix("重要的")),
            "ordinary": term_of(ordinary.removeprefix("一般的")),
        }
    number = text.removeprefix("定期").removesuffix("年").removesuffix(".0")
    if number.isdigit():
        return int(number)
    raise ValueError(f"“{text}”不是保管期限：写 永久、30、10、待定，或 重要的永久/一般的30年")


def _braces(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError("花括号里的写法读不懂") from error


def cell_of(field: str, value: object) -> str | int | None:
    """How a value is written in a cell, so that `value_of` reads it back."""
    if field == "retention" and (value is None or value == "permanent"):
        return "待定" if value is None else "永久"
    if field in LISTS and isinstance(value, list | tuple):
        return ";".join(str(one) for one in value)
    return plain_cell(value)


def plain_cell(value: object) -> str | int | None:
    """A value of the document's head in a cell: lists and nested values as JSON, dates as text."""
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return YES if value else NO
    return value if value is None or isinstance(value, str | int) else str(value)


def head_value(cell: object) -> object:
    """What a cell of the head says; one that only begins like a list ([A-Z][0-9]{3}) is a text."""
    if isinstance(cell, str) and cell[:1] in ("[", "{"):
        try:
            return json.loads(cell)
        except json.JSONDecodeError:
            return cell
    return {YES: True, NO: False}.get(cell, cell) if isinstance(cell, str) else cell
