"""A search as a tree of plain values, which each engine translates into its own language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holds:
    """The tokens stand in a row in one of these areas; `open_end`: the last one may be a beginning only."""

    tokens: tuple[str, ...]
    areas: tuple[str, ...]
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """A keyword field has one of these values; none at all match nothing."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number field lies in the interval; both ends belong to it, None leaves an end open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class All:
    """Every part matches; scores add up. `extra` parts only add to the score."""

    parts: tuple[Node, ...]
    extra: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """At least so many parts match; scores add up."""

    parts: tuple[Node, ...]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class Worth:
    """The part matches, and counts exactly so much."""

    part: Node
    score: float


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


Node = Holds | OneOf | Between | All | Some | Not | Worth | Everything
NOTHING = Some(())
"""Matches no record."""
