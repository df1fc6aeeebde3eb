"""Outlook letters (MSG): head, body and attachments, letters within letters. After [MS-OXMSG].

Read here and not by a library: Outlook before 2003 wrote names and texts in the code page of its machine, which is
GB18030 in this county, and the libraries take it for Latin. A body may be plain, a web page or packed RTF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.extract import html, letter, rtf_packed
from ingest.extract.letter import Attachment, Letter
from ingest.extract.mail import decoded
from ingest.extract.ole import Compound, open_compound
from ingest.extract.source import Source
from ingest.reading import Extraction

SUBJECT, BODY, PACKED_RTF, WEB_PAGE = 0x0037, 0x1000, 0x1009, 0x1013
SENDER, SENDER_ADDRESS, SENDER_SMTP, ON_BEHALF_OF = 0x0C1A, 0x0C1F, 0x5D01, 0x0042
TO, COPY, NAME, SENT, DELIVERED = 0x0E04, 0x0E03, 0x3001, 0x0039, 0x0E06
CONTENT, SHORT_FILE_NAME, FILE_NAME, HIDDEN = 0x3701, 0x3704, 0x3707, 0x7FFE
TEXT, WIDE_TEXT, BINARY, STORAGE, TIME, FLAG = 0x1E, 0x1F, 0x102, 0x0D, 0x40, 0x0B
PROPERTIES = "__properties_version1.0"
OUTER_HEAD, INNER_HEAD, PART_HEAD = 32, 24, 8
"""Bytes before the properties of a letter, of a letter in it, and of an attachment or recipient."""
_COUNTY = datetime(1601, 1, 1) + timedelta(hours=8)  # noqa: DTZ001  where file times begin, as a clock here shows it


@dataclass(frozen=True)
class _Folder:
    """A storage of the file: a letter, a recipient or an attachment."""

    compound: Compound
    path: str = ""
    head: int = OUTER_HEAD

    def _has(self, name: str) -> bool:
        return bool(self.compound.ole.exists(self.path + name))

    def binary(self, number: int, kind: int = BINARY) -> bytes:
        """The bytes of a property; none when it is not there."""
        name = f"__substg1.0_{number:04X}{kind:04X}"
        return self.compound.read(self.path + name) if self._has(name) else b""

    def text(self, *numbers: int) -> str:
        """The first of these properties that says something."""
        for number in numbers:
            wide = self.binary(number, WIDE_TEXT).decode("utf-16-le", "replace")
            if found := (wide or decoded(self.binary(number, TEXT), "gb18030")).strip("\0 \r\n"):
                return found
        return ""

    def fixed(self, number: int, kind: int) -> int:
        """A property of eight bytes; 0 when it is not there."""
        if not self._has(PROPERTIES):
            return 0
        lines = self.compound.read(self.path + PROPERTIES)[self.head :]
        values = (struct.unpack_from("<IIQ", lines, at) for at in range(0, len(lines) - 15, 16))
        return next((value for tag, _, value in values if tag == number << 16 | kind), 0)

    def inside(self, start: str) -> Iterator[_Folder]:
        """The folders right in this one whose names start so, in the order of their numbers."""
        depth = self.path.count("/")
        names = {entry[depth] for entry in self.compound.ole.listdir() if "/".join(entry).startswith(self.path)}
        for name in sorted(name for name in names if name.startswith(start)):
            yield _Folder(self.compound, f"{self.path}{name}/", PART_HEAD)


def extract(source: Source) -> Extraction:
    """The letter as pages. Raises Corrupt or Truncated."""
    with open_compound(source.path, source.limits) as compound:
        read = _letter(_Folder(compound), source, source.depth)
    return letter.extraction(read, source)


def _letter(folder: _Folder, source: Source, depth: int) -> Letter:
    names = "、".join(filter(None, (one.text(NAME) for one in folder.inside("__recip"))))
    return Letter(
        subject=folder.text(SUBJECT),
        sender=_sender(folder),
        to=folder.text(TO) or names,
        copy=folder.text(COPY),
        sent=_time(folder.fixed(SENT, TIME) or folder.fixed(DELIVERED, TIME)),
        body=_body(folder, source).replace("\r\n", "\n").strip("\0\n "),
        attachments=tuple(_attachments(folder, source, depth)),
    )


def _sender(folder: _Folder) -> str:
    """Name and address; inside one house Outlook gives an address that no person could use."""
    name = folder.text(SENDER, ON_BEHALF_OF)
    address = folder.text(SENDER_SMTP, SENDER_ADDRESS)
    return f"{name} <{address}>" if name and "@" in address and address != name else name or address


def _time(ticks: int) -> str:
    """Tenths of microseconds since 1601 as the time in the county."""
    try:
        return (_COUNTY + timedelta(microseconds=ticks // 10)).replace(microsecond=0).isoformat() if ticks else ""
    except OverflowError:
        return ""


def _body(folder: _Folder, source: Source) -> str:
    plain = folder.text(BODY)
    if plain:
        return plain
    page = folder.binary(WEB_PAGE)
    if text := html.decoded(page) if page else folder.text(WEB_PAGE):
        return letter.html_text(text, source)
    packed = folder.binary(PACKED_RTF)
    return letter.rtf_text(rtf_packed.unpacked(packed, source.limits.part_bytes), source) if packed else ""


def _attachments(folder: _Folder, source: Source, depth: int) -> Iterator[Attachment]:
    """Files, and letters with what is attached to them. Pictures that only the body shows are left out."""
    for one in folder.inside("__attach"):
        inner = next(one.inside(f"__substg1.0_{CONTENT:04X}{STORAGE:04X}"), None)
        if inner is None:
            if not one.fixed(HIDDEN, FLAG):
                name = one.text(FILE_NAME, SHORT_FILE_NAME, NAME) or "未命名附件"
                yield Attachment(name, one.binary(CONTENT))
        elif depth + 1 > source.limits.mail_depth:
            yield Attachment(one.text(NAME) or "转发的邮件", None)
        else:
            read = _letter(_Folder(inner.compound, inner.path, INNER_HEAD), source, depth + 1)
            yield Attachment(f"{read.subject or '转发的邮件'}.txt", f"{read.head}\n\n{read.body}".encode("utf-8-sig"))
            yield from read.attachments
