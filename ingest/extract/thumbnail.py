"""A small JPEG of a page or a photograph, for lists. Decides nothing about what the picture is."""

from __future__ import annotations

import io

from PIL import Image

LONGEST = 400
"""Pixels of the longer side."""
QUALITY = 80


def jpeg(image: Image.Image) -> bytes:
    """The picture, no longer than LONGEST on its longer side, on white where it is transparent."""
    small = image.copy()
    small.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    _opaque(small).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")
