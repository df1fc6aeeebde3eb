"""The values of a county's outline 分类大纲 and retention table 保管期限表: classes, series, terms, evidence.

`outline.parse` makes them from a document. Nothing here says whether a term is right: that is the county's to decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from classification.errors import Problem, RuleError
from classification.retention import Change, Evidence, Retention, RetentionFacts, StartRule, settle, starts_on
from classification.templates import Template

MARKS = {"reported": "据报道转述，待核", "weak": "参考", "model": "示范取值"}
"""What may be shown beside a term, by the confidence of its row; `analogy` names the table it is taken from."""
COUNTY_MARK = "本县规定"


@dataclass(frozen=True, slots=True)
class Document:
    """Which document this is. `banner` is never empty when `kind` is model: a model may not pass for law."""

    id: str
    version: str
    kind: Literal["model", "county"]
    title: str
    title_en: str = ""
    banner: str = ""
    banner_en: str = ""
    county: str = ""
    fictional: bool = False
    issued_by: str = ""
    issued_number: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    supersedes: str = ""


@dataclass(frozen=True, slots=True)
class RetentionValue:
    """One period the document allows, with its name and the letter it has in codes."""

    id: str
    name: str
    code: str | None
    years: int | None


@dataclass(frozen=True, slots=True)
class Named:
    """An event, access class or creator of the document: its id and its Chinese name (`who`: who may see it)."""

    id: str
    name: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class OutlineClass:
    """One class 类目. `history_kind` names the field set of a village-history class, else empty."""

    id: str
    code: str
    name: str
    parent: str | None
    template: str
    history_kind: str = ""
    name_en: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One entry of the scope list 归档范围条目: what is filed, for how long, for whom, how recognised."""

    id: str
    class_id: str
    name: str
    retention: Retention
    start: str
    access: str
    creators: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    confidence: str = ""
    keywords: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    note: str = ""
    name_en: str = ""
    serves: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A row of another table that a term rests on; `term` is the period read there, None where it names none."""

    id: str
    source: str
    text: str
    term: str | None


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """What a source is worth; `names_only` = it lists what to keep and gives no period."""

    id: str
    name: str
    names_only: bool = False


@dataclass(frozen=True)
class Outline:
    """A whole county document, checked. `warnings` are to be shown but do not stop an import."""

    document: Document
    classes: dict[str, OutlineClass]
    series: dict[str, Series]
    templates: dict[str, Template]
    retention_values: dict[str, RetentionValue]
    events: dict[str, Named]
    start_rules: dict[str, StartRule]
    access_classes: dict[str, Named]
    creators: dict[str, Named]
    evidence_rows: dict[str, EvidenceRow]
    evidence_sources: dict[str, EvidenceSource]
    warnings: tuple[Problem, ...] = field(default=())

    def ancestors(self, class_id: str) -> tuple[OutlineClass, ...]:
        """The class and those above it, from the top. Raises RuleError for an id the outline does not have."""
        chain: list[OutlineClass] = []
        current: str | None = class_id
        while current is not None:
            if current not in self.classes:
                raise RuleError(f"大纲里没有类目“{current}”。")
            chain.append(self.classes[current])
            current = self.classes[current].parent
        return tuple(reversed(chain))

    def class_path(self, class_id: str) -> tuple[str, ...]:
        """The names of the class and those above it, from the top: 文书, 党群工作."""
        return tuple(one.name for one in self.ancestors(class_id))

    def retention_label(self, retention: Retention) -> str:
        """The document's own name of a period, else the usual one."""
        value = self.retention_values.get(retention_key(retention))
        return value.name if value and retention.kind in ("permanent", "years") else retention.label

    def needs_project(self, class_id: str) -> bool:
        """Whether codes of this class carry a project number, which only a person can say."""
        return "project" in self.templates[self.ancestors(class_id)[-1].template].names

    def retention_code(self, retention: Retention) -> str | None:
        """The letter of a period inside codes, as the document gives it, else the usual one; None if it has none."""
        value = self.retention_values.get(retention_key(retention))
        return value.code if value and value.code else retention.code

    def mark(self, series: Series) -> str:
        """What the evidence of a series is worth, in the words that may stand beside its term."""
        if series.confidence == "analogy":
            names = dict.fromkeys(row.source for row in self.evidence(series))
            return "类推自" + "、".join(names) if names else "参考"
        fallback = "示范取值" if self.document.kind == "model" else COUNTY_MARK
        return MARKS.get(series.confidence, fallback)

    def evidence(self, series: Series) -> tuple[Evidence, ...]:
        """The rows a series rests on, with their sources. The word `model` is no row."""
        rows = (self.evidence_rows[one] for one in series.basis if one in self.evidence_rows)
        return tuple(self._evidence(row) for row in rows)

    def _evidence(self, row: EvidenceRow) -> Evidence:
        source = self.evidence_sources.get(row.source)
        return Evidence(
            source.name if source else row.source, row.text, row.term, source.names_only if source else False
        )

    def retention_facts(
        self,
        series_id: str,
        year: int | None,
        choice: str | None = None,
        event_on: date | None = None,
        changes: tuple[Change, ...] = (),
        retention: Retention | None = None,
        start: date | None = None,
    ) -> RetentionFacts:
        """What `why` needs for one record: the clause from this document, the rest from the record.

        `retention` is given where an appraisal has set another period, and `start` its first day; `changes` should then
        say who did.
        """
        series = self.series.get(series_id)
        if series is None:
            raise RuleError(f"大纲里没有条目“{series_id}”。")
        rule = self.start_rules[series.start]
        settled, usual = retention or settle(series.retention, choice), starts_on(rule, year, event_on)
        return RetentionFacts(
            document=self.document.title,
            version=self.document.version,
            banner=self.document.banner if self.document.kind == "model" else "",
            series_id=series.id,
            series_name=series.name,
            mark=self.mark(series),
            evidence=self.evidence(series),
            retention=settled,
            start_rule=rule.name if start in (None, usual) else "鉴定另定的起算日",
            start=start or usual,
            event=self.events[settled.event].name if settled.event in self.events else "",
            changes=changes,
        )


def retention_key(retention: Retention) -> str:
    """The key of a period among `retention_values`: permanent, "30", event, open (split is in no list)."""
    return str(retention.years) if retention.kind == "years" else retention.kind
