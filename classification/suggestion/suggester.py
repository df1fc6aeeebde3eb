"""The proposal itself: cues of title, path and text are weighed, what was learned is added, the best come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from classification.outline_model import Outline
from classification.suggestion.access import access_of
from classification.suggestion.cues import NOWHERE, Cues
from classification.suggestion.kinds import share_by_kind
from classification.suggestion.learned import Learned, Lesson, pieces_of
from classification.suggestion.zones import FIRST_LINE, FOLDER, START, Zone, heading_of, zones_of

LEARNED_WEIGHT = 8.0
NEARNESS_WEIGHT = 2.0
LEAST_NEARNESS = 0.2
FEW_PIECES = 4
LOOSE_PAIR = 0.5
AGAINST = 0.45
FURTHER = 0.7
LEAST_SCORE = 0.6
SURE_SCORE = 2.2
SURE_LEAD = 1.5
MOST = 5


@dataclass(frozen=True, slots=True)
class Suggested:
    """One series that a paper may belong to; a higher score is surer. `reasons` are Chinese, the strongest first."""

    series_id: str
    class_id: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The proposal for one paper. `series` is empty where nothing fits; only a `confident` one may be taken in bulk."""

    series: tuple[Suggested, ...]
    confident: bool
    access: str
    access_reason: str


@dataclass
class _Tally:
    reasons: list[tuple[float, str]] = field(default_factory=list)
    share: float = 1.0

    @property
    def score(self) -> float:
        """Each further word says less than the one before: many weak words do not outweigh a telling one."""
        points = sorted((points for points, _ in self.reasons), reverse=True)
        return self.share * sum(one * FURTHER**number for number, one in enumerate(points))


class Suggester:
    """Proposes by one outline. `cues` may be handed in where they were made before; making them takes a while."""

    def __init__(self, outline: Outline, learned: Learned | None = None, cues: Cues | None = None) -> None:
        self._outline = outline
        self._learned = learned or Learned()
        self._cues = cues or Cues.of(outline)

    def suggest(self, title: str, text: str, path: str = "", kind: str = "document") -> Suggestion:
        """Propose series and access class.

        Args:
            title: the title as read, or the file name.
            text: the start of the text; more than the first thousand characters changes nothing but the access class.
            path: folders and file name as handed in.
            kind: what the reader took the file for (document, photo, genealogy, audio, video, table …).
        """
        tallies = self._tallies(zones_of(title, text, path), title)
        outside = tallies.pop(NOWHERE, _Tally()).score
        for series_id, share in share_by_kind(self._outline, kind, text, tallies).items():
            tallies[series_id].share *= share
        scores = {series_id: tally.score for series_id, tally in tallies.items()}
        ranked = sorted(scores, key=lambda series_id: (-scores[series_id], series_id))[:MOST]
        fits = bool(ranked) and scores[ranked[0]] >= max(LEAST_SCORE, outside)
        series = tuple(self._suggested(one, scores[one], tallies[one]) for one in ranked if fits and scores[one] > 0)
        access = access_of(self._outline, [one.series_id for one in series], text)
        return Suggestion(series, _sure(series, outside), access.id, access.reason)

    def _tallies(self, zones: tuple[Zone, ...], title: str) -> dict[str, _Tally]:
        tallies: dict[str, _Tally] = {}
        for series_id, points, reason in (*self._by_words(zones), *self._by_pairs(zones), *self._by_nearness(title)):
            tallies.setdefault(series_id, _Tally()).reasons.append((points, reason))
        for series_id, lesson in self._learned.lessons(title).items():
            if series_id in self._outline.series:
                tallies.setdefault(series_id, _Tally()).reasons.append(
                    (LEARNED_WEIGHT * lesson.strength, _taught(lesson))
                )
        heading = heading_of(zones, FIRST_LINE)
        for series_id, tally in tallies.items():
            tally.share = AGAINST ** sum(word in heading for word in self._cues.against.get(series_id, ()))
        return tallies

    def _by_words(self, zones: tuple[Zone, ...]) -> Iterator[tuple[str, float, str]]:
        best: dict[tuple[str, str], tuple[float, str]] = {}
        for zone in zones:
            for word in self._cues.found(zone.text):
                for series_id, weight in self._cues.weights[word].items():
                    if weight * zone.share > best.get((series_id, word), (0.0, ""))[0]:
                        best[series_id, word] = weight * zone.share, f"{zone.name}有“{word}”"
        for (series_id, _), (points, reason) in best.items():
            yield series_id, points, reason

    def _by_pairs(self, zones: tuple[Zone, ...]) -> Iterator[tuple[str, float, str]]:
        heading, start = heading_of(zones, FOLDER), heading_of(zones, START)
        for pair in self._cues.pairs:
            if all(word in start for word in pair.words):
                share = 1.0 if all(word in heading for word in pair.words) else LOOSE_PAIR
                for series_id, weight in pair.weights.items():
                    yield series_id, weight * share, f"题名、开头同时有“{'”“'.join(pair.words)}”"

    def _by_nearness(self, title: str) -> Iterator[tuple[str, float, str]]:
        pieces = pieces_of((title,))
        for series_id, known in self._cues.pieces.items() if pieces else ():
            shared = len(pieces & known) / max(len(pieces), FEW_PIECES)
            if shared >= LEAST_NEARNESS:
                yield series_id, NEARNESS_WEIGHT * shared, "题名与条目的名称、举例相近"

    def _suggested(self, series_id: str, score: float, tally: _Tally) -> Suggested:
        reasons = dict.fromkeys(reason for _, reason in sorted(tally.reasons, key=lambda one: -one[0]))
        return Suggested(series_id, self._outline.series[series_id].class_id, score, tuple(reasons)[:4])


def _taught(lesson: Lesson) -> str:
    return f"因为题名有“{lesson.piece}”，同样归档的已有 {lesson.records} 件"


def _sure(series: tuple[Suggested, ...], outside: float) -> bool:
    if not series or series[0].score < SURE_SCORE + outside:
        return False
    return len(series) == 1 or series[0].score >= SURE_LEAD * series[1].score
