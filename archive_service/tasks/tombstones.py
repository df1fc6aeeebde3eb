"""What stays of destroyed records in the store: a tombstone each, and the proofs of a register in one document.

A rebuild from the store alone reads both: the description comes back as that of a destroyed record, its code stays
given, and what was begun and not proved is finished. A tombstone has no text, no person of a genealogy, no file.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from archive_service.actions import filing
from archive_service.wiring import Archive
from storage.database.organisations import village
from storage.database.records import files_of, record
from storage.database.register_chain import named
from storage.database.registers import register
from storage.database.removals import Removal, RemovalState, removals_of
from storage.objects.ocfl import dump

TOMBSTONE = "urn:village-archive:tombstone:"
TOMBSTONE_NAME = "tombstone.json"
PROOFS = "urn:village-archive:removal:"
PROOFS_NAME = "removal.json"
OF_FILE = ("id", "name", "path", "size", "sha256", "page_count", "received_at", "item")
SAID = ("record_id", "register_id", "village_id", "state", "copies", "backups", "fault")
MOMENTS = ("begun_at", "gone_at", "proved_at")


def tombstone_of(session: Session, removal: Removal) -> dict[str, Any]:
    """What the store keeps of a record that is being destroyed. The same however often it is asked, until rows go."""
    found = record(session, removal.record_id)
    files = files_of(session, [found.id])[found.id]
    home = village(session, found.village_id)
    said = filing.description(session, found, home, files, filing.logical_names(files))
    said |= {"files": [{name: one[name] for name in OF_FILE} for one in said["files"]], "kin": [], "proposals": {}}
    said["history"] = [one for one in said["history"] if one["act"] == "code_given"]
    begun = document_of(removal) | {"state": RemovalState.BEGUN, "fault": "", "gone_at": None, "proved_at": None}
    return said | {"removal": begun, "register": named(register(session, removal.register_id))}


def document_of(removal: Removal) -> dict[str, Any]:
    """A removal as the store keeps it."""
    moments = {name: (at := getattr(removal, name)) and at.isoformat() for name in MOMENTS}
    return {**{name: getattr(removal, name) for name in SAID}, **moments}


def keep_tombstone(archive: Archive, removal: Removal) -> None:
    """Write the tombstone; before the first byte goes."""
    with archive.sessions.read() as session:
        said = tombstone_of(session, removal)
    archive.root.put_document(f"{TOMBSTONE}{removal.record_id}", TOMBSTONE_NAME, dump(said), archive.now())


def keep_proofs(archive: Archive, register_id: str) -> None:
    """Write what was found, removed and proved for a register, as it is now."""
    with archive.sessions.read() as session:
        said = [document_of(one) for one in removals_of(session, register_id)]
    content = dump({"register": register_id, "removals": said})
    archive.root.put_document(f"{PROOFS}{register_id}", PROOFS_NAME, content, archive.now())
