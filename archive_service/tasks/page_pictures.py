"""One page of a file as a picture: what runs in the child process. Imports nothing heavy until it is called."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

QUALITY = 82


def draw(path: Path, mime: str, number: int, longest: int) -> bytes:
    """Page `number` (from 1) with its longer side of at most `longest` pixels, the right way up.

    Raises:
        Unreadable: it cannot be drawn.
    """
    from ingest.ocr import page_image

    picture = page_image(path, mime, number, longest)
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
