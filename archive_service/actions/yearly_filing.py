"""Filing a village's year (归档): what is ready, what each record lacks, and what the four natures leave to a program.

Three results, not two: what was not looked at is 未检测 and never counts as passed. Nothing is changed here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside, within
from archive_service.forms.kinds import form_kind
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from archive_service.rulebook import RuleBook, period_of
from storage.database.records import File, PageText, Record, RecordState, files_of

OPEN = (RecordState.PROPOSED, RecordState.ACCEPTED)
BLOCK, WARN = "block", "warn"
NATURES = {"A": "真实性", "I": "完整性", "U": "可用性", "S": "安全性"}
CHECKS = {
    "A01": "必备项齐全", "A05": "责任者、日期", "A07": "格式与扩展名一致", "A11": "数字摘要已固化", "I01": "正文存在",
    "I02": "附件齐全", "I05": "页数一致、无缺页", "I07": "没有重复", "U01": "适合长期保存的格式", "U03": "文件可打开",
    "U04": "文字可读", "S04": "没有宏、脚本", "S06": "利用范围合规",
}  # fmt: skip
UNCHECKED = ("A09 电子签名、印章", "S01 病毒")
"""What no program here decides; it is said, so that nobody takes it for passed."""
LASTING = frozenset({"pdf", "ofd", "tif", "tiff", "jpg", "jpeg", "png", "xml", "txt", "wav", "mp3", "mp4", "csv"})
MACROS = frozenset({"docm", "xlsm", "pptm", "js", "vbs", "exe", "bat", "cmd", "scr"})
_NAMED_ATTACHMENT = re.compile(r"附件\s*([1-9一二三四五六七八九])\s*[:：.、]")
MOST_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found: `severity` block = it cannot be archived like this, warn = a person looks."""

    check: str
    severity: str
    message: str

    @property
    def nature(self) -> str:
        """Which of the four natures it concerns."""
        return NATURES[self.check[0]]


@dataclass(frozen=True, slots=True)
class Looked:
    """One record with what was found."""

    record: Record
    findings: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """Whether it can be archived now."""
        blocked = any(one.severity == BLOCK for one in self.findings)
        return self.record.state == RecordState.ACCEPTED and not blocked


@dataclass
class YearReport:
    """The year of one village: records by state, each open record with its findings, series seen before and not now."""

    states: dict[str, int] = field(default_factory=dict)
    looked: list[Looked] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    """Series that this village has in one of the three years before and not this year (未见)."""
    undated: int = 0

    @property
    def ready(self) -> list[str]:
        """The ids of what can be archived now, in the order of their dates, so that codes follow time."""
        found = [one.record for one in self.looked if one.ready]
        return [one.id for one in sorted(found, key=lambda one: (str(one.earliest or ""), one.id))]

    @property
    def counted(self) -> Counter[str]:
        """How often each check found something."""
        return Counter(one.check for looked in self.looked for one in looked.findings)


def report(session: Session, actor: Actor, village_id: str, year: int, rules: RuleBook) -> YearReport:
    """Look at a village's year. The number of queries does not depend on the number of records.

    Raises:
        Forbidden: the actor does not catalogue in this village.
    """
    check(actor, Permission.CATALOGUE, village_id)
    here = and_(
        inside(scope_of(actor)),
        within(Record.village_id, reach(actor, Permission.CATALOGUE)),
        Record.village_id == village_id,
    )
    states = session.execute(select(Record.state, func.count()).where(here, Record.year == year).group_by(Record.state))
    undated = select(func.count()).select_from(Record).where(here, Record.year.is_(None), Record.state.in_(OPEN))
    wanted = select(Record).where(here, Record.year == year, Record.state.in_(OPEN)).order_by(Record.id)
    found = session.scalars(wanted.limit(MOST_LOOKED_AT)).all()
    return YearReport(
        states={state: number for state, number in states},
        looked=list(_looked(session, actor, found, rules)),
        unseen=_unseen(session, here, year),
        undated=session.scalar(undated) or 0,
    )


def _unseen(session: Session, here: ColumnElement[bool], year: int) -> list[str]:
    query = select(Record.series_id, Record.year).where(here, Record.series_id.is_not(None)).distinct()
    by_year = session.execute(query.where(Record.year.between(year - 3, year))).all()
    now = {series for series, of in by_year if of == year}
    return sorted({series for series, _ in by_year if series} - now)


def _looked(session: Session, actor: Actor, found: Sequence[Record], rules: RuleBook) -> Iterator[Looked]:
    ids = [one.id for one in found]
    files = files_of(session, ids)
    texts = _first_pages(session, [file.id for some in files.values() for file in some])
    twins = _twins(session, actor, [file for some in files.values() for file in some])
    for one in found:
        mine = files[one.id]
        text = "\n".join(texts.get(file.id, "") for file in mine)
        findings = (*elements(one, rules), *contents(one, mine, text, twins))
        yield Looked(one, findings)


