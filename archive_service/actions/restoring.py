"""Putting rows back from what the store holds: one call a bundle of objects, bulk statements, no query per row.

The store is believed as it is; whether it is whole is what `verify` answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from classification.codes import normalise
from classification.suggestion import features
from storage.database import journal
from storage.database.base import Base, new_id
from storage.database.batches import Batch, Item, ItemState
from storage.database.codes import CodeCounter, GivenCode
from storage.database.journal import JournalEntry, JournalSeal
from storage.database.learning import LearnedFeature
from storage.database.organisations import Village
from storage.database.outlines import OutlineVersion
from storage.database.readers import Ground, RecordReader
from storage.database.records import File, Kin, OcrState, PageText, Record, RecordState, records
from storage.database.removals import Removal, RemovalState
from storage.scope import RESTRICTED

DAYS = ("event_on", "starts_on", "due_on", "earliest", "latest")
TIMES = ("created_at", "archived_at")
SAME = (
    "id", "code", "kind", "title", "class_id", "series_id", "retention", "retention_choice", "year", "date_wording",
    "date_certainty", "doc_number", "responsible", "people", "places", "access", "fields", "note", "proposals",
    "page_count", "described_by",
)  # fmt: skip
SAME_OF_FILE = (
    "id", "position", "role", "name", "path", "size", "sha256", "sha512", "mime", "format", "puid", "page_count",
    "details", "similarity",
)  # fmt: skip
MOMENTS_OF_REMOVAL = ("begun_at", "gone_at", "proved_at")
CODES_A_TIME = 500

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One record as the store holds it: its description, head version, storage keys by logical name, pages by file."""

    description: Mapping[str, Any]
    version: int
    keys: Mapping[str, str]
    pages: Mapping[str, Sequence[Row]]


@dataclass
class Restoring:
    """What a rebuild has met so far: rows that several records share, and what is summed up at the end."""

    villages: dict[str, str] = field(default_factory=dict)
    """Their names by their ids."""
    batches: set[str] = field(default_factory=set)
    counters: dict[str, int] = field(default_factory=dict)
    learned: Counter[tuple[str, str]] = field(default_factory=Counter)


def empty(session: Session) -> bool:
    """Whether the database holds nothing yet that a rebuild would bring."""
    tables = (Village, OutlineVersion, Record, JournalEntry)
    return all(session.execute(select(table).limit(1)).first() is None for table in tables)


def restore_villages(session: Session, said: Sequence[Row], known: Restoring) -> None:
    """Put villages back, those that are not there yet."""
    fresh = {one["id"]: one for one in said if one["id"] not in known.villages}
    _put(session, Village, [_village(told_apart(one, known)) for one in fresh.values()])


def told_apart(said: Row, known: Restoring) -> Row:
    """A village by a name that no other bears; the store may say so when it was cut off between two renamings."""
    name = said["name"]
    if name in known.villages.values():
        name = f"{name}（{said['fonds']}）"
    known.villages[said["id"]] = name
    return {**said, "name": name}


def _village(said: Row) -> Row:
    merged_on = said.get("merged_on")
    day = date.fromisoformat(merged_on) if merged_on else None
    return {"aliases": [], "former_townships": [], **said, "merged_on": day}


def restore_outline(session: Session, said: Row) -> None:
    """Put one outline version back."""
    days = {"effective_from": date.fromisoformat(said["effective_from"])}
    _put(session, OutlineVersion, [{**said, **days, "imported_at": datetime.fromisoformat(said["imported_at"])}])


def restore_stretch(session: Session, said: Row, known: Restoring) -> None:
    """Put a sealed stretch of the journal back, hashes and all."""
    entries = said["entries"]
    seal = {name: said[name] for name in ("number", "previous", "root")} | {
        "id": new_id(),
        "sealed_at": datetime.fromisoformat(said["sealed_at"]),
        "entries": len(entries),
        "order": "\n".join(one["id"] for one in entries),
        "stored": True,
    }
    _put(session, JournalSeal, [seal])
    rows = [{**one, "at": datetime.fromisoformat(one["at"]), "seal_id": seal["id"]} for one in entries]
    _put(session, JournalEntry, rows)
    journal.count_sealed(session, (one["village_id"] for one in entries))
    for one in entries:
        _count_code(known, one)


