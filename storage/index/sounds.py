"""How Han characters sound: wangjiacun and wjc find 王家村. One reading a character, the commonest.

The library and its dictionary are loaded when the first character is asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache, lru_cache

from storage.index.analysis import terms

_LONGEST_SYLLABLE = 6
_SYLLABLE = re.compile(r"[a-z]{1,6}")


@lru_cache(maxsize=30_000)
def syllable(character: str) -> str:
    """wang for 王; a run stays as it is, a character without a reading too."""
    if character.isascii():
        return character
    spoken = _library()(character, errors="ignore", v_to_u=False)
    return str(spoken[0]) if spoken and _SYLLABLE.fullmatch(spoken[0]) else character


@cache
def _library() -> Callable[..., list[str]]:
    # One character has no phrases; without them the library loads in a quarter of the time and 40 MB less.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # noqa: TID251 - the library listens to nothing else
    from pypinyin import lazy_pinyin

    return lazy_pinyin


def syllables_of(text: str) -> list[str]:
    """The text, syllable by syllable."""
    return [syllable(token) for token in terms(text)]


def initials_of(text: str) -> list[str]:
    """The first letter of each syllable."""
    return [syllable(token)[0] for token in terms(text)]


@cache
def _known() -> frozenset[str]:
    _library()
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    readings = {reading for value in PINYIN_DICT.values() for reading in value.split(",")}
    return frozenset(to_normal(reading) for reading in readings)


def cuttings(letters: str, limit: int = 4) -> list[list[str]]:
    """The ways to cut letters into syllables, at most `limit`: xian is xian, and xi an."""
    found: list[list[str]] = []

    def cut(rest: str, before: list[str]) -> None:
        if not rest:
            found.append(before)
        for length in range(min(_LONGEST_SYLLABLE, len(rest)), 0, -1):
            if len(found) < limit and rest[:length] in _known():
                cut(rest[length:], [*before, rest[:length]])

    cut(letters, [])
    return found
