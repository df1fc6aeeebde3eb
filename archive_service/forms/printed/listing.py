"""A list as it is printed: its title, what stands above the table, columns, rows, and the sums at the end.

The same list becomes pages (`listing_pdf`) or a sheet (`listing_xlsx`); rows are taken one by one, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Cell = str | int


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` in mm; `whole`: never broken over lines; `summed`: its numbers are added up."""

    name: str
    width: float
    align: Literal["left", "center", "right"] = "left"
    whole: bool = False
    summed: bool = False
    most: int = 24
    """Lines at most on paper; a sheet holds everything."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. A row that is a `sum` of others is set off and is not added up again."""

    cells: Sequence[Cell]
    sum: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. `heading` stands above the table, `signed` are the lines for signatures at its end.

    `counted` is the column in which the number of rows stands in the last line, with its `unit`.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    heading: Sequence[str] = ()
    counted: str = ""
    unit: str = "件"
    signed: Sequence[str] = ()
    landscape: bool = True
    remark: str = ""
    """A sentence under the table: what the numbers mean."""


@dataclass(slots=True)
class Totals:
    """The sums of a list while its rows go by."""

    listing: Listing
    rows: int = 0
    sums: dict[int, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """One more row."""
        if row.sum:
            return
        self.rows += 1
        for place, column in enumerate(self.listing.columns):
            value = row.cells[place]
            if column.summed and isinstance(value, int):
                self.sums[place] = self.sums.get(place, 0) + value

    def row(self) -> Row:
        """The last line: 合计, how many rows, and the sums."""
        cells: list[Cell] = []
        for place, column in enumerate(self.listing.columns):
            if column.name == self.listing.counted:
                cells.append(f"共 {self.rows} {self.listing.unit}")
            else:
                cells.append(self.sums.get(place, 0) if column.summed else "")
        cells[0] = cells[0] or "合计"
        return Row(cells, sum=True)


def numbered(rows: Iterable[Sequence[Cell]]) -> Iterable[Row]:
    """The rows with their number in front."""
    return (Row((number, *cells)) for number, cells in enumerate(rows, 1))