def restore_records(session: Session, kept: Sequence[Kept], known: Restoring) -> None:
    """Put records back with everything that belongs to them."""
    restore_villages(session, [one.description["village"] for one in kept], known)
    _restore_batches(session, kept, known)
    _put(session, Record, [_record(one) for one in kept])
    files = [(one, said) for one in kept for said in one.description["files"]]
    _put(session, File, [_file(one, said) for one, said in files])
    _put(session, Item, [_item(one, said) for one, said in files if said["item"] and one.description["batch"]])
    pages = [{**page, "file_id": said["id"]} for one, said in files for page in one.pages.get(said["id"], ())]
    _put(session, PageText, pages)
    _put(session, Kin, [{**kin, "record_id": one.description["id"]} for one in kept for kin in one.description["kin"]])
    _put(session, GivenCode, [_given(one) for one in kept if one.description["code"]])
    _put(session, RecordReader, [row for one in kept for row in _readers(one.description)])
    for one in kept:
        _sum_up(known, one.description)


def restore_destroyed(session: Session, tombstones: Sequence[Mapping[str, Any]], known: Restoring) -> None:
    """Put descriptions of destroyed records back, each with its removal as it was begun, and what is given stays given.

    A record whose object is still there was cut off at the beginning; what is left of it goes with the next sweep.
    """
    there = records(session, [said["id"] for said in tombstones])
    for found in there.values():
        found.state = RecordState.DESTROYING
    kept = [Kept(said, 0, {}, {}) for said in tombstones if said["id"] not in there]
    restore_villages(session, [one.description["village"] for one in kept], known)
    _restore_batches(session, kept, known)
    _put(session, Record, [_record(one) | {"state": RecordState.DESTROYING} for one in kept])
    files = [(one, said) for one in kept for said in one.description["files"]]
    items = [_item(one, said) for one, said in files if said["item"] and one.description["batch"]]
    _put(session, Item, [one | {"state": ItemState.DESTROYED, "file_id": None} for one in items])
    _put(session, GivenCode, [_given(one) for one in kept if one.description["code"]])
    for said in tombstones:
        session.add(Removal(**_removal(said["removal"])))
    for one in kept:
        _sum_up(known, one.description)


def restore_proofs(session: Session, said: Mapping[str, Any]) -> None:
    """Put back what was proved of the removals of one register; those that the store has no tombstone of stay away."""
    for one in said["removals"]:
        removal = session.get(Removal, one["record_id"])
        if removal is not None and removal.state == RemovalState.BEGUN:
            for name, value in _removal(one).items():
                setattr(removal, name, value)
            if removal.state == RemovalState.PROVED:
                session.get_one(Record, removal.record_id).state = RecordState.DESTROYED


def _removal(said: Mapping[str, Any]) -> Row:
    moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in MOMENTS_OF_REMOVAL}
    return {**said, **moments}


def finish(session: Session, known: Restoring, number: int, at: datetime) -> None:
    """Write what was summed up, and codes that were given to records which never reached the store."""
    _put(session, CodeCounter, [{"scope": scope, "last": last} for scope, last in known.counters.items()])
    learned = [{"series_id": one, "feature": word, "seen": seen} for (one, word), seen in known.learned.items()]
    _put(session, LearnedFeature, learned)
    given = select(JournalEntry).where(JournalEntry.act == "code_given").execution_options(yield_per=CODES_A_TIME)
    for some in session.scalars(given).partitions():
        _give_back(session, [one for one in some if one.details.get("code")])
    journal.write(session, at, "system", "database_rebuilt", "archive", "-", None, {"records": number})


def _give_back(session: Session, entries: Sequence[JournalEntry]) -> None:
    by_code = {normalise(one.details["code"]): one for one in entries}
    there = set(session.scalars(select(GivenCode.normalised).where(GivenCode.normalised.in_(by_code))))
    rows = [
        {"normalised": code, "code": one.details["code"], "record_id": one.object_id, "at": one.at}
        for code, one in by_code.items()
        if code not in there
    ]
    _put(session, GivenCode, rows)


