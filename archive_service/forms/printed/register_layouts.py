"""The forms of appraisal and destruction: the register, its entries, the opinions.

Columns of the register as its general form has them, those of accounting as 《会计档案管理办法》 names them, both
read in copies; the layouts are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive_service.forms.printed.listing import Cell, Column, Listing, numbered

REGISTER, OPINIONS, REPORT, ENTRIES = "档案销毁清册", "档案鉴定意见表", "档案鉴定工作报告", "附记"

_NUMBER = Column("序号", 11, "center", whole=True)
_CODE = Column("档号", 42, whole=True)
_PAGES = Column("页数", 11, "right", whole=True, summed=True)
_COPIES = Column("份数", 11, "right", whole=True, summed=True)
_REMARK = Column("备注", 26, most=8)

ROWS = (
    _NUMBER, _CODE, Column("文号", 24), Column("责任者", 26), Column("题名", 58), Column("所属年度", 12, "center"),
    Column("形成时间", 20, "center", whole=True), Column("应保管期限", 16, "center"),
    Column("已保管期限", 16, "center"), _PAGES, _COPIES, Column("密级", 11, "center"), Column("销毁原因", 34), _REMARK,
)  # fmt: skip
ACCOUNTING_ROWS = (
    _NUMBER, Column("名称", 70), Column("卷号", 24), Column("册数", 12, "right", whole=True, summed=True),
    Column("起止年度", 26, "center"), Column("档案编号", 46, whole=True), Column("应保管期限", 20, "center"),
    Column("已保管期限", 20, "center"), Column("销毁时间", 24, "center"), _REMARK,
)  # fmt: skip
ENTRY_ROWS = (
    _NUMBER, Column("时间", 34, "center", whole=True), Column("事项", 30), Column("席位", 34), Column("姓名", 24),
    Column("档号", 44, whole=True), Column("说明", 66),
)  # fmt: skip
OPINION_ROWS = (
    _NUMBER, _CODE, Column("题名", 66), Column("保管期限", 18, "center"), Column("到期日", 22, "center"),
    Column("鉴定意见", 44), Column("复核意见", 44), Column("结果", 20, "center"), Column("理由", 40),
)  # fmt: skip
UNDER_ROWS = "退出清册的行不删除，在“备注”和附记里注明；批准只涵盖其余各行。"


def register(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """销毁清册."""
    return Listing(REGISTER, ROWS, numbered(rows), heading, counted="题名", remark=UNDER_ROWS)


def accounting_register(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """销毁清册 of accounting records."""
    return Listing("会计档案销毁清册", ACCOUNTING_ROWS, numbered(rows), heading, counted="名称", remark=UNDER_ROWS)


def entries(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """What was written behind a register after its submission."""
    return Listing(ENTRIES, ENTRY_ROWS, numbered(rows), heading)


def opinions(rows: Iterable[Sequence[Cell]], heading: Sequence[str], signed: Sequence[str]) -> Listing:
    """鉴定意见表."""
    return Listing(OPINIONS, OPINION_ROWS, numbered(rows), heading, counted="题名", signed=signed)
