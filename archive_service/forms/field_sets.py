"""The elements of each kind of record, read from the shipped documents, and which kind the class of a record asks for.

What a value must look like is left to people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import yaml

HISTORY = "village-history-fields.yaml"
OTHERS = "record-kind-fields.yaml"
OF_EVERY_RECORD = frozenset({"kind", "place", "period", "people"})
"""What the elements common to village history say again of what every record says."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its id, its name, the usual values, whether it may have several, whether a form shows it open."""

    id: str
    name: str
    values: tuple[str, ...] = ()
    repeat: bool = False
    main: bool = False
    hint: str = ""


@cache
def _document(name: str) -> dict[str, Any]:
    text = resources.files("classification").joinpath("outlines", name).read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


@cache
def field_sets() -> Mapping[str, tuple[Element, ...]]:
    """The elements by kind: document, accounting, photo, customs, oral_history …"""
    history, others = _document(HISTORY), _document(OTHERS)
    common = [one for one in history["common"]["fields"] if one["id"] not in OF_EVERY_RECORD]
    sets = {kind["id"]: [*kind["fields"], *_besides(kind["fields"], common)] for kind in history["kinds"]}
    sets |= {kind["id"]: kind["fields"] for kind in others["kinds"]}
    return {kind: tuple(_element(kind, field) for field in fields) for kind, fields in sets.items()}


def _besides(own: list[Mapping[str, Any]], common: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    ids = {one["id"] for one in own}
    return (one for one in common if one["id"] not in ids)


def _element(kind: str, field: Mapping[str, Any]) -> Element:
    others = _document(OTHERS)
    values = tuple(str(value) for value in field.get("values") or ())
    element = Element(field["id"], field["zh"], values, bool(field.get("repeat")), bool(field.get("main")))
    main = element.main or element.id in others["main_of"].get(kind, ())
    hint = others["hints"].get(f"{kind}.{element.id}", "、".join(field.get("sub") or ()))
    return replace(element, main=main, hint=hint)


@cache
def kinds_of_classes() -> Mapping[str, str]:
    """The kind of form that a class asks for, by the id of the class."""
    others = _document(OTHERS)
    asked = {kind["id"]: kind.get("classes", ()) for kind in others["kinds"]} | others["classes_of"]
    return {class_id: kind for kind, class_ids in asked.items() for class_id in class_ids}


def field_set(kind: str) -> tuple[Element, ...]:
    """The elements of one kind; none where it has no set of its own."""
    return field_sets().get(kind, ())
