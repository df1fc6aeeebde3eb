"""The elements of a record's kind, as a form shows them: the six of a photograph, those of a custom …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive_service.forms.field_sets import Element, field_set
from classification.outline import Outline
from storage.database.records import Record

ALSO = {"gps": "拍摄坐标", "device": "拍摄设备", "background": "背景", "time": "时间", "event": "事由"}
"""Words for what a file brought along beside the elements of its kind."""

HELD_ELSEWHERE = frozenset({"code", "title", "retention", "described_by"})
"""Elements of the standard that every record has as its description."""

PROJECT = Element("project", "项目号")
"""Part of the code of papers that are kept by project."""


@dataclass(frozen=True, slots=True)
class Field:
    """One element: its id, the word on the page, its value as text, the usual values."""

    id: str
    name: str
    value: str
    values: tuple[str, ...] = ()


def fields_of(found: Record, outline: Outline | None) -> list[Field]:
    """Every element of the record's kind, filled or not, then what else the record carries."""
    elements = _elements(found, outline)
    fields = [Field(one.id, one.name, _text(found.fields.get(one.id)), one.values) for one in elements]
    known = {one.id for one in elements}
    return fields + [Field(id, ALSO.get(id, id), _text(value)) for id, value in found.fields.items() if id not in known]


def _elements(found: Record, outline: Outline | None) -> tuple[Element, ...]:
    here = outline.classes.get(found.class_id) if outline and found.class_id else None
    elements = field_set(here.history_kind if here and here.history_kind else found.kind)
    wanted = tuple(one for one in elements if one.id not in HELD_ELSEWHERE)
    return (PROJECT, *wanted) if outline and here and outline.needs_project(here.id) else wanted


def changed(found: Record, typed: dict[str, str]) -> dict[str, Any]:
    """What a form says of the elements, in the shape the record holds; what was and stays empty is left out."""
    kept = {id: value for id, value in typed.items() if value or found.fields.get(id)}
    return {id: value.split("、") if isinstance(found.fields.get(id), list) else value for id, value in kept.items()}


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
