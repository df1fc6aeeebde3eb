"""Taking out of the store what does not stay: the bytes of a file found to be secret, and of what was not filed.

Rows go first, with an entry in the journal, then the bytes: what a killed process leaves is found again by the entry.
Nothing that is archived is ever touched here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from archive_service.tasks.verifying import long_staged
from archive_service.wiring import Archive
from storage.database import journal
from storage.database.batches import Item, ItemState
from storage.database.journal import JournalEntry
from storage.database.records import File, Record, RecordState, remove_file
from storage.objects.areas import DERIVATIVES, STAGING

A_TIME = 200


def let_go_of_withdrawn(archive: Archive) -> int:
    """Remove bytes and text of what was withdrawn or refused longer ago than the county keeps it; returns how many.

    The record or item itself stays, with the reason. Bytes are kept as long as a duplicate stands on them.
    """
    number = 0
    while keys := _forget_some(archive):
        remove(archive, keys)
        number += len(keys)
    return number


def _forget_some(archive: Archive) -> dict[str, str]:
    """Delete the rows of some files whose time is over; their storage keys by file id."""
    at = archive.now()
    with archive.sessions.begin() as session:
        over = _over(session, at - timedelta(days=archive.settings.withdrawn_days))
        for file, item in over:
            if item is not None:
                item.file_id = None
            said = {"path": file.path, "file": file.id, "key": file.storage_key, "sha256": file.sha256}
            of = ("record", file.record_id) if file.record_id else ("item", item.id if item else "")
            details = {**said, "why": "withdrawn" if file.record_id else "refused"}
            journal.write(session, at, "system", "bytes_removed", *of, file.village_id, details)
            remove_file(session, file)
    return {file.id: file.storage_key for file, _ in over}


def _over(session: Session, before: datetime) -> Sequence[tuple[File, Item | None]]:
    """Staged files of records withdrawn, and of items refused, before then, on which no duplicate stands."""
    own, duplicate = aliased(Item), aliased(Item)
    stood_on = (
        select(own.id)
        .join(duplicate, duplicate.duplicate_of == own.id)
        .where(own.file_id == File.id, duplicate.state == ItemState.DUPLICATE)
    )
    withdrawn = and_(Record.state == RecordState.WITHDRAWN, Record.changed_at < before)
    refused = and_(File.record_id.is_(None), Item.state == ItemState.REJECTED, Item.received_at < before)
    over = (
        select(File, Item)
        .outerjoin(Item, Item.file_id == File.id)
        .outerjoin(Record, File.record_id == Record.id)
        .where(or_(withdrawn, refused), File.storage_key.startswith(STAGING), ~stood_on.exists())
    )
    return [(file, item) for file, item in session.execute(over.order_by(File.id).limit(A_TIME))]


def remove(archive: Archive, keys: Mapping[str, str]) -> None:
    """Remove bytes and whatever was derived from them. `keys` are storage keys by the id of their file.

    The bytes go last: while they are there, a call that was cut off is seen to be unfinished.
    """
    # A picture stays under the record that its file belonged to when it was drawn, so every record is looked at.
    derived = list(archive.objects.list(DERIVATIVES)) if keys else []
    for key in derived:
        if key.rpartition("/")[2].partition(".")[0] in keys:
            archive.objects.delete(key)
    for key in keys.values():
        archive.objects.delete(key)


def remove_left_over(archive: Archive) -> int:
    """Remove staged bytes that the journal says were removed and that a killed process left; returns how many.

    Other bytes without a row may be the only copy of something: `verify` names them, and a person decides. The store is
    asked what it has, not about every removal there ever was; the journal only when something lies without a row.
    """
    ownerless = _without_row(archive)
    if not ownerless:
        return 0
    with archive.sessions.read() as session:
        said = session.scalars(select(JournalEntry.details).where(JournalEntry.act == "bytes_removed"))
        left = {one["file"]: one["key"] for one in said.yield_per(A_TIME) if one.get("key") in ownerless}
    remove(archive, left)
    return len(left)


def _without_row(archive: Archive) -> set[str]:
    """What has lain in staging for long and belongs to no file."""
    now, found = archive.now(), set[str]()
    keys = (key for key in archive.objects.everything(STAGING) if long_staged(key, now))
    while some := list(islice(keys, A_TIME)):
        with archive.sessions.read() as session:
            found |= set(some) - set(session.scalars(select(File.storage_key).where(File.storage_key.in_(some))))
    return found
