"""The county's calendar as a file: YAML read to the plain document that the rule book checks; and workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from archive_service.exchange.new_books import heads, new_book
from classification.calendar.model import Calendar, CalendarInvalid
from classification.calendar.reader import parse
from classification.errors import Problem

MODEL = "governance-model.yaml"
FORMULA = ("=", "+", "-", "@", "\t")
LONGEST_CELL = 32_000


def county_calendar(path: Path | None = None) -> Calendar:
    """The calendar in that file, else the model that comes with the service. Read once as long as it does not change.

    Raises:
        CalendarInvalid: the file is no calendar; everything that is wrong is named.
    """
    if path is None:
        return _model()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as away:
        raise CalendarInvalid((Problem(str(path), "", "打不开这个文件"),)) from away


def county_document(path: Path | None = None) -> dict[str, Any]:
    """The plain document of the same calendar, for a workbook or a new version.

    Raises:
        CalendarInvalid: the file is no calendar.
    """
    county_calendar(path)
    own = resources.files("classification").joinpath("outlines", MODEL)
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8") if path else own.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def _model() -> Calendar:
    return _parsed(resources.files("classification").joinpath("outlines", MODEL).read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Calendar:
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise CalendarInvalid((Problem(path.name, "", f"不是能读的 YAML：{broken}"),)) from broken


def _parsed(text: str) -> Calendar:
    document = yaml.safe_load(text)
    return parse(document if isinstance(document, dict) else {})


def write_workbook(
    target: BinaryIO | Path, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> int:
    """Write sheets of a name, a head and rows; returns the number of rows of the last."""
    book = new_book()
    written = 0
    for name, head, rows in sheets:
        sheet, written = book.create_sheet(name), 0
        sheet.freeze_panes = "A2"
        sheet.append(heads(sheet, head))
        for row in rows:
            sheet.append([_cell(one) for one in row])
            written += 1
    book.save(target)
    return written


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # A spreadsheet runs what begins like a formula; titles are not ours to trust.
    text = f"'{value}" if value.startswith(FORMULA) else value
    return "".join(sign for sign in text if sign >= " " or sign == "\n")[:LONGEST_CELL]
