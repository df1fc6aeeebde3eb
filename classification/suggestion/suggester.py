"""The proposal itself: cues of title, path and text are weighed, what was learned is added, the best come first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from classification.outline_model import Outline
from classification.suggestion.access import access_of
from classification.suggestion.cues import Cues
from classification.suggestion.kinds import share_by_kind
from classification.suggestion.learned import Learned, Lesson, pieces_of
from classification.suggestion.zones import Zone, heading_of, zones_of

LEARNED_WEIGHT = 8.0
NEARNESS_WEIGHT = 2.0
LEAST_NEARNESS = 0.2
AGAINST = 1.5
LEAST_SCORE = 0.8
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
    score: float = 0.0
    reasons: list[tuple[float, str]] = field(default_factory=list)

    def add(self, points: float, reason: str) -> None:
        self.score += points
        self.reasons.append((points, reason))


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
        for series_id, share in share_by_kind(self._outline, kind, text, tallies).items():
            tallies[series_id].score *= share
        ranked = sorted(tallies.items(), key=lambda pair: (-pair[1].score, pair[0]))
        series = tuple(self._suggested(series_id, tally) for series_id, tally in ranked[:MOST] if tally.score > 0)
        series = series if series and series[0].score >= LEAST_SCORE else ()
        access = access_of(self._outline, [one.series_id for one in series], text)
        return Suggestion(series, _sure(series), access.id, access.reason)

    def _tallies(self, zones: tuple[Zone, ...], title: str) -> dict[str, _Tally]:
        tallies: dict[str, _Tally] = {}
        for series_id, points, reason in (*self._by_words(zones), *self._by_pairs(zones), *self._by_nearness(title)):
            tallies.setdefault(series_id, _Tally()).add(points, reason)
        for series_id, lesson in self._learned.lessons(title).items():
            if series_id in self._outline.series:
                tallies.setdefault(series_id, _Tally()).add(LEARNED_WEIGHT * lesson.strength, _taught(lesson))
        heading = heading_of(zones)
        for series_id, tally in tallies.items():
            for word in self._cues.against.get(series_id, ()):
                if word in heading:
                    tally.score -= AGAINST
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
        heading = heading_of(zones)
        for pair in self._cues.pairs:
            if all(word in heading for word in pair.words):
                for series_id, weight in pair.weights.items():
                    yield series_id, weight, f"题名、开头同时有“{'”“'.join(pair.words)}”"

    def _by_nearness(self, title: str) -> Iterator[tuple[str, float, str]]:
        pieces = pieces_of((title,))
        for series_id, known in self._cues.pieces.items() if pieces else ():
            shared = len(pieces & known) / len(pieces)
            if shared >= LEAST_NEARNESS:
                yield series_id, NEARNESS_WEIGHT * shared, "题名与条目的名称、举例相近"

    def _suggested(self, series_id: str, tally: _Tally) -> Suggested:
        reasons = dict.fromkeys(reason for _, reason in sorted(tally.reasons, key=lambda one: -one[0]))
        return Suggested(series_id, self._outline.series[series_id].class_id, tally.score, tuple(reasons)[:4])


def _taught(lesson: Lesson) -> str:
    return f"因为题名有“{lesson.piece}”，同样归档的已有 {lesson.records} 件"


def _sure(series: tuple[Suggested, ...]) -> bool:
    if not series or series[0].score < SURE_SCORE:
        return False
    return len(series) == 1 or series[0].score >= SURE_LEAD * series[1].score
