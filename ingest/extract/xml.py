"""XML data: labels and values by the names of its elements, rows of records; entity definitions are refused.

Names count where they are Chinese, others belong to the format. Attributes count where their element has a Chinese one,
or where a file has no other text.
"""

from __future__ import annotations

import re

from ingest.extract import markup
from ingest.extract.assembly import Pages
from ingest.extract.fields import Field, lines
from ingest.extract.markup import Element
from ingest.extract.plain import read_text
from ingest.extract.source import Source
from ingest.reading import Extraction

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*\?>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHINESE_WORD = re.compile("[\u4e00-\u9fff]")
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def extract(source: Source) -> Extraction:
    """The text of an XML file."""
    root = markup.parse(_as_utf8(source))
    pages = Pages(source.limits)
    # What the whole file is called by its format is no part of its text.
    for line in lines(_field(root, every=False)._replace(shown=False)):
        pages.add(line)
    if not any(pages.texts()):
        for line in lines(_field(root, every=True)._replace(shown=False)):
            pages.add(line)
    return pages.extraction()


def _field(element: Element, every: bool) -> Field:
    """An element with its attributes (`every` one, or where there is Chinese) and its children."""
    told = every or any(map(_CHINESE_WORD.search, (*map(str, element.attrib), *map(str, element.attrib.values()))))
    attributes = [Field(_local(key), str(value)) for key, value in element.attrib.items()] if told else []
    children = [_field(child, every) for child in element if isinstance(child.tag, str)]
    name, text = _local(element.tag), _own_text(element)
    shown = bool(_CHINESE_WORD.search(name))
    if not attributes and not children:
        return Field(name, text, shown=shown)
    return Field(name, "", (*attributes, *([Field("", text)] if text else []), *children), shown)


def _local(name: object) -> str:
    """A name without its namespace."""
    return str(name).rpartition("}")[2]


def _own_text(element: Element) -> str:
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join(" ".join(piece.split()) for piece in pieces if piece.strip())


def _as_utf8(source: Source) -> bytes:
    """The bytes in UTF-8 without a declaration: libxml2 knows fewer Chinese characters than Python does."""
    data = _declared_text(source)
    return _DECLARATION.sub("", data.removeprefix("\ufeff")).strip().encode("utf-8", "surrogatepass")


def _declared_text(source: Source) -> str:
    """The text by the declared encoding where that fits the bytes, else by what the bytes look like."""
    with source.path.open("rb") as stream:
        declared = _DECLARED.match(stream.read(300))
    charset = declared.group(1).decode().lower() if declared else "utf-8"
    try:
        return source.path.read_bytes().decode(_CHINESE.get(charset, charset)) if declared else read_text(source).text
    except (UnicodeDecodeError, LookupError):
        return read_text(source).text
