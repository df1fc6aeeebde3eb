"""What a walk yields: a file to take in, or a place in the folder that is set aside with its reason.

Plain values and the reader that notices a file changing under it. Which file is which is `ingest.walk`'s answer.
"""

from __future__ import annotations

import io
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from ingest import decoding
from ingest.errors import Changed, NoPermission

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks of direction: by them exe.docx may be shown for xcod.exe."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A leaf that is not taken in. `relative_path` is for reading; `path_bytes` are the name's own bytes."""

    relative_path: str
    path_bytes: bytes
    code: str
    reason: str
    remedy: str
    container: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A leaf file. `path` is where its bytes lie now; from a zip that is a temporary file, gone at the next step.

    `relative_path` is display text in NFC with "/" between folders; `path_bytes` are the original bytes of the name
    (as in the file system or the zip). `container` is the relative path of the zip it came out of, or empty.
    """

    relative_path: str
    path_bytes: bytes
    path: Path
    size: int
    modified_ns: int
    container: str = ""
    charset: str = "utf-8"
    """The encoding its name was in."""

    @property
    def name(self) -> str:
        return self.relative_path.rpartition("/")[2]

    def open(self) -> BinaryIO:
        """The bytes, once, from the start. Raises Changed at the end when the file is not what the walk saw."""
        return open_steady(self.path, self.size, self.modified_ns)


class _SteadyReader(io.RawIOBase):
    """Reads a file and, at its end, compares size and modification time with what was seen before."""

    def __init__(self, path: Path, size: int, modified_ns: int) -> None:
        super().__init__()
        self._stream = path.open("rb", buffering=0)
        self._seen = (size, modified_ns)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub asks for any writable buffer
        count = self._stream.readinto(buffer) or 0
        self._read += count
        if count == 0 or self._read > self._seen[0]:
            self._compare()
        return count

    def _compare(self) -> None:
        state = os.fstat(self._stream.fileno())
        if (state.st_size, state.st_mtime_ns) != self._seen or self._read != self._seen[0]:
            raise Changed

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def open_steady(path: Path, size: int, modified_ns: int) -> BinaryIO:
    """A file for one sequential read that raises Changed if it is written to meanwhile. Raises NoPermission."""
    try:
        return cast(BinaryIO, io.BufferedReader(_SteadyReader(path, size, modified_ns), 1024 * 1024))
    except PermissionError as error:
        raise NoPermission from error


def display(raw: bytes, expected: str = "gb18030") -> tuple[str, str]:
    """A name for reading, and its encoding: NFC; what could act or turn the order of signs is shown as U+FFFD."""
    text, charset = decoding.decode_name(raw, expected)
    shown = "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} or c in _TURNING else c for c in text)
    return unicodedata.normalize("NFC", shown), charset
