"""DOCX (and WPS files of that form): body in reading order, tables, notes, text boxes, headers and footers once.

Deleted text is left out, inserted text kept; list numbers are counted as Word shows them. Pages end where the author
put a break, or where Word last broke them if it said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.errors import Corrupt, TooLarge
from ingest.extract import markup, properties
from ingest.extract.assembly import Pages
from ingest.extract.markup import Element, attribute, find, inside, local
from ingest.extract.numbering import Numbering
from ingest.extract.packed import Package, open_package
from ingest.extract.source import Source
from ingest.reading import Extraction

_MOST_BYTES = 96 * 1024 * 1024
"""Of the main part: the tree in memory is about ten times as large."""
_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr", "tblPr", "trPr", "tcPr"})
_ONLY_NUMBERS = re.compile(r"^[\s\d第页共/\-—–·~]*$")
_BREAK, _RENDERED = "\f", "\x0e"
"""Marks inside the text of a paragraph: a page break, and a place where Word last broke the page."""


def extract(source: Source) -> Extraction:
    """The text of a DOCX file, page by page."""
    with open_package(source.path, source.limits) as package:
        main = _main_part(package)
        content = package.read(main)
        if len(content) > _MOST_BYTES:
            raise TooLarge
        reader = _Reader(package, main, markup.parse(content), Pages(source.limits))
        reader.body()
        return reader.pages.extraction(properties.of_office(package), pictures=package.pictures)


def _main_part(package: Package) -> str:
    for relation in package.relations("").values():
        if relation.kind == "officeDocument":
            return relation.target
    if package.has("word/document.xml"):
        return "word/document.xml"
    raise Corrupt


class _Reader:
    """One document on its way to pages. `_notes` are the notes asked for on the page at hand."""

    def __init__(self, package: Package, main: str, root: Element, pages: Pages) -> None:
        self.pages = pages
        self._package = package
        self._relations = package.relations(main)
        self._root = root
        self._numbering = Numbering(package, main.rpartition("/")[0])
        self._written = {kind: self._note_texts(kind) for kind in ("footnotes", "endnotes")}
        self._notes: list[str] = []
        self._boxes: list[Element] = []

    def body(self) -> None:
        """Everything in reading order; headers and footers at the end of the last page."""
        body = find(self._root, "body")
        if body is None:
            raise Corrupt
        rendered = next((True for one in self._root.iter() if local(one) == "lastRenderedPageBreak"), False)
        starts = _section_starts(body)
        for block in body:
            if self.pages.full:
                break
            self._block(block)
            if not rendered and local(block) == "p" and find(block, "pPr", "sectPr") is not None and next(starts):
                self._turn(only_if_written=True)
        self._place_notes()
        for line in self._margins():
            self.pages.add(line)

    def _block(self, block: Element) -> None:
        match local(block):
            case "p":
                self._paragraph(block)
            case "tbl":
                self._table(block)
            case "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "AlternateContent" | "Choice":
                for child in block:
                    self._block(child)

    def _paragraph(self, paragraph: Element) -> None:
        before = find(paragraph, "pPr", "pageBreakBefore")
        if before is not None and attribute(before, "val") not in {"0", "false", "off"}:
            self._turn(only_if_written=True)
        line = self._numbering.label(paragraph)
        for part in re.split(f"([{_BREAK}{_RENDERED}])", self._text(paragraph)):
            if part in {_BREAK, _RENDERED}:
                self.pages.add(line)
                line = ""
                self._turn(only_if_written=part == _RENDERED)
            else:
                line += part
        self.pages.add(line)
        self._place_boxes()

    def _text(self, element: Element) -> str:
        return "".join(self._pieces(element))

    def _pieces(self, element: Element) -> Iterator[str]:
        for child in element:
            name = local(child)
            if name == "t":
                yield child.text or ""
            elif name in {"tab", "ptab"}:
                yield "\t"
            elif name in {"br", "cr"}:
                yield _BREAK if attribute(child, "type") == "page" else "\n"
            elif name == "lastRenderedPageBreak":
                yield _RENDERED
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "sym":
                yield _symbol(attribute(child, "char"))
            elif name in {"footnoteReference", "endnoteReference"}:
                self._ask_note(name.removesuffix("Reference") + "s", attribute(child, "id"))
            elif name == "txbxContent":
                self._boxes.append(child)
            elif name == "ruby":
                base = find(child, "rubyBase")
                yield self._text(base) if base is not None else ""
            elif name not in _LEFT_OUT:
                yield from self._pieces(child)

    def _table(self, table: Element) -> None:
        for row in _rows(table):
            breaks = False
            cells = []
            for cell in _cells(row):
                text = " ".join(self._cell(cell))
                breaks = breaks or _RENDERED in text
                cells.append(text.replace(_RENDERED, "").replace(_BREAK, " ").replace("\n", " "))
            if breaks:
                self._turn(only_if_written=True)
            self.pages.add("\t".join(cells))
            self._place_boxes()

    def _cell(self, cell: Element) -> Iterator[str]:
        """The paragraphs of a cell; a table inside it lies in the same line."""
        for block in cell:
            if local(block) == "p":
                text = self._numbering.label(block) + self._text(block)
                if text.strip():
                    yield text
            elif local(block) not in _LEFT_OUT:
                yield from self._cell(block)

    def _place_boxes(self) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            for block in box:
                self._block(block)

    def _ask_note(self, kind: str, number: str) -> None:
        note = self._written[kind].get(number)
        if note:
            self._notes.append(note)

    def _place_notes(self) -> None:
        notes, self._notes = self._notes, []
        for note in notes:
            self.pages.add(note)

    def _turn(self, only_if_written: bool) -> None:
        self._place_notes()
        if only_if_written:
            self.pages.turn_if_written()
        else:
            self.pages.turn()

    def _note_texts(self, kind: str) -> dict[str, str]:
        part = next((one.target for one in self._relations.values() if one.kind == kind), "")
        root = self._package.maybe_root(part)
        return {attribute(note, "id"): self._lines(note) for note in (root if root is not None else ())}

    def _lines(self, element: Element) -> str:
        lines = (self._text(one).strip() for one in element.iter() if local(one) == "p")
        return "\n".join(line for line in lines if line)

    def _margins(self) -> list[str]:
        """Headers and footers, each text once, page numbers left out."""
        parts = [one.target for one in self._relations.values() if one.kind in {"header", "footer"}]
        lines: dict[str, None] = {}
        for part in parts:
            root = self._package.maybe_root(part)
            for line in self._lines(root).split("\n") if root is not None else ():
                if not _ONLY_NUMBERS.match(line):
                    lines[line.replace(_RENDERED, "")] = None
        return list(lines)


def _symbol(code: str) -> str:
    """A character of a symbol font: only the ticks and boxes of forms have a meaning outside it."""
    return {"F0FE": "☑", "F0A8": "□", "F06F": "□", "F0FC": "√", "F052": "☑", "F0A3": "□"}.get(code.upper(), "")


def _section_starts(body: Element) -> Iterator[bool]:
    """For each section after the first: whether it begins on a new page."""
    sections = [one for one in body.iter() if local(one) == "sectPr" and not inside(one, "sectPrChange")]
    for section in sections[1:]:
        kind = find(section, "type")
        yield kind is None or attribute(kind, "val") not in {"continuous", "nextColumn"}
    yield False


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if local(child) == "tr":
            if find(child, "trPr", "del") is None:
                yield child
        elif local(child) in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) in {"sdt", "sdtContent", "customXml"}:
            yield from _cells(child)