def _put(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _restore_batches(session: Session, kept: Sequence[Kept], known: Restoring) -> None:
    fresh: dict[str, Row] = {}
    for one in kept:
        said = one.description["batch"]
        if said and said["id"] not in known.batches:
            at = datetime.fromisoformat(said["opened_at"])
            home = one.description["village"]["id"]
            fresh[said["id"]] = {**said, "village_id": home, "source_path": None, "opened_at": at, "walked_at": at}
    _put(session, Batch, list(fresh.values()))
    known.batches.update(fresh)


def _record(kept: Kept) -> Row:
    said = kept.description
    archived_at = said["archived_at"] and datetime.fromisoformat(said["archived_at"])
    return {
        **{name: said[name] for name in SAME},
        **{name: said[name] and date.fromisoformat(said[name]) for name in DAYS},
        "access": RESTRICTED if said.get("restriction") else said["access"],
        "restriction": said.get("restriction"),
        "created_at": datetime.fromisoformat(said["created_at"]),
        "archived_at": archived_at,
        "changed_at": archived_at or datetime.fromisoformat(said["created_at"]),
        "village_id": said["village"]["id"],
        "outline_id": said["outline"] and said["outline"]["id"],
        "batch_id": said["batch"] and said["batch"]["id"],
        "state": RecordState.ARCHIVED,
        "version": kept.version,
    }


def _readers(said: Mapping[str, Any]) -> list[Row]:
    """To whom a donor's restriction opens the record."""
    restriction = said.get("restriction") or {"readers": ()}
    of_all = {"record_id": said["id"], "ground": Ground.DONOR, "opened_by": said["described_by"]}
    at = datetime.fromisoformat(said["archived_at"])
    return [{**of_all, "login": login, "opened_at": at} for login in restriction["readers"]]


def _file(kept: Kept, said: Row) -> Row:
    recognised = sum(page["confidence"] is not None for page in kept.pages.get(said["id"], ()))
    waits = said["ocr_state"] == OcrState.PENDING
    return {
        **{name: said[name] for name in SAME_OF_FILE},
        "record_id": kept.description["id"],
        "village_id": kept.description["village"]["id"],
        "storage_key": kept.keys[said["logical"]],
        # Recognised after archiving: the description is older than the pages.
        "ocr_state": OcrState.DONE if waits and recognised >= said["page_count"] else said["ocr_state"],
        "received_at": datetime.fromisoformat(said["received_at"]),
    }


def _item(kept: Kept, said: Row) -> Row:
    """The line of the batch that brought a file; so the same folder, handed in again, is still a duplicate."""
    return {
        "id": said["item"]["id"],
        "batch_id": kept.description["batch"]["id"],
        "path_bytes": bytes.fromhex(said["item"]["path_hex"]),
        "village_id": kept.description["village"]["id"],
        "path": said["path"],
        "size": said["size"],
        "sha256": said["sha256"],
        "state": ItemState.ARCHIVED,
        "file_id": said["id"],
        "record_id": kept.description["id"],
        "received_at": datetime.fromisoformat(said["received_at"]),
    }


def _given(kept: Kept) -> Row:
    said = kept.description
    at = datetime.fromisoformat(said["archived_at"])
    return {"normalised": normalise(said["code"]), "code": said["code"], "record_id": said["id"], "at": at}


def _sum_up(known: Restoring, said: Mapping[str, Any]) -> None:
    for entry in said["history"]:
        _count_code(known, entry)
    if said["series_id"]:
        words = {"", *(word[:40] for word in features(said["title"], ""))}
        known.learned.update((said["series_id"], word) for word in words)


def _count_code(known: Restoring, entry: Mapping[str, Any]) -> None:
    told = entry["details"]
    if entry["act"] == "code_given" and "scope" in told:
        known.counters[told["scope"]] = max(known.counters.get(told["scope"], 0), told["number"])
