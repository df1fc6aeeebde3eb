"""The text of one page image in reading order, with boxes and how sure it is. What the text means is not asked."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from ingest.ocr.cutting import cuttings
from ingest.ocr.engine import Pixels, pixels, read
from ingest.ocr.order import arranged_strips
from ingest.ocr.pictures import page_image
from ingest.ocr.seals import without_seals
from ingest.ocr.strip import Strip
from ingest.ocr.turning import quarters_off, turned, turned_back
from ingest.reading import Line, Page

LONGEST = 2400
"""Pixels of the longer side: about 200 dpi for A4. Larger pages cost time and memory, and are read no better."""
_LEAST_SURE = 0.5
_LEAST_CONTRAST = 24
"""Levels of grey between the darkest and the lightest spot of a page on which something is written."""


def recognise(path: Path, mime: str, number: int) -> Page:
    """Page `number` (from 1). A blank page has no text and full confidence.

    A page that lies on its side or head over is read as it should stand; boxes are those of the page as it lies.

    Raises:
        Unreadable: the page cannot be drawn (see `page_image`).
    """
    picture = page_image(path, mime, number, LONGEST)
    strips, quarters = ([], 0) if is_blank(picture) else _strips(without_seals(pixels(picture)))
    found = arranged_strips(strips)
    lines = tuple(turned_back(line, quarters, picture.size) for line in found.lines)
    return Page(number, found.text, confidence(lines), lines, found.vertical, picture.width, picture.height)


def _strips(page: Pixels) -> tuple[list[Strip], int]:
    """What is written on the page once it stands right, and by how many quarters it was turned to the left for that."""
    cut = cuttings(page)
    said = read([one.pixels for one in cut])
    quarters = quarters_off(cut, said)
    if quarters:
        cut = cuttings(turned(page, quarters))
        said = read([one.pixels for one in cut])
    strips = [Strip(text, sure, one.corners) for one, (text, sure) in zip(cut, said, strict=True)]
    return [one for one in strips if one.text.strip() and one.confidence >= _LEAST_SURE], quarters


def is_blank(picture: Image.Image) -> bool:
    """Whether nothing on the page stands out from the paper; so many pages of a scanned book are empty."""
    low, high = picture.convert("L").resize((300, 300), Image.Resampling.BOX).getextrema()
    return isinstance(low, int) and isinstance(high, int) and high - low < _LEAST_CONTRAST


def confidence(lines: tuple[Line, ...]) -> float:
    """The mean over characters, so that a sure page number does not outweigh an unsure paragraph."""
    characters = sum(len(line.text) for line in lines)
    if not characters:
        return 1.0
    return round(sum(line.confidence * len(line.text) for line in lines) / characters, 4)
