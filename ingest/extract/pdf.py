"""PDF by PDFium: text page by page, and which pages have to be recognised because they are pictures of text.

A page that waits for recognition is left out of `pages`, so that only such pages are recognised later. Forms and
annotations are not read.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.errors import Corrupt, Protected, TooLarge, Truncated, Unreadable, ZeroPages
from ingest.extract import layer, thumbnail
from ingest.extract.source import Source
from ingest.reading import Extraction, Page

FEW_CHARACTERS = 30
"""A picture of a page with no more text than this has a stamp of the scanner's software, not a text layer."""
_LARGE_PICTURE = 0.5
"""Share of the page that a picture covers when it is the page itself."""
_DRAWN = 40
"""So many lines and curves on a page without text may be letters drawn as shapes."""
_OBJECT_DEPTH = 3
_TAIL = 2048
_NAMES = {
    "Title": "title",
    "Author": "author",
    "Creator": "application",
    "CreationDate": "created",
    "ModDate": "modified",
}
_NO_PAGES, _A_PAGE = re.compile(rb"/Count\s+0\b"), re.compile(rb"/Type\s*/Page\b(?!s)")
"""PDFium calls a document without pages broken; these tell the two apart."""
_TIME = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?")


def extract(source: Source) -> Extraction:
    """The pages with text, and whether others wait. Raises Protected, Truncated, Corrupt, ZeroPages, TooLarge."""
    document = _open(source.path)
    try:
        count = len(document)
        if count == 0:
            raise ZeroPages
        if count > source.limits.pages:
            raise TooLarge(f"这份 PDF 有 {count} 页，超过 {source.limits.pages} 页的上限。")
        pages = tuple(_pages(document, source.limits.characters))
        return Extraction(
            pages=pages,
            metadata=_metadata(document),
            page_count=count,
            needs_ocr=len(pages) < count,
            warnings=() if _is_complete(source.path) else ("文件末尾不完整，后面的页可能缺失，请与原件核对。",),
            thumbnail=_thumbnail(document),
        )
    finally:
        document.close()


def _open(path: Path) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise _reason(path, error) from error


def _reason(path: Path, error: pypdfium2.PdfiumError) -> Unreadable:
    if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
        return Protected()
    data = path.read_bytes()
    if _NO_PAGES.search(data) and not _A_PAGE.search(data):
        return ZeroPages()
    return Corrupt() if _is_complete(path) else Truncated()


def _is_complete(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL))
        return b"%%EOF" in stream.read()


def _pages(document: pypdfium2.PdfDocument, characters: int) -> Iterator[Page]:
    for index in range(len(document)):
        page = document[index]
        try:
            text = _text(page)
            if not _is_picture(page, text):
                yield Page(index + 1, text, width=round(page.get_width()), height=round(page.get_height()))
            characters -= len(text)
        finally:
            page.close()
        if characters < 0:
            raise TooLarge


def _text(page: pypdfium2.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        # U+FFFE stands for a hyphen at the end of a line, and U+0000 for what has no character.
        text = str(textpage.get_text_range(errors="replace")).replace("\ufffe", "").replace("\0", "")
    finally:
        textpage.close()
    return layer.with_characters("\n".join(line.rstrip() for line in text.splitlines()).strip("\n"))


def _is_picture(page: pypdfium2.PdfPage, text: str) -> bool:
    """Whether the text of this page has to be recognised: a scan, letters drawn as shapes, or a broken text layer."""
    letters = "".join(text.split())
    if layer.is_garbled(letters):
        return True
    if len(letters) > FEW_CHARACTERS and layer.is_chinese(letters):
        return False
    covered, drawn = _objects(page)
    # A layer over a picture of the page that is not Chinese was made by a scanner that cannot read Chinese.
    return covered > _LARGE_PICTURE or (not letters and (covered > 0 or drawn > _DRAWN))


def _objects(page: pypdfium2.PdfPage) -> tuple[float, int]:
    """The share of the page that pictures cover, and how many shapes are drawn on it."""
    area = max(1.0, page.get_width() * page.get_height())
    covered, drawn = 0.0, 0
    for one in page.get_objects(max_depth=_OBJECT_DEPTH):
        if one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = _bounds(one)
            covered += abs(right - left) * abs(top - bottom) / area
        drawn += one.type == pdfium.FPDF_PAGEOBJ_PATH
    return covered, drawn


def _bounds(one: pypdfium2.PdfObject) -> tuple[float, float, float, float]:
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(one, *(ctypes.byref(side) for side in sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _metadata(document: pypdfium2.PdfDocument) -> dict[str, str]:
    said = document.get_metadata_dict(skip_empty=True)
    found = {ours: said[theirs].strip("\0 ") for theirs, ours in _NAMES.items() if said.get(theirs)}
    return {key: _iso(value) if key in {"created", "modified"} else value for key, value in found.items()}


def _iso(time: str) -> str:
    """D:20240520093000+08'00' as 2024-05-20T09:30:00, in the document's own time zone."""
    match = _TIME.match(time)
    if match is None:
        return time
    year, month, day, *clock = match.groups()
    return f"{year}-{month}-{day}" + (f"T{':'.join(clock)}" if clock[0] else "")


def _thumbnail(document: pypdfium2.PdfDocument) -> bytes | None:
    page = document[0]
    try:
        scale = min(2.0, thumbnail.LONGEST / max(1.0, page.get_width(), page.get_height()))
        return thumbnail.jpeg(page.render(scale=scale).to_pil())
    except pypdfium2.PdfiumError:
        return None
    finally:
        page.close()
