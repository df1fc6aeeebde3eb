"""How text becomes tokens, alike for both engines, for queries and for highlights.

Folding keeps the length, so an offset in the folded text is an offset in the original. A token is one Han (or other
non-alphanumeric) letter, one run of digits or one run of Latin letters; blanks and punctuation give none. Words are
not known here: they are cut at query time.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import compress
from operator import add
from typing import NamedTuple

from storage.index.folding_table import SOURCES, TARGETS

VERSION = 4
"""Rises with every change of folding, tokens or fields: an index of another version has to be made again."""

_TABLE = {code: code for code in range(0x3000, 0xA000)} | str.maketrans(SOURCES, TARGETS)
"""What stays as it is is said for the usual characters: to find nothing takes `translate` twice as long."""
_PRIVATE_OR_RARE = r"\ue000-\uf8ff\U00020000-\U0003ffff\U000f0000-\U0010fffd"
"""Private use, and the ideographs this Python does not know yet: letters of somebody's village."""
LETTER = rf"(?:[^\W_]|[{_PRIVATE_OR_RARE}])"
"""Regular expression of one character that belongs to a token, in folded text."""
_TOKEN = re.compile(rf"[0-9]+|[a-z]+|{LETTER}")
_STRETCH = re.compile(rf"[0-9]+|[a-z]+|(?:[^\W_0-9a-z]+|[{_PRIVATE_OR_RARE}]+)+")
"""A run, or letters in a row that are a token each: few matches for a text that is mostly Han."""
_RUN = "\n"
"""Stands for a whole run where each token is one sign; no token holds it."""
_BETWEEN_RUNS = "'"


class Token(NamedTuple):
    """A folded token and where it stood in the original."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Traditional to simplified, full to half width, capitals to small, variants to one form; same length."""
    return text.translate(_TABLE)


def each_token(text: str) -> Iterator[Token]:
    """The tokens of a text with their offsets in it, one after the other."""
    return (Token(found.group(), *found.span()) for found in _TOKEN.finditer(fold(text)))


def tokens(text: str) -> list[Token]:
    """All of them."""
    return list(each_token(text))


def terms(text: str) -> list[str]:
    """The tokens of a text without offsets."""
    found: list[str] = []
    for stretch in _STRETCH.findall(fold(text)):
        if stretch.isascii():
            found.append(stretch)
        else:
            found.extend(stretch)
    return found


def stretches(text: str) -> Iterator[tuple[str, str]]:
    """The runs of a text and its letters in a row, in order: folded, and as written. Of letters each is a token."""
    return ((found.group(), text[found.start() : found.end()]) for found in _STRETCH.finditer(fold(text)))


def is_run(token: str) -> bool:
    """Whether the token is a run of digits or Latin letters, which can have a beginning."""
    return token.isascii()


def pairs(of: Sequence[str]) -> list[str]:
    """Neighbouring tokens joined: n tokens give n - 1 pairs. Two runs keep a mark between them, or 1-23 were 12-3."""
    joined = list(map(add, of, of[1:]))
    for at in compress(range(len(joined)), map(str.isascii, joined)):
        joined[at] = of[at] + _BETWEEN_RUNS + of[at + 1]
    return joined


def line_of_pairs(text: str) -> tuple[str, set[str]]:
    """The pairs of a text joined by blanks, and each of its tokens once.

    What `pairs` and `terms` give, by whole stretches instead of token by token: a third of the time for a long text.
    """
    stretches = _STRETCH.findall(fold(text))
    if not stretches:
        return "", set()
    runs = [stretch for stretch in stretches if stretch.isascii()]
    signs = "".join([_RUN if stretch.isascii() else stretch for stretch in stretches])
    # A run ends one pair and begins the next, so each is seen once as "run blank run"; nothing between two is a pair.
    first, *rest = _neighbours(f" {signs} ").split(f"{_RUN} {_RUN}")
    line = first + "".join([f"{run} {run}{after or _BETWEEN_RUNS}" for run, after in zip(runs, rest, strict=True)])
    inner = line.strip(" ")
    return inner[inner.index(" ") + 1 : inner.rindex(" ")], {*signs, *runs} - {_RUN}


def _neighbours(signs: str) -> str:
    """abc → "ab bc ": three numbers a pair, without a loop over them."""
    codes = array("I", signs.encode("utf-32-le"))
    row = array("I", " ".encode("utf-32-le")) * (3 * (len(codes) - 1))
    row[0::3], row[1::3] = codes[:-1], codes[1:]
    return row.tobytes().decode("utf-32-le")