def _first_pages(session: Session, file_ids: Sequence[str]) -> dict[str, str]:
    query = select(PageText.file_id, PageText.text).where(PageText.file_id.in_(file_ids), PageText.number == 1)
    return {file_id: text for file_id, text in session.execute(query)}


def _twins(session: Session, actor: Actor, files: Sequence[File]) -> dict[str, int]:
    """How many records that the actor may see hold a file with the same bytes, by digest."""
    query = select(File.sha256, func.count(func.distinct(File.record_id))).join(Record, Record.id == File.record_id)
    query = query.where(File.sha256.in_({one.sha256 for one in files}), inside(scope_of(actor)))
    return {digest: number for digest, number in session.execute(query.group_by(File.sha256))}


def blocking(session: Session, found: Record, rules: RuleBook) -> list[Finding]:
    """What keeps one record from being archived: the checks of the year's report, wherever it is archived from."""
    files = files_of(session, [found.id])[found.id]
    findings = (*elements(found, rules), *contents(found, files, "", {}))
    return [one for one in findings if one.severity == BLOCK]


def elements(found: Record, rules: RuleBook) -> Iterator[Finding]:
    """What a record must say before it is archived."""
    series = rules.series(found.series_id)
    if found.state == RecordState.PROPOSED:
        yield Finding("A01", BLOCK, "建议还没有人采用。")
    if not found.title.strip():
        yield Finding("A01", BLOCK, "没有题名。")
    if series is None:
        yield Finding("A01", BLOCK, "没有定条目，也就没有保管期限。")
    elif lacking := rules.lacks_for_code(found):
        yield Finding("A01", BLOCK, f"这一件{lacking}")
    elif period_of(found).kind == "open":
        yield Finding("A01", WARN, "保管期限待定：可以归档，档号待编。")
    if found.year is None:
        yield Finding("A01", BLOCK, "没有日期。")
    if not found.responsible:
        yield Finding("A05", WARN, "没有责任者。")
    kind = form_kind(rules.outline, found.class_id, found.kind)
    consent = found.fields.get("consent") or found.fields.get("authorisation")
    if kind == "oral_history" and not consent and found.unrestricted_access in ("public", "village"):
        yield Finding("S06", BLOCK, "口述史没有同意书或授权书，只能保管，不能定为公开或本村。")
    if series is not None and _wider(found.unrestricted_access, series.access):
        yield Finding("S06", WARN, "利用范围比条目规定的宽，请再看一下。")


_WIDTH = {"party": 0, "personal": 0, "internal": 1, "village": 2, "public": 3}


def _wider(access: str, rule: str) -> bool:
    return _WIDTH.get(access, 0) > _WIDTH.get(rule, 3)


def contents(found: Record, files: Sequence[File], text: str, twins: dict[str, int]) -> Iterator[Finding]:
    """What the files of a record must be like."""
    if not files:
        yield Finding("I01", WARN, "没有电子文件，只有目录。")
        return
    if not any(one.role == "main" for one in files):
        yield Finding("I01", BLOCK, "只有附件，没有正文。")
    pages = sum(one.page_count for one in files)
    if found.page_count and pages and found.page_count != pages:
        yield Finding("I05", WARN, f"著录 {found.page_count} 页，文件里是 {pages} 页。")
    named = {match for match in _NAMED_ATTACHMENT.findall(text)}
    attached = sum(one.role == "attachment" for one in files)
    if len(named) > attached and len(files) < len(named) + 1 and pages < len(named) + 1:
        yield Finding("I02", WARN, f"文中提到 {len(named)} 个附件，只有 {attached} 个。")
    for one in files:
        yield from _of_file(one, twins)


def _of_file(one: File, twins: dict[str, int]) -> Iterator[Finding]:
    ending = one.name.rpartition(".")[2].lower()
    if not (one.sha256 and one.sha512):
        yield Finding("A11", BLOCK, f"“{one.name}”没有数字摘要。")
    if not one.format or one.size == 0:
        yield Finding("U03", BLOCK, f"“{one.name}”打不开，或是空的。")
    for warning in one.details.get("warnings", ()):
        yield Finding("A07", WARN, str(warning))
    if twins.get(one.sha256, 0) > 1:
        yield Finding("I07", WARN, f"“{one.name}”与另一件的文件完全相同。")
    if ending not in LASTING:
        yield Finding(
            "U01", WARN, f"“{one.name}”（{ending or '无扩展名'}）不是长期保存格式，原件照存，建议另附 PDF 或 OFD。"
        )
    if ending in MACROS:
        yield Finding("S04", WARN, f"“{one.name}”可能带宏或脚本。")
    if one.ocr_state == "failed":
        yield Finding("U04", WARN, f"“{one.name}”的文字没有识别出来。")
