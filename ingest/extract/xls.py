"""XLS (and ET files of that form): one page a sheet, cells separated by tabs, as the sheet shows them. Read by xlrd.

Formulas give their last result. Excel 2 to 95 are read too; their Chinese is GB18030 when the file does not say.
"""

from __future__ import annotations

import io
from typing import Any

import olefile
import xlrd
import xlrd.compdoc

from ingest.errors import Corrupt, Protected, TooLarge, Truncated
from ingest.extract import numberformats, properties
from ingest.extract.assembly import Pages
from ingest.extract.ole import is_cut_off, open_compound
from ingest.extract.source import Source
from ingest.extract.xlsx import SheetNames
from ingest.reading import Extraction


def extract(source: Source) -> Extraction:
    """The text of an XLS file, one page a sheet."""
    book = _open(source)
    # Sheets are loaded one at a time; only their names and states are known before.
    states = zip(book.sheet_names(), book._sheet_visibility, strict=True)
    names = SheetNames(tuple((name, state != 0) for name, state in states))
    pages = Pages(source.limits)
    try:
        for number in range(book.nsheets):
            _read(book, number, names, pages)
    except Exception as error:
        # xlrd follows the records without checks, here as in opening.
        raise Corrupt from error
    return pages.extraction(_properties(source) | names.metadata, names.warnings)


def _read(book: Any, number: int, names: SheetNames, pages: Pages) -> None:
    """One sheet (counted from 0) onto its page; its memory is given back."""
    sheet = book.sheet_by_index(number)
    if number:
        pages.turn()
    pages.add(names.heading(number))
    for row in range(sheet.nrows):
        pages.add("\t".join(_shown(book, cell) for cell in sheet.row(row)))
        if pages.full:
            break
    book.unload_sheet(number)


def _open(source: Source) -> Any:
    if source.path.stat().st_size > source.limits.part_bytes:
        raise TooLarge
    content = source.path.read_bytes()
    # Excel 4 and older wrote their records without a container.
    if content.startswith(olefile.MAGIC) and is_cut_off(source.path):
        raise Truncated
    try:
        # WPS writes chains of sectors that xlrd would call corrupt and every other program reads.
        return xlrd.open_workbook(
            file_contents=content,
            formatting_info=True,
            on_demand=True,
            logfile=io.StringIO(),
            ignore_workbook_corruption=True,
        )
    except xlrd.XLRDError as error:
        if "ncrypt" in str(error) or "password" in str(error).lower():
            raise Protected from error
        raise Corrupt from error
    except Exception as error:
        # xlrd walks the records without checks; on damaged files any of its own steps may fail.
        raise Corrupt from error


def _properties(source: Source) -> dict[str, str]:
    try:
        with open_compound(source.path, source.limits) as compound:
            return properties.of_ole(compound.ole)
    except (Corrupt, Truncated):
        return {}


def _shown(book: Any, cell: Any) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value).replace("\n", " ").strip()
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return numberformats.shown(cell.value, _format(book, cell), book.datemode == 1)
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, ""))
    return ""


def _format(book: Any, cell: Any) -> str:
    """The number format of a cell. Formats below 59 mean what they mean in a Chinese Excel."""
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return "General"
    key = book.xf_list[cell.xf_index].format_key
    built_in = numberformats.BUILT_IN.get(key)
    own = book.format_map.get(key)
    return built_in or (str(own.format_str) if own else "General")
