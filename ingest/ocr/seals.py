"""Red seals are taken off a page before it is read: their words are not the paper's, and they lie across its lines.

A seal is a red patch about as high as wide and of the size that seals have. Red headings, red ruling and small name
seals stay. Grey copies show no red, so their seals stay too.
"""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from ingest.ocr.engine import Pixels

_REDDER = 45
"""Levels by which red ink shows more red than green and blue."""
_SMALLEST, _LARGEST = 0.11, 0.45
"""The side of a seal as a share of the page's shorter side; a seal of 4 cm on A4 has 0.19."""
_ROUND = 0.75
"""The shorter side of a seal by its longer one."""
_JOINED = 0.02
"""What stands so near to each other, by the page's shorter side, is one patch."""

Mask = NDArray[numpy.uint8]


def without_seals(page: Pixels) -> Pixels:
    """The page with white paper where seals were, and the print that shows through them."""
    red = _red(page)
    if not red.any():
        return page
    cleaned = page.copy()
    for left, top, width, height in _patches(red):
        area = numpy.s_[top : top + height, left : left + width]
        _bleach(cleaned[area], red[area])
    return cleaned


def _red(page: Pixels) -> Mask:
    """1 where a pixel is red ink: red light comes through it and the rest does not."""
    blue, green, light = cv2.split(page)
    return (cv2.subtract(light, cv2.max(blue, green)) > _REDDER).astype(numpy.uint8)


def _patches(red: Mask) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of every seal."""
    shorter = min(red.shape)
    # Odd, so that closing shifts nothing.
    side = round(_JOINED * shorter) | 1
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, numpy.ones((side, side), numpy.uint8))
    _, _, found, _ = cv2.connectedComponentsWithStats(joined)
    boxes = [tuple(int(value) for value in row[:4]) for row in found[1:]]
    return [
        (left, top, width, height)
        for left, top, width, height in boxes
        if _SMALLEST * shorter <= min(width, height)
        and max(width, height) <= _LARGEST * shorter
        and min(width, height) >= _ROUND * max(width, height)
    ]


def _bleach(area: Pixels, red: Mask) -> None:
    """In place: red becomes paper, and around it only the light that comes through the seal's red counts."""
    light = area[:, :, 2].copy()
    paper = int(numpy.median(light[red == 0])) if (red == 0).any() else 255
    edges = cv2.dilate(red, numpy.ones((5, 5), numpy.uint8))
    light[red > 0] = numpy.maximum(light[red > 0], paper)
    area[edges > 0] = light[edges > 0][:, None]
