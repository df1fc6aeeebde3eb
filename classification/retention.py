"""Retention periods: their forms, when a term starts, its last day, and why a record has the period it has.

It does not know which period a record *should* have (the county's outline says that), and it has no clock: whether a
term has run out is for the caller, who knows the day. A term that has run out only puts a record on the due list.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from classification.errors import RuleError

Kind = Literal["permanent", "years", "event", "split", "open"]
Stored = str | int | None | dict[str, str | int]

SPLIT_LABELS = {"important": "重要的", "ordinary": "一般的"}
OLD_TERMS = (15, 25)
"""Accounting terms of the tables before 2016, which still circulate: an import that has them warns."""
LONGEST_TERM = 1000


@dataclass(frozen=True, slots=True)
class Retention:
    """A retention period 保管期限. `years` belongs to `years` and `event` (years after the event); `important` and
    `ordinary` to `split`, where a person chooses."""

    kind: Kind
    years: int | None = None
    event: str | None = None
    important: Retention | None = None
    ordinary: Retention | None = None

    @property
    def label(self) -> str:
        """The period in the archivist's words: 永久, 定期30年, 待定 …"""
        match self.kind:
            case "permanent":
                return "永久"
            case "years":
                return f"定期{self.years}年"
            case "event":
                return f"事件发生后{self.years}年" if self.years else "至事件发生为止"
            case "split" if self.important and self.ordinary:
                return f"重要的{self.important.label}，一般的{self.ordinary.label}"
            case _:
                return "待定"

    @property
    def code(self) -> str | None:
        """The letter inside an archival code: Y, D30, D10. None where a code can have none (待定, event, split)."""
        if self.kind == "permanent":
            return "Y"
        return f"D{self.years}" if self.kind == "years" else None

    @property
    def stored(self) -> Stored:
        """The JSON-able form; `parse_retention` reads it back."""
        match self.kind:
            case "permanent":
                return "permanent"
            case "years":
                return self.years
            case "event":
                return {"event": self.event or "", "plus_years": self.years or 0}
            case "split" if self.important and self.ordinary:
                return {name: _fixed_form(part) for name, part in self.parts}
            case _:
                return None

    @property
    def parts(self) -> tuple[tuple[str, Retention], ...]:
        """The choices of a two-valued row, as (important | ordinary, period); empty for every other kind."""
        pairs = (("important", self.important), ("ordinary", self.ordinary))
        return tuple((name, part) for name, part in pairs if part is not None)

    @property
    def settled(self) -> bool:
        """Whether the period is decided: a code may carry it and a due date may come of it."""
        return self.kind in ("permanent", "years", "event")


PERMANENT = Retention("permanent")
OPEN = Retention("open")


def _fixed_form(retention: Retention) -> str | int:
    return "permanent" if retention.kind == "permanent" else int(retention.years or 0)


