"""OFD, the Chinese layout format: one page a page, pieces of text put into lines by where they stand.

A page template (a form's printed words) counts as part of the page. A page that is an image waits for recognition and
is left out of `pages`; `page_image` draws it. Seals and signatures are not looked at.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from ingest.errors import Protected, Unsupported, ZeroPages
from ingest.extract.assembly import Pages
from ingest.extract.markup import Element, attribute, children, find, local
from ingest.extract.ofd_pictures import Sheet, drawn, media_parts, numbers, page_size, placed
from ingest.extract.packed import Package, open_package
from ingest.extract.source import Source
from ingest.reading import Extraction, Limits

_PROPERTIES = {"Title": "title", "Author": "author", "CreationDate": "created", "ModDate": "modified",
               "Creator": "application"}  # fmt: skip
_SAME_LINE = 0.5
"""Share of the type size by which pieces of one line may differ in height."""
_NEW_CELL = 1.5
"""A gap of so many type sizes parts two cells; smaller ones are the space between words."""


_RUN = re.compile(r"g (\d{1,6}) (-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text: its left edge and baseline in millimetres, its width and type size."""

    left: float
    base: float
    width: float
    size: float
    text: str


def extract(source: Source) -> Extraction:
    """The text of an OFD file, page by page."""
    pages = Pages(source.limits)
    with open_package(source.path, source.limits) as package:
        if package.has("Encryptions.xml"):
            raise Protected
        entry = package.root("OFD.xml")
        sheets = _sheets(package, entry)
        for number, sheet in enumerate(sheets):
            if number:
                pages.turn()
            for line in sheet.lines:
                pages.add(line)
        waiting = {number for number, sheet in enumerate(sheets, 1) if sheet.waits}
        found = pages.extraction(_metadata(entry), pictures=bool(waiting))
    if not waiting:
        return found
    read = tuple(page for page in found.pages if page.number not in waiting)
    return replace(found, pages=read, needs_ocr=True, warnings=(), page_count=len(sheets))


def page_image(path: Path, number: int, longest: int) -> Image.Image:
    """Page `number` (from 1) that is an image, its longer side at most `longest` pixels.

    Raises:
        ZeroPages: there is no such page.
        Unsupported: the page has text, or its image is in a format that is not read.
    """
    with open_package(path, Limits()) as package:
        sheets = _sheets(package, package.root("OFD.xml"))
        if not 1 <= number <= len(sheets):
            raise ZeroPages(f"文件里没有第 {number} 页。")
        if not sheets[number - 1].waits:
            raise Unsupported("这种格式的文件没有可以画出来的页面。")
        return drawn(package, sheets[number - 1], longest)


def _sheets(package: Package, entry: Element) -> list[Sheet]:
    """Raises ZeroPages when no document of the file has a page."""
    sheets = [one for root in _documents(entry) for one in _Document(package, root).pages()]
    if not sheets:
        raise ZeroPages
    return sheets


def _documents(entry: Element) -> Iterator[str]:
    for body in entry:
        root = find(body, "DocRoot")
        if root is not None and root.text:
            yield root.text.strip().lstrip("/")


def _metadata(entry: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in (one for body in entry for one in children(body, "DocInfo")):
        key = _PROPERTIES.get(local(element))
        if key and element.text and element.text.strip():
            found.setdefault(key, element.text.strip()[:500])
    return found


class _Document:
    """One document of the file: most hold one only."""

    def __init__(self, package: Package, root_part: str) -> None:
        self._package = package
        self._folder = posixpath.dirname(root_part)
        self._root = package.root(root_part)
        common = children(self._root, "CommonData")
        self._templates = {
            attribute(one, "ID"): attribute(one, "BaseLoc") for one in common if local(one) == "TemplatePage"
        }
        self._resources = [one.text.strip() for one in common if local(one).endswith("Res") and one.text]

    def pages(self) -> Iterator[Sheet]:
        """Every page with its lines and pictures."""
        media = media_parts(self._package, self._folder, self._resources)
        for page in children(self._root, "Pages"):
            root = self._part(attribute(page, "BaseLoc"))
            layers = [root, *self._templates_of(root)]
            lines = list(lines_of([piece for layer in layers for piece in _pieces(layer)]))
            yield Sheet(lines, list(placed(root, media)), page_size(root, self._root))

    def _part(self, name: str) -> Element:
        """A part by a name that may be relative to the document or to the file."""
        beside = posixpath.normpath(posixpath.join(self._folder, name))
        return self._package.root(beside if self._package.has(beside) else name)

    def _templates_of(self, page: Element) -> Iterator[Element]:
        for one in page:
            name = self._templates.get(attribute(one, "TemplateID")) if local(one) == "Template" else None
            if name:
                yield self._part(name)


def _pieces(page: Element) -> Iterator[_Piece]:
    for thing in page.iter():
        if local(thing) == "TextObject" and attribute(thing, "Visible") != "false":
            yield from _codes(thing)


def _codes(thing: Element) -> Iterator[_Piece]:
    """The text codes of one object, moved and scaled as its matrix says (turning is not followed)."""
    box = numbers(attribute(thing, "Boundary"), 4) or [0.0] * 4
    scale_x, _, _, scale_y, move_x, move_y = numbers(attribute(thing, "CTM"), 6) or [1, 0, 0, 1, 0, 0]
    size = (numbers(attribute(thing, "Size"), 1) or [3.5])[0]
    x = y = 0.0
    for code in (one for one in thing if local(one) == "TextCode"):
        x = (numbers(attribute(code, "X"), 1) or [x])[0]
        y = (numbers(attribute(code, "Y"), 1) or [y])[0]
        if code.text and code.text.strip():
            left, base = box[0] + x * scale_x + move_x, box[1] + y * scale_y + move_y
            width = _width(code, size) * abs(scale_x or 1)
            yield _Piece(left, base, width, size * abs(scale_y or 1), code.text.replace("\n", ""))


def _width(code: Element, size: float) -> float:
    """The sum of the steps and the last character; "g 9 3.5" stands for nine steps of 3.5."""
    words = attribute(code, "DeltaX").split()
    steps = _RUN.sub(lambda run: str(float(run[1]) * float(run[2])), " ".join(words)).split()
    widths = numbers(" ".join(steps), len(steps))
    return sum(widths) + size if widths else len(code.text or "") * size


def lines_of(pieces: list[_Piece]) -> Iterator[str]:
    """Pieces from top to bottom and left to right, those at one height in one line."""
    line: list[_Piece] = []
    for piece in sorted(pieces, key=lambda one: one.base):
        if line and piece.base - line[0].base > _SAME_LINE * max(piece.size, line[0].size):
            yield _joined(line)
            line = []
        line.append(piece)
    if line:
        yield _joined(line)


def _joined(line: list[_Piece]) -> str:
    text, end = "", 0.0
    for piece in sorted(line, key=lambda one: one.left):
        gap = piece.left - end
        if text and gap > _NEW_CELL * piece.size:
            text += "\t"
        elif text and gap > 0.3 * piece.size and text[-1].isascii() and piece.text[:1].isascii():
            text += " "
        text, end = text + piece.text, max(end, piece.left + piece.width)
    return text
