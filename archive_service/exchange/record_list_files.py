"""The list of records as a file to be edited: XLSX for Excel and WPS, CSV for programs. Rows are streamed.

Every cell is text: what looks like a number, a date or a formula stays as it was written.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from archive_service.exchange.list_files import FORMULA_SIGNS, Column
from archive_service.exchange.new_books import heads, new_book, set_widths, text_cell

SHEET = "档案清单"
WIDTHS = {"key": 16, "title": 46, "note": 30, "people": 24, "village": 12, "state": 10, "page_count": 8}
USUAL_WIDTH = 18


class Counted:
    """Rows on their way through, counted."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        for row in self._rows:
            self.number += 1
            yield row


def write(path: Path, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> int:
    """Write the list as its name says, .csv or .xlsx; returns the number of rows."""
    if path.suffix.lower() == ".csv":
        return _write_csv(path, columns, rows)
    return _write_xlsx(path, columns, rows)


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> int:
    counted = Counted(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([column.name for column in columns])
        writer.writerows([f"'{text}" if _quoted(text) else text for text in row] for row in counted)
    return counted.number


def _quoted(text: str) -> bool:
    """Whether a spreadsheet would run this cell, or take its first sign for the one that stops it from that."""
    return text[:1] in FORMULA_SIGNS or (text[:1] == "'" and text[1:2] in FORMULA_SIGNS)


def _write_xlsx(path: Path, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> int:
    book = new_book()
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    set_widths(sheet, (WIDTHS.get(column.id, USUAL_WIDTH) for column in columns))
    sheet.append(heads(sheet, (column.name for column in columns)))
    counted = Counted(rows)
    for row in counted:
        sheet.append([text_cell(sheet, text) if text[:1] == "=" else text or None for text in row])
    how = book.create_sheet("怎么填")
    for line in chain([("列", "怎么填")], ((one.name, one.hint or _choices(one)) for one in columns)):
        how.append(line)
    book.save(path)
    return counted.number


def _choices(column: Column) -> str:
    return f"可选：{'、'.join(column.values)}。" if column.values else "照实填写；清空就是删去原来的内容。"
