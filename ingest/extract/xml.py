"""XML data: the text of every element, one line for each that has any; entity definitions are refused.

What the elements mean is not known here. Attributes count where they hold Chinese, or where a file has no other text.
"""

from __future__ import annotations

import re

from ingest.extract import markup
from ingest.extract.assembly import Pages
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
    for element in root.iter():
        if isinstance(element.tag, str):
            pages.add("\t".join(filter(_CHINESE_WORD.search, map(str, element.attrib.values()))))
            pages.add(_own_text(element))
    if not any(pages.texts()):
        for element in root.iter():
            pages.add("\t".join(str(value) for value in element.attrib.values()))
    return pages.extraction()


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
