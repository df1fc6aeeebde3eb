"""PPT (and DPS files of that form): one page a slide, the speaker's notes under it.

Walks the records of the stream "PowerPoint Document" after the published [MS-PPT] specification. Slide numbers, dates
and the texts of the master are left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from ingest.errors import Corrupt, Protected, ZeroPages
from ingest.extract import properties
from ingest.extract.assembly import Pages
from ingest.extract.ole import open_compound
from ingest.extract.source import Source
from ingest.reading import Extraction

_DOCUMENT, _SLIDE, _NOTES, _SLIDE_LIST, _SLIDE_PLACE = 1000, 1006, 1008, 4080, 1011
_TEXT_HEADER, _CHARACTERS, _BYTES, _OUTLINE_TEXT = 3999, 4000, 4008, 3998
_EDIT, _DIRECTORY, _NOTES_ATOM, _SHAPE, _PLACEHOLDER, _SHOW_INFO = 4085, 6002, 1009, 0xF004, 3011, 1017
_ROUTINE = frozenset({7, 8, 9, 10})
"""Placeholders for date, number, footer and header: the same on every slide."""
_ENCRYPTED = 0xF3D1C4DF
_DEEPEST, _MOST_EDITS = 40, 1000


class _Record(NamedTuple):
    kind: int
    instance: int
    is_container: bool
    start: int
    end: int


class _Place(NamedTuple):
    """A slide as the document lists it: where its container is, its id, and the texts of its outline."""

    persist: int
    slide_id: int
    texts: list[str]


def extract(source: Source) -> Extraction:
    """The text of a PPT file, slide by slide."""
    pages = Pages(source.limits)
    with open_compound(source.path, source.limits) as compound:
        show = _Show(compound.read("PowerPoint Document", "PP97_DUALSTORAGE"), compound.read("Current User"))
        slides = list(show.slides())
        if not slides:
            raise ZeroPages
        hidden = [str(number) for number, (_, is_hidden) in enumerate(slides, 1) if is_hidden]
        for number, (lines, _) in enumerate(slides):
            if number:
                pages.turn()
            for line in lines:
                pages.add(line)
        warnings = (f"第 {'、'.join(hidden)} 张幻灯片是隐藏的。",) if hidden else ()
        return pages.extraction(properties.of_ole(compound.ole), warnings, compound.ole.exists("Pictures"))


class _Show:
    """One presentation: its bytes and where each of its objects lies."""

    def __init__(self, data: bytes, current: bytes) -> None:
        self._data = data
        if len(current) < 20:
            raise Corrupt
        token, edit = struct.unpack_from("<II", current, 12)
        if token == _ENCRYPTED:
            raise Protected
        self._document = 0
        self._places: dict[int, int] = {}
        self._follow_edits(edit)

    def _follow_edits(self, offset: int) -> None:
        """The directory of objects: the newest edit first, so that what it says is kept."""
        for _ in range(_MOST_EDITS):
            record = self._record(offset)
            if record.kind != _EDIT:
                raise Corrupt
            before, directory, document = struct.unpack_from("<III", self._data, record.start + 8)
            if record.end - record.start >= 32:
                raise Protected
            self._document = self._document or document
            self._read_directory(self._record(directory))
            if before == 0 or before >= offset:
                return
            offset = before

    def _read_directory(self, record: _Record) -> None:
        if record.kind != _DIRECTORY:
            raise Corrupt
        at = record.start
        while at + 4 <= record.end:
            (head,) = struct.unpack_from("<I", self._data, at)
            first, count = head & 0xFFFFF, head >> 20
            offsets = struct.unpack_from(f"<{count}I", self._data, at + 4)
            for number, offset in enumerate(offsets, first):
                self._places.setdefault(number, offset)
            at += 4 + count * 4

    def slides(self) -> Iterator[tuple[list[str], bool]]:
        """The lines of each slide with its notes, and whether it is hidden."""
        document = self._record(self._places.get(self._document, -1))
        lists = [one for one in self._children(document) if one.kind == _SLIDE_LIST]
        notes = {}
        for place in self._listed(lists, 2):
            container = self._record(self._places.get(place.persist, -1))
            notes[self._slide_of(container)] = list(self._lines(container, place.texts))
        for place in self._listed(lists, 0):
            container = self._record(self._places.get(place.persist, -1))
            lines = list(self._lines(container, place.texts))
            yield [*lines, *notes.get(place.slide_id, ())], self._is_hidden(container)

    def _listed(self, lists: list[_Record], instance: int) -> list[_Place]:
        """The slides (instance 0) or notes (2) in the order of the document."""
        found: list[_Place] = []
        for record in (one for lst in lists if lst.instance == instance for one in self._children(lst)):
            if record.kind == _SLIDE_PLACE:
                persist, slide_id = struct.unpack_from("<I8xI", self._data, record.start)
                found.append(_Place(persist, slide_id, []))
            elif found and record.kind == _TEXT_HEADER:
                found[-1].texts.append("")
            elif found and found[-1].texts and record.kind in {_CHARACTERS, _BYTES}:
                found[-1].texts[-1] = self._text(record)
        return found

    def _slide_of(self, notes: _Record) -> int:
        atom = next((one for one in self._children(notes) if one.kind == _NOTES_ATOM), None)
        return struct.unpack_from("<I", self._data, atom.start)[0] if atom else 0

    def _is_hidden(self, slide: _Record) -> bool:
        info = next((one for one in self._children(slide) if one.kind == _SHOW_INFO), None)
        return info is not None and bool(self._data[info.start + 10] & 4)

    def _lines(self, container: _Record, outline: list[str]) -> Iterator[str]:
        """The texts of the shapes in their order; a shape may point at a text of the outline instead of holding it."""
        used = False
        for shape in self._inside(container, {_SHAPE}):
            if not self._is_routine(shape):
                for record in self._inside(shape, {_CHARACTERS, _BYTES, _OUTLINE_TEXT}):
                    used = True
                    yield from self._shown(record, outline).split("\r")
        if not used:
            for text in outline:
                yield from text.split("\r")

    def _is_routine(self, shape: _Record) -> bool:
        marks = self._inside(shape, {_PLACEHOLDER})
        return any(self._data[mark.start + 4] in _ROUTINE for mark in marks)

    def _shown(self, record: _Record, outline: list[str]) -> str:
        if record.kind != _OUTLINE_TEXT:
            return self._text(record)
        (number,) = struct.unpack_from("<I", self._data, record.start)
        return outline[number] if number < len(outline) else ""

    def _text(self, record: _Record) -> str:
        raw = self._data[record.start : record.end]
        text = raw.decode("utf-16-le" if record.kind == _CHARACTERS else "latin-1", "replace")
        return text.replace("\x0b", "\n")

    def _inside(self, container: _Record, kinds: set[int], depth: int = 0) -> Iterator[_Record]:
        for record in self._children(container):
            if record.kind in kinds:
                yield record
            elif record.is_container and depth < _DEEPEST:
                yield from self._inside(record, kinds, depth + 1)

    def _children(self, container: _Record) -> Iterator[_Record]:
        at = container.start
        while at + 8 <= container.end:
            record = self._record(at)
            yield record
            at = record.end

    def _record(self, offset: int) -> _Record:
        if not 0 <= offset <= len(self._data) - 8:
            raise Corrupt
        head, kind, length = struct.unpack_from("<HHI", self._data, offset)
        start = offset + 8
        # A text box is a container in all but its version bits.
        is_container = head & 0xF == 0xF or kind == 0xF00D
        return _Record(kind, head >> 4, is_container, start, min(start + length, len(self._data)))
