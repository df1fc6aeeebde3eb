"""In which order the strips of a page are read: rows from top to bottom, or columns from right to left.

Rows of a page in two text columns follow each other column by column. The storeys of a genealogy's page are told by the
blanks that run through it from side to side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.ocr.strip import Level, Strip, levelled
from ingest.ocr.wording import tidy
from ingest.reading import Line

_SAME = 0.5
"""Share of the smaller extent by which two strips must overlap to be in one row, or one column."""
_SMALL = 0.75
"""Width of a note's column by that of the names."""
_UNDER = 0.3
"""Share of a note's column that stands under its name, when several such columns stand beside each other."""
_GUTTER = 0.8
"""A blank between two text columns, in line heights."""
_SENTENCES = 8
"""Lines of a newspaper's columns have at least so many characters; most cells of a table have fewer."""

Blank = tuple[float, float]
"""Left and right edge."""
Run = list[Strip]
"""Strips that stand on one line of text."""

__all__ = ["Arrangement", "arranged", "arranged_strips", "in_order", "is_vertical", "tidy"]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A page in reading order: a line of `text` may be made of several `lines` that stand beside each other."""

    text: str
    lines: tuple[Line, ...]
    vertical: bool


def arranged(lines: Sequence[Line]) -> Arrangement:
    """Lines of a page that lies straight, given in any order, in reading order."""
    return arranged_strips([Strip.of(line) for line in lines])


def arranged_strips(strips: Sequence[Strip]) -> Arrangement:
    """The same for a page that may be turned a little. Neighbours on a row are cells and get a tab between them."""
    runs, vertical = in_order(strips)
    between = "" if vertical else "\t"
    text = "\n".join(between.join(tidy(one.text) for one in run) for run in runs)
    lines = tuple(Line(tidy(one.text), one.confidence, one.box) for run in runs for one in run)
    return Arrangement(text, lines, vertical)


def in_order(strips: Sequence[Strip]) -> tuple[list[Run], bool]:
    """The lines of a page in reading order, and whether the page is written in columns from right to left."""
    level = levelled(strips)
    if is_vertical(level):
        return _vertical(level), True
    return [[one.strip for one in row] for row in _horizontal(level)], False


def is_vertical(strips: Sequence[Level]) -> bool:
    """Whether most characters stand in columns. Single characters say nothing."""
    standing = sum(len(one.strip.text) for one in strips if one.stands)
    lying = sum(len(one.strip.text) for one in strips if not one.stands and len(one.strip.text) > 1)
    return standing > lying


def _horizontal(strips: list[Level]) -> list[list[Level]]:
    """Rows; those of a page in two or more text columns follow each other column by column."""
    rows = _lines(strips, lambda one: (one.top, one.bottom))
    for row in rows:
        row.sort(key=lambda one: one.left)
    out: list[list[Level]] = []
    block: list[list[Level]] = []
    gutters: list[Blank] = []
    for row in rows:
        between = _gutters(row)
        shared = _narrowed(gutters, between)
        if block and gutters and not shared and not _beside(row, gutters):
            out += _by_columns(block, gutters)
            block, gutters, shared = [], [], between
        if block or between:
            block.append(row)
            gutters = shared or max(gutters, between, key=len)
        else:
            out.append(row)
    return out + (_by_columns(block, gutters) if gutters else block)


def _gutters(row: list[Level]) -> list[Blank]:
    """The blanks between long pieces of text side by side; none when a piece is short, as the cells of a table are."""
    if any(len(one.strip.text) < _SENTENCES for one in row):
        return []
    blanks = [(one.right, other.left) for one, other in pairwise(row)]
    height = min(one.height for one in row)
    return blanks if all(right - left > _GUTTER * height for left, right in blanks) else []


def _narrowed(ones: list[Blank], others: list[Blank]) -> list[Blank]:
    """The blanks that two rows have in common; none when they are not the same columns."""
    if len(ones) != len(others):
        return []
    both = [(max(one[0], other[0]), min(one[1], other[1])) for one, other in zip(ones, others, strict=True)]
    return both if all(left < right for left, right in both) else []


def _beside(row: list[Level], gutters: list[Blank]) -> bool:
    """Whether no strip of the row covers a blank between the columns."""
    return all(one.right <= right or one.left >= left for one in row for left, right in gutters)


def _by_columns(rows: list[list[Level]], gutters: list[Blank]) -> list[list[Level]]:
    """The rows of the first column, then those of the next. A few rows alone are rows."""
    if sum(bool(_gutters(row)) for row in rows) < 3:
        return rows
    edges = [float("-inf"), *(sum(blank) / 2 for blank in gutters), float("inf")]
    columns = [[one for one in row if left < one.right <= right] for left, right in pairwise(edges) for row in rows]
    return [part for part in columns if part]


def _vertical(strips: list[Level]) -> list[Run]:
    """Lying titles above the columns, then register by register, each from right to left, then what lies below."""
    lying = [one for one in strips if not one.stands and len(one.strip.text) > 1]
    columns = [one for one in strips if one not in lying]
    top, bottom = min(one.top for one in columns), max(one.bottom for one in columns)
    above = [one for one in lying if one.bottom <= (top + bottom) / 2]
    below = [one for one in lying if one not in above]
    read = [run for register in _registers(columns) for run in _right_to_left(register)]
    return _plain(_horizontal(above)) + _plain(read) + _plain(_horizontal(below))


def _plain(rows: list[list[Level]]) -> list[Run]:
    return [[one.strip for one in row] for row in rows]


def _registers(strips: list[Level]) -> list[list[Level]]:
    """The storeys of a genealogy's page: cut where a blank runs through the page from side to side."""
    registers: list[list[Level]] = []
    floor = float("-inf")
    for one in sorted(strips, key=lambda one: one.top):
        if not registers or one.top >= floor:
            registers.append([])
        registers[-1].append(one)
        floor = max(floor, one.bottom)
    return _joined(registers)


