"""XLSX (and ET files of that form): one page a sheet, cells separated by tabs, as the sheet shows them.

Where there are several sheets, each begins with its name unless that is the one every program gives (Sheet1); a hidden
sheet says so. All names are in the metadata under "sheets".
"""

from __future__ import annotations

import re

from ingest.extract import properties
from ingest.extract.assembly import Pages
from ingest.extract.packed import open_package
from ingest.extract.source import Source
from ingest.extract.workbook import Workbook
from ingest.reading import Extraction

_USUAL_NAME = re.compile(r"(?i)^(sheet|工作表|表)\s*\d*$")


def extract(source: Source) -> Extraction:
    """The text of an XLSX file, one page a sheet."""
    pages = Pages(source.limits)
    with open_package(source.path, source.limits) as package:
        book = Workbook(package)
        names = SheetNames(tuple((sheet.name, sheet.hidden) for sheet in book.sheets))
        for number, sheet in enumerate(book.sheets):
            if number:
                pages.turn()
            pages.add(names.heading(number))
            for row in book.rows(sheet):
                pages.add("\t".join(cell.replace("\n", " ") for cell in row.cells))
                if pages.full:
                    break
        metadata = properties.of_office(package) | names.metadata
        return pages.extraction(metadata, names.warnings, package.pictures)


class SheetNames:
    """What the names of a workbook's sheets add to its text, metadata and warnings: (name, hidden) in order."""

    def __init__(self, sheets: tuple[tuple[str, bool], ...]) -> None:
        self._sheets = sheets
        hidden = [name for name, is_hidden in sheets if is_hidden]
        self.warnings = (f"有隐藏的工作表：{'、'.join(hidden)}。",) if hidden else ()
        named = [name for name, _ in sheets if not _USUAL_NAME.match(name)]
        self.metadata = {"sheets": "、".join(named)[:500]} if named else {}

    def heading(self, number: int) -> str:
        """The line above the text of a sheet (counted from 0); empty when its name says nothing."""
        name, hidden = self._sheets[number]
        if hidden:
            return f"{name}（隐藏的工作表）"
        return "" if len(self._sheets) == 1 or _USUAL_NAME.match(name) else name
