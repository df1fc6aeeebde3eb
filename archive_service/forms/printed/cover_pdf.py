"""The sheet in front of a form on paper: its lines left, the places to sign below, the QR in the corner."""

from __future__ import annotations

from archive_service.forms.printed.boxes_pdf import qr
from archive_service.forms.printed.cover import Cover, Signed
from archive_service.forms.printed.paper import HAIR, RULE, SANS, SERIF, Paper

LEAD = 6.0
LABEL = 36.0
QR_SIDE = 30.0
SIGNED_HIGH, SIGNED_ACROSS = 20.0, 3


def draw(paper: Paper, cover: Cover) -> None:
    """Put the sheet on a page of its own."""
    paper.add_page()
    whole = paper.right - paper.left
    paper.put(" ".join(cover.title), paper.left, paper.top + 14, 24, SERIF, "center", whole)
    y = _rows(paper, cover, paper.top + 24)
    y = _places(paper, cover, y + 6)
    _code(paper, cover, min(y + 6, paper.bottom - QR_SIDE))


def _rows(paper: Paper, cover: Cover, y: float) -> float:
    """Name and value, two pairs in a line."""
    half = (paper.right - paper.left) / 2
    paper.set_line_width(HAIR)
    for start in range(0, len(cover.rows), 2):
        pairs = cover.rows[start : start + 2]
        broken = [paper.lines(value, half - LABEL - 4, 11) or [""] for _, value in pairs]
        for place, ((name, _), lines) in enumerate(zip(pairs, broken, strict=True)):
            x = paper.left + place * half
            paper.put(name, x, y + LEAD, 10, SANS)
            for number, line in enumerate(lines, 1):
                paper.put(line, x + LABEL, y + number * LEAD, 11)
        y += max(map(len, broken)) * LEAD + 2.4
        paper.line(paper.left, y, paper.right, y)
    return y


def _places(paper: Paper, cover: Cover, y: float) -> float:
    """A frame for each signature: in what capacity, room to write, and who has signed in the system."""
    wide = (paper.right - paper.left) / SIGNED_ACROSS
    paper.set_line_width(RULE)
    for number, signed in enumerate(cover.signed):
        x, top = paper.left + number % SIGNED_ACROSS * wide, y + number // SIGNED_ACROSS * SIGNED_HIGH
        paper.rect(x, top, wide, SIGNED_HIGH)
        _place(paper, signed, x, top, wide)
    return y + -(-len(cover.signed) // SIGNED_ACROSS) * SIGNED_HIGH


def _place(paper: Paper, signed: Signed, x: float, top: float, wide: float) -> None:
    paper.put(signed.seat, x + 2, top + 5, 9, SANS)
    if signed.name:
        said = f"系统内已签：{signed.name}　{signed.day}"
        paper.put(said, x + 2, top + SIGNED_HIGH - 2, paper.fitted(said, wide - 4, 8, SANS), SANS)
    else:
        paper.put("年　　月　　日", x, top + SIGNED_HIGH - 2.5, 9, SANS, "right", wide - 3)


def _code(paper: Paper, cover: Cover, y: float) -> None:
    qr(paper, cover.code, paper.right - QR_SIDE, y, QR_SIDE)
    for number, words in enumerate(cover.code_words, 1):
        room = paper.right - paper.left - QR_SIDE - 6
        paper.put(words, paper.left, y + number * 5.2, paper.fitted(words, room, 9, SANS), SANS)
