"""One page of one file, ready to be shown: its image where there can be one, its text, what is marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.web.pages.boxes import Box, boxes
from archive_service.web.pages.sheets import Cell, rows
from storage.database.records import File, OcrState, PageText
from storage.index.highlight import mark

PICTURED = ("application/pdf", "image/")
"""What begins so can be drawn page by page."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page as shown. `kept` are the parameters that must survive turning the page; `query` the same as text."""

    number: int
    total: int
    image: str
    text: str
    marks: Sequence[tuple[int, int]]
    vertical: bool
    confidence: float | None
    pending: bool
    kept: Sequence[tuple[str, str]]
    query: str
    size: tuple[int, int] = (0, 0)
    boxes: Sequence[Box] = ()
    """Where the marked words stand on the picture, in its pixels of `size`; empty where that is not known."""

    rows: Sequence[Sequence[Cell]] = ()
    """The cells, where the file is a table."""

    @property
    def wordless(self) -> bool:
        """A picture with nothing to read on it, now or later: a photograph."""
        return bool(self.image) and not self.pending and not self.text.strip()


def leaf(session: Session, file: File, number: int, kept: Sequence[tuple[str, str]] = (), terms: Any = ()) -> Leaf:
    """Page `number` of a file; a number beyond its ends is brought back inside. `terms` are marked in the text."""
    total = max(file.page_count, 1)
    number = min(max(number, 1), total)
    where = select(PageText).where(PageText.file_id == file.id, PageText.number == number)
    page = session.scalars(where).one_or_none()
    kept = [(name, value) for name, value in kept if value]
    marks = mark(page.text, terms).marks if page and terms else ()
    return Leaf(
        number=number,
        total=total,
        image=f"/api/v1/files/{file.id}/pages/{number}/image" if file.mime.startswith(PICTURED) else "",
        text=page.text if page else "",
        marks=marks,
        vertical=page.vertical if page else False,
        confidence=page.confidence if page else None,
        pending=file.ocr_state == OcrState.PENDING,
        kept=kept,
        query=urlencode(kept) + "&" if kept else "",
        size=(page.width, page.height) if page else (0, 0),
        boxes=boxes(page, marks) if page else (),
        rows=rows(file.mime, page.text, marks) if page else (),
    )
