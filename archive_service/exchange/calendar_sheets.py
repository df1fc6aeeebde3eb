"""A calendar of village records as a workbook, a folder of CSV or YAML, read to the plain document of the rule book.

One sheet a section, one row an entry, Chinese heads. The rule book judges the content; here only what cannot be read
is refused. Every row carries its place (`_place`), so that the rule book names the row that the clerk sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archive_service.exchange.calendar_cells import IN_CADENCE, OPEN, SECTIONS, Column
from archive_service.exchange.calendar_files import write_workbook
from archive_service.exchange.outline_cells import DOCUMENT, head_value, plain_cell
from archive_service.exchange.outline_files import Row, flat, put, tables, yaml_document
from classification.calendar.model import CalendarInvalid
from classification.errors import OutlineInvalid, Problem

HEAD = ("项目", "内容")


def read(path: Path) -> dict[str, Any]:
    """The plain document in a file or folder.

    Raises:
        CalendarInvalid: the file cannot be read, or a cell cannot be understood; every such cell is named.
    """
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            return yaml_document(path)
        return _assembled(tables(path))
    except OutlineInvalid as wrong:
        raise CalendarInvalid(wrong.problems) from wrong


def _assembled(sheets: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    problems: list[Problem] = []
    content: dict[str, Any] = {}
    for row in sheets.get(DOCUMENT, ()):
        if len(row) > 1 and row[0] and row[0] != HEAD[0]:
            put(content, str(row[0]).strip().split("."), head_value(row[1]))
    found = {
        name: list(_entries(title, columns, sheets[title], problems))
        for name, (title, columns) in SECTIONS.items()
        if sheets.get(title)
    }
    _place_records(found, problems)
    content.setdefault("grammar", {})["triggers"] = found.pop("triggers", [])
    if problems:
        raise CalendarInvalid(tuple(problems))
    if not found:
        raise CalendarInvalid((Problem(DOCUMENT, "", "没有找到台账日历的任何一张表"),))
    return {**content, **found}


def _entries(
    title: str, columns: Sequence[Column], rows: Sequence[Row], problems: list[Problem]
) -> Iterator[dict[str, Any]]:
    known = {name: one for one in columns for name in (one.title, one.field)}
    header = [known.get(str(cell).strip()) if cell is not None else None for cell in rows[0]]
    for number, row in enumerate(rows[1:], 2):
        if any(cell not in (None, "") for cell in row):
            place = f"{title}表第{number}行"
            yield {**_entry(place, header, row, problems), "_place": place}


def _entry(place: str, header: Sequence[Column | None], row: Row, problems: list[Problem]) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    cadence: dict[str, Any] = {}
    for column, cell in zip(header, row, strict=False):
        text = "" if cell is None else str(cell).strip()
        if column is None or (not text and column.field not in OPEN):
            continue
        try:
            value = column.read(text) if text else None
        except ValueError as wrong:
            problems.append(Problem(place, column.title, str(wrong)))
            continue
        (cadence if column.field in IN_CADENCE else entry)[column.field] = value
    return {**entry, "cadence": cadence} if cadence else entry


def _place_records(found: dict[str, list[dict[str, Any]]], problems: list[Problem]) -> None:
    """Put the rows of the records under their systems."""
    systems = {one.get("id"): one for one in found.get("systems", ())}
    for record in found.pop("records", ()):
        named = record.pop("system", "")
        if named in systems:
            systems[named].setdefault("records", []).append(record)
        else:
            problems.append(Problem(record["_place"], "制度", f"制度表里没有“{named}”"))


def write(content: Mapping[str, Any], path: Path) -> None:
    """Write a document as a workbook that a clerk can change and import again."""
    whole = {name: value for name, value in content.items() if name not in SECTIONS}
    grammar = {name: value for name, value in content.get("grammar", {}).items() if name != "triggers"}
    head = [[name, plain_cell(value)] for name, value in flat({**whole, "grammar": grammar})]
    sheets = [
        (title, [one.title for one in columns], [_cells(columns, entry) for entry in _rows(content, name)])
        for name, (title, columns) in SECTIONS.items()
    ]
    write_workbook(path, [(DOCUMENT, HEAD, head), *sheets])


def _rows(content: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    if name == "triggers":
        return list(content.get("grammar", {}).get("triggers") or ())
    if name == "records":
        return [{"system": one["id"], **row} for one in content.get("systems", ()) for row in one.get("records", ())]
    return list(content.get(name) or ())


def _cells(columns: Sequence[Column], entry: Mapping[str, Any]) -> list[Any]:
    held = {**entry, **(entry.get("cadence") or {})}
    return [None if held.get(one.field) is None else one.write(held[one.field]) for one in columns]
