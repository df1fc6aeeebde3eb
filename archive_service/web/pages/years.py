"""The timeline beside the hits: bars of years, five years or decades, each an address that narrows to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archive_service.web.asked import Asked

MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `height` of 100."""

    name: str
    number: int
    height: int
    address: str
    on: bool


def bars(asked: Asked, counted: Iterable[tuple[str, int]]) -> list[Bar]:
    """The bars from the first year to the last, empty ones too, so that gaps are seen."""
    by_year = {int(year): number for year, number in counted if str(year).isdigit() and number}
    if not by_year:
        return []
    width = _width(min(by_year), max(by_year))
    grouped = Counter[int]()
    for year, number in by_year.items():
        grouped[year // width * width] += number
    top = max(grouped.values())
    starts = range(min(grouped), max(grouped) + 1, width)
    return [_bar(asked, start, width, grouped[start], top) for start in starts]


def _width(first: int, last: int) -> int:
    return next((width for width in (1, 5, 10, 50) if (last - first) // width < MOST_BARS), 100)


def _bar(asked: Asked, start: int, width: int, number: int, top: int) -> Bar:
    first, last = asked.years()
    on = bool(first or last) and start + width > (first or 0) and start <= (last or 9999)
    name = str(start) if width == 1 else f"{start}—{start + width - 1}"
    height = max(3, round(100 * number / top)) if number else 1
    return Bar(name, number, height, asked.spanning(start, start + width - 1), on)
