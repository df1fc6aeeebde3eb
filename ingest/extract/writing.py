"""Does a picture show lines of writing? For photographs of papers under uneven light, where `paper` sees no page.

Rows of print run together into bands of one thickness; the characters of an old book's columns stand apart and are told
by their neighbours above and below. Nothing is read.
"""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray
from PIL import Image

_LONGEST = 1200
_AROUND, _DARKER = 31, 10
"""Ink is so many levels darker than what lies around it, in a square of so many pixels."""
_GAP = 15
"""Characters of a row stand nearer to each other than this."""
_SMALLEST, _BIGGEST = 6, 48
"""Thickness of a row, and sides of a character."""
_LONG = 4
"""A row is so many times longer than thick."""
_SOLID = 0.75
"""Share of ink in a ruled line; a line of writing has less."""
_LEAST_ROWS, _LEAST_CHARACTERS = 8, 50
_SHARE = 0.45
_MOST_MARKS = 1500
"""Leaves, gravel and the like have more; a page of columns does not."""

Ink = NDArray[numpy.uint8]
Numbers = NDArray[numpy.floating]


def shows_lines(image: Image.Image) -> bool:
    """Whether most of what is dark in a picture lies in rows or columns of writing, enough of them for a page."""
    ink = _ink(image)
    rows, share = rows_of(ink)
    if rows >= _LEAST_ROWS and share >= _SHARE:
        return True
    characters, share = characters_in_columns(ink)
    return characters >= _LEAST_CHARACTERS and share >= _SHARE


def rows_of(ink: Ink) -> tuple[int, float]:
    """How many rows of about one thickness there are, and their share of all ink but that of large shapes."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, _GAP), numpy.uint8))
    _, labels, found, _ = cv2.connectedComponentsWithStats(joined)
    inked = numpy.bincount(labels.ravel(), weights=ink.ravel(), minlength=len(found))[1:]
    width, height = found[1:, 2], found[1:, 3]
    small = numpy.minimum(width, height) <= _BIGGEST
    like = small & (height >= _SMALLEST) & (width >= _LONG * height) & (inked < _SOLID * width * height)
    if not like.any():
        return 0, 0.0
    usual = numpy.median(height[like])
    like &= (height > 0.6 * usual) & (height < 1.8 * usual)
    return int(like.sum()), float(inked[like].sum() / inked[small].sum())


def characters_in_columns(ink: Ink) -> tuple[int, float]:
    """How many marks stand between two of their size above and below, and their share of all marks."""
    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((3, 3), numpy.uint8))
    found = cv2.connectedComponentsWithStats(whole)[2][1:].astype(numpy.float32)
    longer, shorter = numpy.maximum(found[:, 2], found[:, 3]), numpy.minimum(found[:, 2], found[:, 3])
    marks = found[(longer >= _SMALLEST) & (longer <= _BIGGEST) & (shorter * 3 >= longer)]
    if not 0 < len(marks) <= _MOST_MARKS:
        return 0, 0.0
    size = numpy.maximum(marks[:, 2], marks[:, 3])
    across, below = (_distances(marks[:, at] + marks[:, at + 2] / 2, size) for at in (0, 1))
    alike = (size[None, :] < 1.7 * size[:, None]) & (size[:, None] < 1.7 * size[None, :]) & (abs(across) < 0.35)
    between = _has_neighbour(alike, below) & _has_neighbour(alike, -below)
    return int(between.sum()), float(between.mean())


def _ink(image: Image.Image) -> Ink:
    """1 where a picture is darker than around."""
    grey = image.convert("L")
    grey.thumbnail((_LONGEST, _LONGEST))
    smooth = cv2.medianBlur(numpy.asarray(grey), 3)
    kind, way = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return numpy.asarray(cv2.adaptiveThreshold(smooth, 1, kind, way, _AROUND, _DARKER), dtype=numpy.uint8)


def _distances(middles: Numbers, size: Numbers) -> Numbers:
    """From every mark to every other, in sizes of the first."""
    return (middles[None, :] - middles[:, None]) / size[:, None]


def _has_neighbour(alike: NDArray[numpy.bool_], distance: Numbers) -> NDArray[numpy.bool_]:
    return numpy.asarray((alike & (distance > 0.6) & (distance < 2.0)).any(axis=1))
