"""归档章 on sheets to cut or to copy from: each 45 × 16 mm, under it the title of the paper that it belongs on."""

from __future__ import annotations

from collections.abc import Iterable

from archive_service.forms.printed.cards import Stamp
from archive_service.forms.printed.paper import INK, RULE, SANS, SEAL, SERIF, Paper, nothing

WIDE, HIGH = 45.0, 16.0
ACROSS, STEP_ACROSS, STEP_DOWN = 3, 58.0, 27.0
HEAD = 15.0


def draw(paper: Paper, stamps: Iterable[Stamp]) -> int:
    """Put the stamps on fresh pages, in their order; returns how many."""
    down = int((paper.bottom - paper.top - HEAD) // STEP_DOWN)
    number = 0
    for number, stamp in enumerate(stamps, 1):
        place = (number - 1) % (ACROSS * down)
        if place == 0:
            _page(paper)
        x = paper.left + place % ACROSS * STEP_ACROSS
        _stamp(paper, stamp, x, paper.top + HEAD + place // ACROSS * STEP_DOWN)
    return number or nothing(paper)


def _page(paper: Paper) -> None:
    paper.add_page()
    whole = paper.right - paper.left
    paper.put("归 档 章", paper.left, paper.top + 4, 15, SERIF, "center", whole)
    legend = "上行：全宗号、年度、件号；下行：机构（问题）、保管期限、页数。章 45 × 16 毫米，加盖在首页上端空白处。"
    paper.put(legend, paper.left, paper.top + 10, 8, SANS, "center", whole)


def _stamp(paper: Paper, stamp: Stamp, x: float, y: float) -> None:
    paper.set_draw_color(*SEAL)
    paper.set_line_width(RULE)
    paper.rect(x, y, WIDE, HIGH)
    paper.line(x, y + HIGH / 2, x + WIDE, y + HIGH / 2)
    for third in (1, 2):
        paper.line(x + third * WIDE / 3, y, x + third * WIDE / 3, y + HIGH)
    for row, cells in enumerate(stamp.cells()):
        for place, text in enumerate(cells):
            _in_cell(paper, text, x + place * WIDE / 3, y + HIGH / 2 * row)
    paper.set_draw_color(*INK)
    title = paper.lines(stamp.title, STEP_ACROSS - 6, 7, SANS, 2)
    for line, text in enumerate(title):
        paper.put(text, x, y + HIGH + 3.4 + line * 3.2, 7, SANS)


def _in_cell(paper: Paper, text: str, x: float, y: float) -> None:
    """One line as large as it fits; what would be too small on one line stands on two."""
    room = WIDE / 3 - 1.6
    size = paper.fitted(text, room, 10)
    rows = [text] if size > 7 else paper.lines(text, room, 7, SERIF, 2)
    size, lead = (size, 0.0) if len(rows) == 1 else (7.0, 3.0)
    foot = y + HIGH / 4 + size * 0.13 - lead * (len(rows) - 1) / 2
    for line in rows:
        paper.put(line, x + 0.8, foot, size, SERIF, "center", room)
        foot += lead
