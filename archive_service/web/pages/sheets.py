"""The text of a page of a table as rows of cells, with what is marked in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.kinds import ODF, OOXML

TABLES = frozenset({OOXML + "spreadsheetml.sheet", "application/vnd.ms-excel", ODF + "spreadsheet"})
"""Types whose text has a line a row and a tab between cells."""
MOST_ROWS = 400
"""Of one page, so that no page of the screen becomes a megabyte; the whole is in the file."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell, and the ranges in it that are marked."""

    text: str
    marks: tuple[tuple[int, int], ...]


def rows(mime: str, text: str, marks: Sequence[tuple[int, int]]) -> list[list[Cell]]:
    """The rows of a table's page; none for what is no table."""
    if mime not in TABLES or "\t" not in text:
        return []
    return list(_rows(text, marks))[:MOST_ROWS]


def _rows(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[list[Cell]]:
    at = 0
    for line in text.split("\n")[:MOST_ROWS]:
        row = []
        for value in line.split("\t"):
            row.append(Cell(value, _inside(at, at + len(value), marks)))
            at += len(value) + 1
        yield row


def _inside(start: int, end: int, marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    cut = ((max(first, start) - start, min(last, end) - start) for first, last in marks if first < end and last > start)
    return tuple((first, last) for first, last in cut if first < last)
