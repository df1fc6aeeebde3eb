"""An edited list of records read back: what each row would change, or what is wrong with it by row and column.

A row that nobody touched does nothing, whatever others did to its record meanwhile. A row that was touched and whose
record others changed meanwhile is a conflict. Rows that say what the record says already do nothing, so that the same
list again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from archive_service.actions import catalogue, revising
from archive_service.actions.list_names import Named, date_of, several
from archive_service.actions.list_rows import LONGEST
from archive_service.actions.record_lists import KEY, REASON, SHOWN, cells_of, clean, mark_of
from archive_service.exchange.list_files import Column, ListRow
from archive_service.forms.field_sets import field_sets
from archive_service.forms.kinds import form_kind
from archive_service.permissions import Actor, Forbidden
from archive_service.rulebook import RuleBook
from classification.errors import Problem
from classification.retention import SPLIT_LABELS
from storage.database.records import Record, RecordState

_KEY = re.compile(r"([0-9a-f]{32})-([0-9a-f]{8})")
_NEVER_COMPARED = frozenset({KEY.id, REASON.id, *(one.id for one in SHOWN)})
_BARE_YEAR = re.compile(r"[12]\d{3}")
CHOICES = {label: id for id, label in SPLIT_LABELS.items()} | {id: id for id in SPLIT_LABELS}
LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row would change: each column with its text before and after, and the change as `describe` takes it."""

    number: int
    record: Record
    lines: tuple[tuple[str, str, str], ...]
    changes: dict[str, Any]
    reason: str

    @property
    def revises(self) -> bool:
        """Whether the record is archived, so that a new version is due."""
        return self.record.state == RecordState.ARCHIVED


@dataclass
class ChangeReader:
    """Judges rows, collecting what is wrong with them."""

    session: Session
    actor: Actor
    rules: RuleBook
    columns: Mapping[str, Column]
    at: datetime
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._named = Named(self.rules.outline)
        self._rows: dict[str, int] = {}
        sets = field_sets().items()
        self._repeating = {f"{kind}.{one.id}" for kind, elements in sets for one in elements if one.repeat}

    def complain(self, row: ListRow, column: str, message: str) -> None:
        """Note what is wrong with a cell."""
        name = self.columns[column].name if column in self.columns else ""
        self.problems.append(Problem(f"第 {row.number} 行", name, message))

    def id_of(self, row: ListRow) -> str:
        """The record a row speaks of; empty, with a complaint, where it names none or one named before."""
        fits = _KEY.fullmatch(row.cells.get(KEY.id, ""))
        if fits is None:
            self.complain(row, KEY.id, "认不出是哪一件：新加的行请另做一份清单导入，编号不能改。")
            return ""
        before = self._rows.setdefault(fits[1], row.number)
        if before != row.number:
            self.complain(row, KEY.id, f"这一件在第 {before} 行已经有了。")
            return ""
        return fits[1]

    def change(self, row: ListRow, found: Record | None) -> RowChange | None:
        """What this row changes of its record; None where it changes nothing or cannot be taken."""
        if found is None:
            self.complain(row, KEY.id, "没有这件档案，或者您不能查看它。")
            return None
        now = cells_of(found, self.rules.outline)
        wanted = {id: clean(text) for id, text in row.cells.items() if id not in _NEVER_COMPARED}
        differing = [id for id, text in wanted.items() if self._meant(id, text) != self._meant(id, now.get(id, ""))]
        mark = row.cells[KEY.id].rpartition("-")[2]
        if not differing or mark_of(wanted) == mark:
            return None
        if mark_of(now) != mark:
            who = found.described_by or "系统"
            self.complain(row, differing[0], f"这一件导出以后被{who}改过，没有覆盖；请重新导出再改这一行。")
            return None
        return self._checked(row, found, differing, now)

    def _meant(self, id: str, text: str) -> str:
        """A cell as the record would hold it, so that two ways to write the same are the same."""
        try:
            match id:
                case "series" if text:
                    return self._named.series(text)
                case "access" if text:
                    return self._named.access(text)
                case "people" | "places":
                    return "、".join(several(text))
                case "choice":
                    return CHOICES.get(text, text)
                case "date" if _BARE_YEAR.fullmatch(text):
                    return f"{text}年"
        except ValueError:
            return text
        return "、".join(several(text)) if id in self._repeating else text

    def _checked(self, row: ListRow, found: Record, differing: list[str], now: dict[str, str]) -> RowChange | None:
        before = len(self.problems)
        self._allowed(row, found, differing)
        changes: dict[str, Any] = {}
        for id in differing:
            try:
                self._take(changes, found, id, self._meant(id, clean(row.cells[id])))
            except ValueError as bad:
                self.complain(row, id, str(bad))
        if len(self.problems) > before:
            return None
        lines = tuple((self.columns[id].name, now.get(id, ""), clean(row.cells[id])) for id in differing)
        return RowChange(row.number, found, lines, changes, clean(row.cells.get(REASON.id, "")))

    def _allowed(self, row: ListRow, found: Record, differing: list[str]) -> None:
        try:
            catalogue.may_open(self.actor, found)
            if found.state == RecordState.ARCHIVED:
                revising.may_revise(self.actor, found)
        except Forbidden as refused:
            self.complain(row, KEY.id, str(refused))
            return
        if found.state == RecordState.ARCHIVING:
            self.complain(row, KEY.id, "这一件正在归档，请稍后再导入。")
        elif found.state == RecordState.ARCHIVED:
            for id in set(differing) & {"series", "choice", "project"}:
                self.complain(row, id, "已经归档，档号和期限由它而来，不再改。")
            if not clean(row.cells.get(REASON.id, "")):
                self.complain(row, REASON.id, "这一件已经归档，改动要写明理由。")

    def _take(self, changes: dict[str, Any], found: Record, id: str, text: str) -> None:
        """Add to `changes` what a cell says.

        Raises:
            ValueError: it cannot be taken; the message follows the name of the column.
        """
        if len(text) > LONGEST.get(id, LONGEST_NOTE):
            raise ValueError(f"超过 {LONGEST.get(id, LONGEST_NOTE)} 个字。")
        match id:
            case "title" if not text:
                raise ValueError("没有填。")
            case "date":
                if text:
                    date_of(text, self.at.date())
                changes[id] = text
            case "series":
                changes[id] = self._series(text)
            case "access":
                changes[id] = self._named.access(text)
            case "choice":
                if text and text not in CHOICES:
                    raise ValueError(f"“{text}”不认识；可填：{'、'.join(SPLIT_LABELS.values())}，或空着。")
                changes[id] = CHOICES.get(text, "")
            case "people" | "places":
                changes[id] = several(text)
            case "title" | "responsible" | "doc_number" | "note":
                changes[id] = text
            case _:
                changes.setdefault("fields", {}).update(self._element(found, id, text))

    def _series(self, text: str) -> str:
        if not text:
            raise ValueError("条目不能改成空的。")
        return self._named.series(text)

    def _element(self, found: Record, id: str, text: str) -> dict[str, Any]:
        kind, _, name = id.rpartition(".")
        own = form_kind(self.rules.outline, found.class_id, found.kind)
        if kind not in ("", own):
            raise ValueError("这一件没有这一项，请空着。")
        return {name: several(text) if id in self._repeating else text}
