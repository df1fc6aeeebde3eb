"""One row of a clerk's list as a proposed record, or what is wrong with it by row and column.

Series and access class are as listed, else suggested as for any other paper. Nothing is written here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archive_service.actions.list_columns import (
    DATE_FROM,
    DIRECTORY,
    HELD_AS_DESCRIPTION,
    NOTED,
    PASSED_OVER,
    TITLE_FROM,
    columns_of,
)
from archive_service.actions.list_names import Named, date_of, several
from archive_service.actions.reading import suggestion_row
from archive_service.exchange.list_files import ListRow
from archive_service.forms.field_sets import field_set
from archive_service.rulebook import RuleBook
from classification.errors import Problem
from classification.suggestion import Suggester
from storage.database.base import new_id
from storage.database.batches import Batch
from storage.database.records import Record, RecordState

NO_SECRECY = frozenset({"", "无", "公开", "非密", "内部", "一般"})
LONGEST = {"title": 600, "date": 120, "doc_number": 120, "responsible": 300}


class RecordMaker:
    """Turns rows of one list into records, collecting what is wrong with them."""

    def __init__(self, kind: str, batch: Batch, rules: RuleBook, at: datetime) -> None:
        self.problems: list[Problem] = []
        self._kind, self._rules, self._at = kind, rules, at
        self._batch_id, self._village_id, self._file = batch.id, batch.village_id, batch.source
        self._names = {column.id: column.name for column in columns_of(kind)}
        self._elements = {one.id: one for one in field_set(kind)}
        self._named = Named(rules.outline)

    def title(self, row: ListRow) -> str:
        """What the record of this row will be called."""
        return row.cells.get("title") or row.cells.get(TITLE_FROM.get(self._kind, ""), "")

    def record(self, row: ListRow, suggester: Suggester) -> Record:
        """The proposed record of one row; problems are added to `problems`."""
        cells, title = row.cells, self.title(row)
        if not title:
            self._complain(row, "title", "没有填。")
        for name, longest in LONGEST.items():
            if len(cells.get(name, "")) > longest:
                self._complain(row, name, f"超过 {longest} 个字。")
        if cells.get("listed_secrecy", "") not in NO_SECRECY:
            self._complain(row, "listed_secrecy", "有密级的材料不能存入本系统，请从清单里拿掉。")
        record = Record(
            id=new_id(), village_id=self._village_id, batch_id=self._batch_id, state=RecordState.PROPOSED,
            kind="document" if self._kind == DIRECTORY else self._kind, title=title[:600],
            doc_number=cells.get("doc_number", ""), responsible=cells.get("responsible", ""),
            people=several(cells.get("people", "")), places=several(cells.get("places", "")),
            page_count=self._pages(row), fields=self._fields(cells), note=self._note(cells),
            created_at=self._at, changed_at=self._at,
        )  # fmt: skip
        self._date(row, record)
        self._place(row, record, suggester)
        return record

    def _complain(self, row: ListRow, column: str, message: str) -> None:
        self.problems.append(Problem(f"第 {row.number} 行", self._names.get(column, column), message))

    def _pages(self, row: ListRow) -> int:
        text = row.cells.get("page_count", "0")
        if not text.isdecimal() or int(text) > 1_000_000:
            self._complain(row, "page_count", f"“{text}”不是页数，请填数字。")
            return 0
        return int(text)

    def _fields(self, cells: dict[str, str]) -> dict[str, Any]:
        return {
            id: several(text) if self._elements[id].repeat else text
            for id, text in cells.items()
            if id in self._elements and id not in HELD_AS_DESCRIPTION
        }

    def _note(self, cells: dict[str, str]) -> str:
        listed = [
            f"{column.name} {cells[column.id]}"
            for column in NOTED
            if column.id in cells and column.id not in PASSED_OVER
        ]
        return "\n".join(filter(None, (cells.get("note", ""), f"原目录：{'，'.join(listed)}。" if listed else "")))

    def _date(self, row: ListRow, record: Record) -> None:
        column = "date" if "date" in row.cells else DATE_FROM.get(self._kind, "date")
        wording, today = row.cells.get(column, ""), self._at.date()
        if not wording:
            return
        try:
            reading = date_of(wording, today)
        except ValueError as bad:
            self._complain(row, column, str(bad))
            return
        record.earliest, record.latest, record.year = reading.earliest, reading.latest, reading.latest.year
        record.date_wording, record.date_certainty = wording, reading.certainty

    def _place(self, row: ListRow, record: Record, suggester: Suggester) -> None:
        """Series and access class: as listed, else as suggested."""
        wanted = row.cells.get("series", "")
        if wanted:
            self._as_listed(row, record, wanted)
        elif not self.problems:
            suggestion = suggester.suggest(record.title, record.note, path="", kind=record.kind)
            record.access, record.confident = suggestion.access, suggestion.confident
            record.proposals = {**suggestion_row(suggestion), **self._sources(row)}
            if suggestion.series and suggestion.confident:
                self._rules.assign(record, suggestion.series[0].series_id)
        named = row.cells.get("access", "")
        if named:
            try:
                record.access = self._named.access(named)
            except ValueError as bad:
                self._complain(row, "access", str(bad))

    def _as_listed(self, row: ListRow, record: Record, wanted: str) -> None:
        try:
            series = self._rules.outline.series[self._named.series(wanted)]
        except ValueError as bad:
            self._complain(row, "series", str(bad))
            return
        self._rules.assign(record, series.id)
        record.access, record.confident = series.access, record.year is not None
        listed = {"series": series.id, "class": series.class_id, "score": 1.0, "reasons": ["清单里就是这样填的"]}
        access = {"value": series.access, "reason": "按条目的规定"}
        record.proposals = {"series": [listed], "confident": True, "access": access, **self._sources(row)}

    def _sources(self, row: ListRow) -> dict[str, Any]:
        """Where title, number and body come from, in words for the archivist."""
        source = f"取自清单“{self._file}”第 {row.number} 行"
        texts = {name: row.cells.get(name, "") for name in ("title", "doc_number", "responsible")}
        return {name: {"value": text, "source": source} if text else None for name, text in texts.items()}
