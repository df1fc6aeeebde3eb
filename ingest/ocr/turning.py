"""By how many quarter turns a page lies wrong, told from a few of its strips. Turns of some degrees are not meant.

A strip is read as it lies and head over. Then its characters are cut apart, each is given a quarter turn, and the row
they make is read again: if it says the same, the characters lay on their sides, as those of a column laid down do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy

from ingest.ocr.cutting import Cutting
from ingest.ocr.engine import Pixels, read
from ingest.reading import Line

SAMPLES = 5
_SHORTEST = 3
"""Characters of a strip that can tell anything."""
_SHOWN = 10
"""Characters of a strip that are looked at."""
_READ = 48.0
"""Pixels of height at which strips are read: more show nothing more."""
_CERTAIN, _DENSE = 0.9, 0.6
"""A strip read so surely, with so many characters for each square of its length, does not lie head over."""
_SAME = 0.5
"""Share of the characters that must be read again."""
_CLEAR = 0.6
"""Share of the characters that must speak for turning a page."""

Said = tuple[str, float]


def quarters_off(strips: Sequence[Cutting], said: Sequence[Said]) -> int:
    """How often the page must be turned a quarter to the left to stand right (0 to 3), by what its strips say."""
    samples = sorted(zip(strips, said, strict=True), key=lambda one: _worth(one[0]), reverse=True)[:SAMPLES]
    votes: Counter[int] = Counter()
    for strip, upright in samples:
        turn, words = _turn(strip, upright)
        votes[turn] += len(words) if len(words) >= _SHORTEST else 0
    if not votes:
        return 0
    turn, weight = votes.most_common(1)[0]
    return turn if weight > _CLEAR * votes.total() else 0


def turned(picture: Pixels, quarters: int) -> Pixels:
    """The picture turned so many quarters to the left."""
    return numpy.ascontiguousarray(numpy.rot90(picture, quarters))


def turned_back(line: Line, quarters: int, size: tuple[int, int]) -> Line:
    """A line of a turned page with its box as on the page before, whose width and height are `size`."""
    width, height = size
    left, top, right, bottom = line.box
    box = {
        0: line.box,
        1: (width - bottom, left, width - top, right),
        2: (width - right, height - bottom, width - left, height - top),
        3: (top, height - right, bottom, height - left),
    }[quarters]
    return Line(line.text, line.confidence, box)


def _worth(strip: Cutting) -> float:
    """Long strips tell more, up to what is looked at, and large ones are read more surely."""
    return min(strip.length, _SHOWN) * min(float(strip.pixels.shape[0]), _READ)


def _turn(strip: Cutting, said: Said) -> tuple[int, str]:
    """By how many quarters to the left this strip says that its page must be turned, and the words it goes by."""
    pixels, words = strip.pixels, said[0]
    head_over = False
    if not _is_fluent(strip, said):
        over = turned(pixels, 2)
        other, sure = read([over])[0]
        if sure * len(other) > said[1] * len(words):
            head_over, pixels, words = True, over, other
    on_side = _lies_on_its_side(pixels, words)
    # A column stands as it should: it was laid down with the tops of its characters to the left.
    quarters = int(strip.stands) - int(on_side) + 2 * int(head_over)
    return quarters % 4, words


def _is_fluent(strip: Cutting, said: Said) -> bool:
    return said[1] >= _CERTAIN and len(said[0]) >= _DENSE * strip.length


def _lies_on_its_side(pixels: Pixels, words: str) -> bool:
    """Whether the characters, each turned a quarter to the right, say the same again."""
    if len(words) < _SHORTEST:
        return False
    again, _ = read([_each_turned(pixels, len(words))])[0]
    shown = words[:_SHOWN]
    return sum(one in again for one in shown) > _SAME * len(shown)


def _each_turned(pixels: Pixels, number: int) -> Pixels:
    """The first characters of a strip of `number`, cut at even distances, each turned a quarter to the right."""
    edges = numpy.linspace(0, pixels.shape[1], number + 1).round().astype(int)[: _SHOWN + 1]
    squares = [numpy.rot90(pixels[:, left:right], -1) for left, right in pairwise(edges) if right > left]
    side = pixels.shape[0]
    return numpy.ascontiguousarray(numpy.hstack([cv2.resize(one, (side, side)) for one in squares]))
