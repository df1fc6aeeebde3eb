"""Plain rows to outline values: every cell that cannot be read is noted with its place and column, and reading goes on.

Whether the values fit each other is asked in `outline_checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TypeVar

from classification.errors import Problem, RuleError
from classification.outline_model import (
    Document,
    EvidenceRow,
    EvidenceSource,
    Named,
    Outline,
    OutlineClass,
    RetentionValue,
    Series,
)
from classification.retention import OLD_TERMS, OPEN, Retention, StartRule, parse_retention
from classification.templates import DEFAULT_PARTS, Template

Row = Mapping[str, object]
Made = TypeVar("Made")

LISTS = {
    "retention_values": "保管期限值",
    "events": "事件",
    "start_rules": "起算规则",
    "access_classes": "利用范围",
    "creators": "立档单位",
    "code_templates": "档号模板",
    "classes": "类目",
    "series": "归档范围条目",
    "evidence_sources": "依据来源",
    "evidence_rows": "依据条目",
}
LONGEST_TEXT = 4000


class Reader:
    """Reads one document. `problems` are what could not be read; `places` is where each list's ids stand."""

    def __init__(self, document: Row) -> None:
        self.source = document
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.places: dict[tuple[str, str], str] = {}

    def read(self) -> Outline:
        """The outline as far as it can be read; what could not be is in `problems`."""
        parts = {**DEFAULT_PARTS, **self._code_parts()}
        document = self._document()
        values = {one.id: one for one in self._all("retention_values", self._value)}
        return Outline(
            document=document,
            retention_values=values,
            events=self._keyed("events", self._named),
            start_rules=self._keyed("start_rules", self._start_rule),
            access_classes=self._keyed("access_classes", self._named),
            creators=self._keyed("creators", self._named),
            templates=self._keyed("code_templates", lambda row, at: self._template(row, at, parts)),
            classes=self._keyed("classes", self._class),
            series=self._keyed("series", self._series),
            evidence_sources=self._keyed("evidence_sources", self._source),
            evidence_rows=self._keyed("evidence_rows", self._evidence),
            # A list that is filled while the series are read: old terms only warn.
            warnings=tuple(self.warnings),
        )

    # -- lists

    def _keyed(self, name: str, make: Callable[[Row, str], Made]) -> dict[str, Made]:
        return {str(getattr(one, "id", "")): one for one in self._all(name, make)}

    def _all(self, name: str, make: Callable[[Row, str], Made]) -> Iterator[Made]:
        rows = self.source.get(name)
        required = name in ("classes", "series", "retention_values", "start_rules", "access_classes", "code_templates")
        if rows is None and not required:
            return
        if not isinstance(rows, list | tuple) or (required and not rows):
            self._problem(LISTS[name], name, "没有这张表，或表是空的")
            return
        for number, row in enumerate(rows, 1):
            place = f"{LISTS[name]}第{number}行"
            if not isinstance(row, Mapping):
                self._problem(place, "", "这一行不是“列名：值”的形式")
                continue
            yield from self._one(name, row, place, make)

    def _one(self, name: str, row: Row, place: str, make: Callable[[Row, str], Made]) -> Iterator[Made]:
        place = str(row.get("_place") or place)
        row_id = self._id(name, row)
        if not row_id:
            self._problem(place, "id", "没有编号")
            return
        if name != "retention_values":
            place = f"{place}（{row_id}）"
        if (name, row_id) in self.places:
            self._problem(place, "id", f"编号“{row_id}”重复，前一处在{self.places[name, row_id]}")
            return
        self.places[name, row_id] = place
        yield make(row, place)

    @staticmethod
    def _id(name: str, row: Row) -> str:
        found = row.get("id")
        if name == "retention_values":
            return "open" if found in (None, "", "null", "待定") else str(found)
        return str(found).strip() if found is not None else ""

    def _problem(self, place: str, column: str, message: str) -> None:
        self.problems.append(Problem(place, column, message))

    # -- cells

    def _text(self, row: Row, column: str, place: str, required: bool = False) -> str:
        value = row.get(column)
        if value is None or value == "":
            if required:
                self._problem(place, column, "必须填写")
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._problem(place, column, "应为文字")
            return ""
        words = str(value).strip()
        if len(words) > LONGEST_TEXT:
            self._problem(place, column, f"超过 {LONGEST_TEXT} 字")
        return words

    def _texts(self, row: Row, column: str, place: str) -> tuple[str, ...]:
        value = row.get(column)
        if value is None or value == "":
            return ()
        if isinstance(value, str):
            return tuple(
                filter(None, (part.strip() for part in value.replace("；", ";").replace("\n", ";").split(";")))
            )
        if isinstance(value, list | tuple) and all(isinstance(one, str | int) for one in value):
            return tuple(str(one).strip() for one in value)
        self._problem(place, column, "应为若干词，用分号隔开")
        return ()

    def _date(self, row: Row, column: str, place: str) -> date | None:
        value = row.get(column)
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return date(value.year, value.month, value.day)
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            self._problem(place, column, f"“{value}”不是日期，应写成 2026-01-01")
            return None

    def _number(self, row: Row, column: str, place: str) -> int | None:
        value = row.get(column)
        if value is None or value == "":
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            return int(value)
        self._problem(place, column, f"“{value}”不是整数")
        return None

    def _pair(self, row: Row, column: str, place: str) -> tuple[str, str]:
        """A bilingual cell: (Chinese, English); a plain text is Chinese."""
        value = row.get(column)
        if isinstance(value, Mapping):
            return self._text(value, "zh", f"{place}·{column}", required=True), self._text(value, "en", place)
        return self._text(row, column, place), ""

    # -- rows

    def _document(self) -> Document:
        place, row = "文件说明", self.source.get("document")
        if not isinstance(row, Mapping):
            self._problem(place, "document", "没有文件说明（编号、版本、性质、名称、施行日期）")
            row = {}
        kind = self._text(row, "kind", place, required=True)
        if kind not in ("", "model", "county"):
            self._problem(place, "kind", f"“{kind}”应为 model（示范）或 county（本县）")
        title, title_en = self._pair(row, "title", place)
        county = row.get("county")
        return Document(
            id=self._text(row, "id", place, required=True),
            version=self._text(row, "version", place, required=True),
            kind="county" if kind == "county" else "model",
            title=title,
            title_en=title_en,
            banner=self._text(row, "banner_zh", place),
            banner_en=self._text(row, "banner_en", place),
            county=self._pair(row, "county", place)[0],
            fictional=isinstance(county, Mapping) and county.get("fictional") is True,
            issued_by=self._text(row, "issued_by", place),
            issued_number=self._text(row, "issued_number", place),
            effective_from=self._date(row, "effective_from", place),
            effective_to=self._date(row, "effective_to", place),
            supersedes=self._text(row, "supersedes", place),
        )

    def _code_parts(self) -> dict[str, str]:
        parts = self.source.get("code_parts")
        if parts is None:
            return {}
        if not isinstance(parts, Mapping):
            self._problem("档号组成", "code_parts", "应为“部分：形式”的表")
            return {}
        return {str(name): self._form(str(name), str(form)) for name, form in parts.items()}

    def _form(self, name: str, form: str) -> str:
        try:
            re.compile(form)
        except re.error:
            self._problem("档号组成", name, f"“{form}”不是有效的形式")
            return "[A-Z0-9]+"
        return form

    def _value(self, row: Row, place: str) -> RetentionValue:
        return RetentionValue(
            id=self._id("retention_values", row),
            name=self._text(row, "zh", place, required=True),
            code=self._text(row, "code", place) or None,
            years=self._number(row, "years", place),
        )

    def _named(self, row: Row, place: str) -> Named:
        name = self._text(row, "zh", place, required=True)
        return Named(self._text(row, "id", place), name, self._text(row, "who", place))

    def _start_rule(self, row: Row, place: str) -> StartRule:
        rule_id, name = self._text(row, "id", place), self._text(row, "zh", place, required=True)
        evidence, ends = self._text(row, "evidence", place), row.get("fiscal_year_end")
        if ends is None:
            return StartRule(rule_id, name, evidence)
        if isinstance(ends, Mapping):
            month, day = self._number(ends, "month", place), self._number(ends, "day", place)
            if month and day and 1 <= month <= 12 and 1 <= day <= 31:
                return StartRule(rule_id, name, evidence, (month, day))
        self._problem(place, "fiscal_year_end", "会计年度终了日应写明月（1—12）和日（1—31）")
        return StartRule(rule_id, name, evidence)

    def _template(self, row: Row, place: str, parts: Mapping[str, str]) -> Template:
        cells = {name: self._text(row, name, place) for name in ("id", "zh", "counter", "inner_counter", "example")}
        pattern = self._text(row, "pattern", place, required=True)
        try:
            return Template(
                pattern, cells["id"], cells["zh"], cells["counter"], cells["inner_counter"], cells["example"], parts
            )
        except RuleError as error:
            if pattern:
                self._problem(place, "pattern", str(error))
            return Template("{item}", cells["id"])

    def _class(self, row: Row, place: str) -> OutlineClass:
        return OutlineClass(
            id=self._text(row, "id", place),
            code=self._text(row, "code", place, required=True),
            name=self._text(row, "zh", place, required=True),
            parent=self._text(row, "parent", place) or None,
            template=self._text(row, "template", place),
            history_kind=self._text(row, "history_kind", place),
            name_en=self._text(row, "en", place),
            note=self._text(row, "note", place),
        )

    def _series(self, row: Row, place: str) -> Series:
        texts = {name: self._texts(row, name, place) for name in ("creators", "basis", "keywords", "kinds", "examples")}
        return Series(
            id=self._text(row, "id", place),
            class_id=self._text(row, "class", place, required=True),
            name=self._text(row, "zh", place, required=True),
            retention=self._retention(row, place),
            start=self._text(row, "start", place, required=True),
            access=self._text(row, "access", place, required=True),
            confidence=self._text(row, "confidence", place),
            note=self._text(row, "note", place),
            name_en=self._text(row, "en", place),
            serves=self._texts(row, "serves", place),
            place=place,
            **texts,
        )

    def _retention(self, row: Row, place: str) -> Retention:
        if "retention" not in row:
            self._problem(place, "retention", "没有保管期限一栏；未定的请写 待定")
            return OPEN
        try:
            retention = parse_retention(row["retention"])
        except RuleError as error:
            self._problem(place, "retention", str(error))
            return OPEN
        for one in (retention, *(part for _, part in retention.parts)):
            if one.kind == "years" and one.years in OLD_TERMS:
                said = f"“{one.label}”是旧会计档案期限，现行表已无此值，请核对"
                self.warnings.append(Problem(place, "retention", said))
        return retention

    def _source(self, row: Row, place: str) -> EvidenceSource:
        name = self._text(row, "zh", place, required=True)
        return EvidenceSource(self._text(row, "id", place), name, row.get("names_only") is True)

    def _evidence(self, row: Row, place: str) -> EvidenceRow:
        source = self._text(row, "source", place, required=True)
        text, term = self._text(row, "zh", place, required=True), self._text(row, "term_as_read", place)
        return EvidenceRow(self._text(row, "id", place), source, text, term or None)
