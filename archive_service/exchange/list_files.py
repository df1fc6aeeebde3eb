"""A clerk's list as a workbook or CSV: which columns it has, its rows as text, and the template to fill in.

Finds the line with the column names, under a title or not. Says by row and column what cannot be read; whether a value
makes sense is judged by `archive_service.actions.lists`.
"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import Any

from archive_service.exchange.new_books import set_widths
from classification.errors import Problem, RuleError
from ingest.decoding import decode
from ingest.errors import Charset, Unreadable
from ingest.extract.packed import open_package
from ingest.extract.workbook import Row
from ingest.extract.workbook import Workbook as ReadWorkbook
from ingest.reading import Limits

FORMULA_SIGNS = frozenset("=+-@\t")
"""A spreadsheet runs a CSV cell that begins so."""
HEADER_WITHIN = 10
"""The column names stand in one of the first so many rows."""


class ListInvalid(RuleError):
    """A list was refused whole. Nothing of it was taken; `problems` names every row and column."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(f"清单有 {len(problems)} 处要改，一件也没有导入。改好后再导入一次。")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, what else clerks call it, and the values to choose from."""

    id: str
    name: str
    also: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: its number in the sheet, and its cells by column id; empty cells are left out."""

    number: int
    cells: dict[str, str]


@contextmanager
def opened(path: Path) -> Iterator[tuple[str, Iterator[Row]]]:
    """The name of the first visible sheet and its rows, while the file is open. A CSV file has no name for its sheet.

    Raises:
        ListInvalid: it is no workbook, or has no sheet; or a CSV whose encoding cannot be told.
    """
    if path.suffix.lower() == ".csv":
        yield "", _csv_rows(path)
        return
    try:
        with open_package(path, Limits()) as package:
            book = ReadWorkbook(package)
            sheet = next((one for one in book.sheets if not one.hidden), None)
            if sheet is None:
                raise _whole(path, "里面没有工作表。")
            yield sheet.name, book.rows(sheet)
    except Unreadable as bad:
        raise _whole(path, f"{bad.reason}清单要存成 XLSX。") from bad


def _csv_rows(path: Path) -> Iterator[Row]:
    """A spreadsheet on a Chinese desk saves CSV in GBK as often as in UTF-8."""
    try:
        content = decode(path.read_bytes()).text.removeprefix("\ufeff")
    except Charset as bad:
        raise _whole(path, "看不出是什么编码，请另存为 XLSX 或“CSV UTF-8”。") from bad
    lines = csv.reader(StringIO(content, newline=""))
    return (Row(number, tuple(map(_unquoted, line))) for number, line in enumerate(lines, 1))


def _unquoted(text: str) -> str:
    """Without the sign that kept a spreadsheet from running the cell as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_SIGNS else text


def _whole(path: Path, message: str) -> ListInvalid:
    return ListInvalid((Problem(path.name, "", message),))


def rows(found: Iterator[Row], columns: Sequence[Column], blanks: bool = False) -> Iterator[ListRow]:
    """The rows under the column names. With `blanks`, a cell left empty under a name is there as an empty text.

    Raises:
        ListInvalid: no line with column names, or a column that is not known.
    """
    by_name = _by_name(columns)
    first = list(islice(found, HEADER_WITHIN))
    at = _header(first, by_name)
    ids = _ids(first[at], by_name, columns)
    for row in chain(first[at + 1 :], found):
        cells = {id: text.strip() for id, text in zip(ids, row.cells, strict=False) if id and text.strip()}
        if cells:
            if blanks:
                cells = {id: cells.get(id, "") for id in ids if id}
            yield ListRow(row.number, cells)


def _by_name(columns: Sequence[Column]) -> dict[str, str]:
    """Column ids by name. What stands in brackets may be left out unless two columns differ in that only."""
    names = [(name, column.id) for column in columns for name in (column.name, *column.also)]
    short = [plain(name) for name, _ in names]
    by_name = {plain(name): id for name, id in names if short.count(plain(name)) == 1}
    return by_name | {whole(name): id for name, id in names}


def _header(first: Sequence[Row], by_name: dict[str, str]) -> int:
    """Which of the first rows holds the most column names."""
    known = [sum(bool(_id(cell, by_name)) for cell in row.cells) for row in first]
    if not known or max(known) < 1:
        names = "、".join(list(by_name)[:6])
        raise ListInvalid((Problem("前 10 行", "", f"找不到列名（如 {names}）。可用 list template 写出模板来填。"),))
    return known.index(max(known))


def _ids(header: Row, by_name: dict[str, str], columns: Sequence[Column]) -> list[str]:
    ids = [_id(cell, by_name) for cell in header.cells]
    place = f"第 {header.number} 行（列名）"
    names = "、".join(column.name for column in columns)
    problems = [
        Problem(place, cell, f"不认识这一列；可用的列有：{names}。")
        for cell, id in zip(header.cells, ids, strict=True)
        if cell.strip() and not id
    ]
    problems += [
        Problem(place, cell, "这一列出现了两次。")
        for number, cell in enumerate(header.cells)
        if ids[number] and ids[number] in ids[:number]
    ]
    if problems:
        raise ListInvalid(tuple(problems))
    return ids


def _id(name: str, by_name: dict[str, str]) -> str:
    return by_name.get(whole(name)) or by_name.get(plain(name), "")


def whole(name: str) -> str:
    """A column name as it is compared: one width and case, without blanks, stars and colons."""
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", name)).casefold()


def plain(name: str) -> str:
    """The same without what stands in brackets."""
    return re.sub(r"\(.*?\)", "", whole(name))


def digest(path: Path) -> str:
    """SHA-256 of the file, by which it is known again."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_template(name: str, columns: Sequence[Column], path: Path) -> None:
    """Write a workbook with these columns to fill in, choices where there are any, and a sheet that says how."""
    # Loaded by who writes a workbook (see new_books).
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    sheet.append([column.name for column in columns])
    set_widths(sheet, (40 if column.id == "title" else 18 for column in columns))
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(1, number)
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center", wrap_text=True)
        _offer(sheet, get_column_letter(number), column.values)
    sheet.freeze_panes = "A2"
    how = book.create_sheet("怎么填")
    how.append(["列", "怎么填"])
    for column in columns:
        how.append([column.name, column.hint or _choices(column)])
    how.column_dimensions["A"].width, how.column_dimensions["B"].width = 28, 90
    book.save(path)


def _choices(column: Column) -> str:
    return f"可选：{'、'.join(column.values)}。" if column.values else "照实填写，没有就空着。"


def _offer(sheet: Any, letter: str, values: Sequence[str]) -> None:
    """A list to choose from, where it fits into what a cell can offer (255 characters)."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = ",".join(values)
    if values and len(listed) <= 255 and not any("," in value for value in values):
        choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        choice.add(f"{letter}2:{letter}20000")
        sheet.add_data_validation(choice)
