"""What an extractor is given: the file, what it is, and what it may cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ingest.reading import Extraction, FileFormat, Limits

ReadPart = Callable[[Path, str, int], Extraction | None]
"""Reads an attachment: local path, its name, how deep it lies; None when there is no text to be had."""


class Server(NamedTuple):
    """A server that is asked for what is not read here, and how many seconds one file may take there."""

    url: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Source:
    """One file to extract from. `name` is what people call it; `path` is where its bytes lie now."""

    path: Path
    name: str
    format: FileFormat
    limits: Limits = field(default_factory=Limits)
    depth: int = 0
    """How many e-mails this file lies in."""
    read_part: ReadPart | None = None
    shown_path: str = ""
    """Where it was handed in, folders included: they say what a picture is of."""
    server: Server | None = None
    """The second reader, where there is one."""