def _joined(registers: list[list[Level]]) -> list[list[Level]]:
    """A storey of a single column, or of small notes only, is no storey: it goes on with the one above it."""
    storeys: list[list[Level]] = []
    for register in registers:
        if storeys and (min(len(register), len(storeys[-1])) == 1 or _are_notes(register, storeys[-1])):
            storeys[-1] += register
        else:
            storeys.append(register)
    return storeys


def _are_notes(register: list[Level], above: list[Level]) -> bool:
    return max(one.width for one in register) < _SMALL * max(one.width for one in above)


def _right_to_left(strips: list[Level]) -> list[list[Level]]:
    return [[one for part in _parts(column) for one in part] for column in _columns(strips)[::-1]]


def _columns(strips: list[Level]) -> list[list[Level]]:
    """Columns from left to right. A small strip belongs to the large one that it stands under, or a part of it does."""
    columns: list[list[Level]] = []
    for one in sorted(strips, key=lambda one: -one.width):
        shares = [_overlap((one.left, one.right), (column[0].left, column[0].right)) for column in columns]
        best = max(range(len(shares)), key=lambda at: shares[at], default=0)
        small = bool(columns) and one.width < _SMALL * columns[best][0].width
        if columns and shares[best] > (_UNDER if small else _SAME):
            columns[best].append(one)
        else:
            columns.append([one])
    return sorted(columns, key=lambda column: column[0].left + column[0].right)


def _parts(column: list[Level]) -> list[list[Level]]:
    """A column from its head down; of a note in two small columns beside each other, the right one comes first."""
    parts: list[list[Level]] = []
    for one in sorted(column, key=lambda one: one.top):
        beside = parts and any(
            _overlap((one.top, one.bottom), (other.top, other.bottom)) > _SAME for other in parts[-1]
        )
        if beside:
            parts[-1].append(one)
        else:
            parts.append([one])
    return [_note(part) for part in parts]


def _note(part: list[Level]) -> list[Level]:
    halves = _lines(part, lambda one: (one.left, one.right))
    return [one for half in halves[::-1] for one in sorted(half, key=lambda one: one.top)]


def _lines(strips: Sequence[Level], extent: Callable[[Level], tuple[float, float]]) -> list[list[Level]]:
    """Strips that overlap in `extent`, together; the lines follow each other along it."""
    lines: list[list[Level]] = []
    for one in sorted(strips, key=lambda one: sum(extent(one))):
        if lines and _overlap(extent(one), _typical([extent(other) for other in lines[-1]])) > _SAME:
            lines[-1].append(one)
        else:
            lines.append([one])
    return lines


def _typical(extents: list[tuple[float, float]]) -> tuple[float, float]:
    return median(start for start, _ in extents), median(end for _, end in extents)


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Shared length as a share of the shorter of the two."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / max(1.0, min(one[1] - one[0], other[1] - other[0]))
