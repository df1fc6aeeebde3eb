"""OLE compound files made by hand, after [MS-CFB]: version 3, one allocation table in the header, small streams packed.

`letter` makes an Outlook letter of them, after [MS-OXMSG]. Just enough for tests: at most 109 × 128 sectors.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

Folder = Mapping[str, "bytes | Folder"]

SECTOR, SMALL, CUTOFF = 512, 64, 4096
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass
class Entry:
    """One line of the directory: `child` is the first in a folder, `next` the one after it there."""

    name: str
    kind: int
    child: int = FREE
    next: int = FREE
    start: int = END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le")
        head = struct.pack("<64sHBBIII", name, len(name) + 2, self.kind, 1, FREE, self.next, self.child)
        return head + bytes(36) + struct.pack("<IQ", self.start, self.size)


@dataclass
class Image:
    """The file as it grows."""

    entries: list[Entry] = field(default_factory=lambda: [Entry("Root Entry", ROOT)])
    sectors: list[bytes] = field(default_factory=list)
    table: list[int] = field(default_factory=list)
    small: bytearray = field(default_factory=bytearray)
    small_table: list[int] = field(default_factory=list)

    def chain(self, content: bytes) -> int:
        """Lay content down in sectors; returns where it starts."""
        return _chain(content, SECTOR, self.sectors.append, self.table)

    def add(self, folder: Folder) -> int:
        """Lay a folder down; returns the number of its first entry."""
        numbers = []
        # The order that the directory's trees are searched in: short names first.
        for name, content in sorted(folder.items(), key=lambda one: (len(one[0]), one[0].upper())):
            numbers.append(len(self.entries))
            self.entries.append(Entry(name, STREAM if isinstance(content, bytes) else STORAGE))
            self._fill(self.entries[-1], content)
        for this, following in pairwise(numbers):
            self.entries[this].next = following
        return numbers[0] if numbers else FREE

    def _fill(self, entry: Entry, content: bytes | Folder) -> None:
        if not isinstance(content, bytes):
            entry.child = self.add(content)
        elif content:
            entry.size = len(content)
            is_small = entry.size < CUTOFF
            entry.start = (
                _chain(content, SMALL, self.small.extend, self.small_table) if is_small else self.chain(content)
            )


def _chain(content: bytes, size: int, keep: Callable[[bytes], object], table: list[int]) -> int:
    start = len(table)
    blocks = [content[at : at + size].ljust(size, b"\0") for at in range(0, len(content), size)]
    for block in blocks:
        keep(block)
    table += [*range(start + 1, start + len(blocks)), END]
    return start


def compound(folder: Folder) -> bytes:
    """The bytes of a compound file that holds this folder."""
    image = Image()
    root = image.entries[0]
    root.child = image.add(folder)
    if image.small:
        root.size, root.start = len(image.small), image.chain(bytes(image.small))
    directory = image.chain(b"".join(entry.packed() for entry in image.entries))
    packed = struct.pack(f"<{len(image.small_table)}I", *image.small_table)
    packed += b"\xff" * (-len(packed) % SECTOR)
    small = image.chain(packed) if packed else END
    tables = 1
    while tables * 128 < len(image.table) + tables:
        tables += 1
    places = [*range(len(image.table), len(image.table) + tables)]
    image.table += [TABLE] * tables
    image.table += [FREE] * (tables * 128 - len(image.table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, directory, 0, CUTOFF, small,
                          len(packed) // SECTOR, END, 0, places[0])  # fmt: skip
    header += struct.pack("<108I", *places[1:], *[FREE] * (109 - tables))
    return header + b"".join(image.sectors) + struct.pack(f"<{len(image.table)}I", *image.table)


def letter(
    subject: str = "", body: str = "", sender: str = "", to: tuple[str, ...] = (), sent: datetime | None = None,
    attachments: Mapping[str, bytes | Folder] | None = None, charset: str = "", html: bytes = b"", rtf: bytes = b"",
    address: str = "", inner: bool = False,
) -> Folder:  # fmt: skip
    """An Outlook letter as a folder for `compound`, or, when it is `inner`, as an attachment of another.

    With a `charset` it is as Outlook before 2003 wrote it, in the code page of its machine.
    """
    own: dict[int, str | bytes] = {
        0x001A: "IPM.Note", 0x0037: subject, 0x1000: body, 0x1013: html, 0x1009: rtf, 0x0C1A: sender, 0x0C1F: address,
        0x0E04: "; ".join(to),
    }  # fmt: skip
    held = attachments or {}
    counts = struct.pack("<8xIIII", len(to), len(held), len(to), len(held)) + bytes(0 if inner else 8)
    fixed = (_time(0x0039, sent) if sent else b"") + _number(0x340D, 0 if charset else 0x40000)
    folder = _properties(own, charset, counts, fixed + (_number(0x3FFD, 936) if charset else b""))
    if not inner:
        folder["__nameid_version1.0"] = {_stream(tag): b"" for tag in (0x00020102, 0x00030102, 0x00040102)}
    for number, name in enumerate(to):
        values: dict[int, str | bytes] = {0x3001: name, 0x39FE: f"{number}@example.invalid"}
        folder[f"__recip_version1.0_#{number:08X}"] = _properties(values, charset, bytes(8), _number(0x0C15, 1))
    for number, (name, content) in enumerate(held.items()):
        folder[f"__attach_version1.0_#{number:08X}"] = _attachment(name, content, charset)
    return folder


def _attachment(name: str, content: bytes | Folder, charset: str) -> Folder:
    """A file, hidden when its name begins with a dot; or a letter."""
    if not isinstance(content, bytes):
        line = struct.pack("<IIII", 0x3701000D, 6, 0xFFFFFFFF, 1)
        return {
            **_properties({0x3001: name}, charset, bytes(8), line + _number(0x3705, 5)),
            _stream(0x3701000D): content,
        }
    fixed = _number(0x3705, 1) + struct.pack("<IIQ", 0x7FFE000B, 6, name.startswith("."))
    return _properties({0x3707: name, 0x3701: content}, charset, bytes(8), fixed)


def _stream(tag: int) -> str:
    return f"__substg1.0_{tag:08X}"


def _properties(
    values: Mapping[int, str | bytes], charset: str, head: bytes, fixed: bytes
) -> dict[str, bytes | Folder]:
    """A folder of properties: each of varying length has a stream, and a line that says how long it is."""
    folder: dict[str, bytes | Folder] = {}
    for number, value in values.items():
        if value:
            kind, end = (0x102, 0) if isinstance(value, bytes) else (0x1E, 1) if charset else (0x1F, 2)
            content = value if isinstance(value, bytes) else value.encode(charset or "utf-16-le")
            folder[_stream(number << 16 | kind)] = content
            fixed += struct.pack("<IIII", number << 16 | kind, 6, len(content) + end, 0)
    folder["__properties_version1.0"] = head + fixed
    return folder


def _number(number: int, value: int) -> bytes:
    return struct.pack("<IIII", number << 16 | 3, 6, value, 0)


def _time(number: int, at: datetime) -> bytes:
    ticks = int((at - FILETIME_EPOCH).total_seconds()) * 10_000_000
    return struct.pack("<IIQ", number << 16 | 0x40, 6, ticks)


def records(*parts: tuple[int, bytes]) -> bytes:
    """Records of a workbook stream (BIFF): number, length, content."""
    return b"".join(struct.pack("<HH", number, len(content)) + content for number, content in parts)
