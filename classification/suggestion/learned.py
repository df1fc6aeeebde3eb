"""What accepted records taught: counts of pieces of titles by series, and what they say about a new title.

Counting is all the training there is; it is kept elsewhere (storage). A number or a date in a title teaches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

LENGTHS = (4, 3, 2)
"""Two Han characters are the least that tells papers apart; four are what a person would name as the reason."""
MOST_FEATURES = 120
LEAST_WEIGHT = 20.0
"""A title of a few characters (名单, 通知) teaches little, however often it was seen."""
DOUBT = 2
"""Seen once is not yet a habit: one record in one series counts for a third."""
ALL = ""
"""The feature that counts the records of a series."""

_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_NUMERALS = re.compile(r"[〇零一二三四五六七八九十百0-9]+(?:年度?|月份?|日|号|季度|届|次|期)")


def features(title: str, text: str = "") -> tuple[str, ...]:
    """The pieces of a title (and of the first line of a text) that are counted: runs of two to four Han characters."""
    found: dict[str, None] = {}
    for source in (title, text.strip().split("\n", 1)[0][:60]):
        for run in _HAN.findall(_NUMERALS.sub(" ", source)):
            found.update(dict.fromkeys(_pieces(run)))
    return tuple(found)[:MOST_FEATURES]


def _pieces(run: str) -> Iterator[str]:
    for length in LENGTHS:
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the counts say for one series: how strongly (0 to 1), by which piece, and how many records had it."""

    strength: float
    piece: str
    records: int

    def and_also(self, share: float) -> Lesson:
        """The same, stronger: a further piece says so too. The longest piece came first and stays the reason."""
        return replace(self, strength=self.strength + share)


@dataclass(frozen=True)
class Learned:
    """Counts of features by series, series → feature → number of accepted records; the feature "" counts them all."""

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def lessons(self, title: str) -> dict[str, Lesson]:
        """What earlier choices say about this title, by series. Empty while nothing of it was seen before."""
        pieces = features(title) if self.counts else ()
        whole = max(LEAST_WEIGHT, sum(_weight(piece) for piece in pieces))
        found: dict[str, Lesson] = {}
        for piece in pieces:
            seen = self._by_piece.get(piece, {})
            total = sum(seen.values()) + DOUBT
            for series_id, records in seen.items():
                share = _weight(piece) * records / total / whole
                known = found.get(series_id)
                found[series_id] = Lesson(share, piece, records) if known is None else known.and_also(share)
        return found

    @cached_property
    def _by_piece(self) -> dict[str, dict[str, int]]:
        turned: dict[str, dict[str, int]] = {}
        for series_id, counted in self.counts.items():
            for piece, records in counted.items():
                if records > 0 and piece != ALL:
                    turned.setdefault(piece, {})[series_id] = records
        return turned


def _weight(piece: str) -> float:
    return float((len(piece) - 1) ** 2)


def pieces_of(titles: Iterable[str]) -> frozenset[str]:
    """The two-character pieces of some titles, to tell how near a new one is."""
    return frozenset(piece for title in titles for piece in features(title) if len(piece) == 2)
