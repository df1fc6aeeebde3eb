"""The English of sentences made elsewhere, in Chinese: each is known again by its pattern, and filled again.

So are refusals, the reasons of proposals, the steps of a period, and what is wrong with a file.

A sentence that no pattern knows stays as it is: in Chinese it still says more than nothing does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

import yaml


@cache
def _table() -> dict[str, str]:
    """English by Chinese, both with their places as `str.format` has them."""
    table: dict[str, str] = yaml.safe_load(Path(__file__).with_name("elsewhere.yaml").read_text(encoding="utf-8"))
    return table


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_pattern(chinese), re.DOTALL), english) for chinese, english in _table().items())


def _pattern(chinese: str) -> str:
    pieces = []
    for plain, name, _, _ in Formatter().parse(chinese):
        pieces += [re.escape(plain), f"(?P<{name}>.+?)" if name else ""]
    return "".join(pieces)


def english_of(sentence: str, inner: Mapping[str, str]) -> str | None:
    """The English of such a sentence; None where it is not known.

    `inner` is the English of what may be filled in: a role, an act, a part of a paper.
    """
    for pattern, english in _patterns():
        if found := pattern.fullmatch(sentence):
            return english.format(**{name: _filled(value, inner) for name, value in found.groupdict().items()})
    return None


def _filled(value: str, inner: Mapping[str, str]) -> str:
    """A word, or several divided by 、, in English; what is not known, such as a title, as it is."""
    words = value.split("、")
    if value not in inner and all(word in inner for word in words):
        return ", ".join(inner[word] for word in words)
    return inner.get(value, value)
