"""Strips of writing cut out of a page and laid from left to right. What they say is not asked."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import atan2, hypot

import cv2
import numpy

from ingest.ocr.engine import Pixels, places
from ingest.ocr.strip import Corners

_STANDS = 1.5
"""A strip so many times higher than wide is a column of characters, or a row on a page that lies on its side."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """A strip: its corners on the page (upper left first, clockwise) and its pixels; a standing one is laid down."""

    corners: Corners
    pixels: Pixels
    stands: bool

    @property
    def length(self) -> float:
        """How many times longer than thick."""
        height, width = self.pixels.shape[:2]
        return float(width / max(1, height))


def cuttings(page: Pixels) -> list[Cutting]:
    """All strips of a page, in no particular order."""
    return [_cut(page, from_upper_left(corners)) for corners in places(page)]


def from_upper_left(corners: Corners) -> Corners:
    """Clockwise corners so that the upper side runs to the right. A thin leaning column has its ends told wrongly."""
    ring = deque(corners)
    turns = []
    for _ in range(len(corners)):
        turns.append(tuple(ring))
        ring.rotate(-1)
    return min(turns, key=lambda turn: abs(_direction(turn)))


def _direction(corners: Corners) -> float:
    """Of the upper and the lower side together, in radians from a level one."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    return atan2(y1 - y0 + y2 - y3, x1 - x0 + x2 - x3)


def _cut(page: Pixels, corners: Corners) -> Cutting:
    width, height = (max(1, round(side)) for side in _sides(corners))
    flat = numpy.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=numpy.float32)
    lens = cv2.getPerspectiveTransform(numpy.array(corners, dtype=numpy.float32), flat)
    cut = cv2.warpPerspective(page, lens, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    stands = height >= _STANDS * width
    laid = numpy.rot90(cut) if stands else cut
    return Cutting(corners, laid.astype(numpy.uint8, copy=False), stands)


def _sides(corners: Corners) -> tuple[float, float]:
    """The longer of the upper and lower side, and of the left and right one."""
    sides = [hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True)]
    return max(sides[0], sides[2]), max(sides[1], sides[3])
