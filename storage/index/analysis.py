"""How text becomes tokens, alike for both engines, for queries and for highlights.

Folding keeps the length, so an offset in the folded text is an offset in the original. A token is one Han (or other
non-alphanumeric) letter, one run of digits or one run of Latin letters; blanks and punctuation give none. Words are
not known here: they are cut at query time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from operator import add

from storage.index.folding_table import SOURCES, TARGETS

VERSION = 3
"""Rises with every change of folding, tokens or fields: an index of another version has to be made again."""

_TABLE = str.maketrans(SOURCES, TARGETS)
_PRIVATE_OR_RARE = r"\ue000-\uf8ff\U00020000-\U0003ffff\U000f0000-\U0010fffd"
"""Private use, and the ideographs this Python does not know yet: letters of somebody's village."""
LETTER = rf"(?:[^\W_]|[{_PRIVATE_OR_RARE}])"
"""Regular expression of one character that belongs to a token, in folded text."""
_TOKEN = re.compile(rf"[0-9]+|[a-z]+|{LETTER}")
_STRETCH = re.compile(rf"[0-9]+|[a-z]+|(?:[^\W_0-9a-z]+|[{_PRIVATE_OR_RARE}]+)+")
"""A run, or letters in a row that are a token each: few matches for a text that is mostly Han."""


@dataclass(frozen=True, slots=True)
class Token:
    """A folded token and where it stood in the original."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Traditional to simplified, full to half width, capitals to small, variants to one form; same length."""
    return text.translate(_TABLE)


def tokens(text: str) -> list[Token]:
    """The tokens of a text with their offsets in it."""
    return [Token(found.group(), *found.span()) for found in _TOKEN.finditer(fold(text))]


def terms(text: str) -> list[str]:
    """The tokens of a text without offsets."""
    found: list[str] = []
    for stretch in _STRETCH.findall(fold(text)):
        if stretch.isascii():
            found.append(stretch)
        else:
            found.extend(stretch)
    return found


def is_run(token: str) -> bool:
    """Whether the token is a run of digits or Latin letters, which can have a beginning."""
    return token.isascii()


def pairs(of: Sequence[str]) -> list[str]:
    """Neighbouring tokens joined: n tokens give n - 1 pairs. Two runs keep a mark between them, or 1-23 were 12-3."""
    joined = list(map(add, of, of[1:]))
    for at in compress(range(len(joined)), map(str.isascii, joined)):
        joined[at] = of[at] + "'" + of[at + 1]
    return joined
