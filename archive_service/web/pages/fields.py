"""The elements of a record's kind, as a form shows them: the six of a photograph, those of a custom …"""

from __future__ import annotations

from dataclasses import dataclass

from classification.outline import Outline
from storage.database.records import Record

PHOTO = {
    "event": "事由",
    "time": "时间",
    "place": "地点",
    "people": "人物",
    "background": "背景",
    "photographer": "摄影者",
    "gps": "拍摄坐标",
    "device": "拍摄设备",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One element: its id, the word on the page, its value as text."""

    id: str
    name: str
    value: str


def fields_of(found: Record, outline: Outline | None) -> list[Field]:
    """Every element of the record's kind, filled or not, then what else the record carries."""
    names = _names(found, outline)
    held = {name: name for name in found.fields if name not in names}
    return [Field(id, name, _text(found.fields.get(id))) for id, name in (names | held).items()]


def _names(found: Record, outline: Outline | None) -> dict[str, str]:
    return PHOTO if found.kind == "photo" else {}


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
