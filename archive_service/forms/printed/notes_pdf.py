"""备考表 of a box and 卷内备考表 of a volume, a page each: what is known is printed, the rest is ruled for a pen."""

from __future__ import annotations

from collections.abc import Iterable

from archive_service.forms.printed.cards import Box
from archive_service.forms.printed.paper import HAIR, RULE, SANS, SERIF, Paper, nothing

LEAD = 10.5
"""Distance of the ruled lines."""
BODY = 11.5


def draw(paper: Paper, boxes: Iterable[Box]) -> int:
    """A note for each box; returns how many."""
    for box in boxes:
        _note(paper, box)
    return paper.pages_count or nothing(paper)


def statement(box: Box) -> str:
    """What the program knows of the box, in a sentence or two."""
    what = "本卷" if box.volume else "本盒"
    known = f"{what}共有文件 {box.records} 件，{box.pages} 页。档号 {box.codes()}。"
    return known + "".join(f"{remark}。" for remark in box.remarks)


def _note(paper: Paper, box: Box) -> None:
    paper.add_page()
    left, whole = paper.left, paper.right - paper.left
    title = "卷 内 备 考 表" if box.volume else "备 考 表"
    paper.put(title, left, paper.top + 12, 20, SERIF, "center", whole)
    above = f"全宗号：{box.fonds}　　{box.village}　　{box.year}年　　{box.topic}　　保管期限：{box.period}"
    paper.put(above, left, paper.top + 22, paper.fitted(above, whole, 9, SANS), SANS)
    top, bottom = paper.top + 26, paper.bottom - 12
    paper.set_line_width(RULE)
    paper.rect(left, top, whole, bottom - top)
    paper.put("本卷情况说明：" if box.volume else "盒内文件情况说明：", left + 5, top + 9, BODY, SANS)
    _ruled(paper, box, top + 9, bottom - 38)
    signs = ("立卷人", "立卷时间") if box.volume else ("整理人", "整理日期")
    for row, (who, when) in enumerate((signs, ("检查人", "检查日期"))):
        y = bottom - 23 + row * 14
        _blank(paper, who, left + 60, y, 42)
        _blank(paper, when, left + 108, y, whole - 113)


def _ruled(paper: Paper, box: Box, y: float, end: float) -> None:
    room = paper.right - paper.left - 10
    known = paper.lines("　　" + statement(box), room, BODY)
    paper.set_line_width(HAIR)
    while y + LEAD <= end:
        y += LEAD
        if known:
            paper.put(known.pop(0), paper.left + 5, y - 2.2, BODY)
        paper.line(paper.left + 5, y, paper.right - 5, y)


def _blank(paper: Paper, name: str, x: float, y: float, wide: float) -> None:
    paper.put(f"{name}：", x, y, 10.5, SERIF)
    start = x + paper.width_of(f"{name}：", 10.5)
    paper.set_line_width(HAIR)
    paper.line(start, y + 0.8, x + wide, y + 0.8)
