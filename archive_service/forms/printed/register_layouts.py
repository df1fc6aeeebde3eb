"""附记: what was written behind a register after its submission, as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive_service.forms.printed.listing import Cell, Column, Listing, numbered

ENTRIES = "附记"
ENTRY_ROWS = (
    Column("序号", 11, "center", whole=True), Column("时间", 34, "center", whole=True), Column("事项", 30),
    Column("席位", 34), Column("姓名", 24), Column("档号", 44, whole=True), Column("说明", 66),
)  # fmt: skip


def entries(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """The list of them."""
    return Listing(ENTRIES, ENTRY_ROWS, numbered(rows), heading)
