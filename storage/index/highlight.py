"""Where the words of a search stand in an original text, on which page, and what to show around them.

Works on the text as the database keeps it: folding keeps offsets, so 族譜 is marked for 族谱 and stays 族譜.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.index.analysis import LETTER, fold, is_run, terms

WIDTH = 120
"""Characters of an excerpt."""
_BEFORE = 30
_GAP = r"[\W_]*"
"""What may stand between two tokens: anything that is no letter or digit. Letters that Python does not know are sorted
out afterwards: to name them between all the tokens of a pasted passage takes a tenth of a second."""
_UNKNOWN_LETTER = re.compile(rf"(?=\W){LETTER}")
Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the [start, end) of what was found in it."""

    text: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of a page with its marks; `weight` compares passages of one search."""

    page: int
    text: str
    marks: Marks
    weight: float


def mark(text: str, terms_: Sequence[str]) -> Marked:
    """The whole text, marked."""
    return Marked(text, _marks(text, tuple(terms_)))


def excerpt(pages: Sequence[tuple[int, str]], terms_: Sequence[str]) -> Excerpt | None:
    """The passage with the most of the words, from (page number, text) pairs; None where no page has any."""
    wanted = tuple(terms_)
    best: tuple[float, int, str, Marks] | None = None
    for number, text in pages:
        marks = _marks(text, wanted)
        weight = _weight(text, marks)
        if marks and (best is None or weight > best[0]):
            best = (weight, number, text, marks)
    return _cut(*best) if best else None


def _weight(text: str, marks: Marks) -> float:
    """Longer and different words count; the same word again counts little."""
    kinds = Counter("".join(terms(text[start:end])) for start, end in marks)
    return sum(len(kind) ** 2 + min(times, 10) / 100 for kind, times in kinds.items())


def _cut(weight: float, page: int, text: str, marks: Marks) -> Excerpt:
    """The window in which the marks weigh most."""

    def worth(first: int) -> float:
        start = marks[first][0]
        return _weight(text, tuple(one for one in marks[first : first + 40] if one[1] <= start + WIDTH - _BEFORE))

    lead = marks[max(range(min(len(marks), 200)), key=lambda first: (worth(first), -first))]
    start = max(0, lead[0] - _BEFORE)
    end = max(min(len(text), start + WIDTH), lead[1])
    inside = tuple((one[0] - start, one[1] - start) for one in marks if one[0] >= start and one[1] <= end)
    return Excerpt(page, text[start:end], inside, weight)


def _marks(text: str, wanted: tuple[str, ...]) -> Marks:
    pattern, folded = _pattern(wanted), fold(text)
    if pattern is None:
        return ()
    found = pattern.finditer(folded)
    if not _UNKNOWN_LETTER.search(folded):
        return tuple(match.span() for match in found)
    rows = {tuple(terms(one)) for one in wanted}
    return tuple(match.span() for match in found if tuple(terms(match.group())) in rows)


@lru_cache(maxsize=256)
def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str] | None:
    """One expression for all terms, the longest first so that it wins."""
    rows = sorted({tuple(terms(one)) for one in wanted} - {()}, key=lambda row: -sum(map(len, row)))
    return re.compile("|".join(map(_row, rows))) if rows else None


def _row(tokens: tuple[str, ...]) -> str:
    """A row of tokens; runs are matched whole at the front, and may go on at the end only as themselves."""
    front = _edge(tokens[0], "(?<!{})")
    back = _edge(tokens[-1], "(?!{})") if len(tokens[-1]) == 1 else ""
    return front + _GAP.join(tokens) + back


def _edge(token: str, form: str) -> str:
    if not is_run(token):
        return ""
    return form.format("[0-9]" if token.isdigit() else "[a-z]")
