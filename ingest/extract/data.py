"""JSON, also a value a line (JSONL): labels and values, and rows of records. What is no sound JSON is a plain text."""

from __future__ import annotations

import json
from typing import cast

from ingest.extract import plain
from ingest.extract.assembly import Pages
from ingest.extract.fields import Field, lines
from ingest.extract.source import Source
from ingest.reading import Extraction

MOST_PARSED = 32 << 20
"""Characters; as objects they take many times that. Larger files are read as they stand."""


class _Pairs(tuple[tuple[str, object], ...]):
    """An object with all its names, also those that come twice."""


def extract(source: Source) -> Extraction:
    """The text of a JSON file. Raises as `ingest.extract.plain` does."""
    decoded = plain.read_text(source)
    try:
        read = list(lines(_field("", _parsed(decoded.text.removeprefix("\ufeff")))))
    except (ValueError, RecursionError):
        return plain.extract(source)
    pages = Pages(source.limits)
    for line in read:
        pages.add(line)
    return pages.extraction({"charset": decoded.charset})


def _parsed(text: str) -> object:
    """The value. Numbers stay as they are written. Raises ValueError for what is neither JSON nor a JSON a line."""
    if len(text) > MOST_PARSED:
        raise ValueError
    try:
        return _value(text)
    except ValueError:
        return [_value(line) for line in text.splitlines() if line.strip()]


def _value(text: str) -> object:
    return json.loads(text, object_pairs_hook=_Pairs, parse_int=str, parse_float=str)


def _field(name: str, value: object) -> Field:
    if isinstance(value, _Pairs):
        return Field(name, inside=tuple(_field(key, one) for key, one in value))
    if isinstance(value, list):
        return Field(name, inside=tuple(_field("", one) for one in cast(list[object], value)))
    known = {None: "", True: "是", False: "否"}
    return Field(name, known[value] if value is None or isinstance(value, bool) else str(value).strip())
