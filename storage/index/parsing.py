"""A line typed by a person becomes runs that are wanted and runs that are not. Nothing a person types is an error.

`-` before a run or a bracketed group excludes; every run under a `-`, however deep, is excluded. Quotes keep a run as
it is. Brackets and signs inside a run are just punctuation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.index.analysis import terms

_QUOTES = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "＂": "＂"}
_MINUS = "-－"
_OPEN, _CLOSE = "(（", ")）"
_PIECE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that were typed without a blank between, or in quotes."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted and what must not be there."""

    wanted: tuple[Run, ...]
    excluded: tuple[Run, ...]


def parse(text: str) -> Wish:
    """The runs of a query that hold at least one letter or digit."""
    wanted: list[Run] = []
    excluded: list[Run] = []
    groups: list[bool] = []
    at, minus = 0, False
    while at < len(text):
        character = text[at]
        if character in _MINUS and _begins(text, at):
            minus, at = True, at + 1
        elif character in _OPEN and _begins(text, at):
            groups.append(minus)
            minus, at = False, at + 1
        elif character.isspace() or character in _CLOSE:
            if character in _CLOSE and groups:
                groups.pop()
            minus, at = False, at + 1
        else:
            run, at = _run_at(text, at, bool(groups))
            if terms(run.text):
                (excluded if minus or any(groups) else wanted).append(run)
            minus = False
    return Wish(_joined(wanted), tuple(excluded))


def _begins(text: str, at: int) -> bool:
    """Whether a sign stands where a run would begin."""
    return at == 0 or text[at - 1].isspace() or text[at - 1] in _OPEN + _MINUS


def _run_at(text: str, at: int, grouped: bool) -> tuple[Run, int]:
    """The run that begins here, and where it ends."""
    close = _QUOTES.get(text[at])
    end = text.find(close, at + 1) if close else -1
    if end > at:
        return Run(text[at + 1 : end], quoted=True), end + 1
    found = _PIECE.match(text, at)
    piece = found.group() if found else text[at]
    depth = 0
    for place, character in enumerate(piece):
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth < 0 and grouped:
            return Run(piece[:place]), at + place
    return Run(piece), at + len(piece)


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """土 地 承 包, typed or recognised with blanks, is one run."""
    if len(runs) > 1 and all(not run.quoted and len(run.text) == 1 and not run.text.isascii() for run in runs):
        return (Run("".join(run.text for run in runs)),)
    return tuple(runs)
