"""The end of a register: itself and its report become permanent records of the fonds, by the way of every paper.

Printed as they stand, handed in, accepted, archived; then the register says under which records. Doing it again after a
crash takes up what was handed in already.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, register_acts
from archive_service.actions.printing_appraisal import batch_printed, register_printed
from archive_service.permissions import NAMED_CLASSES, Actor
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.printing import print_made
from archive_service.wiring import COUNTY_TIME, Archive
from classification.appraisal_rules import AppraisalRules
from classification.errors import RuleError
from classification.retention import PERMANENT
from storage.database.organisations import village
from storage.database.records import File, Record, RecordState
from storage.database.registers import Register

NAMES = {"register": "销毁清册.pdf", "report": "鉴定工作报告.pdf"}


def archive_register(archive: Archive, actor: Actor, register_id: str, rules: AppraisalRules) -> list[str]:
    """Archive a finished register with its report; returns the records, register first.

    Raises:
        Missing, Forbidden, Conflict, RuleError: as `register_acts.to_be_archived`, or the archiving was refused.
    """
    with archive.sessions.read() as session:
        found = register_acts.to_be_archived(session, actor, register_id)
        home = village(session, found.village_id)
        series = _permanent(session, rules.filed_under[-1 if found.accounting else 0])
    with tempfile.TemporaryDirectory(prefix="village-archive-") as scratch:
        folder = Path(scratch) / f"第{found.number}号销毁清册"
        digests = _print(archive, actor, found, rules, folder)
        hand_in(archive, actor, home.name, folder)
    with archive.sessions.begin() as session:
        ids = [_accept(archive, session, actor, found, series, name, one) for name, one in digests.items()]
    refused = [one.error for one in file_records(archive, actor, ids) if one.error]
    with archive.sessions.begin() as session:
        if any(one.state != RecordState.ARCHIVED for one in session.scalars(select(Record).where(Record.id.in_(ids)))):
            raise RuleError(refused[0] if refused else "清册没有能归档，请稍后再试一次；其余都没有改动。")
        register_acts.archived(session, actor, register_id, ids, archive.now())
    keep_documents(archive)
    return ids


def _permanent(session: Session, series: str) -> str:
    """The series, if the outline in force keeps what is in it for ever."""
    known = rule_book(session).series(series)
    if known is None:
        raise RuleError(f"本县大纲里没有条目 {series}，清册没有归档；请在鉴定规则里改成有的条目。")
    if known.retention != PERMANENT:
        raise RuleError(
            f"清册和鉴定报告要永久保管，条目 {series}（{known.name}）是{known.retention.label}，没有归档；"
            "请在鉴定规则的 filed_under 里改成永久的条目。"
        )
    return series


def _print(archive: Archive, actor: Actor, found: Register, rules: AppraisalRules, folder: Path) -> dict[str, str]:
    """Both papers as they stand; the digest of each by what it is."""
    folder.mkdir()
    makings = {
        "register": lambda session, foot: register_printed(session, actor, found.id, rules, foot, COUNTY_TIME),
        "report": lambda session, foot: batch_printed(
            session, actor, found.batch_id, "report", rules, foot, COUNTY_TIME
        ),
    }
    for name, making in makings.items():
        print_made(archive, actor, found.id, making, "pdf", folder / NAMES[name])
    return {name: hashlib.sha256((folder / NAMES[name]).read_bytes()).hexdigest() for name in makings}


def _accept(
    archive: Archive, session: Session, actor: Actor, found: Register, series: str, name: str, sha256: str
) -> str:
    """Describe and accept what was handed in; the id of the record."""
    wanted = select(File.record_id).where(File.sha256 == sha256, File.village_id == found.village_id)
    record_id = session.scalars(wanted.where(File.record_id.is_not(None)).limit(1)).one()
    record = session.get_one(Record, record_id)
    if record.state != RecordState.PROPOSED:
        return record.id
    fonds, number = found.cover["fonds"], found.number
    title = f"全宗 {fonds} 第 {number} 号销毁清册" if name == "register" else f"第 {number} 号销毁清册的鉴定工作报告"
    changes = {
        "title": title,
        "series": series,
        "date": f"{archive.today():%Y.%m.%d}",
        "access": next((one for one in sorted(NAMED_CLASSES) if one in found.cover["access"]), "internal"),
    }
    rules = rule_book(session)
    catalogue.describe(session, actor, record.id, changes, rules, archive.now())
    catalogue.accept(session, actor, [record.id], rules, archive.now())
    return record.id
