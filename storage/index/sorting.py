"""The order of titles as Chinese readers expect it, by sound (拼音) or by strokes (笔画), as numbers to sort by.

Numbers come before Latin letters, those before Han characters; a number counts as one sign and by its value, so that
第2组 stands before 第10组. The orders of the characters are data, derived by `bench.character_orders`. Titles that are
alike in their first sixteen signs keep no order among themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain, islice, repeat
from pathlib import Path

from storage.index.analysis import stretches

ORDERS = Path(__file__).with_name("orders")
PINYIN = ("pinyin_1", "pinyin_2", "pinyin_3", "pinyin_4")
STROKES = ("strokes_1", "strokes_2", "strokes_3", "strokes_4")
"""Fields, the first signs of a title in the first of them."""
_SIGNS = 4
"""In one field: four times fifteen bits stay below the largest number that both engines hold."""
_BITS = 15
_LARGEST_NUMBER = 9_999
_LETTERS = 2 + _LARGEST_NUMBER
_HAN = _LETTERS + 26
_UNKNOWN = (1 << _BITS) - 1


@cache
def _ranks(name: str) -> dict[str, int]:
    characters = (ORDERS / f"{name}.txt").read_text(encoding="utf-8").replace("\n", "")
    return {character: _HAN + rank for rank, character in enumerate(characters)}


def _signs(text: str, name: str) -> Iterator[int]:
    """The places of its signs, one after the other."""
    ranks = _ranks(name)
    for folded, written in stretches(text):
        if not folded.isascii():
            # As it is written: a traditional character has its own strokes.
            for character, plain in zip(written, folded, strict=True):
                yield ranks.get(character) or ranks.get(plain, _UNKNOWN)
        elif folded.isdigit():
            yield 1 + min(int(folded[:6]), _LARGEST_NUMBER)
        else:
            yield from (_LETTERS + ord(letter) - ord("a") for letter in folded)


def _keys(title: str, name: str, fields: tuple[str, ...]) -> dict[str, int]:
    # 0 stands for the end of the title.
    signs = chain(_signs(title, name), repeat(0))
    keys = {}
    for field in fields:
        key = 0
        for sign in islice(signs, _SIGNS):
            key = key << _BITS | sign
        keys[field] = key
    return keys


def title_keys(title: str) -> dict[str, int]:
    """The numbers a title is sorted by, one a field."""
    return _keys(title, "pinyin", PINYIN) | _keys(title, "strokes", STROKES)


def by_pinyin(text: str) -> tuple[int, ...]:
    """A key for `sorted`: names of people, villages and places by sound."""
    return tuple(_signs(text, "pinyin"))
