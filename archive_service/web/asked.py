"""What was asked for in the address of the search page, and the addresses that ask a little more or less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from storage.index.query import SearchRequest

FILTERS = {
    "village": "villages",
    "class": "classes",
    "series": "series",
    "kind": "kinds",
    "period": "periods",
    "access": "access",
    "state": "states",
    "batch": "batches",
    "person": "people",
    "place": "places",
    "decade": "decades",
    "year": "each_year",
}
"""Parameter of the address → field of the request."""
COUNTED = {**FILTERS, "year": "years"}
"""Parameter of the address → name of the count in the answer."""
SORTS = {
    "relevance": "最相关", "newest": "从新到旧", "oldest": "从旧到新", "pinyin": "题名音序", "strokes": "题名笔画",
}  # fmt: skip
A_PAGE = 20


class Asked:
    """The parameters of one search, in their order."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        known = {*FILTERS, "q", "from", "to", "since", "sort", "cursor"}
        self._pairs = [(name, value.strip()) for name, value in pairs if name in known and value.strip()]

    @property
    def q(self) -> str:
        """The words."""
        return self.first("q")

    def first(self, name: str) -> str:
        """One value; empty when there is none."""
        return next((value for key, value in self._pairs if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All values."""
        return tuple(value for key, value in self._pairs if key == name)

    def pairs(self, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """The parameters but for some."""
        return [(name, value) for name, value in self._pairs if name not in without]

    def with_(self, name: str, value: str) -> str:
        """The address with this parameter in place of what it had; a change begins at the first page."""
        return _address([*self.pairs((name, "cursor")), (name, value)])

    def without(self, *names: str) -> str:
        """The address without these parameters."""
        return _address(self.pairs((*names, "cursor")))

    def toggled(self, name: str, value: str) -> str:
        """The address with a filter put on, or taken off where it is on."""
        kept = [(key, held) for key, held in self.pairs(("cursor",)) if (key, held) != (name, value)]
        return _address(kept if value in self.every(name) else [*kept, (name, value)])

    def spanning(self, first: int, last: int) -> str:
        """The address for an interval of years."""
        return _address([*self.pairs(("from", "to", "cursor")), ("from", str(first)), ("to", str(last))])

    def years(self) -> tuple[int | None, int | None]:
        """From year, to year; what is no year is not asked for."""
        first, last = (self.first(name) for name in ("from", "to"))
        return _year(first), _year(last)

    def since(self) -> int | None:
        """Only what came after this minute, counted from 1970; what is no number is not asked for."""
        text = self.first("since")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

    def kept(self) -> str:
        """The conditions, as they are saved: without the page, and without since when."""
        return urlencode(self.pairs(("cursor", "since")))

    def sort(self) -> str:
        """The order; by relevance unless another was asked for."""
        wanted = self.first("sort")
        return wanted if wanted in SORTS else "relevance" if self.q else "newest"

    def request(self) -> SearchRequest:
        """The search."""
        filters = {field: self.every(name) for name, field in FILTERS.items()}
        if not self.pairs(("sort", "cursor")):
            # Nothing asked for is a wish to look around; the engine itself answers it with nothing.
            filters["states"] = ("archived",)
        return SearchRequest(
            text=self.q,
            years=self.years(),
            added_after=self.since(),
            sort=self.sort(),
            size=A_PAGE,
            cursor=self.first("cursor") or None,
            facets=True,
            **filters,
        )


def _address(pairs: list[tuple[str, str]]) -> str:
    return f"/search?{urlencode(pairs)}" if pairs else "/search"


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def read(query: str, since: int | None) -> SearchRequest:
    """The search of kept parameters, for its number alone."""
    asked = Asked(parse_qsl(query)).request()
    return replace(asked, added_after=since, size=0, facets=False, cursor=None)
