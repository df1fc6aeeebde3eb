"""The words that point to a series, from the outline itself and from the general vocabulary, ready to be looked up.

Built once for an outline and kept; finding the cues of a text is one pass over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log

from classification.outline_model import Outline, Series
from classification.suggestion.learned import pieces_of

_PARTS = re.compile(r"[、，：；（）()·与和及]|以及")
LENGTH_WEIGHT = {2: 1.0, 3: 1.7, 4: 2.4, 5: 3.0, 6: 3.5}
LONGEST_WEIGHT = 4.0
NAME_SHARE = 0.7
"""A word of a series' name says a little less than a keyword: names list what else is filed there."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One cue found in a text: the word, and where."""

    word: str
    at: int


@dataclass(frozen=True)
class Cues:
    """Word → series → weight, with the words by their first two characters for the look-up."""

    weights: dict[str, dict[str, float]]
    pieces: dict[str, frozenset[str]]
    by_start: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, outline: Outline) -> Cues:
        """The cues of an outline."""
        shares: dict[str, dict[str, float]] = {}
        for series in outline.series.values():
            for word, share in _words(series):
                known = shares.setdefault(word, {})
                known[series.id] = max(known.get(series.id, 0.0), share)
        weights = {word: _weighed(word, known) for word, known in shares.items()}
        pieces = {one.id: pieces_of((one.name, *one.keywords, *one.examples)) for one in outline.series.values()}
        return cls(weights, pieces, _by_start(weights))

    def found(self, text: str) -> Iterator[Hit]:
        """The cues of a text; of two that begin within each other the longer one, so 党员大会审议 is no 党员大会."""
        covered = 0
        for at in range(len(text) - 1):
            for word in self.by_start.get(text[at : at + 2], ()):
                if text.startswith(word, at):
                    if at + len(word) > covered:
                        covered = at + len(word)
                        yield Hit(word, at)
                    break


def _words(series: Series) -> Iterator[tuple[str, float]]:
    for keyword in series.keywords:
        yield keyword, 1.0
    for part in _PARTS.split(series.name):
        if len(part) >= 2:
            yield part, NAME_SHARE


def _weighed(word: str, known: dict[str, float]) -> dict[str, float]:
    rarity = 1.0 / (1.0 + log(len(known)))
    length = LENGTH_WEIGHT.get(len(word), LONGEST_WEIGHT)
    return {series_id: share * length * rarity for series_id, share in known.items()}


def _by_start(words: dict[str, dict[str, float]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[:2], []).append(word)
    return {start: tuple(sorted(longer, key=len, reverse=True)) for start, longer in found.items()}
