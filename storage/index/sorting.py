"""The order of titles as Chinese readers expect it, by sound (拼音) or by strokes (笔画), as numbers to sort by.

Numbers come before Latin letters, those before Han characters; a number counts as one sign and by its value, so that
第2组 stands before 第10组. The orders of the characters are data, derived by `bench.character_orders`. Titles that are
alike in their first sixteen signs keep no order among themselves.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from storage.index.analysis import tokens

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


def _signs(title: str, name: str) -> list[int]:
    """The places of its signs; 0 stands for the end of the title."""
    ranks, found = _ranks(name), list[int]()
    for token in tokens(title):
        if token.text.isdigit() and token.text.isascii():
            found.append(1 + min(int(token.text[:6]), _LARGEST_NUMBER))
        elif token.text.isascii():
            found += [_LETTERS + ord(letter) - ord("a") for letter in token.text]
        else:
            # As it is written: a traditional character has its own strokes.
            found.append(ranks.get(title[token.start : token.end], ranks.get(token.text, _UNKNOWN)))
    return found


def _keys(title: str, name: str, fields: tuple[str, ...]) -> dict[str, int]:
    signs = _signs(title, name)
    signs += [0] * (_SIGNS * len(fields) - len(signs))
    keys = {}
    for number, field in enumerate(fields):
        key = 0
        for sign in signs[number * _SIGNS : (number + 1) * _SIGNS]:
            key = key << _BITS | sign
        keys[field] = key
    return keys


def title_keys(title: str) -> dict[str, int]:
    """The numbers a title is sorted by, one a field."""
    return _keys(title, "pinyin", PINYIN) | _keys(title, "strokes", STROKES)


def by_pinyin(text: str) -> tuple[int, ...]:
    """A key for `sorted`: names of people, villages and places by sound."""
    return tuple(_signs(text, "pinyin"))
