"""Copies of bytes by what they are: each lies once, under its SHA-512, in any object store.

Nothing here is ever rewritten, and nothing goes that a run speaks of, so every backup that is kept stays whole while
later ones are added. What the bytes were and in which run they were kept is in `archive_service.tasks.backing_up`.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from storage.objects.store import ObjectStore, checked, digests

OBJECTS = "objects/"

LONGEST_PIECE = 4 << 20
"""Bytes of lines that are kept together at most."""

CUT = 0x3FF
"""A piece ends after a line whose checksum has these bits zero, one in 1,024: lines that come in between or go change
one piece, and all others are there already at the next backup."""


def vault_key(sha512: str) -> str:
    """Where bytes with this digest lie."""
    return f"{OBJECTS}{sha512[:2]}/{sha512}"


class Vault:
    """Bytes by their digest, in an object store."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def holds(self, sha512: str) -> bool:
        """Whether bytes with this digest are kept."""
        return bool(sha512) and self._objects.exists(vault_key(sha512))

    def size(self, sha512: str) -> int:
        """Bytes of what is kept. Raises Missing when it is not."""
        return self._objects.size(vault_key(sha512))

    def keep(self, stream: BinaryIO, sha512: str) -> int:
        """Keep a stream that must have this digest; returns its bytes.

        Raises:
            Corrupt: it has another; nothing was kept.
        """
        return self._objects.put(vault_key(sha512), checked(stream, sha512)).size

    def keep_bytes(self, content: bytes) -> str:
        """Keep a little; returns its digest. What is there already is not written again."""
        sha512 = digests(io.BytesIO(content)).sha512
        if not self.holds(sha512):
            self.keep(io.BytesIO(content), sha512)
        return sha512

    def keep_lines(self, lines: Iterable[bytes]) -> list[str]:
        """Keep lines, none with a line break in it, in pieces; returns the digests of the pieces."""
        return [self.keep_bytes(gzip.compress(piece, 6, mtime=0)) for piece in pieces(lines)]

    def lines(self, digests: Iterable[str]) -> Iterator[bytes]:
        """The lines of these pieces. Raises Missing or Corrupt."""
        for sha512 in digests:
            yield from gzip.decompress(self.read(sha512)).splitlines()

    def open(self, sha512: str) -> BinaryIO:
        """The bytes with this digest. Raises Missing when they are not kept."""
        return self._objects.open(vault_key(sha512))

    def read(self, sha512: str) -> bytes:
        """A little, whole.

        Raises:
            Missing: it is not kept.
            Corrupt: it is no longer what it was.
        """
        with self.open(sha512) as stream:
            whole = checked(stream, sha512)
            content = whole.read(-1)
            # The end of the stream is where it is compared.
            whole.read()
        return content

    def everything(self) -> Iterator[str]:
        """The digest of each thing that is kept."""
        return (key.rpartition("/")[2] for key in self._objects.list(OBJECTS))

    def forget(self, sha512: str) -> None:
        """Take away what no run speaks of any more; what is not there is no error."""
        self._objects.delete(vault_key(sha512))

    def is_well(self, sha512: str) -> bool:
        """Read everything again: whether it is there and still what it was."""
        if not self.holds(sha512):
            return False
        with self.open(sha512) as stream:
            return digests(stream).sha512 == sha512


def pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in pieces, a line break after each. Where a piece ends depends on the lines alone."""
    piece = bytearray()
    for line in lines:
        piece += line + b"\n"
        if len(piece) >= LONGEST_PIECE or not zlib.crc32(line) & CUT:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def pieces_of(lines: Iterable[bytes]) -> list[str]:
    """The digests that `keep_lines` would return; nothing is kept."""
    return [digests(io.BytesIO(gzip.compress(piece, 6, mtime=0))).sha512 for piece in pieces(lines)]
