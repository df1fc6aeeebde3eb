"""Named values within one another (JSON, XML) as lines that people read: labels, lists, and rows of like records.

`标签：值` for a value, a line of heads and a line a record for several records of one kind, with tabs. A title stands
first. What the names mean is not asked, but names that only say "here is text" are not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

TITLES = frozenset({"标题", "题名", "题目", "title"})
UNSAID = TITLES | frozenset(
    {
        "说明", "正文", "内容", "数据", "记录", "明细", "列表", "条目", "行", "项",
        "data", "text", "content", "items", "rows", "records", "list",
    }
)  # fmt: skip
LONG = 20
"""Characters from which the values of a list have a line each."""


class Field(NamedTuple):
    """A name (or none) with a value, or with fields inside. `shown` is False for a name that is not for people."""

    name: str
    value: str = ""
    inside: tuple[Field, ...] = ()
    shown: bool = True

    @property
    def label(self) -> str:
        """The name where it says something."""
        return self.name if self.shown and self.name.lower() not in UNSAID else ""

    @property
    def is_record(self) -> bool:
        """Whether it could be the row of a table: values only, each named once."""
        names = [one.name for one in self.inside]
        return bool(names) and len(set(names)) == len(names) and not any(one.inside for one in self.inside)


def lines(field: Field) -> Iterator[str]:
    """The lines of a field and all that is inside, its title first."""
    titles = [one for one in field.inside if _is_title(one)]
    if field.value:
        yield _labelled(field)
    elif field.label and field.inside and not _is_list(field):
        yield field.label
    yield from (one.value for one in titles)
    rest = [one for one in field.inside if not _is_title(one)]
    if _is_list(field):
        yield _labelled(field._replace(value="、".join(one.value for one in rest)))
        return
    for _, run in groupby(rest, key=lambda one: (one.name, one.is_record)):
        yield from _run(list(run))


def _run(alike: Sequence[Field]) -> Iterator[str]:
    """Neighbours of one name: a table when they are records."""
    if len(alike) == 1 or not alike[0].is_record:
        for one in alike:
            yield from lines(one)
        return
    columns = {part.name: part.shown for record in alike for part in record.inside}
    if any(columns.values()):
        yield "\t".join(columns)
    for record in alike:
        values = {part.name: " ".join(part.value.split()) for part in record.inside}
        yield "\t".join(values.get(name, "") for name in columns)


def _is_title(field: Field) -> bool:
    return field.name.lower() in TITLES and bool(field.value)


def _is_list(field: Field) -> bool:
    """Short values without names of their own fit one line."""
    values = [one.value for one in field.inside if not one.name and not one.inside]
    return 1 < len(values) == len(field.inside) and all(len(value) < LONG for value in values)


def _labelled(field: Field) -> str:
    return f"{field.label}：{field.value}" if field.label else field.value
