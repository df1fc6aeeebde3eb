"""XML parsed safely: no entities, no network, no huge trees. Every XML part of every format is read through here.

Raises XmlEntities for entity definitions, Corrupt for what is not XML.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from lxml import etree

from ingest.errors import Corrupt, XmlEntities

Element = etree._Element


def parse(data: bytes) -> Element:
    """The root of a whole document."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    with _as_ours():
        root = etree.fromstring(data, parser)
    refuse_entities(root)
    return root


def stream(source: BinaryIO, *names: str) -> Iterator[Element]:
    """Elements with these local names as they end. Each is emptied after use, so memory stays flat."""
    with _as_ours():
        walk = etree.iterparse(
            source,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        wanted = frozenset(names)
        for number, (event, element) in enumerate(walk):
            if number == 0:
                refuse_entities(element)
            if event == "end" and local(element) in wanted:
                yield element
                _forget(element)


def _forget(element: Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            return
        del parent[0]


def refuse_entities(element: Element) -> None:
    """Raises XmlEntities when the document of this element defines any."""
    definitions = element.getroottree().docinfo.internalDTD
    if definitions is not None and any(True for _ in definitions.iterentities()):  # type: ignore[attr-defined]  # missing in the stubs
        raise XmlEntities


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise (XmlEntities if "entit" in str(error).lower() else Corrupt) from error


def local(element: Element) -> str:
    """The name without its namespace; empty for an entity reference."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def find(element: Element, *path: str) -> Element | None:
    """The first element down this path of local names."""
    for name in path:
        found = next((child for child in element if local(child) == name), None)
        if found is None:
            return None
        element = found
    return element


def attribute(element: Element, name: str) -> str:
    """The value of an attribute by its local name; empty when it is not there."""
    plain = element.get(name)
    if plain is not None:
        return plain
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def children(element: Element, *path: str) -> list[Element]:
    """The children of the first element down this path; none when there is no such element."""
    found = find(element, *path)
    return list(found) if found is not None else []


def inside(element: Element, name: str) -> bool:
    """Whether the element lies directly in one of this name."""
    parent = element.getparent()
    return parent is not None and local(parent) == name
