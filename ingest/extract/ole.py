"""OLE compound files (DOC, XLS, PPT of 1997 to 2003, and WPS's of that form): opened, their streams read whole.

olefile raises many kinds on damaged files; here they become Corrupt or Truncated. Formats are not known here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import olefile

from ingest.errors import Corrupt, Protected, TooLarge, Truncated, Unreadable
from ingest.reading import Limits


class Compound:
    """The streams of one file. Get one from `open_compound`."""

    def __init__(self, ole: olefile.OleFileIO, limits: Limits, size: int) -> None:
        self.ole = ole
        self._limits, self._size = limits, size

    def read(self, *names: str) -> bytes:
        """The first of these streams that there is. Raises Corrupt when there is none."""
        for name in names:
            if self.ole.get_type(name) == olefile.STGTY_STREAM:
                size = self.ole.get_size(name)
                if size > min(self._size, self._limits.part_bytes):
                    raise Corrupt if size > self._size else TooLarge
                with self.ole.openstream(name) as stream:
                    return bytes(stream.read())
        raise Corrupt


@contextmanager
def open_compound(path: Path, limits: Limits) -> Iterator[Compound]:
    """The compound file at `path`. Raises Protected, Truncated or Corrupt, also for faults met inside the block."""
    try:
        with olefile.OleFileIO(path) as ole:
            if ole.exists("EncryptedPackage"):
                raise Protected
            yield Compound(ole, limits, path.stat().st_size)
    except Unreadable:
        raise
    except (olefile.olefile.OleFileError, OSError, ValueError, LookupError, struct.error, OverflowError) as error:
        raise (Truncated if is_cut_off(path) else Corrupt) from error


def is_cut_off(path: Path) -> bool:
    """Whether the file is shorter than the sectors that its header counts."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(512)
    if len(head) < 512:
        return True
    shift, tables = int.from_bytes(head[30:32], "little"), int.from_bytes(head[44:48], "little")
    if shift not in {9, 12}:
        return False
    first_tables = struct.unpack("<109I", head[76:512])[: min(tables, 109)]
    return any((one + 2) << shift > size for one in first_tables) or _last_sector(path, first_tables, shift) > size


def _last_sector(path: Path, tables: tuple[int, ...], shift: int) -> int:
    """Where the last used sector begins, as the allocation tables have it."""
    last, per_table = 0, (1 << shift) // 4
    with path.open("rb") as stream:
        for number, table in enumerate(tables):
            stream.seek((table + 1) << shift)
            block = stream.read(1 << shift)
            entries = struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
            used = [at for at, entry in enumerate(entries) if entry != 0xFFFFFFFF]
            last = number * per_table + used[-1] if used else last
    return (last + 1) << shift
