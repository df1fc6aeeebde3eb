"""Names in tables: in a column that is headed by a role, in the cell behind one, at the start of several rows.

A long roster is not spelt out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.facts.paper import Row
from ingest.facts.surnames import NAME_PATTERN, is_name

_ROLE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,8}(?:人|员|者|姓名|户主|畜主|代表|负责人|组长)|带班领导|值班人员|姓名|谈话对象|主任|副主任|委员|书记|"
    r"讲述|记录|经办|审核|制表)(?:[（(][^（()）]{0,8}[）)])?(?:签[字名])?[:：]?"
)
_STARTS = re.compile(rf"(?P<name>{NAME_PATTERN})(?=[ \t\u3000])")
_WITHIN = re.compile(r"[、，, \u3000\n]+")
_LARGEST_TABLE, _ROWS_ALIKE = 16, 2


def names_in_tables(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Each name with its row, where the table is small enough to be about these people."""
    yield from _of_columns(rows)
    yield from _behind_roles(rows)
    yield from _of_starts(rows)


def _of_columns(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    for place, row in enumerate(rows):
        columns = [at for at, cell in enumerate(row.text.split("\t")) if _ROLE.fullmatch(cell.strip())]
        if not columns or row.text.count("\t") < 1:
            continue
        body = [one for one in rows[place + 1 :] if one.text.count("\t") >= 1]
        if len(body) > _LARGEST_TABLE:
            return
        for one in body:
            cells = one.text.split("\t")
            yield from ((one, name) for at in columns if at < len(cells) for name in _names(cells[at]))


def _behind_roles(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """谈话对象 | 彭大贵: label and value side by side."""
    for row in rows:
        cells = [cell.strip() for cell in row.text.split("\t")]
        for label, value in pairwise(cells):
            if _ROLE.fullmatch(label) and not _ROLE.fullmatch(value):
                yield from ((row, name) for name in _names(value))


def _of_starts(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """唐家友　礼金贰元: rows that begin with a name and a blank are a list of people, if more than one does."""
    found = [(row, match["name"]) for row in rows if (match := _STARTS.match(row.text)) and is_name(match["name"])]
    if _ROWS_ALIKE <= len(found) <= _LARGEST_TABLE:
        yield from found


def _names(cell: str) -> list[str]:
    parts = [part for part in _WITHIN.split(cell.strip()) if part]
    return parts if parts and all(is_name(part) for part in parts) else []
