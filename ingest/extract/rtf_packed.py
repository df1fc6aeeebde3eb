"""RTF as Outlook packs it into letters, after [MS-OXRTFCP]: a sliding window that begins with usual RTF words."""

from __future__ import annotations

import struct

from ingest.errors import Bomb, Corrupt

PACKED, PLAIN = 0x75465A4C, 0x414C454D
WINDOW = 4096
BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)  # fmt: skip


def unpacked(data: bytes, most: int) -> bytes:
    """The RTF. Raises Corrupt for what is no packed RTF, Bomb when more than `most` bytes come out."""
    if len(data) < 16:
        raise Corrupt
    length, size, kind = struct.unpack_from("<III", data)
    if kind == PLAIN:
        return data[16 : 16 + size]
    if kind != PACKED:
        raise Corrupt
    out = _window(data[16 : length + 4], most)
    return out[len(BEGINNING) :][:size]


def _window(data: bytes, most: int) -> bytes:
    """All that is written, the usual words first: a place in the window is a place in this, counted round."""
    out = bytearray(BEGINNING)
    at = 0
    while at < len(data):
        flags, at = data[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out)
            offset, count = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
            at += 2
            back = (len(out) - offset) % WINDOW
            if not back:
                # The place where the next byte will be written means the end.
                return bytes(out)
            _repeat(out, back, count)
        if len(out) > most:
            raise Bomb
    return bytes(out)


def _repeat(out: bytearray, back: int, count: int) -> None:
    """Write again what was written `back` bytes ago; it may run into itself."""
    for _ in range(count):
        out.append(out[-back] if back <= len(out) else 0)
