"""The list of records as a table to be edited: which records, which columns, and the text of every cell.

A cell says what the record says in the words of the list; `list_changes` reads it back. The first cell of a row holds
the record's id and a mark of what the row said, so that a row nobody touched and a row that others changed are told
apart.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside, within
from archive_service.actions.list_columns import DESCRIPTION, HELD_AS_DESCRIPTION, NAMES
from archive_service.exchange.list_files import Column
from archive_service.forms.field_sets import field_set
from archive_service.forms.kinds import form_kind
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from archive_service.rulebook import RuleBook
from classification.outline import Outline
from classification.retention import SPLIT_LABELS
from storage.database.organisations import villages
from storage.database.records import Record

KEY = Column("key", "编号（勿改）", hint="系统用来认出这一件；改了就认不出了。")
SHOWN = (
    Column("village", "村（只看）", hint="只供查看，改了不起作用。"),
    Column("state", "状态（只看）", hint="只供查看，改了不起作用。"),
    Column("code", "档号（只看）", hint="只供查看，改了不起作用。"),
    Column("page_count", "页数（只看）", hint="只供查看，改了不起作用。"),
    Column("restriction", "捐赠人限制（只看）", hint="只供查看，改了不起作用；在档案的页面上设定或解除。"),
)
CHOICE = Column("choice", "重要或一般", (), tuple(SPLIT_LABELS.values()), hint="条目分两档期限时填。")
PROJECT = Column("project", "项目号", hint="基建项目、设备按项目编档号时填。")
REASON = Column("reason", "修改理由", hint="改已经归档的，必须写；会记进历史，另存新版本。")
DESCRIBED = (*(one for one in DESCRIPTION if one.id != "page_count"), CHOICE, PROJECT)
"""What every record can say of itself."""
STATES = {"proposed": "待整理", "accepted": "已采用", "archiving": "归档中", "archived": "已归档"}
LONGEST_CELL = 32_000
A_TIME = 500
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are listed; what is left out does not narrow."""

    village_id: str | None = None
    batch_id: str | None = None
    state: str | None = None
    kind: str | None = None
    class_id: str | None = None
    series_id: str | None = None
    first_year: int | None = None
    last_year: int | None = None


def chosen(actor: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """The condition on records: within the actor's scope and village, and as wanted."""
    given = {
        Record.village_id: wanted.village_id,
        Record.batch_id: wanted.batch_id,
        Record.state: wanted.state,
        Record.kind: wanted.kind,
        Record.series_id: wanted.series_id,
    }
    here = within(Record.village_id, reach(actor, Permission.CATALOGUE))
    parts = [inside(scope_of(actor)), here, *(column == value for column, value in given.items() if value)]
    if wanted.class_id:
        parts.append((Record.class_id == wanted.class_id) | Record.class_id.startswith(f"{wanted.class_id}-"))
    if wanted.first_year is not None:
        parts.append(Record.year >= wanted.first_year)
    if wanted.last_year is not None:
        parts.append(Record.year <= wanted.last_year)
    return and_(*parts)


def list_columns(session: Session, actor: Actor, wanted: Wanted, rules: RuleBook) -> tuple[Column, ...]:
    """The columns of the list: those of every record, then the elements of the kinds that occur.

    Raises:
        Forbidden: the actor does not catalogue.
    """
    check(actor, Permission.CATALOGUE)
    found = session.execute(select(Record.class_id, Record.kind).where(chosen(actor, wanted)).distinct())
    kinds = sorted({form_kind(rules.outline, class_id, kind) for class_id, kind in found})
    return (KEY, *SHOWN, *DESCRIBED, *elements(kinds), REASON)


def all_columns(kinds: Sequence[str]) -> tuple[Column, ...]:
    """Every column that a list with records of these kinds may have."""
    return (KEY, *SHOWN, *DESCRIBED, *elements(kinds), REASON)


def elements(kinds: Sequence[str]) -> Iterator[Column]:
    """The elements of these kinds; two kinds may name theirs alike, so the kind stands before."""
    for kind in kinds:
        for one in field_set(kind):
            if one.id not in HELD_AS_DESCRIPTION:
                yield Column(f"{kind}.{one.id}", f"{NAMES.get(kind, kind)}：{one.name}", (), one.values)


def list_rows(
    session: Session, actor: Actor, wanted: Wanted, rules: RuleBook, columns: Sequence[Column]
) -> Iterator[list[str]]:
    """The rows in the order of the columns, read a few hundred at a time; memory does not grow with the list."""
    homes = {home.id: home.name for home in villages(session)}
    condition, after = chosen(actor, wanted), ""
    while found := session.scalars(
        select(Record).where(condition, Record.id > after).order_by(Record.id).limit(A_TIME)
    ).all():
        for one in found:
            cells = {**cells_of(one, rules.outline), **_shown(one, homes)}
            yield [cells.get(column.id, "") for column in columns]
        after = found[-1].id
        session.expunge_all()


def _shown(found: Record, homes: Mapping[str, str]) -> dict[str, str]:
    return {
        "village": homes[found.village_id],
        "state": STATES.get(found.state, found.state),
        "code": found.code or "",
        "page_count": str(found.page_count or ""),
        "restriction": clean(found.restriction["text"]) if found.restriction else "",
    }


def cells_of(found: Record, outline: Outline) -> dict[str, str]:
    """What a record says in the cells of a list, its key too; cells with nothing in them are left out."""
    kind = form_kind(outline, found.class_id, found.kind)
    access = outline.access_classes.get(found.unrestricted_access)
    said = {
        "title": found.title,
        "date": found.date_wording,
        "responsible": found.responsible,
        "doc_number": found.doc_number,
        "series": found.series_id or "",
        "access": access.name if access else found.unrestricted_access,
        "people": "、".join(map(str, found.people)),
        "places": "、".join(map(str, found.places)),
        "note": found.note,
        "choice": SPLIT_LABELS.get(found.retention_choice or "", ""),
        "project": in_cell(found.fields.get("project")),
        **{
            f"{kind}.{one.id}": in_cell(found.fields.get(one.id))
            for one in field_set(kind)
            if one.id not in HELD_AS_DESCRIPTION
        },
    }
    cells = {id: text for id, value in said.items() if (text := clean(value))}
    return {"key": f"{found.id}-{mark_of(cells)}", **cells}


def in_cell(value: object) -> str:
    """A value of an element as one cell."""
    return "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def clean(text: str) -> str:
    """A cell as it is compared: what a workbook cannot hold is left out."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n")).strip()[:LONGEST_CELL]


def mark_of(cells: Mapping[str, str]) -> str:
    """Eight digits that change with anything a row says of its record."""
    outside = {KEY.id, REASON.id, *(one.id for one in SHOWN)}
    told = "\x1f".join(f"{id}\x1e{text}" for id, text in sorted(cells.items()) if text and id not in outside)
    return hashlib.sha256(told.encode()).hexdigest()[:8]
