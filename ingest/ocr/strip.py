"""One strip of text as it was found on a page: its four corners, and how the page as a whole is turned a little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin
from statistics import median
from typing import Self

from ingest.reading import Line

Point = tuple[float, float]
Corners = tuple[Point, ...]
"""Upper left, upper right, lower right, lower left, in pixels."""
LONG = 3.0
"""A strip so many times longer than wide tells the angle of the page."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Text with the corners of its strip."""

    text: str
    confidence: float
    corners: Corners

    @classmethod
    def of(cls, line: Line) -> Self:
        """A line by its upright box."""
        left, top, right, bottom = line.box
        return cls(line.text, line.confidence, ((left, top), (right, top), (right, bottom), (left, bottom)))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the upright box around it."""
        across, down = zip(*self.corners, strict=True)
        return round(min(across)), round(min(down)), round(max(across)), round(max(down))


@dataclass(frozen=True, slots=True)
class Level:
    """A strip as it lies when the page has been turned straight."""

    strip: Strip
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top

    @property
    def stands(self) -> bool:
        """Whether it is a column and not a row."""
        return self.height > 1.5 * self.width


def levelled(strips: Sequence[Strip]) -> list[Level]:
    """The strips on the page turned straight by the angle that most long strips have."""
    angle = median([_slope(one) for one in strips if _is_long(one)] or [0.0])
    return [_turned(one, angle) for one in strips]


def _sides(strip: Strip) -> tuple[Point, Point]:
    """The upper and the left side as vectors."""
    (x0, y0), (x1, y1), _, (x3, y3) = strip.corners
    return (x1 - x0, y1 - y0), (x3 - x0, y3 - y0)


def _is_long(strip: Strip) -> bool:
    upper, left = (hypot(*side) for side in _sides(strip))
    return max(upper, left) > LONG * min(upper, left)


def _slope(strip: Strip) -> float:
    """How far it is turned clockwise, in radians, taking a column for upright."""
    upper, left = _sides(strip)
    if hypot(*upper) >= hypot(*left):
        return atan2(upper[1], upper[0])
    return atan2(left[1], left[0]) - pi / 2


def _turned(strip: Strip, angle: float) -> Level:
    turned = [(x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)) for x, y in strip.corners]
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = turned
    # Means of opposite corners, so that a strip that leans alone does not seem thick.
    return Level(strip, (x0 + x3) / 2, (y0 + y1) / 2, (x1 + x2) / 2, (y2 + y3) / 2)
