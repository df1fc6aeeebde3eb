"""A list on pages: title, heading and column names on each page, rows that are never cut, the sums on the last."""

from __future__ import annotations

from archive_service.forms.printed.listing import Column, Listing, Row, Totals
from archive_service.forms.printed.paper import HAIR, INK, POINT, RULE, SANS, SERIF, Align, Paper

TITLE, HEADING, NAMES, BODY = 17.0, 9.0, 9.0, 9.0
LEAD = BODY * POINT * 1.38
PAD_ACROSS, PAD_DOWN = 1.2, 1.5
SIGNED = 13.0
"""Height of a line for signatures."""


def draw(paper: Paper, listing: Listing) -> int:
    """Put a list on fresh pages; its rows are taken one by one. Returns how many there were."""
    table = _Table(paper, listing)
    table.new_page()
    totals = Totals(listing)
    for row in listing.rows:
        table.row(row)
        totals.add(row)
    if not totals.rows:
        table.empty()
    elif listing.counted:
        table.row(totals.row())
    table.end()
    return totals.rows


class _Table:
    """The table while it is drawn: where the next row goes, and what stands on every page."""

    def __init__(self, paper: Paper, listing: Listing) -> None:
        self.paper, self.listing = paper, listing
        scale = (paper.right - paper.left) / sum(column.width for column in listing.columns)
        self.widths = [column.width * scale for column in listing.columns]
        self.y = self.head = 0.0

    def new_page(self) -> None:
        """A page with everything that stands on each: title, heading, names of the columns."""
        paper = self.paper
        paper.add_page()
        whole = paper.right - paper.left
        spaced = self.listing.title if len(self.listing.title) > 12 else " ".join(self.listing.title)
        paper.put(spaced, paper.left, paper.top + 6, TITLE, SERIF, "center", whole)
        self.y = paper.top + 10.5
        for line in paper.lines("　　".join(self.listing.heading), whole, HEADING, SANS):
            self.y += HEADING * POINT * 1.4
            paper.put(line, paper.left, self.y, HEADING, SANS)
        self.y = self.head = self.y + 2.2
        self._names()

    def _names(self) -> None:
        cells = [
            self.paper.lines(column.name, width - 1, NAMES, SANS)
            for column, width in zip(self.listing.columns, self.widths, strict=True)
        ]
        height = max(map(len, cells)) * LEAD + 2 * PAD_DOWN
        self._line(self.y, RULE)
        self._cells(cells, ["center"] * len(cells), height, SANS)
        self.y += height
        self._line(self.y, RULE)

    def row(self, row: Row) -> None:
        """One row, on the next page when it does not fit."""
        family = SANS if row.sum else SERIF
        columns = self.listing.columns
        cells = [
            self._broken(str(value), column, width, family)
            for value, column, width in zip(row.cells, columns, self.widths, strict=True)
        ]
        height = max(map(len, cells)) * LEAD + 2 * PAD_DOWN
        if self.y + height > self.paper.bottom:
            self._close()
            self.new_page()
        self._cells(cells, [column.align for column in columns], height, family)
        self.y += height
        self._line(self.y, HAIR)

    def _broken(self, text: str, column: Column, width: float, family: str) -> list[str]:
        return [text] if column.whole else self.paper.lines(text, width - 2 * PAD_ACROSS, BODY, family, column.most)

    def _cells(self, cells: list[list[str]], aligns: list[Align], height: float, family: str) -> None:
        x = self.paper.left
        for texts, align, width in zip(cells, aligns, self.widths, strict=True):
            y = self.y + (height - len(texts) * LEAD) / 2 + LEAD * 0.76
            room = width - 2 * PAD_ACROSS
            for text in filter(None, texts):
                size = self.paper.fitted(text, room, BODY, family)
                self.paper.put(text, x + PAD_ACROSS, y, size, family, align, room)
                y += LEAD
            x += width

    def _line(self, y: float, weight: float) -> None:
        self.paper.set_line_width(weight)
        self.paper.line(self.paper.left, y, self.paper.right, y)

    def _close(self) -> None:
        """The upright lines of the part of the table that is on this page."""
        paper, x = self.paper, self.paper.left
        for width in (0.0, *self.widths):
            x += width
            paper.set_line_width(RULE if x == paper.left or x > paper.right - 0.1 else HAIR)
            paper.line(x, self.head, x, self.y)
        self._line(self.y, RULE)

    def empty(self) -> None:
        """Say that there is nothing, so that nobody thinks a page is lost."""
        height = 14.0
        self.paper.put("没有符合条件的内容。", self.paper.left, self.y + 8.5, BODY, SERIF, "center", sum(self.widths))
        self.y += height
        self.paper.set_line_width(RULE)
        self.paper.rect(self.paper.left, self.head, sum(self.widths), self.y - self.head)

    def end(self) -> None:
        """Close the table; the remark and the signatures under it stay together."""
        if self.y > self.head and self.y != self.head + 14.0:
            self._close()
        remark = self.paper.lines(self.listing.remark, sum(self.widths), 8, SANS) if self.listing.remark else []
        rows = (len(self.listing.signed) + 2) // 3
        if self.y + len(remark) * 4.2 + 3 + rows * SIGNED > self.paper.bottom + 4:
            self.paper.add_page()
            self.y = self.paper.top
        for line in remark:
            self.y += 4.2
            self.paper.put(line, self.paper.left, self.y + 0.6, 8, SANS)
        self._signed()

    def _signed(self) -> None:
        paper, wide = self.paper, sum(self.widths) / 3
        paper.set_draw_color(*INK)
        for place, words in enumerate(self.listing.signed):
            x, y = paper.left + place % 3 * wide, self.y + (place // 3 + 1) * SIGNED
            paper.put(f"{words}：", x, y, 10, SERIF)
            start = x + paper.width_of(f"{words}：", 10)
            paper.set_line_width(HAIR)
            paper.line(start, y + 0.8, x + wide - 8, y + 0.8)
