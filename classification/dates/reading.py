"""What reading a wording yields: an interval, how sure it is, and the other intervals that it could be.

Plain values; nothing is parsed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Certainty(StrEnum):
    """How much of the interval the wording itself says."""

    EXACT = "exact"
    """One day."""
    MONTH = "month"
    YEAR = "year"
    PART = "part"
    """A named part of a year or month: 春, 上半年, 第一季度, 上旬, 月底."""
    RANGE = "range"
    """From one date to another, both written."""
    ERA = "era"
    """A decade or a reign."""
    CANDIDATES = "candidates"
    """Several years fit, and the interval is the most plausible one."""
    APPROXIMATE = "approximate"
    """The source says 约, 前后, 左右, or names a day that does not exist."""


class Interval(NamedTuple):
    """First and last day, both included."""

    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class DateReading:
    """A wording as an interval. `candidates` holds all of them, oldest first, if `certainty` is CANDIDATES."""

    wording: str
    earliest: date
    latest: date
    certainty: Certainty
    candidates: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A reading and where it stands in the text: text[start:end] is its wording."""

    start: int
    end: int
    reading: DateReading