def parse_retention(value: object) -> Retention:
    """Read a period as a county document or the store writes it.

    `permanent` or 永久; years as 30, "30", D30 or 定期30年; None, "" or 待定; `{event, plus_years}`; `{important,
    ordinary}`. Raises RuleError for anything else.
    """
    if isinstance(value, Retention):
        return value
    if value is None:
        return OPEN
    if isinstance(value, Mapping):
        return _from_mapping(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return _years(value)
    if isinstance(value, str):
        return _from_words(value.strip())
    raise RuleError(f"保管期限“{value}”无法识别，应为 永久、年数、待定、事件期限或重要／一般两档。")


def _from_words(words: str) -> Retention:
    if words in ("", "待定", "open", "null"):
        return OPEN
    if words in ("permanent", "永久", "Y"):
        return PERMANENT
    digits = words.removeprefix("定期").removeprefix("D").removesuffix("年").strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 4:
        return _years(int(digits))
    raise RuleError(f"保管期限“{words}”无法识别，应为 永久、年数（如 30）或 待定。")


def _years(years: int) -> Retention:
    if not 1 <= years <= LONGEST_TERM:
        raise RuleError(f"保管期限的年数“{years}”应在 1 至 {LONGEST_TERM} 之间。")
    return Retention("years", years=years)


def _from_mapping(value: Mapping[object, object]) -> Retention:
    if set(value) == {"event", "plus_years"}:
        event, years = value["event"], value["plus_years"]
        if not isinstance(event, str) or not event:
            raise RuleError("事件期限须写明事件（event）。")
        if not isinstance(years, int) or isinstance(years, bool) or not 0 <= years <= LONGEST_TERM:
            raise RuleError("事件期限的年数（plus_years）应为 0 或正整数。")
        return Retention("event", years=years, event=event)
    if set(value) == {"important", "ordinary"}:
        important, ordinary = (parse_retention(value[name]) for name in ("important", "ordinary"))
        if {important.kind, ordinary.kind} - {"permanent", "years"}:
            raise RuleError("重要的、一般的两档须各为 永久 或年数。")
        return Retention("split", important=important, ordinary=ordinary)
    raise RuleError("保管期限应写成 {event, plus_years} 或 {important, ordinary}。")


def settle(retention: Retention, choice: str | None) -> Retention:
    """The period after a person chose `important` or `ordinary` of a two-valued row; without a choice it stays as it is
    (never due, no code). A choice on any other row is refused."""
    if not choice:
        return retention
    if retention.kind != "split":
        raise RuleError("只有分“重要的、一般的”两档的条目才需要选择。")
    for name, part in retention.parts:
        if choice in (name, SPLIT_LABELS[name]):
            return part
    raise RuleError("请选择“重要的”或“一般的”。")


@dataclass(frozen=True, slots=True)
class StartRule:
    """How a county counts the beginning of a term; `fiscal_year_end` is (month, day)."""

    id: str
    name: str
    evidence: str = ""
    fiscal_year_end: tuple[int, int] = (12, 31)


START_RULES = ("next_year", "fiscal_year_end", "event")
"""The rules the software knows; a county chooses among them and says where its fiscal year ends."""


def starts_on(
    rule: StartRule | str,
    year: int | None,
    event_on: date | None = None,
    fiscal_year_end: tuple[int, int] | None = None,
) -> date | None:
    """First day of the term, or None while it cannot be said (no year, or the event has not been recorded).

    `year` is the year of the record (or the fiscal year, named by the year it ends in). `fiscal_year_end` is (month,
    day); left out, it is the rule's own. Raises RuleError for a rule or a year that does not exist.
    """
    if isinstance(rule, StartRule):
        return starts_on(rule.id, year, event_on, fiscal_year_end or rule.fiscal_year_end)
    if rule == "event":
        return event_on + timedelta(days=1) if event_on else None
    if year is None:
        return None
    if not 1 <= year <= 9000:
        raise RuleError(f"年度“{year}”不是有效的年份。")
    if rule == "next_year":
        return date(year + 1, 1, 1)
    if rule == "fiscal_year_end":
        month, day = fiscal_year_end or (12, 31)
        return date(year, month, min(day, monthrange(year, month)[1])) + timedelta(days=1)
    raise RuleError(f"起算规则“{rule}”不认识。")


def due_on(retention: Retention, start: date | None) -> date | None:
    """Last day of the term: the day before the n-th anniversary of the start.

    A term from 1 January ends on 31 December; one that starts on 29 February ends on 28 February. None for what never
    ends by itself (永久, 待定, two values).
    """
    if start is None or retention.kind not in ("years", "event"):
        return None
    year = start.year + (retention.years or 0)
    if (start.month, start.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return start.replace(year=year) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that a term rests on: whose table, what it says, the term read there (None where it names no term)."""

    source: str
    row: str
    term: str | None
    names_only: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A decision about this record's period: the choice between two values, an extension, a correction."""

    who: str
    on: date
    what: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """Everything that gave one record its period; `Outline.retention_facts` fills it."""

    document: str
    version: str
    banner: str
    series_id: str
    series_name: str
    mark: str
    evidence: tuple[Evidence, ...]
    retention: Retention
    start_rule: str
    start: date | None
    event: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyStep:
    """One line of "why this period?". `mark` says what the evidence is worth, in the words that may be shown."""

    kind: Literal["banner", "clause", "evidence", "period", "start", "due", "change"]
    text: str
    mark: str = ""


def why(facts: RetentionFacts) -> tuple[WhyStep, ...]:
    """Banner (of a model document, always first) → clause → evidence → period → start → due → who changed it.

    A model is never shown as law: its banner comes with it, and every term carries its mark.
    """
    steps = [WhyStep("banner", facts.banner)] if facts.banner else []
    steps.append(
        WhyStep("clause", f"《{facts.document}》{facts.version} 版，条目 {facts.series_id} {facts.series_name}")
    )
    steps += [WhyStep("evidence", _evidence_words(row), facts.mark) for row in facts.evidence]
    if not facts.evidence:
        steps.append(WhyStep("evidence", "没有可引的依据", facts.mark))
    steps.append(WhyStep("period", f"保管期限：{facts.retention.label}", facts.mark))
    steps.append(WhyStep("start", _start_words(facts)))
    steps.append(WhyStep("due", _due_words(facts)))
    steps += [WhyStep("change", _change_words(change)) for change in facts.changes]
    return tuple(steps)


def _evidence_words(row: Evidence) -> str:
    if row.names_only:
        return f"{row.source}：“{row.row}”，只列名目，没有期限"
    return f"{row.source}：“{row.row}”" + (f"，读到的期限为“{row.term}”" if row.term else "")


def _start_words(facts: RetentionFacts) -> str:
    if facts.start:
        return f"{facts.start_rule}：{facts.start.isoformat()} 起"
    if facts.retention.kind == "event":
        return f"{facts.start_rule}；事件（{facts.event or facts.retention.event}）尚未登记，期限未起算"
    return f"{facts.start_rule}；年度未定，期限未起算"


def _due_words(facts: RetentionFacts) -> str:
    match facts.retention.kind:
        case "permanent":
            return "永久保管，不到期"
        case "open":
            return "期限待定，不会到期，也不编含期限的档号；须由县或档案员确定"
        case "split":
            return "尚未选择“重要的”或“一般的”，按待定处理，不会到期"
    due = due_on(facts.retention, facts.start)
    return f"{due.isoformat()} 期满，期满只列入待鉴定名单，不会自动销毁" if due else "起算后才能算出期满日"


def _change_words(change: Change) -> str:
    words = f"{change.on.isoformat()} {change.who}：{change.what}"
    return f"{words}（理由：{change.reason}）" if change.reason else words
