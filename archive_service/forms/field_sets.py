"""The elements of each kind of village history and of photographs, read from the shipped document.

Which kind a record has, its class says; what a value must look like is left to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

DOCUMENT = "village-history-fields.yaml"


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its id, its name, the usual values, whether it may have several."""

    id: str
    name: str
    values: tuple[str, ...] = ()
    repeat: bool = False


@cache
def field_sets() -> Mapping[str, tuple[Element, ...]]:
    """The elements by kind: customs, photo, oral_history …"""
    text = resources.files("classification").joinpath("outlines", DOCUMENT).read_text(encoding="utf-8")
    return {kind["id"]: tuple(_element(field) for field in kind["fields"]) for kind in yaml.safe_load(text)["kinds"]}


def _element(field: Mapping[str, Any]) -> Element:
    values = tuple(str(value) for value in field.get("values") or ())
    return Element(field["id"], field["zh"], values, bool(field.get("repeat")))


def field_set(kind: str) -> tuple[Element, ...]:
    """The elements of one kind; none where it has no set of its own."""
    return field_sets().get(kind, ())
