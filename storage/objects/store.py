"""The door to the object store: what every implementation promises. What a key means is in `areas` and `ocfl`.

A key is a relative path with `/` between its parts. An object appears under its key whole or not at all, and reading
one never sees it change: putting again replaces it as a whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from storage.errors import Corrupt, Missing
from storage.objects.removal import Proof

BLOCK = 1 << 20
"""Bytes that are held at a time while an object passes through."""

ODD = re.compile(r"[\x00-\x1f\\]")
LONGEST_KEY = 1024
LONGEST_PART = 255
"""In bytes: the limits of S3 and of file systems; a key that fits both can be moved between them."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was put: size in bytes and the digests (hex) that were made on the way."""

    size: int
    sha256: str
    sha512: str


class ObjectStore(Protocol):
    """Bytes by key. Every call raises NotReady when the store is away or full; nothing is half-kept then."""

    def put(self, key: str, stream: BinaryIO) -> Stored:
        """Keep a stream under a key, in constant memory. Errors of the stream itself pass through unchanged."""

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """A stream of an object, or of `length` bytes from `start` (fewer at its end). The caller closes it.

        Raises:
            Missing: there is no such object.
        """

    def size(self, key: str) -> int:
        """Bytes of an object. Raises Missing when there is none."""

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with a prefix, in the order of their bytes, as they are found."""

    def everything(self, prefix: str) -> Iterator[str]:
        """The keys below a prefix under which anything is kept at all: earlier versions and marks of a deletion too."""

    def delete(self, key: str, proof: Proof | None = None) -> None:
        """Take an object away, with every earlier version that the store keeps; one that is not there is no error.

        A proof of destruction lifts the lock of `protect` for this object.

        Raises:
            Conflict: the store protects it, or it lies in the archive and no proof says that it may go.
        """

    def versions_left(self, key: str) -> int:
        """How much the store still keeps under a key: 0 proves that nothing is left of it, not even an old version."""

    def protect(self, prefix: str, at: datetime) -> None:
        """Keep what lies below a prefix from being removed from then on, where the store was opened so."""

    def sweep(self, before: datetime) -> int:
        """Take away what puts that were cut off left behind, if they began before then; returns how many."""

    def copy(self, source: str, target: str) -> None:
        """Keep an object under another key too, inside the store. Raises Missing when there is none."""

    def as_file(self, key: str) -> AbstractContextManager[Path]:
        """A file with the bytes of an object, to be read only, until the block ends. Raises Missing."""


class Digests:
    """A stream that is measured while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = 0
        self._sha256 = hashlib.sha256()
        self._sha512 = hashlib.sha512()

    def read(self, size: int = BLOCK) -> bytes:
        """The next bytes of the stream."""
        block = self._stream.read(size)
        self._size += len(block)
        self._sha256.update(block)
        self._sha512.update(block)
        return block

    def stored(self) -> Stored:
        """What has been read so far."""
        return Stored(self._size, self._sha256.hexdigest(), self._sha512.hexdigest())


class Checked(Digests):
    """A stream that must turn out to have one digest: at its end it fails instead, so that nothing of it is kept."""

    def __init__(self, stream: BinaryIO, sha512: str) -> None:
        super().__init__(stream)
        self._expected = sha512

    def read(self, size: int = BLOCK) -> bytes:
        """The next bytes of the stream.

        Raises:
            Corrupt: the stream ended, and it was not what was expected.
        """
        block = super().read(size)
        if not block and size and self.stored().sha512 != self._expected:
            raise Corrupt("内容与登记的摘要不同，没有采用。请用 village-archive verify 核对。")
        return block


def checked(stream: BinaryIO, sha512: str) -> BinaryIO:
    """The stream, to be put into a store: unless it has this digest, the put fails with Corrupt and keeps nothing."""
    return cast(BinaryIO, Checked(stream, sha512))


def digests(stream: BinaryIO) -> Stored:
    """Size and digests of a stream, read to its end in constant memory."""
    measured = Digests(stream)
    while measured.read():
        pass
    return measured.stored()


def checked_key(key: str) -> str:
    """The key, if it can be one in every store.

    Raises:
        Missing: it is absolute, climbs, has an empty part or a control character, or is too long.
    """
    parts = key.split("/")
    climbs = any(part in ("", ".", "..") for part in parts)
    if (
        climbs
        or ODD.search(key)
        or len(key.encode()) > LONGEST_KEY
        or any(len(part.encode()) > LONGEST_PART for part in parts)
    ):
        raise Missing(f"没有这样的存放位置（{key[:80]!r}），什么都没有读写。")
    return key
