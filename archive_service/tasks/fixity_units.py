"""What fixity reads, unit by unit: which units there are, and what each stored file of one should be.

Digests come from the inventory of the object and from the table of files, which must agree; nothing is read whole here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from archive_service.tasks.keeping import HOLD, JOURNAL, OUTLINE, VILLAGES
from archive_service.tasks.kept_documents import KINDS
from archive_service.tasks.tombstones import PROOFS, TOMBSTONE
from archive_service.tasks.verifying import HELD_ITEMS
from archive_service.wiring import Archive
from storage.database import fixity
from storage.database.batches import Item
from storage.database.fixity import STAGED
from storage.database.holds import Hold
from storage.database.journal import JournalSeal
from storage.database.outlines import OutlineVersion
from storage.database.records import File, Record, RecordState, files_of
from storage.database.removals import Removal
from storage.errors import Corrupt, Missing
from storage.objects.areas import ARCHIVE, STAGING
from storage.objects.inventory import NAME
from storage.objects.layout import object_path
from storage.objects.ocfl import RECORD
from storage.objects.witnesses import digest_beside, files_of_object

A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """One stored file as it should be; `sha512` is empty when nothing says it. `name` is for people."""

    key: str
    sha512: str
    name: str
    record_id: str | None = None
    village_id: str | None = None


def enrol(archive: Archive) -> int:
    """Look for units that are not known yet: records, stretches of the journal, outlines, holds, staged files."""
    filed = select(Record.id).where(Record.state == RecordState.ARCHIVED)
    held = select(Item.file_id).where(Item.state.in_(HELD_ITEMS))
    staged = select(File.id).where(File.storage_key.startswith(STAGING), File.id.in_(held))
    number = 0
    holds = select(Hold.id).where(Hold.kept)
    kept = [(kind.prefix, select(kind.table.id).where(kind.table.kept)) for kind in KINDS]
    outlines = select(OutlineVersion.id)
    gone = ((TOMBSTONE, select(Removal.record_id)), (PROOFS, select(Removal.register_id).distinct()))
    for prefix, query in ((RECORD, filed), (STAGED, staged), (OUTLINE, outlines), (HOLD, holds), *gone, *kept):
        for ids in _pages(archive, query):
            number += _enrol(archive, [f"{prefix}{one}" for one in ids])
    with archive.sessions.read() as session:
        seals = session.scalars(select(JournalSeal.number).where(JournalSeal.stored)).all()
    # Of archives from before each village had a document of its own.
    listed = [VILLAGES] if archive.objects.exists(f"{ARCHIVE}{object_path(VILLAGES)}/{NAME}") else []
    number += _enrol(archive, [*listed, *(f"{JOURNAL}{seal:08d}" for seal in seals)])
    with archive.sessions.begin() as session:
        fixity.looked_around(session, archive.now())
    return number


def _enrol(archive: Archive, units: Sequence[str]) -> int:
    number = 0
    for start in range(0, len(units), A_TIME):
        with archive.sessions.begin() as session:
            number += fixity.enrol(session, units[start : start + A_TIME])
    return number


def _pages(archive: Archive, query: Select[str]) -> Iterator[Sequence[str]]:
    column, after = query.selected_columns[0], ""
    while True:
        with archive.sessions.read() as session:
            ids = session.scalars(query.where(column > after).order_by(column).limit(A_TIME)).all()
        if not ids:
            return
        yield ids
        after = ids[-1]


def known_files(archive: Archive, unit: str) -> list[Known] | None:
    """The stored files of a unit; None when it is not kept (any more)."""
    if unit.startswith(STAGED):
        return _staged(archive, unit.removeprefix(STAGED))
    if unit.startswith(RECORD):
        return _of_record(archive, unit)
    return _of_object(archive, unit, unit, None, optional=not unit.startswith(JOURNAL))


def _staged(archive: Archive, file_id: str) -> list[Known] | None:
    with archive.sessions.read() as session:
        file = session.get(File, file_id)
    if file is None or not file.storage_key.startswith(STAGING):
        return None
    return [Known(file.storage_key, file.sha512, f"待归档的“{file.path}”", file.record_id, file.village_id)]


def _of_record(archive: Archive, unit: str) -> list[Known] | None:
    with archive.sessions.read() as session:
        record = session.get(Record, unit.removeprefix(RECORD))
        if record is None or record.state != RecordState.ARCHIVED:
            return None
        files = files_of(session, [record.id])[record.id]
    title = f"{record.code or '待编'}《{record.title}》"
    found = {one.key: one for one in _of_object(archive, unit, title, record) or ()}
    # Should inventory and table differ, the table is right: it is the other witness of what was received.
    for file in files:
        name = f"{title}的“{file.name}”"
        found[file.storage_key] = Known(file.storage_key, file.sha512, name, record.id, record.village_id)
    return list(found.values())


def _of_object(
    archive: Archive, unit: str, title: str, record: Record | None, optional: bool = False
) -> list[Known] | None:
    whose = (record.id, record.village_id) if record else (None, None)
    key = f"{ARCHIVE}{object_path(unit)}/{NAME}"
    try:
        held = archive.root.read(unit)
    except Missing:
        # Outlines and villages come into the store with the next sealing, and are written anew when they are lost.
        return None if optional else [Known(key, digest_beside(archive.objects, key), f"{title}的清单", *whose)]
    except Corrupt:
        return [Known(key, digest_beside(archive.objects, key), f"{title}的清单", *whose)]
    start = len(held.prefix) + 1
    return [
        Known(key, sha512, f"{title}的 {key[start:]} ", *whose)
        for key, sha512 in files_of_object(archive.objects, held)
    ]
