"""Cataloguing: a person accepts proposals or corrects them, joins files into one record, parts them, or withdraws them.

Every change is journaled with the value before and after; what is accepted teaches the next proposal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from archive_service.actions.holdings import within
from archive_service.permissions import NAMED_CLASSES, Actor, Forbidden, Permission, check, reach
from archive_service.rulebook import RuleBook
from classification.dates import read_date
from classification.errors import RuleError
from classification.suggestion import features
from storage.database import journal, learning
from storage.database.base import new_id
from storage.database.batches import Item, ItemState
from storage.database.outbox import mark
from storage.database.readers import Ground, name_readers
from storage.database.records import File, PageText, Record, RecordState, record
from storage.errors import Conflict

OPEN = (RecordState.PROPOSED, RecordState.ACCEPTED)
TEXT_FIELDS = {"title": 600, "doc_number": 120, "responsible": 300, "note": 4000}
LIST_FIELDS = ("people", "places")


def may_open(actor: Actor, found: Record) -> None:
    """Refuse records that are opened by name only, to those who are not named.

    Raises:
        Forbidden: the record is personal or Party-internal and this person has no clearance.
    """
    check(actor, Permission.CATALOGUE, found.village_id)
    named = found.restriction is not None and actor.only is None and actor.login in found.restriction["readers"]
    if found.access in NAMED_CLASSES - actor.clearances and not named:
        raise Forbidden("这件材料涉及个人信息或党内事项，或受捐赠人限制，只有指定的人员可以打开。")


def _open(session: Session, actor: Actor, record_id: str) -> Record:
    found = record(session, record_id)
    may_open(actor, found)
    if found.state not in OPEN:
        raise Conflict("这件已经归档或撤回，不能再这样改；没有改动。归档后的更正要写明理由，另存新版本。")
    return found


def describe(
    session: Session, actor: Actor, record_id: str, changes: Mapping[str, Any], rules: RuleBook, at: datetime
) -> Record:
    """Correct a proposal.

    Keys: title, kind, series, choice, date, doc_number, responsible, people, places, access, note, fields.

    Raises:
        RuleError: unknown series or access class, or a date that cannot be read; nothing is written.
    """
    found = _open(session, actor, record_id)
    changed = correct(found, changes, rules, at)
    found.changed_at, found.described_by = at, actor.login
    if changed:
        journal.write(session, at, actor.login, "record_described", "record", found.id, found.village_id, changed)
    return found


def correct(found: Record, changes: Mapping[str, Any], rules: RuleBook, at: datetime) -> dict[str, list[Any]]:
    """Change what is said of a record, without asking who may; returns what changed, before and after.

    Raises:
        RuleError: as `describe`; the caller's transaction takes back what was set.
    """
    before = said(found)
    for name, longest in TEXT_FIELDS.items():
        if name in changes:
            setattr(found, name, str(changes[name]).strip()[:longest])
    for name in LIST_FIELDS:
        if name in changes:
            setattr(found, name, [one.strip() for one in changes[name] if one.strip()])
    if "fields" in changes:
        found.fields = {**found.fields, **changes["fields"]}
    _change_ruled(found, changes, rules, at)
    if not found.title:
        raise RuleError("题名不能空着，没有改动。")
    after = said(found)
    return {key: [before[key], after[key]] for key in after if before[key] != after[key]}


def _change_ruled(found: Record, changes: Mapping[str, Any], rules: RuleBook, at: datetime) -> None:
    if changes.get("kind"):
        found.kind = str(changes["kind"])[:20]
    if "choice" in changes:
        found.retention_choice = changes["choice"] or None
    if "access" in changes:
        if changes["access"] not in rules.outline.access_classes:
            raise RuleError(f"没有“{changes['access']}”这种利用范围，没有改动。")
        found.unrestricted_access = changes["access"]
    if "date" in changes:
        _change_date(found, str(changes["date"]).strip(), at.date())
    if changes.get("series"):
        if rules.series(changes["series"]) is None:
            raise RuleError(f"大纲里没有条目 {changes['series']}，没有改动。")
        rules.assign(found, changes["series"])
    elif found.series_id:
        rules.set_period(found)


def _change_date(found: Record, wording: str, today: date) -> None:
    if wording == found.date_wording:
        return
    reading = read_date(wording, today) if wording else None
    if wording and reading is None:
        raise RuleError(f"看不懂日期“{wording}”，没有改动。可以写 2019年3月5日、二〇一九年三月、民国三十七年、1958.3。")
    found.date_wording = wording
    found.earliest = reading.earliest if reading else None
    found.latest = reading.latest if reading else None
    found.date_certainty = reading.certainty if reading else ""
    found.year = reading.latest.year if reading else None


def said(found: Record) -> dict[str, Any]:
    """What a person can change of a record, by the keys of `describe`."""
    return {
        "title": found.title,
        "kind": found.kind,
        "series": found.series_id,
        "choice": found.retention_choice,
        "date": found.date_wording,
        "doc_number": found.doc_number,
        "responsible": found.responsible,
        "people": list(found.people),
        "places": list(found.places),
        "access": found.unrestricted_access,
        "note": found.note,
        "fields": dict(found.fields),
    }


def accept(session: Session, actor: Actor, record_ids: Sequence[str], rules: RuleBook, at: datetime) -> list[Record]:
    """Make proposals facts. All of them or none.

    Raises:
        RuleError: one has no series or no date yet.
    """
    accepted = []
    for record_id in record_ids:
        found = _open(session, actor, record_id)
        if found.state == RecordState.ACCEPTED:
            continue
        if rules.series(found.series_id) is None:
            raise RuleError(f"“{found.title}”还没有定条目，先选一个归档范围条目再采用。")
        if lacking := rules.lacks_for_code(found):
            raise RuleError(f"“{found.title}”{lacking}")
        if found.year is None:
            raise RuleError(f"“{found.title}”还没有日期，先填上形成日期（知道哪年就写哪年）再采用。")
        found.state, found.changed_at, found.described_by = RecordState.ACCEPTED, at, actor.login
        _learn(session, found)
        said = {"series": found.series_id, "proposed": found.proposals.get("series", [])[:1]}
        journal.write(session, at, actor.login, "record_accepted", "record", found.id, found.village_id, said)
        accepted.append(found)
    return accepted


def _learn(session: Session, found: Record) -> None:
    if found.series_id:
        learning.add_counts(session, found.series_id, features(found.title, ""))


def withdraw(session: Session, actor: Actor, record_id: str, reason: str, at: datetime) -> None:
    """Take an unarchived record back. Its items count as rejected, with the reason.

    The bytes stay in the staging area for the time the county sets: a slip of the hand must not lose a file.

    Raises:
        RuleError: no reason was given.
    """
    found = _open(session, actor, record_id)
    if not reason.strip():
        raise RuleError("不归档要写明原因，没有改动。")
    found.state, found.changed_at = RecordState.WITHDRAWN, at
    for item in session.scalars(select(Item).where(Item.record_id == found.id)):
        item.state, item.reason_code = ItemState.REJECTED, "withdrawn"
        item.reason, item.remedy = f"不归档：{reason.strip()}", "如需归档，请重新移交。"
    said = {"reason": reason.strip()}
    journal.write(session, at, actor.login, "record_withdrawn", "record", found.id, found.village_id, said)


def merge(session: Session, actor: Actor, into: str, others: Sequence[str], at: datetime) -> Record:
    """Make several records one 件: the files of the others become attachments. Item counts do not change.

    Raises:
        Conflict: a record is of another village, or not open.
    """
    kept = _open(session, actor, into)
    joined = [_open(session, actor, other) for other in others]
    if any(other.village_id != kept.village_id or other.id == kept.id for other in joined):
        raise Conflict("只能合并同一个村的不同材料，没有改动。")
    join_records(session, kept, joined, actor.login, at)
    return kept


def join_records(session: Session, kept: Record, others: Sequence[Record], by: str, at: datetime) -> None:
    """Hang the files of `others` on `kept` as attachments, journaled on both sides. Permission was asked before."""
    if any(other.restriction != kept.restriction for other in others):
        raise Conflict("其中有受捐赠人限制的，不能和别的材料并成一件；没有改动。")
    position = session.scalar(select(func.max(File.position)).where(File.record_id == kept.id)) or 1
    for other in others:
        for file in session.scalars(select(File).where(File.record_id == other.id).order_by(File.position)):
            position += 1
            file.record_id, file.position, file.role = kept.id, position, "attachment"
        moved = update(Item).where(Item.record_id == other.id).values(record_id=kept.id)
        session.execute(moved.execution_options(synchronize_session=False))
        other.state, other.changed_at = RecordState.WITHDRAWN, at
        into = {"into": kept.id}
        journal.write(session, at, by, "record_merged", "record", other.id, other.village_id, into)
    _recount(session, kept, at)
    said = {"with": [other.id for other in others]}
    journal.write(session, at, by, "records_joined", "record", kept.id, kept.village_id, said)


def split(
    session: Session, actor: Actor, record_id: str, file_ids: Sequence[str], rules: RuleBook, at: datetime
) -> Record:
    """Part some files from a record: they become a proposed record of their own.

    Raises:
        Conflict: no file would be left on one side.
    """
    found = _open(session, actor, record_id)
    files = list(session.scalars(select(File).where(File.record_id == found.id).order_by(File.position)))
    parted = [file for file in files if file.id in set(file_ids)]
    if not parted or len(parted) == len(files):
        raise Conflict("拆分要留下至少一个文件，也要拆出至少一个，没有改动。")
    fresh = _proposal_for(session, found, parted, rules, at)
    for position, file in enumerate(parted, 1):
        file.record_id, file.position = fresh.id, position
        file.role = "main" if position == 1 else "attachment"
    session.execute(
        update(Item)
        .where(Item.file_id.in_(file_ids), Item.record_id == found.id)
        .values(record_id=fresh.id)
        .execution_options(synchronize_session=False)
    )
    _recount(session, found, at)
    _recount(session, fresh, at)
    said = {"from": found.id, "files": [file.id for file in parted]}
    journal.write(session, at, actor.login, "record_parted", "record", fresh.id, fresh.village_id, said)
    return fresh


def _proposal_for(session: Session, source: Record, files: Sequence[File], rules: RuleBook, at: datetime) -> Record:
    title = files[0].name.rsplit(".", 1)[0]
    text = session.scalar(select(PageText.text).where(PageText.file_id == files[0].id).order_by(PageText.number)) or ""
    suggester = rules.suggester(session, [title])
    suggestion = suggester.suggest(title, text[:2000], path=files[0].path, kind=source.kind)
    fresh = Record(
        id=new_id(),
        village_id=source.village_id,
        batch_id=source.batch_id,
        state=RecordState.PROPOSED,
        kind=source.kind,
        title=title,
        access=source.access,
        restriction=source.restriction,
        year=source.year,
        earliest=source.earliest,
        latest=source.latest,
        date_wording=source.date_wording,
        date_certainty=source.date_certainty,
        proposals={"parted": True},
        created_at=at,
        changed_at=at,
    )
    if suggestion.series and suggestion.confident:
        rules.assign(fresh, suggestion.series[0].series_id)
    session.add(fresh)
    session.flush()
    if source.restriction:
        name_readers(session, fresh.id, Ground.DONOR, source.restriction["readers"], source.described_by, at)
    return fresh


def _recount(session: Session, found: Record, at: datetime) -> None:
    session.flush()
    found.page_count = session.scalar(select(func.sum(File.page_count)).where(File.record_id == found.id)) or 0
    found.changed_at = at
    mark(session, [found.id])


def confident(
    session: Session, actor: Actor, rules: RuleBook, village_id: str | None = None, limit: int = 10_000
) -> list[str]:
    """Proposals that can be accepted in bulk: a sure series, a date, and nothing that a person must still say."""
    check(actor, Permission.CATALOGUE, village_id)
    query = select(Record).where(
        within(Record.village_id, reach(actor, Permission.CATALOGUE)),
        Record.state == RecordState.PROPOSED,
        Record.confident,
        Record.series_id.is_not(None),
        Record.year.is_not(None),
        Record.access.not_in(NAMED_CLASSES - actor.clearances),
    )
    if village_id:
        query = query.where(Record.village_id == village_id)
    found = session.scalars(query.order_by(Record.id).limit(limit).execution_options(yield_per=500))
    return [record.id for record in found if not rules.lacks_for_code(record)]


def waiting(session: Session) -> int:
    """How many proposals wait, of every kind."""
    return session.scalar(select(func.count()).select_from(Record).where(Record.state == RecordState.PROPOSED)) or 0
