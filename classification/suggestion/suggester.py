"""The proposal itself: cues of title, path and text are weighed, what was learned is added, the best come first."""

from __future__ import annotations

from dataclasses import dataclass, field

from classification.outline_model import Outline
from classification.suggestion.access import Access, access_of
from classification.suggestion.cues import Cues
from classification.suggestion.learned import Learned, Lesson, pieces_of

TITLE, PATH, HEAD, BODY = 1.0, 0.45, 0.8, 0.3
HEAD_CHARACTERS = 60
BODY_CHARACTERS = 800
LEARNED_WEIGHT = 8.0
NEARNESS_WEIGHT = 2.0
LEAST_SCORE = 0.8
SURE_SCORE = 2.2
SURE_LEAD = 1.5
MOST = 5
PLACES = {"题名": TITLE, "文件夹": PATH, "开头": HEAD, "正文": BODY}


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
        tallies = self._tallies(title, text, path)
        ranked = sorted(tallies.items(), key=lambda pair: (-pair[1].score, pair[0]))
        series = tuple(self._suggested(series_id, tally) for series_id, tally in ranked[:MOST])
        series = series if series and series[0].score >= LEAST_SCORE else ()
        access: Access = access_of(self._outline, [one.series_id for one in series], title, text, path)
        return Suggestion(series, _sure(series), access.id, access.reason)

    def _tallies(self, title: str, text: str, path: str) -> dict[str, _Tally]:
        tallies: dict[str, _Tally] = {}
        head, body = text[:HEAD_CHARACTERS], text[HEAD_CHARACTERS:BODY_CHARACTERS]
        best: dict[tuple[str, str], tuple[float, str]] = {}
        for place, source in (("题名", title), ("文件夹", path), ("开头", head), ("正文", body)):
            for hit in self._cues.found(source):
                for series_id, weight in self._cues.weights[hit.word].items():
                    points = weight * PLACES[place]
                    if points > best.get((series_id, hit.word), (0.0, ""))[0]:
                        best[series_id, hit.word] = points, f"{place}有“{hit.word}”"
        for (series_id, _), (points, reason) in best.items():
            tallies.setdefault(series_id, _Tally()).add(points, reason)
        self._add_nearness(tallies, title)
        for series_id, lesson in self._learned.lessons(title).items():
            if series_id in self._outline.series:
                tallies.setdefault(series_id, _Tally()).add(LEARNED_WEIGHT * lesson.strength, _taught(lesson))
        return tallies

    def _add_nearness(self, tallies: dict[str, _Tally], title: str) -> None:
        pieces = pieces_of((title,))
        for series_id, known in self._cues.pieces.items() if pieces else ():
            shared = len(pieces & known) / len(pieces)
            if shared >= 0.2:
                tallies.setdefault(series_id, _Tally()).add(NEARNESS_WEIGHT * shared, "题名与条目名称、举例相近")

    def _suggested(self, series_id: str, tally: _Tally) -> Suggested:
        reasons = dict.fromkeys(reason for _, reason in sorted(tally.reasons, key=lambda one: -one[0]))
        return Suggested(series_id, self._outline.series[series_id].class_id, tally.score, tuple(reasons)[:4])


def _taught(lesson: Lesson) -> str:
    return f"因为题名有“{lesson.piece}”，同样归档的已有 {lesson.records} 件"


def _sure(series: tuple[Suggested, ...]) -> bool:
    if not series or series[0].score < SURE_SCORE:
        return False
    return len(series) == 1 or series[0].score >= SURE_LEAD * series[1].score
