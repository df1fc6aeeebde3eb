"""What speaks for a series: words in their places, words that stand together, nearness to its name, earlier choices.

Each reason carries its points; how the reasons of one series add up is for the tally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from classification.suggestion.cues import Cues
from classification.suggestion.learned import Learned, Lesson, pieces_of
from classification.suggestion.zones import FIRST_LINE, FOLDER, START, Zone, heading_of

LEARNED_WEIGHT = 6.5
TELLING_PIECE, TELLING_RECORDS = 4, 3
NEARNESS_WEIGHT, LEAST_NEARNESS, FEW_PIECES = 2.0, 0.2, 4
LOOSE_PAIR = 0.5
AGAINST = 0.45
FURTHER = 0.7


class Reason(NamedTuple):
    """One thing that speaks for a series, in Chinese. `telling`: it stands where a paper says what it is."""

    series_id: str
    points: float
    words: str
    telling: bool = False


@dataclass
class Tally:
    """The reasons of one series, and by what the whole is to be multiplied."""

    reasons: list[Reason] = field(default_factory=list)
    share: float = 1.0

    @property
    def score(self) -> float:
        """Each further reason says less than the one before: many weak words do not outweigh a telling one."""
        points = sorted([one.points for one in self.reasons])
        whole = 0.0
        for weaker in points:
            whole = weaker + FURTHER * whole
        return self.share * whole

    @property
    def telling(self) -> bool:
        """Whether one of the reasons is; without it a proposal is never sure."""
        return any(one.telling for one in self.reasons)

    @property
    def said(self) -> tuple[str, ...]:
        """The reasons in words, the strongest first, each once."""
        return tuple(dict.fromkeys(one.words for one in sorted(self.reasons, key=lambda one: -one.points)))


def tallies_of(cues: Cues, learned: Learned, zones: tuple[Zone, ...], title: str) -> dict[str, Tally]:
    """Everything that speaks for each series; series that nothing speaks for are left out."""
    tallies: dict[str, Tally] = {}
    for reasons in (_by_words(cues, zones), _by_pairs(cues, zones), _by_nearness(cues, title), _taught(learned, title)):
        for one in reasons:
            if one.series_id not in tallies:
                tallies[one.series_id] = Tally()
            tallies[one.series_id].reasons.append(one)
    heading = heading_of(zones, FIRST_LINE)
    for series_id in tallies.keys() & cues.against.keys():
        tallies[series_id].share = AGAINST ** sum([word in heading for word in cues.against[series_id]])
    return tallies


def _by_words(cues: Cues, zones: tuple[Zone, ...]) -> Iterator[Reason]:
    seen: set[str] = set()
    for zone in zones:
        for word in cues.found(zone.text):
            if word not in seen:
                seen.add(word)
                words = f"{zone.name}有“{word}”"
                for series_id, weight in cues.weights[word].items():
                    yield Reason(series_id, weight * zone.share, words, zone.share >= FIRST_LINE)


def _by_pairs(cues: Cues, zones: tuple[Zone, ...]) -> Iterator[Reason]:
    heading, start = heading_of(zones, FOLDER), heading_of(zones, START)
    for pair in cues.pairs_for(start):
        if all(word in start for word in pair.words):
            close = all(word in heading for word in pair.words)
            for series_id, weight in pair.weights.items():
                words = f"题名、开头同时有“{'”“'.join(pair.words)}”"
                yield Reason(series_id, weight if close else weight * LOOSE_PAIR, words, close)


def _by_nearness(cues: Cues, title: str) -> Iterator[Reason]:
    pieces = pieces_of((title,))
    common: Counter[str] = Counter()
    for piece in pieces:
        common.update(cues.near.get(piece, ()))
    for series_id, number in common.items():
        shared = number / max(len(pieces), FEW_PIECES)
        if shared >= LEAST_NEARNESS:
            yield Reason(series_id, NEARNESS_WEIGHT * shared, "题名与条目的名称、举例相近")


def _taught(learned: Learned, title: str) -> Iterator[Reason]:
    for series_id, lesson in learned.lessons(title).items():
        words = f"因为题名有“{lesson.piece}”，同样归档的已有 {lesson.records} 件"
        yield Reason(series_id, LEARNED_WEIGHT * lesson.strength, words, _telling(lesson))


def _telling(lesson: Lesson) -> bool:
    return len(lesson.piece) >= TELLING_PIECE and lesson.records >= TELLING_RECORDS
