"""Archiving (归档): check, allocate the code, write the object into the store, mark it archived.

Two transactions with the store between them: `prepare` writes down what will be stored (state *archiving*, code given),
`finish` says that it is. A crash between the two is repeated from `unfinished`; the store's write is idempotent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_service.actions import yearly_filing
from archive_service.permissions import Actor, Permission, check
from archive_service.rulebook import RuleBook, period_of
from classification import codes as rules_of_codes
from classification.errors import RuleError
from storage.database import codes, journal
from storage.database.batches import Batch, Item, ItemState
from storage.database.organisations import Village, village
from storage.database.outlines import OutlineVersion
from storage.database.records import File, Kin, Record, RecordState, files_of, record
from storage.errors import Conflict

DESCRIPTION_FORMAT = "village-archive-record/1"
MAKES_A_VERSION = {
    "record_revised": "更正", "record_restricted": "设捐赠人限制", "restriction_lifted": "解除捐赠人限制",
}  # fmt: skip
"""The acts that give an archived record a new version, and what the store calls them."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What the store is to hold for one record. `files`: (logical path, storage key, sha256, sha512, size)."""

    record_id: str
    description: dict[str, Any]
    files: tuple[tuple[str, str, str, str, int], ...]
    message: str
    actor: str
    at: datetime
    version: int = 1
    """The version of the object that this will be; above the first, only the description is new."""


def prepare(session: Session, actor: Actor, record_id: str, rules: RuleBook, at: datetime) -> Filing:
    """Give the record its code and say what the store is to hold.

    Raises:
        Conflict: the record is not accepted yet, or archived already.
        RuleError: a check of the year's report finds what must not be archived like this; the message says what.
    """
    found = record(session, record_id)
    check(actor, Permission.ARCHIVE, found.village_id)
    if found.state == RecordState.ACCEPTED:
        if findings := yearly_filing.blocking(session, found, rules):
            raise RuleError(f"“{found.title}”不能归档，没有改动：{''.join(one.message for one in findings)}")
        said = _give_code(session, found, rules, at)
        found.state, found.archived_at, found.changed_at = RecordState.ARCHIVING, at, at
        journal.write(session, at, actor.login, "code_given", "record", found.id, found.village_id, said)
    elif found.state != RecordState.ARCHIVING:
        raise Conflict("只有已采用的材料可以归档，没有改动。")
    return filing_of(session, found, at)


def _give_code(session: Session, found: Record, rules: RuleBook, at: datetime) -> dict[str, Any]:
    """Give the code; returns what the journal says of it, the counter too, so that a rebuild can go on counting."""
    series = rules.series(found.series_id)
    if series is None or found.year is None:
        raise RuleError(f"“{found.title}”缺条目或日期，不能归档；没有改动。")
    rules.set_period(found)
    settled = period_of(found)
    if settled.kind == "open":
        # The county has not set a period: the record is kept and findable, its code stays 待编.
        return {"code": None}
    fonds = village(session, found.village_id).fonds
    template = rules_of_codes.template_for(rules.outline, series.class_id, settled)
    project = str(found.fields.get("project", ""))
    parts = rules_of_codes.parts_for(rules.outline, series.class_id, settled, fonds, found.year, project)
    scope = rules_of_codes.counter_scope(template, parts)
    number = codes.next_number(session, scope)
    code = template.format({**parts, **template.numbers(number)})
    codes.record_code(session, rules_of_codes.normalise(code), code, found.id, at)
    found.code = code
    return {"code": code, "scope": scope, "number": number}


def filing_of(session: Session, found: Record, at: datetime) -> Filing:
    """What the store is to hold for a record that is being archived: the same however often it is asked.

    Two processes may complete the same record at once; then both must write the same bytes.
    """
    files = files_of(session, [found.id])[found.id]
    names = logical_names(files)
    home = village(session, found.village_id)
    message, by, moment = _act_of(session, found, at)
    return Filing(
        record_id=found.id,
        description=description(session, found, home, files, names),
        files=tuple((names[f.id], f.storage_key, f.sha256, f.sha512, f.size) for f in files),
        message=message,
        actor=by,
        at=moment,
        version=found.version + 1,
    )


def _act_of(session: Session, found: Record, at: datetime) -> tuple[str, str, datetime]:
    """Why this version is made, who made it, and when: the act itself says so, however often it is repeated."""
    history = journal.history(session, found.id)
    if found.version:
        act = next(entry for entry in reversed(history) if entry.act in MAKES_A_VERSION)
        # An appraisal says what it came to; everything else that revises is a correction.
        return f"{act.details.get('verdict', MAKES_A_VERSION[act.act])}：{act.details['reason']}", act.actor, act.at
    return "归档", next((one.actor for one in history if one.act == "code_given"), "system"), found.archived_at or at


