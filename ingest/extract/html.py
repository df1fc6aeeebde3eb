"""HTML: the visible text, blocks as lines, table cells with tabs; scripts, styles and the head left out.

The encoding is the byte order mark's, else what the page declares (gb2312 read as GB18030), else what the bytes look
like. Web archives (MHT) are mail and come here part by part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from ingest.errors import Corrupt, Empty, TooLarge
from ingest.extract.assembly import Pages
from ingest.extract.markup import Element, local
from ingest.extract.plain import decode
from ingest.extract.source import Source
from ingest.reading import Extraction

_DECLARED = re.compile(rb"""(?i)<(?:meta[^>]{0,300}?charset|\?xml[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]+)""")
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs", "utf8": "utf-8"}
_LEFT_OUT = frozenset({"script", "style", "head", "noscript", "template", "iframe", "object", "svg", "select"})
_BLOCKS = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "section",
     "article", "header", "footer", "nav", "aside", "main", "blockquote", "pre", "hr", "form", "fieldset", "address",
     "caption", "thead", "tbody", "tfoot", "center", "figure", "figcaption", "title", "body"}
)  # fmt: skip
_HAN = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BETWEEN_HAN = re.compile(rf"(?<={_HAN})[ \t]*\n\s*(?={_HAN})")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARK, _TAB = "\ue000", "\ue001"
"""Stand for line ends and tabs that the page shows, while the source's own are folded away."""


def extract(source: Source) -> Extraction:
    """The text of an HTML file, as one page."""
    if source.path.stat().st_size > source.limits.part_bytes:
        raise TooLarge
    data = source.path.read_bytes()
    if not data.strip():
        raise Empty
    text = decoded(data)
    root = _tree(text)
    pages = Pages(source.limits)
    for line in visible(root).split("\n"):
        pages.add(line)
    title = root.findtext(".//title")
    metadata = {"title": " ".join(title.split())[:500]} if title and title.strip() else {}
    return pages.extraction(metadata, pictures=root.find(".//img") is not None)


def decoded(data: bytes) -> str:
    """The page as text. Raises Charset when no encoding fits."""
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        charset = declared.group(1).decode("ascii", "replace").lower()
        try:
            text = data.decode(_CHINESE.get(charset, charset), "replace")
        except LookupError:
            text = "\ufffd" * 100
        if text.count("\ufffd") <= len(text) // 1000:
            return text
    return decode(data).text.removeprefix("\ufeff")


def _tree(text: str) -> Element:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise (Empty if "empty" in str(error).lower() else Corrupt) from error


def visible(root: Element) -> str:
    """What a browser would show, in the order of the source."""
    text = "".join(_pieces(root))
    text = _SPACE.sub(" ", _BETWEEN_HAN.sub("", text))
    lines = (line.strip(" ") for line in re.sub(f" ?{_TAB} ?", "\t", text).split(_MARK))
    return "\n".join(line for line in lines if line.strip())


def _pieces(element: Element, keep: bool = False, in_cell: bool = False) -> Iterator[str]:
    """Text with marks: a block is a line of its own, a cell ends with a tab.

    `keep`: inside <pre>. `in_cell`: inside a cell of a data table, whose lines stay in the row.
    """
    name = local(element).lower()
    if not name or name in _LEFT_OUT:
        return
    is_cell = name in {"td", "th"}
    edge = ("" if name not in _BLOCKS else " " if in_cell else _MARK) if not is_cell else ""
    in_cell = _holds_data(element) if is_cell else in_cell
    keep = keep or name in {"pre", "textarea"}
    yield edge
    yield _text(element.text, keep)
    for child in element:
        if local(child).lower() == "br":
            yield " " if in_cell else _MARK
        else:
            yield from _pieces(child, keep, in_cell)
        yield _text(child.tail, keep)
    yield _TAB if is_cell else edge


def _holds_data(cell: Element) -> bool:
    """False for a cell that only lays out the page: alone in its row, or with a table inside."""
    row = cell.getparent()
    return row is not None and len(row) > 1 and not any(local(one) == "table" for one in cell.iter())


def _text(text: str | None, keep: bool) -> str:
    if not text:
        return ""
    text = text.replace("\xa0", " ").replace(_MARK, "").replace(_TAB, "")
    return text.replace("\n", _MARK) if keep else text
