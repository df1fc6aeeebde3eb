"""Lists as a workbook, a sheet each, written row by row; set up so that it prints like the form.

The types that openpyxl publishes do not know its write-only sheets, hence `Any` for a sheet and its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from archive_service.forms.printed import breaking
from archive_service.forms.printed.listing import Cell, Column, Listing, Row, Totals

MM_PER_UNIT = 2.1
"""What one unit of a column's width is on paper."""
MOST_CHARACTERS = 32_000
ROOM_TO_SIGN = "＿" * 8
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
"""What a sheet's name may not have."""
_HAIR = Side(style="hair")
_GRID = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_TITLE, _BOLD = Font(size=16, bold=True), Font(bold=True)
_WRAPPED = {
    align: Alignment(horizontal=align, vertical="center", wrap_text=True) for align in ("left", "center", "right")
}


def write(listings: Sequence[Listing], target: Path | BinaryIO, banner: str = "") -> list[int]:
    """Write a workbook; the rows are taken one by one. Returns how many there were on each sheet."""
    book = Workbook(write_only=True)
    written = [_sheet(book, listing, banner) for listing in listings]
    book.save(target)
    return written


def _sheet(book: Workbook, listing: Listing, banner: str) -> int:
    sheet = book.create_sheet(_NOT_IN_NAMES.sub(" ", listing.title)[:31])
    above = [line for line in ("　　".join(listing.heading), banner) if line]
    _set_up(sheet, listing, len(above) + 2)
    sheet.append([_cell(sheet, listing.title, _TITLE)])
    for line in above:
        sheet.append([_cell(sheet, line, None)])
    sheet.append([_cell(sheet, column.name, _BOLD, _WRAPPED["center"], _GRID) for column in listing.columns])
    totals = Totals(listing)
    for row in listing.rows:
        sheet.append(_cells(sheet, row, listing.columns))
        totals.add(row)
    if totals.rows and listing.counted:
        sheet.append(_cells(sheet, totals.row(), listing.columns))
    for line in _under(listing):
        sheet.append([_cell(sheet, line, None)])
    return totals.rows


def _under(listing: Listing) -> Iterator[str]:
    """What stands below: the remark in lines that the printed sheet holds, and three places to sign in a line."""
    room = sum(_width(column) for column in listing.columns) * 0.9
    yield from breaking.lines(listing.remark, room, _wide, 1000) if listing.remark else ()
    for start in range(0, len(listing.signed), 3):
        yield "　　".join(f"{words}：{ROOM_TO_SIGN}" for words in listing.signed[start : start + 3])


def _wide(text: str) -> float:
    """How many characters of a column's width a text takes: those of Chinese take two."""
    return sum(2 if east_asian_width(one) in "FWA" else 1 for one in text)


def _width(column: Column) -> float:
    return max(5.0, column.width / MM_PER_UNIT)


def _set_up(sheet: Any, listing: Listing, head: int) -> None:
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"1:{head}"
    sheet.page_setup.orientation = "landscape" if listing.landscape else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P／&N"
    for number, column in enumerate(listing.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(column)


def _cells(sheet: Any, row: Row, columns: Sequence[Column]) -> list[Any]:
    font = _BOLD if row.sum else None
    return [
        _cell(sheet, value, font, _WRAPPED[column.align], _GRID)
        for value, column in zip(row.cells, columns, strict=True)
    ]


def _cell(
    sheet: Any,
    value: Cell,
    font: Font | None,
    align: Alignment | None = None,
    border: Border | None = None,
) -> Any:
    cell = WriteOnlyCell(sheet, value=_printable(value))
    if isinstance(value, str):
        # What looks like a formula is a title that somebody wrote; it is shown, never run.
        cell.data_type = "s"
    if font:
        cell.font = font
    if align:
        cell.alignment = align
    if border:
        cell.border = border
    return cell


def _printable(value: Cell) -> Cell:
    if isinstance(value, int):
        return value
    return "".join(one for one in value if one >= " " or one == "\n")[:MOST_CHARACTERS]