def logical_names(files: Sequence[File]) -> dict[str, str]:
    """A name for each file inside its object: its own, with a number in front so that no two are alike."""
    return {file.id: f"files/{number:03d}-{_safe(file.name)}" for number, file in enumerate(files, 1)}


def _safe(name: str) -> str:
    kept = "".join("_" if ch in '/\\:*?"<>|' or ord(ch) < 32 else ch for ch in name).strip(". ") or "file"
    while len(kept.encode()) > 180:
        kept = kept[1:]
    return kept


def description(
    session: Session, found: Record, home: Village, files: Sequence[File], names: dict[str, str]
) -> dict[str, Any]:
    """Everything the store must hold to rebuild the record without the database."""
    named = (OutlineVersion.id, OutlineVersion.document, OutlineVersion.version, OutlineVersion.kind)
    version = session.execute(select(*named).where(OutlineVersion.id == found.outline_id)).one_or_none()
    batch = session.get(Batch, found.batch_id) if found.batch_id else None
    items = {item.file_id: item for item in session.scalars(select(Item).where(Item.record_id == found.id))}
    plain = {
        name: _plain(getattr(found, name))
        for name in (
            "id", "code", "kind", "title", "class_id", "series_id", "retention", "retention_choice", "event_on",
            "starts_on", "due_on", "year", "earliest", "latest", "date_wording", "date_certainty", "doc_number",
            "responsible", "people", "places", "access", "fields", "note", "proposals", "page_count", "described_by",
            "created_at", "archived_at",
        )
    }  # fmt: skip
    return {
        "format": DESCRIPTION_FORMAT,
        **plain,
        "access": found.unrestricted_access,
        "restriction": found.restriction,
        "village": {"id": home.id, "name": home.name, "fonds": home.fonds, "township": home.township},
        "batch": batch and {
            "id": batch.id, "source": batch.source, "opened_by": batch.opened_by, "opened_at": _plain(batch.opened_at),
        },
        "outline": version and version._asdict(),
        "files": [
            {
                "id": file.id, "name": file.name, "path": file.path, "logical": names[file.id], "role": file.role,
                "position": file.position, "size": file.size, "sha256": file.sha256, "sha512": file.sha512,
                "mime": file.mime, "format": file.format, "puid": file.puid, "page_count": file.page_count,
                "details": file.details, "received_at": _plain(file.received_at), "ocr_state": file.ocr_state,
                "similarity": file.similarity, "item": _item_of(items.get(file.id)),
            }
            for file in files
        ],
        "kin": [
            {
                "id": kin.id, "file_id": kin.file_id, "number": kin.number, "name": kin.name,
                "generation": kin.generation, "details": kin.details,
            }
            for kin in session.scalars(select(Kin).where(Kin.record_id == found.id).order_by(Kin.id))
        ],
        "history": [
            {"at": _plain(entry.at), "actor": entry.actor, "act": entry.act, "details": entry.details}
            for entry in journal.history(session, found.id)
        ],
    }  # fmt: skip


def _item_of(item: Item | None) -> dict[str, Any] | None:
    """The line of the batch that brought a file, with the very bytes of its name."""
    if item is None:
        return None
    return {"id": item.id, "path_hex": (item.path_bytes or b"").hex()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def finish(session: Session, record_id: str, version: int, keys: dict[str, str], at: datetime) -> None:
    """The store holds the record: `keys` are the new storage keys by file id. Safe to repeat."""
    found = record(session, record_id)
    if found.state == RecordState.ARCHIVED:
        return
    first = not found.version
    found.state, found.version, found.changed_at = RecordState.ARCHIVED, version, at
    for file in session.scalars(select(File).where(File.record_id == record_id)):
        file.storage_key = keys.get(file.id, file.storage_key)
    session.execute(
        update(Item)
        .where(Item.record_id == record_id)
        .values(state=ItemState.ARCHIVED, reason_code="", reason="", remedy="")
        .execution_options(synchronize_session=False)
    )
    if not first:
        return
    said = {"code": found.code, "version": version}
    journal.write(
        session, at, found.described_by or "system", "record_archived", "record", record_id, found.village_id, said
    )


def unfinished(session: Session, limit: int = 500) -> list[str]:
    """Records whose archiving or revision was cut off before the store held it."""
    query = select(Record.id).where(Record.state == RecordState.ARCHIVING).order_by(Record.id).limit(limit)
    return list(session.scalars(query))


def ready(session: Session, village_id: str | None = None, limit: int = 10_000) -> list[str]:
    """Accepted records that wait to be archived, in the order of their dates, so that codes follow time."""
    query = select(Record.id).where(Record.state == RecordState.ACCEPTED)
    if village_id:
        query = query.where(Record.village_id == village_id)
    return list(session.scalars(query.order_by(Record.village_id, Record.earliest, Record.id).limit(limit)))


def refiling(session: Session, record_id: str, at: datetime) -> Filing:
    """What the store was to hold for a record whose archiving was cut off."""
    found = record(session, record_id)
    return filing_of(session, found, at)
