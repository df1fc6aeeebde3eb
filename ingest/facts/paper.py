"""One file as the rules of this package see it: lines with their page, folders, name without its ending.

Only the beginning and the end of a long file are looked at; what a paper says about itself stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.reading import Page

HEAD_LINES, TAIL_LINES, LINE_LENGTH = 60, 25, 600
_HAN = "\u3400-\u9fff"
_SPREAD = re.compile(rf"[{_HAN}](?:[ \u3000]+[{_HAN}]){{1,12}}")
_ATTACHMENT = re.compile(r"附\s*件\s*[\d一二三四五]{0,2}\s*(?:[:：]?$|[:：\s](?!.*[；。]))")
_DATED = re.compile(r"(?:\d{4}|[〇○零一二三四五六七八九0]{4})年.{1,3}月.{1,3}日[）)]?$")
_BETWEEN = 4
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True, slots=True)
class Row:
    """One line that is not blank, and the page it stands on."""

    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file with its first and last lines. `head` and `tail` overlap in a short file."""

    stem: str
    folders: tuple[str, ...]
    metadata: Mapping[str, str]
    head: tuple[Row, ...]
    tail: tuple[Row, ...]
    villages: tuple[str, ...]
    received: date

    @property
    def text(self) -> str:
        """First and last lines as one text, no line twice."""
        return "\n".join(row.text for row in self.rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """First and last lines in order, no line twice."""
        known = {id(row) for row in self.head}
        return self.head + tuple(row for row in self.tail if id(row) not in known)


def paper_of(
    name: str, path: str, metadata: Mapping[str, str], pages: Sequence[Page], villages: Sequence[str], received: date
) -> Paper:
    """The file as a Paper. `path` may hold the name as its last part, or not."""
    folders = [part for part in path.replace("\\", "/").split("/") if part and part != name]
    rows = _rows(pages)
    stem = _ENDING.sub("", name)
    return Paper(
        stem, tuple(folders), metadata, rows[:HEAD_LINES], _signed_part(rows)[-TAIL_LINES:], tuple(villages), received
    )


def _signed_part(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows down to the date of the signature where attachments follow it on the same sheets."""
    for place, row in enumerate(rows):
        before = rows[max(place - _BETWEEN, 0) : place]
        if _ATTACHMENT.match(row.text) and any(_DATED.search(one.text) for one in before):
            return rows[:place]
    return rows


def together(line: str) -> str:
    """A line set with blanks between its characters (请 假 条) without them."""
    stripped = line.strip()
    return re.sub(r"[ \u3000]+", "", stripped) if _SPREAD.fullmatch(stripped) else stripped


def _rows(pages: Sequence[Page]) -> tuple[Row, ...]:
    lines = ((page.number, line) for page in pages for line in page.text.splitlines() if line.strip())
    return tuple(Row(number, together(line[:LINE_LENGTH])) for number, line in lines)
