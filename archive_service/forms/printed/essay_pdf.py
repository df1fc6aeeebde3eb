"""A text on paper, as Chinese documents are set: title in the middle, paragraphs indented by two characters."""

from __future__ import annotations

from collections.abc import Sequence

from archive_service.forms.printed.essay import Essay
from archive_service.forms.printed.paper import HAIR, POINT, SANS, SERIF, Paper

TITLE, BODY, HEADING = 20.0, 12.0, 9.5
LEAD = BODY * POINT * 1.75
INDENT = "　　"
SIGNED = 14.0
NOTE, NOTE_LEAD = 9.0, 5.0
KEPT = 3
"""Lines of the text that stay on the page of the signatures."""


def draw(paper: Paper, essay: Essay) -> int:
    """Put the text on fresh pages; returns how many paragraphs it has."""
    whole = paper.right - paper.left
    paper.add_page()
    paper.put(essay.title, paper.left, paper.top + 12, paper.fitted(essay.title, whole, TITLE), SERIF, "center", whole)
    y = paper.top + 18
    for line in paper.lines("　　".join(essay.heading), whole, HEADING, SANS):
        y += HEADING * POINT * 1.5
        paper.put(line, paper.left, y, HEADING, SANS)
    y += 5
    paragraphs = [line.strip() for line in essay.text.splitlines() if line.strip()]
    lines = [line for one in paragraphs for line in paper.lines(INDENT + one, whole, BODY)]
    # The last lines go with the signatures: nobody signs a page that says nothing.
    kept = lines[-KEPT:]
    for line in lines[:-KEPT]:
        y = _room(paper, y, LEAD)
        paper.put(line, paper.left, y, BODY)
    _end(paper, essay, kept, y)
    return len(paragraphs)


def _room(paper: Paper, y: float, high: float) -> float:
    """Where the next line ends; on the next page when it does not fit."""
    if y + high <= paper.bottom:
        return y + high
    paper.add_page()
    return paper.top + high


def _end(paper: Paper, essay: Essay, kept: Sequence[str], y: float) -> None:
    """The last lines, the notes and the signatures, on one page as long as they fit on one."""
    notes = [line for one in essay.notes for line in paper.lines(one, paper.right - paper.left, NOTE, SANS)]
    high = len(kept) * LEAD + 4 + len(notes) * NOTE_LEAD + len(essay.signed) * SIGNED
    if y + high > paper.bottom:
        paper.add_page()
        y = paper.top
    for line in kept:
        y = _room(paper, y, LEAD)
        paper.put(line, paper.left, y, BODY)
    y += 4
    for line in notes:
        y = _room(paper, y, NOTE_LEAD)
        paper.put(line, paper.left, y, NOTE, SANS)
    _sign(paper, essay, y)


def _sign(paper: Paper, essay: Essay, y: float) -> None:
    paper.set_line_width(HAIR)
    for words in essay.signed:
        y = _room(paper, y, SIGNED)
        start = paper.right - 70
        paper.put(f"{words}：", start - 62, y, BODY, SERIF, "right", 60)
        paper.line(start, y + 0.8, paper.right, y + 0.8)
