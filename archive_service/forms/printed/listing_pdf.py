"""A list on pages: title, heading and column names on each page, rows that are never cut, the sums on the last."""

from __future__ import annotations

from collections.abc import Sequence

from archive_service.forms.printed.listing import Column, Listing, Row, Totals
from archive_service.forms.printed.paper import HAIR, INK, POINT, RULE, SANS, SERIF, Align, Paper

TITLE, HEADING, NAMES, BODY = 17.0, 9.0, 9.0, 9.0
LEAD = BODY * POINT * 1.38
PAD_ACROSS, PAD_DOWN = 1.2, 1.5
SIGNED, NOTE = 13.0, 4.2
"""Height of a line for signatures, and of one of the remark."""


def draw(paper: Paper, listing: Listing) -> int:
    """Put a list on fresh pages; its rows are taken one by one. Returns how many there were."""
    table = _Table(paper, listing)
    table.new_page()
    totals = Totals(listing)
    last: list[Row] = []
    for row in listing.rows:
        if not row.sum:
            table.rows(last)
            last = []
        last.append(row)
        totals.add(row)
    if totals.rows and listing.counted:
        last.append(totals.row())
    table.end(last)
    return totals.rows


class _Table:
    """The table while it is drawn: where the next row goes, and what stands on every page."""

    def __init__(self, paper: Paper, listing: Listing) -> None:
        self.paper, self.listing = paper, listing
        scale = (paper.right - paper.left) / sum(column.width for column in listing.columns)
        self.widths = [column.width * scale for column in listing.columns]
        self.y = self.head = self.body = 0.0

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
        self.body = self.y
        self._line(self.y, RULE)

    def rows(self, rows: Sequence[Row]) -> None:
        """Some rows, each on the next page when it does not fit."""
        for row in rows:
            cells = self._cells_of(row)
            self._room(self._height(cells))
            self._draw(row, cells)

    def _cells_of(self, row: Row) -> list[list[str]]:
        family = SANS if row.sum else SERIF
        return [
            self._broken(str(value), column, width, family)
            for value, column, width in zip(row.cells, self.listing.columns, self.widths, strict=True)
        ]

    @staticmethod
    def _height(cells: list[list[str]]) -> float:
        return max(map(len, cells)) * LEAD + 2 * PAD_DOWN

    def _room(self, height: float) -> None:
        """A new page when so much does not fit on this one and there is anything on it."""
        if self.y + height > self.paper.bottom and self.y > self.body:
            self._close()
            self.new_page()

    def _draw(self, row: Row, cells: list[list[str]]) -> None:
        height = self._height(cells)
        aligns: list[Align] = [column.align for column in self.listing.columns]
        self._cells(cells, aligns, height, SANS if row.sum else SERIF)
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

    def _empty(self) -> None:
        """Say that there is nothing, so that nobody thinks a page is lost."""
        height = 14.0
        self.paper.put("没有符合条件的内容。", self.paper.left, self.y + 8.5, BODY, SERIF, "center", sum(self.widths))
        self.y += height
        self.paper.set_line_width(RULE)
        self.paper.rect(self.paper.left, self.head, sum(self.widths), self.y - self.head)

    def end(self, last: Sequence[Row]) -> None:
        """The last rows with the remark and the signatures on one page: nobody signs a page that lists nothing."""
        remark = self.paper.lines(self.listing.remark, sum(self.widths), 8, SANS) if self.listing.remark else []
        below = len(remark) * NOTE + (len(self.listing.signed) + 2) // 3 * SIGNED
        if last:
            self._room(sum(self._height(self._cells_of(row)) for row in last) + below)
            self.rows(last)
            self._close()
        else:
            self._empty()
        if self.y + below > self.paper.bottom + 4:
            self.paper.add_page()
            self.y = self.paper.top
        for line in remark:
            self.y += NOTE
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
