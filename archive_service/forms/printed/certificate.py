"""What a certified copy says: the sheet with its number, and the pages. How it looks is in `certificate_pdf`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands on the sheet. `rows`: name and value; `address`: what the QR opens; `foot`: on every page."""

    archive: str
    number: str
    sentence: str
    rows: Sequence[tuple[str, str]]
    address: str
    foot: str
    day: str


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """One page of the copy: a picture (JPEG), or text."""

    heading: str
    picture: bytes | None = None
    text: str = ""
