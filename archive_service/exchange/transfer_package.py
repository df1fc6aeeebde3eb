"""A BagIt package as a zip, written in one pass: each file goes from its stream into the zip, measured on the way.

`bagit`, which checks the bags that come in, can only bag a folder in place and changes the working directory of the
whole process for it; a server with threads cannot have that. What is written here is checked with it in the tests.
Memory does not grow with the size of the files: a line of each manifest is kept for every file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Self, cast

from storage.objects.store import Digests, digests

ALGORITHMS = ("sha256", "sha512")
PAYLOAD = "data/"
UNSAFE = re.compile(r"[\x00-\x1f%]")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of the package: where it lies in the bag, its bytes and digests as they went in."""

    path: str
    size: int
    sha256: str
    sha512: str


class PackageWriter:
    """A package while it is written into `target`; without `finish` in the end it is no bag."""

    def __init__(self, target: BinaryIO, at: datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._time = (at.year, at.month, at.day, at.hour, at.minute, at.second)
        self._payload: list[Packed] = []
        self._tags: list[Packed] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def payload(self) -> list[Packed]:
        """What was added so far."""
        return self._payload

    def add(self, path: str, stream: BinaryIO) -> Packed:
        """Add a file of the payload under `data/`; the stream is read to its end.

        Line ends and % in names would have to be written otherwise in the manifests; so they are not in names.
        """
        path = UNSAFE.sub("_", path)
        packed = self._write(f"{PAYLOAD}{path}", stream)
        self._payload.append(packed)
        return packed

    def add_bytes(self, path: str, content: bytes) -> Packed:
        """The same for something small that is at hand."""
        return self.add(path, io.BytesIO(content))

    def finish(self, info: Mapping[str, str]) -> None:
        """Write the declaration, `info`, and the manifests of payload and tags."""
        oxum = f"{sum(one.size for one in self._payload)}.{len(self._payload)}"
        lines = "".join(f"{name}: {value}\n" for name, value in {**info, "Payload-Oxum": oxum}.items())
        self._tag("bagit.txt", DECLARATION)
        self._tag("bag-info.txt", lines)
        for algorithm in ALGORITHMS:
            self._tag(f"manifest-{algorithm}.txt", _manifest(self._payload, algorithm))
        tags = list(self._tags)
        for algorithm in ALGORITHMS:
            self._tag(f"tagmanifest-{algorithm}.txt", _manifest(tags, algorithm))

    def _tag(self, path: str, text: str) -> None:
        self._tags.append(self._write(path, io.BytesIO(text.encode())))

    def _write(self, path: str, stream: BinaryIO) -> Packed:
        measured = Digests(stream)
        with self._zip.open(zipfile.ZipInfo(path, self._time), "w", force_zip64=True) as member:
            while block := measured.read():
                member.write(block)
        stored = measured.stored()
        return Packed(path, stored.size, stored.sha256, stored.sha512)


def _manifest(packed: list[Packed], algorithm: str) -> str:
    return "".join(f"{getattr(one, algorithm)}  {one.path}\n" for one in packed)


def faults_of(target: BinaryIO) -> tuple[list[str], list[str]]:
    """Read a package again: what its manifests say and is not so, and what lies in it that no manifest names."""
    with zipfile.ZipFile(target) as bag:
        names = set(bag.namelist())
        wrong: list[str] = []
        known = {f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS}
        for kind in ("manifest", "tagmanifest"):
            if f"{kind}-sha512.txt" not in names:
                return [f"缺少 {kind}-sha512.txt"], []
            listed = _listed(bag.read(f"{kind}-sha512.txt").decode())
            known |= set(listed)
            wrong += [path for path, digest in listed.items() if path not in names or _digest(bag, path) != digest]
    return wrong, sorted(names - known)


def _listed(manifest: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in manifest.splitlines())
    return {path: digest for digest, path in pairs}


def _digest(bag: zipfile.ZipFile, path: str) -> str:
    with bag.open(path) as member:
        return digests(cast(BinaryIO, member)).sha512
