"""The kinds of list a clerk can hand in, and the columns of each: the description every record has, then its elements.

Tables and two look-ups. What the cells mean is `archive_service.actions.list_rows`'s answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive_service.exchange.list_files import Column, plain
from archive_service.forms.field_sets import Element, field_set, field_sets
from classification.errors import RuleError

DIRECTORY = "directory"
NAMES = {
    DIRECTORY: "归档目录",
    "celebrity": "社会名人",
    "customs": "地方风俗、民俗",
    "landscape": "人文景观",
    "heritage": "文化遗产",
    "genealogy": "家族谱牒",
    "rural_change": "乡村变迁",
    "photo": "照片",
    "oral_history": "口述史",
    "document": "文书",
    "accounting": "会计档案",
    "construction": "基建项目",
    "equipment": "设备仪器",
    "audio": "录音",
    "video": "录像",
    "object": "实物",
}
"""The kinds of list, and what their sheets are called."""

DESCRIPTION = (
    Column("title", "题名", ("文件题名", "案卷题名", "项目名称", "名称"), hint="必填。一行一件。"),
    Column(
        "date", "日期", ("成文日期", "形成日期", "文件日期", "形成时间", "年度"),
        hint="照材料上的写法：2019年3月5日、一九五八年、民国三十七年、1958.3 都可以；不知道就空着。",
    ),
    Column("responsible", "责任者", ("作者", "形成者", "发文单位")),
    Column("doc_number", "文号", ("文件编号", "发文字号")),
    Column("series", "条目", ("归档范围", "条目号", "分类"), hint="大纲里的条目编号或名称；空着就由系统提建议。"),
    Column("access", "利用范围", ("公开属性",), hint="空着就按条目的规定。"),
    Column("people", "人物", ("相关人物", "涉及人员"), hint="几个人用顿号隔开。"),
    Column("places", "地点", ("相关地点",), hint="几处用顿号隔开。"),
    Column("page_count", "页数", ("页数量", "张数"), hint="数字。"),
    Column("note", "备注", ("附注", "说明")),
)  # fmt: skip
NOTED = (
    Column("listed_code", "档号", ("原档号", "案卷号")),
    Column("listed_retention", "保管期限", hint="只作记录；期限按大纲的条目确定。"),
    Column("listed_box", "盒号"),
    Column("listed_secrecy", "密级", hint="有密级的材料不能存入本系统。"),
    Column("listed_number", "件号", ("室编件号", "馆编件号", "顺序号", "序号", "编号", "页号")),
)
"""Columns of other directories: kept in the note, or passed over, never acted upon."""
PASSED_OVER = frozenset({"listed_number"})
TITLE_FROM = {
    "celebrity": "name", "customs": "local_name", "landscape": "site_name", "genealogy": "book_title",
    "rural_change": "village_name", "photo": "event", "oral_history": "topic",
}  # fmt: skip
"""The element that names a record of this kind when the list gives no title."""
DATE_FROM = {"photo": "time"}
HELD_AS_DESCRIPTION = frozenset({"code", "title", "retention", "described_by", "serial"})


def columns_of(kind: str) -> tuple[Column, ...]:
    """The columns of a list of this kind, the important ones first.

    Raises:
        RuleError: there is no such kind.
    """
    if kind == DIRECTORY:
        return (*DESCRIPTION, *NOTED)
    if kind not in field_sets():
        raise RuleError(f"没有“{kind}”这种清单；可用的有：{'、'.join(NAMES)}。没有改动。")
    taken = {plain(name) for column in DESCRIPTION for name in (column.name, *column.also)}
    return (*DESCRIPTION, *(Column(one.id, one.name, (), one.values) for one in _elements(kind, taken)))


def _elements(kind: str, taken: set[str]) -> Iterator[Element]:
    """The elements that are not columns of every list anyway."""
    for element in field_set(kind):
        if element.id not in HELD_AS_DESCRIPTION and plain(element.name) not in taken:
            yield element


def kind_of(sheet_name: str) -> str:
    """The kind that a sheet's name stands for; a directory where it says nothing."""
    return next((kind for kind, name in NAMES.items() if plain(name) == plain(sheet_name)), DIRECTORY)
