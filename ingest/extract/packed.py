"""Documents that are zips (DOCX, XLSX, PPTX, ODF, OFD): opened safely, every unpacked byte counted.

Knows the package conventions of Office (relationships) but no document format. Walking into plain zips is
`ingest.unzip`'s work.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from ingest.errors import Bomb, Corrupt, Protected, Truncated
from ingest.extract import markup
from ingest.extract.markup import Element
from ingest.reading import Limits

_MOST_PARTS = 50_000
_RATIO = 200
"""Unpacked to packed, judged only beyond `_HARMLESS`: sheets of equal rows do pack that well."""
_HARMLESS = 32 * 1024 * 1024
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".webp", ".jb2", ".jp2")


class Relation(NamedTuple):
    """Where a part points: the kind (last word of its type) and the part aimed at."""

    kind: str
    target: str


class Package:
    """The parts of one packed document. Get one from `open_package`."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits, size: int) -> None:
        self._archive = archive
        self._limits = limits
        self._size = size
        self._unpacked = 0
        self._names = {name.lower(): name for name in archive.namelist()}
        # Writers differ in the case of names and in a leading slash; both are looked up as if they did not.

    @property
    def names(self) -> tuple[str, ...]:
        """Every part."""
        return tuple(self._names.values())

    @property
    def pictures(self) -> bool:
        """Whether any part is an image (thumbnails aside)."""
        return any(name.endswith(_PICTURES) and "thumbnail" not in name for name in self._names)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return _plain(name) in self._names

    def open(self, name: str) -> BinaryIO:
        """A part as a stream. Raises Corrupt when it is missing, Bomb while it is read."""
        found = self._names.get(_plain(name))
        if found is None:
            raise Corrupt
        with _as_ours():
            member = self._archive.open(found)
        return cast(BinaryIO, io.BufferedReader(_Counted(cast(BinaryIO, member), self)))

    def read(self, name: str) -> bytes:
        """A whole part."""
        with self.open(name) as part:
            return part.read()

    def root(self, name: str) -> Element:
        """The XML of a part."""
        return markup.parse(self.read(name))

    def maybe_root(self, name: str) -> Element | None:
        """The XML of a part that may be missing or broken without harm."""
        if not self.has(name):
            return None
        try:
            return self.root(name)
        except (Corrupt, Truncated):
            return None

    def relations(self, part: str) -> dict[str, Relation]:
        """Where a part points, by relationship id; outside targets are left out."""
        folder, name = posixpath.split(part)
        root = self.maybe_root(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for one in root if root is not None else ():
            if one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, one.get("Target", "")))
                found[one.get("Id", "")] = Relation(one.get("Type", "").rpartition("/")[2], target.lstrip("/"))
        return found

    def spend(self, count: int, of_part: int) -> None:
        """Count bytes as they unpack."""
        self._unpacked += count
        limits = self._limits
        if of_part > limits.part_bytes or self._unpacked > limits.total_bytes:
            raise Bomb
        if self._unpacked > _HARMLESS and self._unpacked > _RATIO * max(1, self._size):
            raise Bomb


class _Counted(io.RawIOBase):
    """Reads one member and tells the package how much came out."""

    def __init__(self, member: BinaryIO, package: Package) -> None:
        super().__init__()
        self._member, self._package, self._read = member, package, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub asks for any writable buffer
        with _as_ours():
            block = self._member.read(len(buffer))
        self._read += len(block)
        self._package.spend(len(block), self._read)
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._member.close()
        super().close()


def _plain(name: str) -> str:
    return name.lstrip("/").lower()


@contextmanager
def _as_ours() -> Iterator[None]:
    try:
        yield
    except EOFError as error:
        raise Truncated from error
    except NotImplementedError as error:
        # zipfile's word for a compression that it does not know; as a RuntimeError it would pass for a password.
        raise Corrupt from error
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError) as error:
        raise Corrupt from error
    except RuntimeError as error:
        # zipfile's way to say that a member wants a password.
        raise Protected from error


@contextmanager
def open_package(path: Path, limits: Limits) -> Iterator[Package]:
    """The package in a file. Raises Truncated, Corrupt, Protected or Bomb."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise _why_bad(path) from error
    except (ValueError, RuntimeError) as error:
        # Names that are no text, and forms of the directory that zipfile does not know.
        raise Corrupt from error
    with archive:
        entries = archive.infolist()
        if len(entries) > _MOST_PARTS:
            raise Bomb
        if any(entry.flag_bits & 1 for entry in entries):
            raise Protected
        yield Package(archive, limits, path.stat().st_size)


def _why_bad(path: Path) -> Corrupt | Truncated:
    """A zip keeps its directory at the end: when that is missing, so is the rest."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 66_000))
        return Corrupt() if b"PK\x05\x06" in stream.read() else Truncated()
