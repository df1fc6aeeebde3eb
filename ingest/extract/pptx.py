"""PPTX (and DPS files of that form): one page a slide, title first, tables, diagrams, then the speaker's notes.

Slide numbers and text that belongs to the master are left out. Animations and comments are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.errors import Corrupt, ZeroPages
from ingest.extract import properties
from ingest.extract.assembly import Pages
from ingest.extract.markup import Element, attribute, children, find, local
from ingest.extract.packed import Package, Relation, open_package
from ingest.extract.source import Source
from ingest.reading import Extraction

_ROUTINE = frozenset({"sldNum", "dt", "hdr", "sldImg"})
"""Placeholders whose text says nothing: number, date, header, the slide's picture on the notes page."""


def extract(source: Source) -> Extraction:
    """The text of a PPTX file, slide by slide."""
    pages = Pages(source.limits)
    with open_package(source.path, source.limits) as package:
        slides = _slides(package)
        if not slides:
            raise ZeroPages
        hidden = [str(number) for number, part in enumerate(slides, 1) if _slide(package, part, number, pages)]
        warnings = (f"第 {'、'.join(hidden)} 张幻灯片是隐藏的。",) if hidden else ()
        return pages.extraction(properties.of_office(package), warnings, package.pictures)


def _slides(package: Package) -> list[str]:
    main = next((one.target for one in package.relations("").values() if one.kind == "officeDocument"), "")
    if not main and not package.has("ppt/presentation.xml"):
        raise Corrupt
    main = main or "ppt/presentation.xml"
    relations = package.relations(main)
    listed = children(package.root(main), "sldIdLst")
    ids = [str(value) for one in listed for key, value in one.attrib.items() if str(key).endswith("}id")]
    return [relations[one].target for one in ids if one in relations]


def _slide(package: Package, part: str, number: int, pages: Pages) -> bool:
    """Adds one slide; says whether it is hidden. A slide that is missing or broken leaves an empty page."""
    if number > 1:
        pages.turn()
    root = package.maybe_root(part)
    tree = find(root, "cSld", "spTree") if root is not None else None
    if root is None or tree is None:
        return False
    for line in _shapes(tree):
        pages.add(line)
    for relation in package.relations(part).values():
        for line in _beside(package, relation):
            pages.add(line)
    return attribute(root, "show") in {"0", "false"}


def _shapes(tree: Element) -> Iterator[str]:
    """The text of shapes in their order, with the title first."""
    shapes = list(tree)
    titles = [shape for shape in shapes if _placeholder(shape) in {"title", "ctrTitle"}]
    for shape in [*titles, *(one for one in shapes if one not in titles)]:
        yield from _shape(shape)


def _shape(shape: Element) -> Iterator[str]:
    match local(shape):
        case "sp" | "cxnSp" if _placeholder(shape) not in _ROUTINE:
            yield from _paragraphs(shape)
        case "grpSp":
            for child in shape:
                yield from _shape(child)
        case "AlternateContent":
            # The second way to say the same, for older programs, is left out.
            for child in shape[0]:
                yield from _shape(child)
        case "graphicFrame":
            for table in (one for one in shape.iter() if local(one) == "tbl"):
                for row in (one for one in table if local(one) == "tr"):
                    yield "\t".join(" ".join(_paragraphs(cell)) for cell in row if local(cell) == "tc")


def _placeholder(shape: Element) -> str:
    mark = find(shape, "nvSpPr", "nvPr", "ph")
    return attribute(mark, "type") or "body" if mark is not None else ""


def _paragraphs(shape: Element) -> Iterator[str]:
    for paragraph in (one for one in shape.iter() if local(one) == "p"):
        text = "".join(_runs(paragraph))
        if text.strip():
            yield text


def _runs(paragraph: Element) -> Iterator[str]:
    for run in paragraph:
        if local(run) == "br":
            yield "\n"
        elif local(run) in {"r", "fld"} and attribute(run, "type") != "slidenum":
            text = find(run, "t")
            yield (text.text or "") if text is not None else ""


def _beside(package: Package, relation: Relation) -> Iterator[str]:
    """What belongs to a slide but lies in a part of its own: notes and diagrams."""
    root = package.maybe_root(relation.target) if relation.kind in {"notesSlide", "diagramData"} else None
    if root is None:
        return
    if relation.kind == "diagramData":
        yield from _paragraphs(root)
        return
    for shape in children(root, "cSld", "spTree"):
        yield from _shape(shape)
