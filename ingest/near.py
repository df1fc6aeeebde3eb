"""Fingerprints by which two files can be seen to be nearly the same: a draft and its copy, a scan and its rescan.

A hint for a person and never more: whether they are the same is not decided here.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

BITS = 64
FEWEST_CHARACTERS = 60
"""Shorter texts of one form are alike by their form alone."""
MOST_CHARACTERS = 10_000
"""Enough to tell papers apart; a book costs no more than its first pages."""
GRAM = 3


def text_fingerprint(text: str) -> str | None:
    """`text:` and 16 hex digits: simhash over runs of three Han or alphanumeric characters; None for a short text."""
    letters = "".join(character for character in text if character.isalnum())[:MOST_CHARACTERS]
    if len(letters) < FEWEST_CHARACTERS:
        return None
    sums = [0] * BITS
    for gram, times in Counter(letters[at : at + GRAM] for at in range(len(letters) - GRAM + 1)).items():
        digest = int.from_bytes(blake2b(gram.encode(), digest_size=BITS // 8).digest())
        for bit in range(BITS):
            sums[bit] += times if digest >> bit & 1 else -times
    return _named("text", [one > 0 for one in sums])


def image_fingerprint(image: Image) -> str:
    """`image:` and 16 hex digits: whether each of 8 × 8 fields is brighter than the field to its right (dHash)."""
    grey = image.convert("L").resize((9, 8)).tobytes()
    return _named(
        "image", [grey[row * 9 + column] > grey[row * 9 + column + 1] for row in range(8) for column in range(8)]
    )


def _named(kind: str, bits: list[bool]) -> str:
    return f"{kind}:{sum(1 << place for place, bit in enumerate(bits) if bit):016x}"


def distance(a: str, b: str) -> int | None:
    """In how many of the 64 bits two fingerprints differ; None for those that cannot be compared."""
    kind, _, first = a.partition(":")
    other, _, second = b.partition(":")
    if kind != other or not first or not second:
        return None
    return (int(first, 16) ^ int(second, 16)).bit_count()
