"""The text inside a Word 97–2003 document: its header (FIB), piece table, and which marks end a table row.

Bytes in, marked text out: \\x07 ends a cell, \\x1e a row, \\f a page. What becomes of it is `ingest.extract.doc`'s.
Layout after the published [MS-DOC] specification.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import Corrupt, Protected

ROW_END = "\x1e"
_PIECES, _CHARACTER_RUNS, _PARAGRAPH_RUNS = 33, 12, 13
"""Places in the list of (offset, length) pairs of the FIB: Clx, PlcfBteChpx, PlcfBtePapx."""
_ROW_END_MARK = b"\x17\x24\x01"
"""sprmPFTtp, on: the paragraph is the end of a table row."""
_DELETED_MARK = b"\x00\x08\x01"
"""sprmCFRMarkDel, on: the text is struck out by change tracking."""
_PAGE = 512


@dataclass(frozen=True, slots=True)
class Story:
    """The texts of a document by place, marks included."""

    body: str
    footnotes: str
    margins: str
    endnotes: str
    boxes: str


@dataclass(frozen=True, slots=True)
class _Piece:
    offset: int
    count: int
    width: int
    """Bytes a character."""


def is_word97(main: bytes) -> bool:
    """Whether the header is of Word 97 or later."""
    return len(main) > 0x22 and _word(main, 0) == 0xA5EC and _word(main, 2) >= 101


def check_header(main: bytes) -> None:
    """Raises Corrupt for what is no Word document, Protected for a password."""
    if len(main) < 0x20 or _word(main, 0) not in {0xA5EC, 0xA5DC, 0xA5DB}:
        raise Corrupt
    if _word(main, 0x0A) & 0x0100:
        raise Protected


def table_name(main: bytes) -> str:
    """The stream that holds the tables of this document."""
    return "1Table" if _word(main, 0x0A) & 0x0200 else "0Table"


def story(main: bytes, table: bytes) -> Story:
    """The texts of a Word 97 document. Raises Corrupt (or struct.error, IndexError) on nonsense."""
    lengths = _lengths(main)
    text = "".join(_texts(main, table))
    if not text and any(lengths):
        raise Corrupt
    parts, at = [], 0
    for length in lengths:
        parts.append(text[at : at + length])
        at += length
    body, footnotes, margins, _macros, _comments, endnotes, boxes, _margin_boxes = parts
    return Story(body, footnotes, margins, endnotes, boxes)


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _long(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _lengths(main: bytes) -> tuple[int, ...]:
    """Characters of body, footnotes, headers, macros, comments, endnotes, text boxes, boxes in headers."""
    words = _word(main, 0x20)
    return struct.unpack_from("<8i", main, 0x22 + words * 2 + 2 + 3 * 4)


def _place(main: bytes, number: int) -> tuple[int, int]:
    """Offset and length of a table in the table stream."""
    words = _word(main, 0x20)
    after_words = 0x22 + words * 2
    pairs = after_words + 2 + _word(main, after_words) * 4 + 2
    return _long(main, pairs + number * 8), _long(main, pairs + number * 8 + 4)


def _texts(main: bytes, table: bytes) -> Iterator[str]:
    row_ends = {end for _, end in _runs(main, table, _PARAGRAPH_RUNS, _ROW_END_MARK)}
    deleted = _runs(main, table, _CHARACTER_RUNS, _DELETED_MARK)
    for piece in _pieces(main, table):
        raw = main[piece.offset : piece.offset + piece.count * piece.width]
        text = raw.decode("utf-16-le" if piece.width == 2 else "cp1252", "replace")
        text = text.ljust(piece.count, "\ufffd")[: piece.count]
        characters = list(text)
        for end in row_ends:
            at, rest = divmod(end - piece.offset, piece.width)
            if rest == 0 and 0 < at <= piece.count and characters[at - 1] == "\x07":
                characters[at - 1] = ROW_END
        _strike_out(characters, piece, deleted)
        yield "".join(characters)


def _strike_out(characters: list[str], piece: _Piece, deleted: list[tuple[int, int]]) -> None:
    """Puts NUL for deleted characters, so that the counts of the header stay right."""
    for start, end in deleted:
        first = max(0, (start - piece.offset) // piece.width)
        last = min(piece.count, (end - piece.offset) // piece.width)
        for at in range(first, last):
            characters[at] = "\0"


def _pieces(main: bytes, table: bytes) -> Iterator[_Piece]:
    """The piece table: where the characters lie, in reading order."""
    offset, length = _place(main, _PIECES)
    data = table[offset : offset + length]
    at = 0
    while at < len(data) and data[at] == 1:
        at += 3 + _word(data, at + 1)
    if at >= len(data) or data[at] != 2:
        raise Corrupt
    plex = data[at + 5 : at + 5 + _long(data, at + 1)]
    count = (len(plex) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plex)
    for number in range(count):
        where = _long(plex, (count + 1) * 4 + number * 8 + 2)
        characters = places[number + 1] - places[number]
        if not 0 <= characters <= len(main):
            raise Corrupt
        yield (_Piece((where & 0x3FFFFFFF) // 2, characters, 1) if where & 0x40000000 else _Piece(where, characters, 2))


def _runs(main: bytes, table: bytes, which: int, mark: bytes) -> list[tuple[int, int]]:
    """(start, end) offsets of the runs of text whose formatting holds this mark."""
    offset, length = _place(main, which)
    plex = table[offset : offset + length]
    count = max(0, (len(plex) - 4) // 8)
    found: list[tuple[int, int]] = []
    for number in range(count):
        page = _long(plex, (count + 1) * 4 + number * 4) & 0x3FFFFF
        found += _page_runs(main[page * _PAGE : (page + 1) * _PAGE], which, mark)
    return found


def _page_runs(page: bytes, which: int, mark: bytes) -> Iterator[tuple[int, int]]:
    """The same for one formatted disk page: offsets first, then where each run's formatting lies."""
    if len(page) < _PAGE:
        return
    count = page[-1]
    entry = 13 if which == _PARAGRAPH_RUNS else 1
    if (count + 1) * 4 + count * entry >= _PAGE:
        return
    for number in range(count):
        at = page[(count + 1) * 4 + number * entry] * 2
        if at and mark in _formatting(page, at, which):
            yield _long(page, number * 4), _long(page, number * 4 + 4)


def _formatting(page: bytes, at: int, which: int) -> bytes:
    if which == _CHARACTER_RUNS:
        return page[at + 1 : at + 1 + page[at]]
    length = page[at] * 2 - 1
    return page[at + 1 : at + 1 + length] if length > 0 else page[at + 2 : at + 2 + page[at + 1] * 2]
