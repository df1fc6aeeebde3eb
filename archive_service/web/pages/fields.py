"""The elements of a record's kind, as a form shows them: the six of a photograph, those of a custom …"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive_service.actions.list_names import several
from archive_service.forms.field_sets import Element, field_set
from archive_service.forms.kinds import form_kind
from classification.outline import Outline
from storage.database.records import Record

ALSO = {"gps": "拍摄坐标", "device": "拍摄设备", "background": "背景", "time": "时间", "event": "事由"}
"""Words for what a file brought along beside the elements of its kind."""

HELD_ELSEWHERE = frozenset({"code", "title", "retention", "described_by"})
"""Elements of the standard that every record has as its description."""

PROJECT = Element("project", "项目号", main=True)
"""Part of the code of papers that are kept by project."""


@dataclass(frozen=True, slots=True)
class Field:
    """One element: its id, the word on the page, its value as text, the usual values, and how the form shows it."""

    id: str
    name: str
    value: str
    values: tuple[str, ...] = ()
    repeat: bool = False
    main: bool = False
    hint: str = ""


def fields_of(found: Record, outline: Outline | None) -> list[Field]:
    """Every element of the record's kind, filled or not, then what else the record carries."""
    elements = _elements(found, outline)
    fields = [
        Field(one.id, one.name, _text(found.fields.get(one.id)), one.values, one.repeat, one.main, one.hint)
        for one in elements
    ]
    known = {one.id for one in elements}
    return fields + [Field(id, ALSO.get(id, id), _text(value)) for id, value in found.fields.items() if id not in known]


def _elements(found: Record, outline: Outline | None) -> tuple[Element, ...]:
    wanted = field_set(form_kind(outline, found.class_id, found.kind))
    wanted = tuple(one for one in wanted if one.id not in HELD_ELSEWHERE)
    needs_project = outline and found.class_id in outline.classes and outline.needs_project(found.class_id)
    return (PROJECT, *wanted) if needs_project else wanted


def changed(found: Record, typed: Mapping[str, str], outline: Outline | None = None) -> dict[str, Any]:
    """What a form says of the elements, in the shape the record holds; what was and stays empty is left out."""
    several_of = {one.id for one in _elements(found, outline) if one.repeat}
    several_of |= {id for id, value in found.fields.items() if isinstance(value, list)}
    kept = {id: value for id, value in typed.items() if value or found.fields.get(id)}
    return {id: several(value) if id in several_of else value for id, value in kept.items()}


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
