"""The text of one page image in reading order, with boxes and how sure it is. What the text means is not asked."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from ingest.ocr.engine import strips
from ingest.ocr.order import arranged_strips
from ingest.ocr.pictures import page_image
from ingest.reading import Line, Page

LONGEST = 2400
"""Pixels of the longer side: about 200 dpi for A4. Larger pages cost time and memory, and are read no better."""
_LEAST_CONTRAST = 24
"""Levels of grey between the darkest and the lightest spot of a page on which something is written."""


def recognise(path: Path, mime: str, number: int) -> Page:
    """Page `number` (from 1). A blank page has no text and full confidence.

    Raises:
        Unreadable: the page cannot be drawn (see `page_image`).
    """
    picture = page_image(path, mime, number, LONGEST)
    found = arranged_strips([] if is_blank(picture) else strips(picture))
    sure = confidence(found.lines)
    return Page(number, found.text, sure, found.lines, found.vertical, picture.width, picture.height)


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
