"""What accepted records taught: counts of pieces of titles by series, and what they say about a new title.

Counting is all the training there is; it is kept elsewhere (storage). A number or a date in a title teaches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

LENGTHS = (4, 3, 2)
"""Two Han characters are the least that tells papers apart; four are what a person would name as the reason."""
MOST_FEATURES = 120
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


@dataclass(frozen=True)
class Learned:
    """Counts of features by series, series → feature → number of accepted records; the feature "" counts them all."""

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def lessons(self, title: str) -> dict[str, Lesson]:
        """What earlier choices say about this title, by series. Empty while nothing of it was seen before."""
        pieces = features(title)
        totals = {piece: sum(counted.get(piece, 0) for counted in self.counts.values()) for piece in pieces}
        known = [piece for piece in pieces if totals[piece]]
        if not known:
            return {}
        whole = sum(_weight(piece) for piece in pieces)
        found = {}
        for series_id, counted in self.counts.items():
            shared = [piece for piece in known if counted.get(piece)]
            if shared:
                share = sum(_weight(piece) * counted[piece] / (totals[piece] + 1) for piece in shared)
                best = max(shared, key=lambda piece: (len(piece), counted[piece]))
                found[series_id] = Lesson(share / whole, best, counted[best])
        return found


def _weight(piece: str) -> float:
    return float(len(piece) - 1)


def pieces_of(titles: Iterable[str]) -> frozenset[str]:
    """The two-character pieces of some titles, to tell how near a new one is."""
    return frozenset(piece for title in titles for piece in features(title) if len(piece) == 2)
