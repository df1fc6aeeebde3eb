"""Where lines of Chinese text may end: between any two characters, but no mark that closes stands first in a line and
none that opens stands last; runs of Latin letters and digits stay whole while they fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_CLOSING = re.escape("，。、；：！？）】》〉”’」』〕］｝…—·％,.;:!?)]}%")
_OPENING = re.escape("（【《〈“‘「『〔［｛([{")
_PIECE = re.compile(f"[{_OPENING}]*(?:[A-Za-z0-9]+(?:[-·./_+]+[A-Za-z0-9]+)*|.)[{_CLOSING}]*", re.DOTALL)
MORE = "…"


def lines(text: str, width: float, measure: Callable[[str], float], most: int) -> list[str]:
    """The text in lines no wider than `width`, at most so many; what is left out is shown by “…”.

    A piece that is wider than a whole line is cut where the line is full.
    """
    found = [line for part in text.splitlines() or [""] for line in _filled(part, width, measure)]
    if len(found) <= most:
        return found
    last = found[most - 1]
    while last and measure(last + MORE) > width:
        last = last[:-1]
    return [*found[: most - 1], last + MORE]


def _filled(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line, filled = "", 0.0
    for piece, wide in _pieces(text, width, measure):
        if line and filled + wide > width:
            yield line.rstrip()
            line = piece.lstrip()
            filled = wide if line == piece else measure(line)
        else:
            line, filled = line + piece, filled + wide
    yield line.rstrip()


def _pieces(text: str, width: float, measure: Callable[[str], float]) -> Iterator[tuple[str, float]]:
    """What is not broken, with its width; a line's width is the sum of those of its pieces."""
    for match in _PIECE.finditer(text):
        piece = match.group()
        wide = measure(piece)
        if wide <= width:
            yield piece, wide
        else:
            yield from ((one, measure(one)) for one in piece)
