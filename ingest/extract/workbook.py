"""An XLSX workbook row by row: sheets with their names, cells as the sheet shows them. Memory does not grow with rows.

Formulas give their last result. Used by the extractor and by the import of lists; styles beyond number formats, charts
and comments are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import Corrupt
from ingest.extract import markup, numberformats
from ingest.extract.markup import Element, attribute, children, find, local
from ingest.extract.packed import Package

_MOST_COLUMNS = 16_384
_MOST_STRINGS = 64 * 1024 * 1024
"""Characters of the shared strings, which have to be held in memory."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, whether it is hidden, and the part its cells are in."""

    name: str
    hidden: bool
    part: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row that has cells: its number as the sheet shows it (from 1), and the cells from column A on."""

    number: int
    cells: tuple[str, ...]


class Workbook:
    """The sheets of an open package."""

    def __init__(self, package: Package) -> None:
        self._package = package
        main = self._main()
        root = package.root(main)
        relations = package.relations(main)
        setting = find(root, "workbookPr")
        self._from_1904 = setting is not None and attribute(setting, "date1904") in {"1", "true"}
        self.sheets = tuple(_sheets(root, {key: one.target for key, one in relations.items()}))
        parts = {one.kind: one.target for one in relations.values()}
        self._strings = self._shared_strings(parts.get("sharedStrings", ""))
        self._formats = self._cell_formats(package.maybe_root(parts.get("styles", "")))

    def _main(self) -> str:
        for relation in self._package.relations("").values():
            if relation.kind == "officeDocument":
                return relation.target
        if self._package.has("xl/workbook.xml"):
            return "xl/workbook.xml"
        raise Corrupt

    def _shared_strings(self, part: str) -> list[str]:
        strings: list[str] = []
        if not self._package.has(part):
            return strings
        held = 0
        with self._package.open(part) as source:
            for item in markup.stream(source, "si"):
                text = _text(item)
                held += len(text)
                strings.append(text if held <= _MOST_STRINGS else "")
        return strings

    def _cell_formats(self, root: Element | None) -> list[str]:
        if root is None:
            return []
        own = {attribute(one, "numFmtId"): attribute(one, "formatCode") for one in children(root, "numFmts")}
        found = []
        for cell in children(root, "cellXfs"):
            number = attribute(cell, "numFmtId")
            found.append(own.get(number) or numberformats.BUILT_IN.get(int(number or 0), "General"))
        return found

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet that have cells, in order."""
        number = 0
        with self._package.open(sheet.part) as source:
            for row in markup.stream(source, "row"):
                number = int(row.get("r") or number + 1)
                cells = self._cells(row)
                if any(cells):
                    yield Row(number, tuple(cells))

    def _cells(self, row: Element) -> list[str]:
        cells: list[str] = []
        for cell in row:
            place = _column(cell.get("r", "")) if cell.get("r") else len(cells)
            if not 0 <= place < _MOST_COLUMNS:
                continue
            value = self._value(cell)
            if value:
                cells += [""] * (place - len(cells))
            if place >= len(cells):
                cells.append(value)
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _value(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = find(cell, "is")
            return _text(inline) if inline is not None else ""
        held = find(cell, "v")
        raw = (held.text or "") if held is not None else ""
        if kind == "s":
            return self._strings[int(raw)] if raw.isdigit() and int(raw) < len(self._strings) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
        return self._number(raw, cell.get("s", "")) if kind == "n" else raw

    def _number(self, raw: str, style: str) -> str:
        try:
            value = float(raw)
        except ValueError:
            return raw
        formats = self._formats
        code = formats[int(style)] if style.isdigit() and int(style) < len(formats) else "General"
        return numberformats.shown(value, code, self._from_1904)


def _sheets(root: Element, targets: dict[str, str]) -> Iterator[Sheet]:
    for one in children(root, "sheets"):
        part = targets.get(next((str(v) for k, v in one.attrib.items() if str(k).endswith("}id")), ""), "")
        if part:
            yield Sheet(one.get("name", ""), one.get("state", "visible") != "visible", part)


def _text(item: Element) -> str:
    """Rich text joined; the phonetic guide (rPh) is not text of the cell."""
    texts = (one for one in item.iter() if local(one) == "t")
    pieces = (one.text or "" for one in texts if not markup.inside(one, "rPh"))
    return "".join(pieces).replace("_x000D_", "").strip()


def _column(reference: str) -> int:
    """ "C12" → 2; -1 when it is no reference."""
    column = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column - 1
