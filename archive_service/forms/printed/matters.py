"""A dossier, a ledger and a handover register as they are printed: columns, headings, room for those who sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from archive_service.forms.printed.listing import Cell, Column, Listing, Row, numbered
from classification.ledgers import Book

SIGNED_DOSSIER = ("填表人", "村党组织负责人", "村民委员会主任", "村务监督委员会主任")
SIGNED_HANDOVER = ("移交人", "接收人", "监交人", "主持（村民选举委员会）", "监督（乡镇人民政府）", "日期")
_NUMBER = Column("序号", 11, "center", whole=True)
DOSSIER = (
    Column("步", 9, "center", whole=True), Column("步骤", 42), Column("日期", 24, "center"), Column("记录", 66),
    Column("材料", 62), Column("核对", 59),
)  # fmt: skip
HANDOVER = (
    _NUMBER, Column("类别", 26), Column("名称", 90), Column("应交", 18, "right", whole=True),
    Column("实交", 18, "right", whole=True), Column("单位", 14, "center"), Column("说明", 80),
)  # fmt: skip
OWN_PROPOSAL = "核对依县日历所列规定；“外地规定”“示范取值”只供参考，不是法律规定。未检查的，是缺数或县里还没有定。"
SCOPE = "档案件数按登记人可以查看的已归档档案计。"


def dossier(name: str, heading: Sequence[str], steps: Iterable[Sequence[Cell]]) -> Listing:
    """事项卷: a row for each step."""
    rows = (Row(cells) for cells in steps)
    return Listing(name, DOSSIER, rows, heading, signed=SIGNED_DOSSIER, remark=OWN_PROPOSAL)


def ledger(book: Book, heading: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Listing:
    """A book of a year. Columns of long text are wider."""
    wide = {"topic": 50.0, "outcome": 70.0, "matter": 50.0, "content": 70.0, "handling": 50.0, "reason": 40.0}
    columns = tuple(
        Column(one.name, wide.get(one.id, 24.0), "left" if one.kind == "text" else "center") for one in book.columns
    )  # fmt: skip
    cells = ([str(row.get(one.id, "")) for one in book.columns] for row in rows)
    return Listing(book.name, (_NUMBER, *columns), numbered(cells), heading, counted=book.columns[1].name, unit="行")


def handover(title: str, heading: Sequence[str], items: Iterable[Mapping[str, Any]]) -> Listing:
    """移交清册 of a change of term or of clerk."""
    rows = (
        (
            one["part"], one["name"], "" if one["number"] is None else one["number"],
            "" if one["found"] is None else one["found"], one["unit"], one["note"],
        )
        for one in items
    )  # fmt: skip
    return Listing(title, HANDOVER, numbered(rows), heading, "名称", "项", SIGNED_HANDOVER, remark=SCOPE)


def day(on: date | None) -> str:
    """A day on paper; empty where there is none."""
    return on.isoformat() if on else ""
