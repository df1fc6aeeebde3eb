"""A secrecy marking 密级标志 at the head of the first page: 机密★10年. The word 秘密 or 保密 in a text is none."""

from __future__ import annotations

import re

from ingest.facts.paper import Paper
from ingest.reading import Fact

_MARK = re.compile(
    r"(?:密级[:：]\s*)?(绝\s*密|机\s*密|秘\s*密)\s*(?:[★☆*＊]\s*(?:\d{1,2}\s*年|"
    r"[一二三四五六七八九十]{1,3}年|长期|启封|解密前)?|\s*)"
)
_LINES = 6


def secrecy(paper: Paper) -> Fact | None:
    """The marking as written, or None."""
    for row in paper.head[:_LINES]:
        for piece in re.split(r"\t|[ \u3000]{2,}", row.text):
            if row.page == paper.head[0].page and _MARK.fullmatch(piece.strip()):
                return Fact(re.sub(r"\s", "", piece), f"取自第 {row.page} 页页首密级标志")
    return None
