"""TXT, CSV, Markdown: the text in whatever encoding it is; CSV cells become tab-separated.

Form feeds end pages. Which encoding, `ingest.decoding` decides; a few damaged bytes do not make a file unreadable.
"""

from __future__ import annotations

import csv

from ingest import decoding
from ingest.errors import Charset, Empty, TooLarge
from ingest.extract.assembly import Pages
from ingest.extract.source import Source
from ingest.reading import Extraction

_DELIMITERS = ",;\t|"
_CELL_LIMIT = 10_000_000
_MENDED = ("utf-8", "gb18030", "big5hkscs")
_MOST_LOST, _PLAUSIBLE = 0.05, 0.7
"""A text with a few bad bytes is still a text, where what is left of it is plainly Chinese."""


def extract(source: Source) -> Extraction:
    """The text of a plain file, page by page."""
    decoded = read_text(source)
    text = decoded.text.removeprefix("\ufeff")
    if source.format.mime == "text/csv":
        text = _tabbed(text)
    pages = Pages(source.limits)
    for number, page in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\f")):
        if number:
            pages.turn()
        for line in page.split("\n"):
            pages.add(line)
    lost = f"有 {decoded.replaced} 个字的编码损坏，无法还原。"
    return pages.extraction({"charset": decoded.charset}, (lost,) if decoded.replaced else ())


def read_text(source: Source) -> decoding.Decoded:
    """A whole text file decoded. Raises Empty, TooLarge or Charset."""
    if source.path.stat().st_size > source.limits.part_bytes:
        raise TooLarge
    data = source.path.read_bytes()
    if not data.strip(b" \t\r\n\0\f"):
        raise Empty
    return decode(data)


def decode(data: bytes) -> decoding.Decoded:
    """The text of bytes that may be damaged in a few places. Raises Charset for what is no text."""
    try:
        return decoding.decode(data)
    except Charset:
        for charset in _MENDED:
            text = data.decode(charset, "replace")
            sound = text.replace("\ufffd", "")
            lost = len(text) - len(sound)
            if lost <= _MOST_LOST * len(text) and decoding.plausibility(sound.encode(charset), charset) >= _PLAUSIBLE:
                return decoding.Decoded(text, charset, lost)
        raise


def _tabbed(text: str) -> str:
    """The rows with tabs between cells; text that is no proper CSV stays as it is."""
    start = text[:20_000]
    first = next((line for line in start.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda mark: (first.count(mark), start.count(mark)))
    csv.field_size_limit(_CELL_LIMIT)
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error:
        return text
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)
