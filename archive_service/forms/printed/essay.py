"""A text that is printed as it was written: title, what stands above it, paragraphs, and the lines for signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive_service.forms.printed.listing import Column, Listing, Row


@dataclass(frozen=True, slots=True)
class Essay:
    """The text; a paragraph is one line of `text`. `notes` stand under it, before the signatures."""

    title: str
    text: str
    heading: Sequence[str] = ()
    signed: Sequence[str] = ()
    notes: Sequence[str] = ()


def listed(essay: Essay) -> Listing:
    """The text as a list of its paragraphs, for a workbook."""
    rows = [Row((line,)) for line in essay.text.splitlines() if line.strip()]
    remark = "\n".join(essay.notes)
    return Listing(
        essay.title, (Column("正文", 180),), rows, essay.heading, signed=essay.signed, landscape=False, remark=remark
    )  # fmt: skip
