"""A list as its county lays it out: the columns of the layout in their order, filled from values by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from archive_service.forms.printed.listing import Cell, Column, Listing, Row
from classification.form_layouts import Layout

NUMBER, COUNTED = "number", "title"
_PLAIN = Column("", 0)
_CENTERED, _UNBROKEN = Column("", 0, "center"), Column("", 0, "center", whole=True)
_SUMMED = Column("", 0, "right", whole=True, summed=True)
HOW = {
    NUMBER: _UNBROKEN, "code": Column("", 0, whole=True), "year": _CENTERED, "formed": _UNBROKEN, "date": _CENTERED,
    "term": _CENTERED, "kept": _CENTERED, "pages": _SUMMED, "copies": _SUMMED, "secrecy": _CENTERED,
    "removed_at": _UNBROKEN, "note": Column("", 0, most=8), "due": _UNBROKEN, "result": _CENTERED, "age": _CENTERED,
    "decision": _CENTERED, "review_on": _UNBROKEN,
}  # fmt: skip
"""How the columns stand that are not simply broken text, whatever the county calls them."""


def laid_out(
    layout: Layout,
    rows: Iterable[Mapping[str, Cell]],
    heading: Sequence[str],
    signed: Sequence[str] = (),
    more: Sequence[str] = (),
    sums: Iterable[Mapping[str, Cell]] = (),
) -> Listing:
    """The list. `more`: what the program says under the notes of the county; `sums` are asked for after the rows."""
    columns = [replace(HOW.get(one.id, _PLAIN), name=one.heading, width=one.width) for one in layout.columns]
    made = _rows([one.id for one in layout.columns], rows, sums)
    remark = "\n".join((*layout.notes, *more))
    return Listing(
        layout.title, columns, made, heading, counted=layout.heading(COUNTED), signed=signed, remark=remark
    )  # fmt: skip


def _rows(ids: Sequence[str], rows: Iterable[Mapping[str, Cell]], sums: Iterable[Mapping[str, Cell]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, 1):
        yield Row([number if one == NUMBER else cells[one] for one in ids])
    for cells in sums:
        yield Row([cells.get(one, "") for one in ids], sum=True)
