"""A printed thing becomes a file: PDF to print and sign, XLSX where a county works on in a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive_service.forms.printed import cover, essay
from archive_service.forms.printed.cards import Box, Stamp, boxes_listed, stamps_listed
from archive_service.forms.printed.cover import Cover
from archive_service.forms.printed.essay import Essay
from archive_service.forms.printed.listing import Listing

if TYPE_CHECKING:
    from archive_service.forms.printed.paper import Paper

FORMATS = ("pdf", "xlsx")


@dataclass(frozen=True, slots=True)
class Printed:
    """What is to be printed: lists with or without a cover, a text, stamps, or boxes. What is iterable is taken once.

    `foot` stands at the foot of every page and at the head of every sheet; `thick` is that of the boxes, in mm.
    """

    form: str
    title: str
    listings: Sequence[Listing] = ()
    cover: Cover | None = None
    essay: Essay | None = None
    stamps: Iterable[Stamp] = ()
    boxes: Iterable[Box] = ()
    foot: str = ""
    thick: int = 30


def write(printed: Printed, format: str, target: Path | BinaryIO, made: datetime) -> int:
    """Write the file; returns how many rows, stamps or boxes are in it.

    Raises:
        FontMissing: the Chinese font is not there.
    """
    # Either library takes a while to load: only where something is printed, here and below.
    if format == "xlsx":
        from archive_service.forms.printed import listing_xlsx

        written = listing_xlsx.write(_lists(printed), target, printed.foot)
        # As on paper, the lines of the sheet in front are no rows.
        return sum(written[1:] if printed.cover else written)
    return _pdf(printed, target, made)


def _lists(printed: Printed) -> Sequence[Listing]:
    match printed.form:
        case "stamps":
            return (stamps_listed(printed.stamps),)
        case "labels" | "spines" | "note":
            return (boxes_listed(printed.title, printed.boxes),)
        case _:
            before = [cover.listed(printed.cover)] if printed.cover else []
            text = [essay.listed(printed.essay)] if printed.essay else []
            return (*before, *text, *printed.listings)


def _pdf(printed: Printed, target: Path | BinaryIO, made: datetime) -> int:
    from archive_service.forms.printed.paper import Paper

    landscape = any(listing.landscape for listing in printed.listings)
    narrow = printed.form in ("labels", "spines")
    paper = Paper(made, landscape, left=18 if narrow else 20)
    paper.foot = printed.foot
    paper.set_title(printed.title)
    paper.set_lang("zh-CN")
    written = _draw(paper, printed)
    paper.output(target)
    return written


def _draw(paper: Paper, printed: Printed) -> int:
    from archive_service.forms.printed import boxes_pdf, notes_pdf, stamps_pdf

    match printed.form:
        case "stamps":
            return stamps_pdf.draw(paper, printed.stamps)
        case "labels":
            return boxes_pdf.draw_labels(paper, printed.boxes)
        case "spines":
            return boxes_pdf.draw_spines(paper, printed.boxes, printed.thick)
        case "note":
            return notes_pdf.draw(paper, printed.boxes)
        case _:
            return _draw_lists(paper, printed)


def _draw_lists(paper: Paper, printed: Printed) -> int:
    from archive_service.forms.printed import cover_pdf, essay_pdf, listing_pdf

    if printed.cover:
        cover_pdf.draw(paper, printed.cover)
    written = essay_pdf.draw(paper, printed.essay) if printed.essay else 0
    return written + sum(listing_pdf.draw(paper, listing) for listing in printed.listings)
