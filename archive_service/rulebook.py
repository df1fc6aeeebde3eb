"""The rule book at work: the outline in force, what proposes by it and by what was learned, the period of a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from classification.outline import Outline, Series, parse
from classification.retention import Retention, due_on, parse_retention, settle, starts_on
from classification.suggestion import Cues, Learned, Suggester, features
from storage.database import learning
from storage.database.outlines import OutlineVersion, outline_in_force
from storage.database.records import Record
from storage.errors import NotReady


@dataclass(frozen=True)
class RuleBook:
    """One outline version, ready for use."""

    outline_id: str
    outline: Outline
    cues: Cues

    def suggester(self, session: Session, titles: Iterable[str]) -> Suggester:
        """What proposes for papers with these titles: with what was learned of pieces of theirs, and no more."""
        pieces = {piece for title in titles for piece in features(title)}
        return Suggester(self.outline, Learned(learning.counts_of(session, pieces)), self.cues)

    def series(self, series_id: str | None) -> Series | None:
        """The series with that id, if this outline has it."""
        return self.outline.series.get(series_id) if series_id else None

    def assign(self, record: Record, series_id: str) -> None:
        """Put a record under a series of this outline, with the class, period and dates that follow."""
        series = self.outline.series[series_id]
        record.series_id, record.class_id, record.outline_id = series.id, series.class_id, self.outline_id
        self.set_period(record)

    def lacks_for_code(self, record: Record) -> str:
        """What a person must say before this record can have a code, as the end of a sentence; empty if nothing."""
        series = self.series(record.series_id)
        if series is None:
            return ""
        if settle(series.retention, record.retention_choice).kind == "split":
            return "的保管期限分两档，先选“重要的”或“一般的”再采用。"
        if self.outline.needs_project(series.class_id) and not record.fields.get("project"):
            return "的档号要用项目号，先填上项目号再采用。"
        return ""

    def set_period(self, record: Record) -> None:
        """Work out period, start and due date again from series, choice, year and event."""
        series = self.series(record.series_id)
        if series is None:
            record.retention = record.starts_on = record.due_on = None
            return
        settled = settle(series.retention, record.retention_choice)
        record.retention = settled.stored
        record.starts_on = self._start(series, record)
        record.due_on = due_on(settled, record.starts_on) if record.starts_on else None

    def _start(self, series: Series, record: Record) -> date | None:
        rule = self.outline.start_rules[series.start]
        return starts_on(rule, record.year, record.event_on) if record.year or record.event_on else None


def period_of(record: Record) -> Retention:
    """The period a record carries."""
    return parse_retention(record.retention)


_parsed: dict[str, Outline] = {}
_cues: dict[str, Cues] = {}


def outline_of(version: OutlineVersion) -> Outline:
    """The parsed outline of a stored version; a version never changes, so it is parsed once."""
    if version.id not in _parsed:
        _parsed[version.id] = parse(version.content)
    return _parsed[version.id]


def _cues_of(version: OutlineVersion) -> Cues:
    if version.id not in _cues:
        _cues[version.id] = Cues.of(outline_of(version))
    return _cues[version.id]


def rule_book(session: Session) -> RuleBook:
    """The rule book in force.

    Raises:
        NotReady: no outline has been imported.
    """
    version = outline_in_force(session)
    if version is None:
        raise NotReady("还没有导入本县的分类大纲和保管期限表。请先运行 village-archive outline import 文件。")
    return RuleBook(version.id, outline_of(version), _cues_of(version))


def rule_book_of(session: Session, outline_id: str | None) -> RuleBook:
    """The rule book that gave a record its period; the one in force where none did."""
    version = session.get(OutlineVersion, outline_id) if outline_id else None
    return RuleBook(version.id, outline_of(version), _cues_of(version)) if version else rule_book(session)


def period_label(stored: Any) -> str:
    """The stored period in words: 永久, 定期30年, 待定 …"""
    return parse_retention(stored).label
