"""The book of a village as a workbook or CSV: a template to fill in, and the rows of one that was filled in.

What a row must say is asked in `classification.ledgers`; here every fault is named by row and column, and one fault
refuses the whole file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archive_service.exchange.list_files import Column, ListInvalid, opened, rows, write_template
from classification.errors import Problem
from classification.ledgers import Book, Entry, entry

MOST_FAULTS = 200
HINTS = {"day": "写成 2026-03-05、2026/3/5 或 2026年3月5日。", "number": "整数。"}


def columns_of(book: Book) -> list[Column]:
    """The columns of a book; what must be filled in has a star."""
    return [
        Column(one.id, f"{one.name}*" if one.needed else one.name, values=one.values, hint=HINTS.get(one.kind, ""))
        for one in book.columns
    ]


def template(book: Book, path: Path) -> None:
    """Write an empty book to fill in, with a sheet that says how."""
    write_template(book.name, columns_of(book), path)


def read_entries(book: Book, path: Path) -> Sequence[Entry]:
    """The rows of a file that was filled in.

    Raises:
        ListInvalid: it is no list of this book, or a row is wrong; every fault is named.
    """
    found: list[Entry] = []
    faults: list[Problem] = []
    with opened(path) as (_, lines):
        for row in rows(lines, columns_of(book)):
            made, wrong = entry(book, row.cells)
            faults += [Problem(f"第 {row.number} 行", name, said) for name, said in wrong]
            if made is not None:
                found.append(made)
    if not found and not faults:
        faults.append(Problem(path.name, "", "列名下面一行也没有。"))
    if faults:
        raise ListInvalid(tuple(faults[:MOST_FAULTS]))
    return found
