"""New workbooks, written row by row in constant memory: the book, its bold heads, its widths.

The library is loaded when the first workbook is written: it takes a fifth of a server's start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook


def new_book() -> Workbook:
    """A workbook whose rows go to disk as they are appended."""
    from openpyxl import Workbook

    return Workbook(write_only=True)


def heads(sheet: Any, names: Iterable[str]) -> list[Any]:
    """The cells of a head, bold."""
    from openpyxl.styles import Font

    cells = [text_cell(sheet, name) for name in names]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def text_cell(sheet: Any, text: str) -> Any:
    """A cell that is text, whatever it begins with: nothing in it is run."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def set_widths(sheet: Any, widths: Iterable[float]) -> None:
    """The widths of the columns from the first on, in characters."""
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
