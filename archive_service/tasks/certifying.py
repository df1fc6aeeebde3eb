"""Certified copies on paper: the sheet with number, seal and QR, and behind it the pages, drawn one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from archive_service.actions import using_copies
from archive_service.forms.printed.certificate import Certificate, CopiedPage
from archive_service.permissions import Actor
from archive_service.tasks.drawing import Painter, page_picture
from archive_service.wiring import COUNTY_TIME, Archive
from storage.database.organisations import village
from storage.database.records import File, Record, files_of, texts_of
from storage.database.using import CertifiedCopy
from storage.errors import Missing

MOST_PAGES = 500
"""Of one copy; a longer volume is copied in parts, by hand."""
SHARP = 1600
_PICTURED = ("application/pdf", "image/")
_Texts = dict[str, list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class _Copied:
    copy: CertifiedCopy
    record: Record
    village: str
    files: Sequence[File]
    texts: _Texts


def write_copy(
    archive: Archive, painter: Painter, actor: Actor, number: str, address: str, target: BinaryIO
) -> CertifiedCopy:
    """Write the PDF of an issued copy. `address`: where a check of this number is answered.

    The files must be those that were certified: a later version of the record makes another copy, not another content.

    Raises:
        Missing: there is no such copy for this actor, or it was withdrawn, or the files are others now.
        FontMissing: the Chinese font is not there.
    """
    with archive.sessions.read() as session:
        copy, record = using_copies.for_reader(session, actor, number)
        files = files_of(session, [record.id])[record.id]
        home = village(session, record.village_id).name
        texts = texts_of(session, [one.id for one in files])
    if copy.withdrawn_at is not None:
        raise Missing("这份复制件证明已经作废，不再打印。")
    if using_copies.digest_of(files) != copy.digest:
        raise Missing("这一件后来更正过，文件已不是当时证明的那些；请另外出具。")
    # The writer of PDF takes a third of a second to load: only where something is certified.
    from archive_service.forms.printed.certificate_pdf import write

    copied = _Copied(copy, record, home, files, texts)
    write(_certificate(archive, copied, address), _pages(archive, painter, copied), target, copy.issued_at)
    return copy


def _certificate(archive: Archive, copied: _Copied, address: str) -> Certificate:
    copy, record = copied.copy, copied.record
    day = f"{copy.issued_at.astimezone(COUNTY_TIME):%Y-%m-%d}"
    rows = [
        ("题名", record.title), ("档号", record.code or ""), ("全宗（村）", copied.village),
        ("形成日期", _day(record)), ("利用人", copy.receiver), ("用途", copy.purpose),
        ("文件", "；".join(f"{one.name}（{max(one.page_count, 1)} 页）" for one in copied.files)),
        ("SHA-256", copy.digest),
    ]  # fmt: skip
    return Certificate(
        archive=f"{archive.settings.county}村级档案",
        number=copy.number,
        sentence="兹证明：以下各页由本档案服务所存的归档文件复制，内容与归档原件一致。",
        rows=[(name, value) for name, value in rows if value],
        address=address,
        foot=f"复制件证明 {copy.number} · {day}",
        day=day,
    )


def _day(record: Record) -> str:
    """The day where there is one; otherwise the words of the source."""
    if record.earliest and record.earliest == record.latest:
        return record.earliest.isoformat()
    return record.date_wording or str(record.year or "")


def _pages(archive: Archive, painter: Painter, copied: _Copied) -> Iterator[CopiedPage]:
    left = MOST_PAGES
    for file in copied.files:
        numbers = range(1, max(file.page_count, 1) + 1)[:left]
        left -= len(numbers)
        texts = dict(copied.texts[file.id])
        for number in numbers:
            heading = f"{copied.record.code or ''} {file.name} 第 {number} 页，共 {max(file.page_count, 1)} 页"
            picture = _picture(archive, painter, file, number)
            shown = "" if picture else texts.get(number) or "（这个文件不能印在纸上，另附电子件。）"
            yield CopiedPage(heading, picture, shown)


def _picture(archive: Archive, painter: Painter, file: File, number: int) -> bytes | None:
    if not file.mime.startswith(_PICTURED):
        return None
    try:
        return page_picture(archive, painter, file, number, SHARP)
    except Missing:
        return None
