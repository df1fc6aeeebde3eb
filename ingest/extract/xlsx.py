"""XLSX (and ET files of that form): one page a sheet, cells separated by tabs, as the sheet shows them.

A sheet's name is part of its text unless it is the name every program gives (Sheet1, 工作表1); a hidden sheet says so.
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
    hidden = []
    with open_package(source.path, source.limits) as package:
        book = Workbook(package)
        for number, sheet in enumerate(book.sheets):
            if number:
                pages.turn()
            pages.add(heading(sheet.name, sheet.hidden))
            if sheet.hidden:
                hidden.append(sheet.name)
            for row in book.rows(sheet):
                pages.add("\t".join(cell.replace("\n", " ") for cell in row.cells))
                if pages.full:
                    break
        return pages.extraction(properties.of_office(package), warnings_about(hidden), package.pictures)


def heading(name: str, hidden: bool) -> str:
    """The line above a sheet's text; empty for a visible sheet with a usual name."""
    if hidden:
        return f"{name}（隐藏的工作表）"
    return "" if _USUAL_NAME.match(name) else name


def warnings_about(hidden: list[str]) -> tuple[str, ...]:
    """What the archivist should know about hidden sheets."""
    return (f"有隐藏的工作表：{'、'.join(hidden)}。",) if hidden else ()
