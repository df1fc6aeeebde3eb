"""The general words of village papers, read from their tables: what clerks write for what outlines say.

They name no series: an entry begins with a word that outlines use, and the county's own outline decides where it leads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from classification.suggestion.vocabulary_documents import DOCUMENTS
from classification.suggestion.vocabulary_foreign import FOREIGN
from classification.suggestion.vocabulary_land_and_welfare import LAND_AND_WELFARE
from classification.suggestion.vocabulary_special import SPECIAL


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written for one word of outlines: words with their strength, words that count together, words against."""

    outline_word: str
    words: dict[str, float]
    together: tuple[tuple[str, ...], ...]
    against: tuple[str, ...]


PLAIN, TELLING = 0.8, 1.3


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry of the tables."""
    return tuple(_read(DOCUMENTS + LAND_AND_WELFARE + SPECIAL))


def foreign() -> tuple[str, ...]:
    """Words of what belongs to no village archive."""
    return tuple(dict.fromkeys(FOREIGN.split()))


def _read(table: str) -> Iterator[Entry]:
    lines = [line for line in table.splitlines() if line and not line.startswith("#")]
    joined = "\n".join(lines).replace("\n    ", " ")
    for line in joined.splitlines():
        outline_word, _, said = line.partition("：")
        yield _entry(outline_word, said.split())


def _entry(outline_word: str, said: list[str]) -> Entry:
    against = tuple(one[1:].lower() for one in said if one.startswith("-"))
    together = tuple(tuple(one.lower().rstrip("!").split("+")) for one in said if "+" in one[1:-1] and one[0] != "-")
    plain = [one.lower() for one in said if one[0] != "-" and "+" not in one[1:-1]]
    words = {one.rstrip("!"): TELLING if one.endswith("!") else PLAIN for one in plain}
    return Entry(outline_word, words, together, against)
