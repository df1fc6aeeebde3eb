"""The sheet in front of a form on paper: its lines left, the places to sign below, the QR in the corner."""

from __future__ import annotations

from collections.abc import Sequence

from archive_service.forms.printed.boxes_pdf import qr
from archive_service.forms.printed.cover import Cover, Signed
from archive_service.forms.printed.paper import HAIR, RULE, SANS, SERIF, Paper

LEAD = 6.0
LABEL = 36.0
QR_SIDE = 30.0
SIGNED_HIGH, SIGNED_LEAST, SIGNED_ACROSS = 20.0, 14.0, 3
WORDS = 5.2


def draw(paper: Paper, cover: Cover) -> None:
    """Put the sheet on a page of its own."""
    paper.add_page()
    whole = paper.right - paper.left
    title = " ".join(cover.title)
    paper.put(title, paper.left, paper.top + 14, paper.fitted(title, whole, 24), SERIF, "center", whole)
    y = _rows(paper, cover, paper.top + 24)
    room = whole - QR_SIDE - 6 if cover.code else whole
    words = [line for one in cover.words for line in paper.lines(one, room, 9, SANS)]
    below = max(QR_SIDE if cover.code else 0, len(words) * WORDS)
    y = _places(paper, cover, y + 6, below)
    _words(paper, cover, words, min(y + 6, paper.bottom - below))


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


def _places(paper: Paper, cover: Cover, y: float, below: float) -> float:
    """A frame for each signature: in what capacity, room to write, and who has signed in the system."""
    wide, down = (paper.right - paper.left) / SIGNED_ACROSS, -(-len(cover.signed) // SIGNED_ACROSS)
    high = max(SIGNED_LEAST, min(SIGNED_HIGH, (paper.bottom - y - 6 - below) / max(down, 1)))
    paper.set_line_width(RULE)
    for number, signed in enumerate(cover.signed):
        x, top = paper.left + number % SIGNED_ACROSS * wide, y + number // SIGNED_ACROSS * high
        paper.rect(x, top, wide, high)
        _place(paper, signed, x, top, wide, high)
    return y + down * high


def _place(paper: Paper, signed: Signed, x: float, top: float, wide: float, high: float) -> None:
    paper.put(signed.seat, x + 2, top + 5, paper.fitted(signed.seat, wide - 4, 9, SANS), SANS)
    if signed.name:
        said = f"系统内已签：{signed.name}　{signed.day}"
        paper.put(said, x + 2, top + high - 2, paper.fitted(said, wide - 4, 8, SANS), SANS)
    else:
        paper.put("年　　月　　日", x, top + high - 2.5, 9, SANS, "right", wide - 3)


def _words(paper: Paper, cover: Cover, lines: Sequence[str], y: float) -> None:
    """What is said below, with the QR in the corner beside it."""
    if cover.code:
        qr(paper, cover.code, paper.right - QR_SIDE, y, QR_SIDE)
    for number, line in enumerate(lines, 1):
        paper.put(line, paper.left, y + number * WORDS, 9, SANS)
