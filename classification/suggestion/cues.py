"""The words that point to a series, from the outline itself and from the general vocabulary, ready to be looked up.

Built once for an outline and kept; finding the cues of a text is one pass over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log
from operator import add, itemgetter

from classification.outline_model import Outline, Series
from classification.suggestion.learned import pieces_of
from classification.suggestion.vocabulary import Entry, entries, foreign

_PARTS = re.compile(r"[、，：；（）()·与和及]|以及")
LENGTH_WEIGHT = {1: 0.5, 2: 1.0, 3: 1.6, 4: 2.2, 5: 2.7, 6: 3.1}
LONGEST_WEIGHT = 3.5
NOWHERE = ""
"""In the place of a series: the word is of a paper that belongs to none."""
ANYWHERE = ""
"""The telling piece of a pair of single characters, which no two characters can rule out."""
NAME_SHARE = 0.7
"""A word of a series' name says a little less than a keyword: names list what else is filed there."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Words that count for some series where all of them stand in the heading."""

    words: tuple[str, ...]
    weights: Mapping[str, float]


@dataclass(frozen=True)
class Cues:
    """Word → series → weight, with the words by their first two characters for the look-up; `near` by any two.

    `pairs` are numbered in their order, by two characters that a text must have for one of them to be worth a look.
    """

    weights: Mapping[str, Mapping[str, float]]
    pairs: Mapping[str, tuple[tuple[int, Pair], ...]]
    against: Mapping[str, tuple[str, ...]]
    near: Mapping[str, tuple[str, ...]]
    by_start: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, outline: Outline) -> Cues:
        """The cues of an outline."""
        led = [(entry, _led_to(outline, entry)) for entry in entries()]
        weights = _weights(outline.series.values(), led)
        pairs = [
            Pair(words, _weighed("".join(words), dict.fromkeys(series_ids, 1.0)))
            for entry, series_ids in led
            for words in entry.together
            if series_ids
        ]
        against = {series_id: entry.against for entry, series_ids in led for series_id in series_ids}
        outside = {word: {NOWHERE: LENGTH_WEIGHT.get(len(word), LONGEST_WEIGHT)} for word in foreign()}
        weights = {**outside, **weights}
        return cls(weights, _by_telling_piece(pairs), against, _near(outline), _by_start(weights))

    def found(self, text: str) -> Iterator[str]:
        """The cues of a text; of two that begin within each other the longer one, so 党员大会审议 is no 党员大会."""
        covered = 0
        # Nearly all of the time goes into telling that nothing starts here.
        starts = [at for at, start in enumerate(map(add, text, text[1:])) if start in self.by_start]
        for at in starts:
            for word in self.by_start[text[at : at + 2]]:
                if text.startswith(word, at):
                    if at + len(word) > covered:
                        covered = at + len(word)
                        yield word
                    break

    def pairs_for(self, text: str) -> list[Pair]:
        """The pairs whose telling piece stands in the text, in their order: a few of some hundred."""
        pieces = {ANYWHERE, *map(add, text, text[1:])}
        found = [one for piece in self.pairs.keys() & pieces for one in self.pairs[piece]]
        return [pair for _, pair in sorted(found, key=itemgetter(0))]


def _by_telling_piece(pairs: Iterable[Pair]) -> Mapping[str, tuple[tuple[int, Pair], ...]]:
    found: dict[str, list[tuple[int, Pair]]] = {}
    for number, pair in enumerate(pairs):
        longest = max(pair.words, key=len)
        found.setdefault(longest[:2] if len(longest) > 1 else ANYWHERE, []).append((number, pair))
    return {piece: tuple(some) for piece, some in found.items()}


def _near(outline: Outline) -> Mapping[str, tuple[str, ...]]:
    """Two characters → the series whose name, keywords or examples have them."""
    found: dict[str, list[str]] = {}
    for one in outline.series.values():
        for piece in pieces_of((one.name, *one.keywords, *one.examples)):
            found.setdefault(piece, []).append(one.id)
    return {piece: tuple(series_ids) for piece, series_ids in found.items()}


def _led_to(outline: Outline, entry: Entry) -> tuple[str, ...]:
    return tuple(one.id for one in outline.series.values() if entry.outline_word in one.keywords)


def _weights(
    series: Iterable[Series], led: Iterable[tuple[Entry, tuple[str, ...]]]
) -> Mapping[str, Mapping[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for one in series:
        for word, share in _own_words(one):
            known = shares.setdefault(word, {})
            known[one.id] = max(known.get(one.id, 0.0), share)
    for entry, series_ids in led:
        for series_id in series_ids:
            for word, share in entry.words.items():
                known = shares.setdefault(word, {})
                known[series_id] = max(known.get(series_id, 0.0), share)
    return {word: _weighed(word, known) for word, known in shares.items()}


def _own_words(series: Series) -> Iterator[tuple[str, float]]:
    for keyword in series.keywords:
        yield keyword.lower(), 1.0
    for part in _PARTS.split(series.name):
        if len(part) >= 2:
            yield part.lower(), NAME_SHARE


def _weighed(word: str, known: Mapping[str, float]) -> dict[str, float]:
    rarity = 1.0 / (1.0 + log(len(known)))
    length = LENGTH_WEIGHT.get(len(word), LONGEST_WEIGHT)
    return {series_id: share * length * rarity for series_id, share in known.items()}


def _by_start(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[:2], []).append(word)
    return {start: tuple(sorted(longer, key=len, reverse=True)) for start, longer in found.items()}
