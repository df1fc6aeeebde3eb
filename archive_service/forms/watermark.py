"""A reader's name laid over the picture of a page, so that a copy that goes on says from whom it came.

The words stand slantwise all over the page, light enough to read through and in two tones, so that they show on paper
and on dark photographs alike. Nothing of the original is touched: this works on the picture for the screen.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from math import ceil

import pylopdf_fonts_zh_cn as fonts
from PIL import Image, ImageDraw, ImageFont

QUALITY = 80
SLANT = 28
"""Degrees."""
_DARK, _LIGHT = (60, 45, 40, 84), (255, 255, 255, 84)
_PART = 26
"""The letters are that part of the picture's longer side high."""


def marked(picture: bytes, words: str) -> bytes:
    """The picture (JPEG) with these words all over it, as JPEG."""
    with Image.open(BytesIO(picture)) as opened:
        page = opened.convert("RGB")
    tile = _tile(words, max(14, max(page.size) // _PART))
    across, down = (ceil(whole / part) for whole, part in zip(page.size, tile.size, strict=True))
    for row in range(down):
        # Every other row begins half a tile further left, so that no stripe of the page stays clear.
        shift = tile.width // 2 * (row % 2)
        for column in range(across + 1):
            page.paste(tile, (column * tile.width - shift, row * tile.height), tile)
    out = BytesIO()
    page.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@lru_cache(maxsize=32)
def _tile(words: str, size: int) -> Image.Image:
    font = ImageFont.truetype(str(fonts.sans_path()), size)
    left, top, right, bottom = font.getbbox(words)
    line = Image.new("RGBA", (ceil(right - left) + size * 2, ceil(bottom - top) + size))
    pen = ImageDraw.Draw(line)
    for offset, tone in ((1, _LIGHT), (0, _DARK)):
        pen.text((size - left + offset, size / 2 - top + offset), words, font=font, fill=tone)
    return line.rotate(SLANT, expand=True, resample=Image.Resampling.BICUBIC)
