"""ODT, ODS, ODP: text in reading order, notes, tables; pages by soft breaks, sheets and slides.

Deleted text and comments are left out; headers and footers come once, after the text. Styles are asked only for page
breaks and hidden sheets.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.errors import Protected, TooLarge, ZeroPages
from ingest.extract import markup, properties
from ingest.extract.assembly import Pages
from ingest.extract.markup import Element, attribute, children, find, local
from ingest.extract.packed import Package, open_package
from ingest.extract.source import Source
from ingest.extract.xlsx import SheetNames
from ingest.reading import Extraction

_MOST_BYTES = 96 * 1024 * 1024
_MOST_COLUMNS, _MOST_EQUAL_ROWS = 1024, 1000
_LEFT_OUT = frozenset({"tracked-changes", "annotation", "annotation-end", "note-citation", "title", "desc",
                       "sequence-decls", "forms", "event-listeners", "index-title-template"})  # fmt: skip
_BREAK = "\x0e"
"""Mark inside the text of a paragraph: the program broke the page here."""


def extract(source: Source) -> Extraction:
    """The text of an ODF document, page by page."""
    with open_package(source.path, source.limits) as package:
        _refuse_locked(package)
        content = package.read("content.xml")
        if len(content) > _MOST_BYTES:
            raise TooLarge
        root = markup.parse(content)
        pages = Pages(source.limits)
        names = _Reader(root, pages).read()
        for line in dict.fromkeys(_margins(package)):
            pages.add(line)
        return pages.extraction(properties.of_odf(package) | names.metadata, names.warnings, package.pictures)


def _refuse_locked(package: Package) -> None:
    manifest = package.maybe_root("META-INF/manifest.xml")
    if manifest is not None and any(local(one) == "encryption-data" for one in manifest.iter()):
        raise Protected


def _margins(package: Package) -> Iterator[str]:
    styles = package.maybe_root("styles.xml")
    for element in styles.iter() if styles is not None else ():
        if local(element) in {"header", "footer"} and not any(local(one) == "page-number" for one in element.iter()):
            yield from (text for one in element if (text := "".join(_pieces(one)).strip()))


class _Reader:
    """One content.xml on its way to pages."""

    def __init__(self, root: Element, pages: Pages) -> None:
        self._root, self._pages = root, pages
        self._breaking = set(_styles(root, "paragraph-properties", "break-before", {"page"}))
        self._hidden_tables = set(_styles(root, "table-properties", "display", {"false"}))
        self._notes: list[str] = []

    def read(self) -> SheetNames:
        """Everything; returns the names of the sheets, if it is a workbook."""
        body = find(self._root, "body")
        for kind in body if body is not None else ():
            match local(kind):
                case "spreadsheet":
                    return self._sheets(kind)
                case "presentation" | "drawing":
                    self._slides(kind)
                case _:
                    self._blocks(kind)
        self._place_notes()
        return SheetNames(())

    def _sheets(self, book: Element) -> SheetNames:
        tables = [one for one in book if local(one) == "table"]
        named = ((attribute(one, "name"), attribute(one, "style-name") in self._hidden_tables) for one in tables)
        names = SheetNames(tuple(named))
        for number, table in enumerate(tables):
            if number:
                self._pages.turn()
            self._pages.add(names.heading(number))
            self._table(table)
        return names

    def _slides(self, show: Element) -> None:
        slides = [one for one in show if local(one) == "page"]
        if not slides:
            raise ZeroPages
        for number, slide in enumerate(slides):
            if number:
                self._pages.turn()
            for shape in slide:
                self._blocks(shape)

    def _blocks(self, parent: Element) -> None:
        for block in parent:
            if self._pages.full:
                return
            match local(block):
                case "p" | "h":
                    self._paragraph(block)
                case "table":
                    self._table(block)
                case "soft-page-break":
                    self._turn()
                case name if name not in _LEFT_OUT:
                    self._blocks(block)

    def _paragraph(self, block: Element) -> None:
        if attribute(block, "style-name") in self._breaking:
            self._turn()
        for number, text in enumerate("".join(_pieces(block, self._notes)).split(_BREAK)):
            if number:
                self._turn()
            self._pages.add(text)

    def _table(self, table: Element) -> None:
        for row in _rows(table):
            if local(row) == "soft-page-break":
                self._turn()
                continue
            line = "\t".join(self._cells(row)).rstrip()
            for _ in range(min(_count(row, "number-rows-repeated"), _MOST_EQUAL_ROWS) if line else 0):
                self._pages.add(line)
            if self._pages.full:
                return

    def _cells(self, row: Element) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if local(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            texts = ("".join(_pieces(one, self._notes)) for one in _paragraphs(cell))
            text = " ".join(one for one in texts if one).replace(_BREAK, "").replace("\n", " ")
            cells += [text] * min(_count(cell, "number-columns-repeated"), _MOST_COLUMNS - len(cells))
        return cells

    def _turn(self) -> None:
        self._place_notes()
        self._pages.turn_if_written()

    def _place_notes(self) -> None:
        for note in self._notes:
            self._pages.add(note)
        self._notes.clear()


def _styles(root: Element, properties_name: str, name: str, values: set[str]) -> Iterator[str]:
    """The names of automatic styles with one of these values."""
    for style in children(root, "automatic-styles"):
        found = find(style, properties_name)
        if found is not None and attribute(found, name) in values:
            yield attribute(style, "name")


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if local(child) in {"table-row", "soft-page-break"}:
            yield child
        elif local(child) in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _rows(child)


def _paragraphs(cell: Element) -> Iterator[Element]:
    for child in cell:
        if local(child) in {"p", "h"}:
            yield child
        elif local(child) not in _LEFT_OUT:
            yield from _paragraphs(child)


def _count(element: Element, name: str) -> int:
    text = attribute(element, name)
    return int(text) if text.isdigit() else 1


def _pieces(element: Element, notes: list[str] | None = None) -> Iterator[str]:
    """The text inside a paragraph; notes met on the way are put aside."""
    yield _squeezed(element.text)
    for child in element:
        match local(child):
            case "s":
                yield " " * min(_count(child, "c"), 1000)
            case "tab":
                yield "\t"
            case "line-break":
                yield "\n"
            case "soft-page-break":
                yield _BREAK
            case "note":
                body = find(child, "note-body")
                if notes is not None and body is not None:
                    notes += ["".join(_pieces(one)) for one in body]
            case "ruby":
                base = find(child, "ruby-base")
                yield from _pieces(base, notes) if base is not None else ()
            case name if name in {"p", "h"}:
                # A text box anchored in a paragraph.
                yield "\n"
                yield from _pieces(child, notes)
            case name if name not in _LEFT_OUT:
                yield from _pieces(child, notes)
        yield _squeezed(child.tail)


def _squeezed(text: str | None) -> str:
    """Line ends of the XML are no text."""
    return text.replace("\n", "").replace("\t", "") if text else ""
