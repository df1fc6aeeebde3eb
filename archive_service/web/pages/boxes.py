"""Where the found words stand on the picture of a page: pieces of the boxes of its recognised lines.

A line is recognised as a whole, so the place of a word in it is reckoned from the widths of the characters before it.
Text that was read and not recognised has no boxes, and nothing is said of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storage.database.records import PageText

RecognisedLine = tuple[str, float, tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels of the page as it was recognised."""

    left: int
    top: int
    width: int
    height: int


def boxes(page: PageText, marks: Sequence[tuple[int, int]]) -> tuple[Box, ...]:
    """The places of the [start, end) of `marks` in the text of a page; a word over two lines has two."""
    if not page.lines or not page.width or not page.height:
        return ()
    found = (
        _piece(line, max(start - at, 0), min(end - at, len(line[0])), page.vertical)
        for at, line in _placed(page.text, page.lines)
        for start, end in marks
        if start < at + len(line[0]) and end > at
    )
    return tuple(found)


def _placed(text: str, lines: Sequence[Any]) -> Iterator[tuple[int, RecognisedLine]]:
    """Each line with the place of its first character in the text; lines stand there in their order."""
    end = 0
    for line in lines:
        at = text.find(line[0], end) if line[0] else -1
        if at >= 0:
            end = at + len(line[0])
            yield at, line


def _piece(line: RecognisedLine, start: int, end: int, vertical: bool) -> Box:
    words, _, (left, top, right, bottom) = line
    widths = [_width(one) for one in words]
    whole = sum(widths)
    begins, ends = sum(widths[:start]) / whole, sum(widths[:end]) / whole
    along, across = bottom - top, right - left
    if vertical and along > across:
        return Box(left, round(top + begins * along), across, round((ends - begins) * along))
    return Box(round(left + begins * across), top, round((ends - begins) * across), along)


def _width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.5
