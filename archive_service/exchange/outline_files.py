"""An outline as a file: YAML, a workbook, or a folder of CSV, read to the one plain document the rule book takes.

The workbook has one sheet a section and one row an entry; a folder has one CSV a section with the same columns. The
rule book judges the content; here only what cannot be read at all is refused, with sheet, row and column. Every row
carries its place (`_place`), so that the rule book names the row that the clerk sees.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import yaml

from archive_service.exchange.new_books import set_widths
from archive_service.exchange.outline_cells import (
    DOCUMENT,
    FIELD_OF,
    MEANINGFUL_WHEN_EMPTY,
    SECTIONS,
    cell_of,
    head_value,
    plain_cell,
    value_of,
)
from classification.errors import OutlineInvalid, Problem
from classification.outline_words import COLUMN_NAMES
from ingest.decoding import decode
from ingest.errors import Charset

Row = Sequence[object]
HEAD_COLUMNS = ("项目", "内容", "怎么填")
HINTS = {
    "document.kind": "本县正式大纲填 county；示范大纲为 model",
    "document.version": "每次导入换一个版本号",
    "document.issued_by": "发布机关",
    "document.issued_number": "发布文号",
    "document.effective_from": "生效日期，如 2026-01-01",
    "document.banner_zh": "正式大纲留空",
}
WIDTHS = {"zh": 40, "examples": 50, "keywords": 40, "note": 40}
NARROW = 16


def read(path: Path) -> dict[str, Any]:
    """The plain document in a file or folder.

    Raises:
        OutlineInvalid: the file cannot be read, or a cell cannot be understood; every such cell is named.
    """
    if path.suffix.lower() in (".yaml", ".yml") and not path.is_dir():
        return yaml_document(path)
    return _assembled(tables(path))


def tables(path: Path) -> dict[str, list[Row]]:
    """The sheets of a workbook, or the CSV files of a folder, by name.

    Raises:
        OutlineInvalid: it cannot be read.
    """
    if path.is_dir():
        return {file.stem: _csv_rows(file) for file in sorted(path.glob("*.csv"))}
    if path.suffix.lower() == ".xlsx":
        return _sheets(path)
    raise _unreadable(path.name, "只能导入 YAML、XLSX，或装着 CSV 的文件夹")


def _unreadable(place: str, message: str, column: str = "") -> OutlineInvalid:
    return OutlineInvalid((Problem(place, column, message),))


def yaml_document(path: Path) -> dict[str, Any]:
    """The plain document in a YAML file.

    Raises:
        OutlineInvalid: it cannot be read; line and column are named.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise _unreadable(path.name, "不是 UTF-8 编码的文本") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place, column = (f"第 {mark.line + 1} 行", f"第 {mark.column + 1} 列") if mark else (path.name, "")
        raise _unreadable(place, "这里的写法读不懂", column) from error
    except yaml.YAMLError as error:
        raise _unreadable(path.name, "有不能用的字符") from error
    if not isinstance(content, dict):
        raise _unreadable(path.name, "文件里没有大纲内容")
    return content


def _csv_rows(path: Path) -> list[Row]:
    """A spreadsheet on a Chinese desk saves CSV in GBK as often as in UTF-8."""
    try:
        return list(csv.reader(StringIO(decode(path.read_bytes()).text.removeprefix("\ufeff"), newline="")))
    except Charset as error:
        raise _unreadable(path.name, "看不出是什么编码，请另存为“CSV UTF-8”") from error


def _sheets(path: Path) -> dict[str, list[Row]]:
    # Loaded by who reads or writes a workbook (see new_books).
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError, OSError) as error:
        raise _unreadable(path.name, "这个工作簿打不开，可能不是 XLSX 或已损坏") from error
    try:
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    finally:
        book.close()


def _assembled(sheets: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    problems: list[Problem] = []
    content: dict[str, Any] = {}
    for row in sheets.get(DOCUMENT, sheets.get("document", ())):
        if len(row) >= 2 and row[0] and row[0] != HEAD_COLUMNS[0]:
            put(content, str(row[0]).strip().split("."), head_value(row[1]))
    for section, (title, _) in SECTIONS.items():
        rows = sheets.get(title, sheets.get(section))
        if rows:
            content[section] = list(_entries(title, rows, problems))
    if problems:
        raise OutlineInvalid(tuple(problems))
    if not content:
        raise _unreadable(DOCUMENT, "没有找到大纲的任何一张表")
    return content


def put(content: dict[str, Any], names: Sequence[str], value: object) -> None:
    """Put a value of the head where its names lead."""
    place = content
    for name in names[:-1]:
        place = place.setdefault(name, {})
    place[names[-1]] = None if value == "" else value


def _entries(title: str, rows: Sequence[Row], problems: list[Problem]) -> Iterator[dict[str, object]]:
    header = [str(cell).strip() if cell is not None else "" for cell in rows[0]]
    for number, row in enumerate(rows[1:], 2):
        if any(cell not in (None, "") for cell in row):
            place = f"{title}表第{number}行"
            yield {**_entry(place, header, row, problems), "_place": place}


def _entry(place: str, header: Sequence[str], row: Row, problems: list[Problem]) -> dict[str, object]:
    entry: dict[str, object] = {}
    for name, cell in zip(header, row, strict=False):
        field = FIELD_OF.get(name, name)
        if not field or (cell in (None, "") and field not in MEANINGFUL_WHEN_EMPTY):
            continue
        try:
            entry[field] = value_of(field, cell)
        except ValueError as error:
            problems.append(Problem(place, field, str(error)))
    return entry


def write_workbook(content: Mapping[str, Any], path: Path) -> None:
    """Write a document as a workbook that a clerk can change and import again."""
    from openpyxl import Workbook

    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    head = book.create_sheet(DOCUMENT)
    _fill(head, HEAD_COLUMNS, ((name, cell, HINTS.get(name, "")) for name, cell in _head(content)), (32, 60, 60))
    for section, (title, columns) in SECTIONS.items():
        fields = columns.split()
        widths = [WIDTHS.get(field, NARROW) for field in fields]
        _fill(book.create_sheet(title), [COLUMN_NAMES[field] for field in fields], _cells(content, section), widths)
    book.save(path)


def write_csv_folder(content: Mapping[str, Any], folder: Path) -> None:
    """Write a document as a folder of CSV files with the same columns."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / f"{DOCUMENT}.csv", HEAD_COLUMNS[:2], _head(content))
    for section, (title, columns) in SECTIONS.items():
        names = [COLUMN_NAMES[field] for field in columns.split()]
        _write_csv(folder / f"{title}.csv", names, _cells(content, section))


def _write_csv(path: Path, names: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([names, *rows])


def _head(content: Mapping[str, Any]) -> Iterator[tuple[str, str | int | None]]:
    for name, value in flat({name: value for name, value in content.items() if name not in SECTIONS}):
        yield name, plain_cell(value)


def flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """The values of a nested mapping by their names, joined with dots."""
    for name, one in value.items():
        if isinstance(one, Mapping) and one:
            yield from flat(one, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", one


def _cells(content: Mapping[str, Any], section: str) -> Iterator[list[str | int | None]]:
    fields = SECTIONS[section][1].split()
    for entry in content.get(section) or ():
        yield [cell_of(field, entry.get(field)) for field in fields]


def _fill(sheet: Any, names: Sequence[str], rows: Iterable[Row], widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font

    for row in (names, *rows):
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center")
    sheet.freeze_panes = "B2"
    set_widths(sheet, widths)
