"""The printed forms by name, and the columns of those that are lists, as DA/T 22 and practice name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive_service.forms.printed.listing import Cell, Column, Listing, Row, numbered

FORMS = {
    "catalogue": "归档文件目录",
    "volumes": "案卷目录",
    "note": "备考表",
    "stamps": "归档章",
    "labels": "盒标签",
    "spines": "盒脊",
    "transfer": "移交清册",
    "use": "利用登记",
    "summary": "目录汇总",
    "statistics": "年度统计",
}

_NUMBER = Column("序号", 11, "center", whole=True)
_CODE = Column("档号", 47, whole=True)
_DATE = Column("日期", 20, "center")
_PERIOD = Column("保管期限", 22, "center")
_PAGES = Column("页数", 12, "right", whole=True, summed=True)
_REMARK = Column("备注", 20, most=8)

CATALOGUE = (
    _NUMBER, _CODE, Column("文号", 31), Column("责任者", 36), Column("题名", 76), _DATE, Column("密级", 11, "center"),
    _PAGES, _REMARK,
)  # fmt: skip
VOLUMES = (
    _NUMBER, Column("档号", 47, whole=True), Column("案卷题名", 92), Column("起止日期", 36, "center"),
    Column("总页数", 16, "right", whole=True, summed=True), _PERIOD, Column("备注", 30, most=8),
)  # fmt: skip
USE = (
    _NUMBER, Column("利用日期", 30, "center", whole=True), Column("利用人", 24), Column("档号", 47, whole=True),
    Column("题名", 68), Column("利用方式", 22, "center"), Column("利用目的", 24), Column("归还日期", 22),
    Column("利用效果", 24),
)  # fmt: skip
SUMMARY = (
    _NUMBER, Column("全宗号", 16, "center"), Column("全宗名称", 34), Column("年度", 15, "center"), Column("类别", 26),
    _PERIOD, Column("件数", 15, "right", whole=True, summed=True), Column("页数", 17, "right", whole=True, summed=True),
    Column("起始档号", 48, whole=True), Column("终止档号", 48, whole=True),
)  # fmt: skip

HANDED_OVER = ("移交单位（盖章）", "接收单位（盖章）", "监交单位（盖章）", "移交人", "接收人", "监交人")


def catalogue(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """归档文件目录."""
    return Listing(FORMS["catalogue"], CATALOGUE, numbered(rows), heading, counted="题名")


def volumes(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """案卷目录."""
    return Listing(FORMS["volumes"], VOLUMES, numbered(rows), heading, counted="案卷题名", unit="卷")


def use(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """利用登记."""
    remark = "查看和下载按操作日志填写，公开档案的查看不登记；借阅按借还登记填写。空着的栏请手写。"
    title = "档案利用登记"
    return Listing(title, USE, numbered(rows), heading, counted="题名", unit="次", remark=remark)


def summary(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """目录汇总."""
    return Listing(FORMS["summary"], SUMMARY, numbered(rows), heading, counted="全宗名称", unit="组")


def statistics(part: str, counts: Sequence[str], rows: Iterable[Row], heading: Sequence[str], remark: str) -> Listing:
    """One table of the yearly statistics: the village, then one number for each of `counts`."""
    wide = (262 - 85) / len(counts)
    columns = (
        _NUMBER, Column("乡镇", 26), Column("全宗号", 16, "center"), Column("村", 32),
        *(Column(name, wide, "right", whole=True, summed=True) for name in counts),
    )  # fmt: skip
    title = f"档案年度统计：{part}"
    return Listing(title, columns, rows, heading, counted="村", unit="个村", remark=remark)
