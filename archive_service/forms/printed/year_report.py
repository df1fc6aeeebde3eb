"""齐全情况报告 of a village's year as it is printed: the systems with their sums, what to ask for, the lists of law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from archive_service.forms.printed.listing import Cell, Column, Listing, Row, numbered

NOT_SEEN = "未见只是这里还没有，不等于没有做。百分比是到期应有的记录中，已有或有说明的占多少。"
LISTS = "法律只列名目，没有定期限；外地另列的只约束当地，供参考。"
_NUMBER = Column("序号", 12, "center", whole=True)


def systems(
    title: str, heading: Sequence[str], states: Mapping[str, str], rows: Iterable[tuple[Sequence[Cell], bool]]
) -> Listing:
    """A row for each system, the last the sum of all. `states`: the words of the columns."""
    numbers = (Column(name, 27, "right") for name in states.values())
    columns = (Column("制度", 70), Column("%", 16, "right", whole=True), *numbers)
    made = (Row(cells, sum=is_sum) for cells, is_sum in rows)
    return Listing(title, columns, made, heading, remark=NOT_SEEN)


def to_ask(rows: Iterable[Sequence[Cell]]) -> Listing:
    """What is due and not seen, and whom to ask for it."""
    columns = (_NUMBER, Column("向谁要", 45), Column("记录", 95), Column("所属期间", 70), Column("期限", 28, "center"))
    return Listing("到期未见，可以向谁要", columns, numbered(rows), counted="记录", unit="项")


def statutory(rows: Iterable[Sequence[Cell]]) -> Listing:
    """The lists of law, and those of other places."""
    columns = (
        _NUMBER, Column("内容", 95), Column("本年度件数", 30, "right"), Column("历年件数", 30, "right"),
        Column("出处", 60),
    )  # fmt: skip
    return Listing("村务档案内容", columns, numbered(rows), remark=LISTS)
