"""Labels and spines of boxes, with a QR that says in words what lies inside. To cut along the hairlines."""

from __future__ import annotations

from collections.abc import Iterable

import segno

from archive_service.forms.printed.cards import Box
from archive_service.forms.printed.paper import HAIR, INK, RULE, SANS, SEAL, SERIF, Paper, nothing

LABEL = (87.0, 52.0)
SPINE_HIGH = 250.0
QUIET = 2
"""White modules around a QR."""


def qr(paper: Paper, text: str, x: float, y: float, side: float) -> None:
    """A QR as vector squares; dark runs of a line are drawn together."""
    rows = [list(row) for row in segno.make(text, error="m", micro=False, encoding="utf-8").matrix]
    module = side / (len(rows) + 2 * QUIET)
    paper.set_fill_color(*INK)
    for down, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                left, top = x + (start + QUIET) * module, y + (down + QUIET) * module
                paper.rect(left, top, (end - start) * module, module, style="F")
            start = end + 1


def draw_labels(paper: Paper, boxes: Iterable[Box]) -> int:
    """Labels for the front of boxes, two in a row; returns how many."""
    wide, high = LABEL
    down = int((paper.bottom - paper.top) // high)
    number = 0
    for number, box in enumerate(boxes, 1):
        place = (number - 1) % (2 * down)
        if place == 0:
            paper.add_page()
        _label(paper, box, paper.left + place % 2 * wide, paper.top + place // 2 * high)
    return number or nothing(paper)


def _label(paper: Paper, box: Box, x: float, y: float) -> None:
    wide, high = LABEL
    paper.set_line_width(HAIR)
    paper.rect(x, y, wide, high)
    paper.set_draw_color(*SEAL)
    paper.set_line_width(0.6)
    paper.line(x + 4, y + 12.2, x + wide - 4, y + 12.2)
    paper.set_draw_color(*INK)
    size = paper.fitted(box.village, wide - 36, 15)
    paper.put(box.village, x + 4, y + 9, size)
    paper.put(box.fonds, x + wide - 34, y + 9, 12, SANS, "right", 30)
    room = wide - 8 - 28
    kind = "案卷" if box.volume else f"第 {box.number} 盒"
    said = ((f"{box.year}年" if box.year else "年度不详", 11.0), (box.period, 11.0), (box.topic, 9.0), (kind, 9.0))
    foot = y + 19.0
    for text, points in said:
        paper.put(text, x + 4, foot, paper.fitted(text, room, points) if text else points)
        foot += 5.6
    codes = (box.first,) if box.first == box.last else (box.first, f"至 {box.last}")
    for text in (*codes, f"{box.records} 件　{box.pages} 页"):
        paper.put(text, x + 4, foot, paper.fitted(text, wide - 8 if foot > y + 42 else room, 8.5))
        foot += 4.2
    qr(paper, box.told(), x + wide - 30, y + 13.6, 27)


def draw_spines(paper: Paper, boxes: Iterable[Box], thick: float) -> int:
    """Spines, side by side; `thick` is the thickness of the boxes in mm. Returns how many."""
    across = int((paper.right - paper.left) // thick)
    number = 0
    for number, box in enumerate(boxes, 1):
        place = (number - 1) % across
        if place == 0:
            paper.add_page()
        _spine(paper, box, paper.left + place * thick, paper.top, thick)
    return number or nothing(paper)


def _spine(paper: Paper, box: Box, x: float, y: float, thick: float) -> None:
    paper.set_line_width(RULE)
    paper.rect(x, y, thick, SPINE_HIGH)
    end = y + SPINE_HIGH
    y = _field(paper, "全宗号", [box.fonds], x, y, thick, 18)
    y = _upright(paper, box.village, x, y, thick, 84)
    y = _field(paper, "年度", [box.year], x, y, thick, 18)
    y = _field(paper, "保管期限", [box.period], x, y, thick, 18)
    topic = paper.lines(box.topic, thick - 3, 9, SERIF, 3)
    y = _field(paper, "机构（问题）", topic, x, y, thick, 24)
    ends = [_end(box.first)] if box.first == box.last else [_end(box.first), "至", _end(box.last)]
    y = _field(paper, "起止件号", ends, x, y, thick, 26)
    y = _field(paper, "案卷" if box.volume else "盒号", [box.number], x, y, thick, 18)
    side = min(thick - 2, 34)
    # A thin box has room for few squares: the codes alone.
    qr(paper, box.codes(), x + (thick - side) / 2, y + (end - y - side) / 2, side)


def _end(code: str) -> str:
    """What is counted: the last parts of a code; the rest stands above."""
    return code.rsplit("-", 1)[-1]


def _field(paper: Paper, name: str, values: list[str], x: float, y: float, thick: float, high: float) -> float:
    paper.put(name, x + 1, y + 4.2, paper.fitted(name, thick - 2, 7.5, SANS), SANS, "center", thick - 2)
    lead = 4.6
    foot = y + 5.5 + (high - 5.5 - lead * len(values)) / 2 + lead * 0.8
    for text in filter(None, values):
        size = paper.fitted(text, thick - 3, 12 if len(values) == 1 else 9)
        paper.put(text, x + 1.5, foot, size, SERIF, "center", thick - 3)
        foot += lead
    paper.set_line_width(HAIR)
    paper.line(x, y + high, x + thick, y + high)
    return y + high


def _upright(paper: Paper, text: str, x: float, y: float, thick: float, high: float) -> float:
    """A name from top to bottom, as spines are read."""
    step = min(9.0, (high - 8) / max(len(text), 1))
    size = step / 9.0 * 20
    foot = y + (high - step * len(text)) / 2 + step * 0.82
    for character in text:
        paper.put(character, x, foot, size, SERIF, "center", thick)
        foot += step
    paper.line(x, y + high, x + thick, y + high)
    return y + high
