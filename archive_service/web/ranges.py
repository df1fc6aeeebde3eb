"""Which bytes of a file were asked for (RFC 9110, section 14). One range; several are answered with the whole file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """`length` bytes from `start`, of `size` in all."""

    start: int
    length: int
    size: int

    @property
    def content_range(self) -> str:
        """As the header says it."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


class Unsatisfiable(Exception):
    """The range lies wholly outside the file."""


def span_of(headers: Mapping[str, str], etag: str, size: int) -> Span | None:
    """The range asked for, or None for the whole file.

    Raises:
        Unsatisfiable: it begins beyond the end.
    """
    found = _ONE_RANGE.fullmatch(headers.get("range", ""))
    if found is None or found.group(1) + found.group(2) == "" or headers.get("if-range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        return _checked(max(0, size - int(last)), size - 1, size)
    if last and int(last) < int(first):
        return None
    return _checked(int(first), min(int(last) if last else size - 1, size - 1), size)


def _checked(start: int, end: int, size: int) -> Span:
    if start > end:
        raise Unsatisfiable
    return Span(start, end - start + 1, size)


def unchanged(headers: Mapping[str, str], etag: str) -> bool:
    """Whether the one who asks holds these bytes already."""
    held = [one.strip().removeprefix("W/") for one in headers.get("if-none-match", "").split(",")]
    return etag in held or "*" in held
