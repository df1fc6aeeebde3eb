"""A certified copy: a sheet that says what is certified, with seal and QR, then the pages, each with the number.

Pages come as pictures, or as text where a file has no pictures; what cannot be shown on paper is named on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from archive_service.forms.printed.boxes_pdf import qr
from archive_service.forms.printed.certificate import Certificate, CopiedPage
from archive_service.forms.printed.paper import HAIR, INK, RULE, SANS, SEAL, SERIF, Paper

SEAL_SIDE = 34.0
_LEAD = 6.2


def write(certificate: Certificate, pages: Iterable[CopiedPage], target: BinaryIO, made: datetime) -> int:
    """Write the PDF; returns how many pages it has. Pages are taken one by one.

    Raises:
        FontMissing: the Chinese font is not there.
    """
    paper = Paper(made)
    paper.foot = certificate.foot
    paper.set_title(f"复制件证明 {certificate.number}")
    paper.set_lang("zh-CN")
    _sheet(paper, certificate)
    for page in pages:
        if page.picture is not None:
            _picture(paper, page)
        else:
            _text(paper, page)
    paper.output(target)
    return paper.page_no()


def _sheet(paper: Paper, certificate: Certificate) -> None:
    paper.add_page()
    whole = paper.right - paper.left
    paper.put(certificate.archive, paper.left, paper.top + 12, 13, SERIF, "center", whole)
    paper.put("档案复制件证明", paper.left, paper.top + 26, 22, SERIF, "center", whole)
    paper.put(f"编号 {certificate.number}", paper.left, paper.top + 36, 11, SANS, "center", whole)
    y = _rows(paper, certificate.rows, paper.top + 48)
    for line in paper.lines(certificate.sentence, whole, 12):
        y += _LEAD + 1
        paper.put(line, paper.left, y, 12)
    _sealed(paper, certificate, y + 14)


def _rows(paper: Paper, rows: Sequence[tuple[str, str]], y: float) -> float:
    paper.set_line_width(HAIR)
    room = paper.right - paper.left - 34
    for name, value in rows:
        lines = paper.lines(value, room, 11) or [""]
        paper.put(name, paper.left, y + _LEAD, 10, SANS)
        for number, line in enumerate(lines, 1):
            paper.put(line, paper.left + 34, y + number * _LEAD, 11)
        y += len(lines) * _LEAD + 2.4
        paper.line(paper.left, y, paper.right, y)
    return y


def _sealed(paper: Paper, certificate: Certificate, y: float) -> None:
    """QR at the left, the printed seal at the right: a frame with its words, and no picture of a stamp."""
    qr(paper, certificate.address, paper.left, y, SEAL_SIDE)
    paper.put("扫码或打开下面的地址核对编号：", paper.left + SEAL_SIDE + 4, y + 8, 9, SANS)
    for number, line in enumerate(paper.lines(certificate.address, 62, 9, SANS), 1):
        paper.put(line, paper.left + SEAL_SIDE + 4, y + 8 + number * 4.6, 9, SANS)
    x = paper.right - SEAL_SIDE - 8
    paper.set_draw_color(*SEAL)
    paper.set_text_color(*SEAL)
    paper.set_line_width(RULE * 2)
    paper.rect(x, y, SEAL_SIDE + 8, SEAL_SIDE)
    words = ("档案复制件证明", "与归档原件一致", certificate.number, certificate.day)
    for number, text in enumerate(words):
        size = paper.fitted(text, SEAL_SIDE + 4, 12 if number < 2 else 9)
        paper.put(text, x, y + 9 + number * 7, size, SERIF, "center", SEAL_SIDE + 8)
    paper.set_text_color(*INK)
    paper.set_draw_color(*INK)


def _picture(paper: Paper, page: CopiedPage) -> None:
    paper.add_page()
    paper.put(page.heading, paper.left, paper.top, 8, SANS)
    wide, high = paper.right - paper.left, paper.bottom - paper.top - 6
    paper.image(BytesIO(page.picture or b""), paper.left, paper.top + 4, wide, high, keep_aspect_ratio=True)


def _text(paper: Paper, page: CopiedPage) -> None:
    lines = [
        line for text in page.text.split("\n") for line in paper.lines(text, paper.right - paper.left, 10.5) or [""]
    ]
    most = int((paper.bottom - paper.top - 8) // 5.6)
    for start in range(0, max(len(lines), 1), most):
        paper.add_page()
        paper.put(page.heading, paper.left, paper.top, 8, SANS)
        for number, line in enumerate(lines[start : start + most], 1):
            paper.put(line, paper.left, paper.top + 4 + number * 5.6, 10.5)
