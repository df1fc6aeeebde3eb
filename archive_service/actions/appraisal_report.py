"""The report of an appraisal (鉴定工作报告): written from the batch, edited by people until a register is submitted.

The law asks for a report; what it says, quantity, content, opinions, reasons, is after the reference.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import appraisal
from archive_service.actions.appraisal_opinions import VERDICT_WORDS, standing_by
from archive_service.actions.outlines import outline_at
from archive_service.actions.printing_rows import topic as class_names
from archive_service.county_time import day_in_words, day_of
from archive_service.permissions import Actor, Permission, check
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import Seat
from classification.errors import RuleError
from storage.database import journal
from storage.database.appraisal import AppraisalBatch, AppraisedRecord, Opinion, Verdict, members_of
from storage.database.organisations import village
from storage.database.records import Record
from storage.errors import Conflict

LONGEST = 100_000
MOST_REASONS = 20


def draft(session: Session, actor: Actor, batch_id: str, rules: AppraisalRules) -> str:
    """The report as the batch gives it now: quantity, content, who judged, opinions and reasons. It names no title.

    Raises:
        Missing: there is no such batch for this actor.
    """
    batch = appraisal.seen(session, actor, batch_id)
    home = village(session, batch.village_id)
    wanted = select(Record.id, Record.class_id, Record.year).join(
        AppraisedRecord, AppraisedRecord.record_id == Record.id
    )
    rows = session.execute(wanted.where(AppraisedRecord.batch_id == batch.id)).all()
    standing = standing_by(session, batch.id, rules)
    outline, opened = outline_at(session)[1], day_in_words(day_of(batch.opened_at))
    parts = [
        f"{home.name}（全宗 {home.fonds}）档案鉴定工作报告",
        f"一、目的：{batch.purpose}。{opened}立批。",
        f"二、数量和内容：共 {len(rows)} 件，{_years(row.year for row in rows)}。"
        + _classes(class_names(outline, row.class_id) for row in rows),
        f"三、鉴定小组：{_group(session, batch)}。",
        f"四、意见：{_opinions(standing.values())}",
        "五、理由：" + _reasons(standing.values()),
    ]
    return "\n".join(parts)


def _years(years: Iterable[int | None]) -> str:
    known = sorted({one for one in years if one is not None})
    return f"{'—'.join(map(str, dict.fromkeys((known[0], known[-1]))))} 年" if known else "年度未定"


def _classes(classes: Iterable[str]) -> str:
    counted = sorted(Counter(one or "未定类目" for one in classes).items())
    return "；".join(f"{name} {number} 件" for name, number in counted) + "。" if counted else ""


def _group(session: Session, batch: AppraisalBatch) -> str:
    return "；".join(f"{Seat(one.seat).zh} {one.name}" for one in members_of(session, batch.id))


def _opinions(standing: Iterable[Opinion]) -> str:
    counted = Counter(Verdict(one.verdict) for one in standing)
    said = [f"{VERDICT_WORDS[verdict]} {counted[verdict]} 件" for verdict in Verdict if counted[verdict]]
    return "；".join(said) + "。" if said else "尚无。"


def _reasons(standing: Iterable[Opinion]) -> str:
    counted: dict[tuple[Verdict, str], int] = defaultdict(int)
    for one in standing:
        counted[Verdict(one.verdict), one.reason] += 1
    by_number = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    said = [
        f"{VERDICT_WORDS[verdict]}：{reason}（{number} 件）" for (verdict, reason), number in by_number[:MOST_REASONS]
    ]
    more = [f"另有 {len(by_number) - MOST_REASONS} 种理由，见意见表"] if len(by_number) > MOST_REASONS else []
    return "；".join([*said, *more]) + "。" if said else "尚无。"


def save(session: Session, actor: Actor, batch_id: str, text: str, at: datetime) -> AppraisalBatch:
    """Keep the report as edited; the journal keeps the digest of every version.

    Raises:
        Missing: no such batch for this actor. Forbidden: the actor prepares no appraisals for this fonds.
        Conflict: a register went out with it. RuleError: empty or too long.
    """
    batch = appraisal.seen(session, actor, batch_id)
    check(actor, Permission.PREPARE_DESTRUCTION, batch.village_id)
    if batch.report_final:
        raise Conflict("清册已经随这份报告提交，报告不再改；没有改动。")
    if not 0 < len(text.strip()) <= LONGEST:
        raise RuleError(f"鉴定工作报告不能空着，最长 {LONGEST} 字；没有保存。")
    batch.report, batch.report_by, batch.report_at, batch.kept = text.strip(), actor.login, at, False
    said = {"report_sha256": digest_of(batch.report)}
    journal.write(session, at, actor.login, "appraisal_reported", "appraisal", batch.id, batch.village_id, said)
    return batch


def digest_of(report: str) -> str:
    """SHA-256 of a report."""
    return hashlib.sha256(report.encode()).hexdigest()
