"""Keeping in the store what a rebuild needs beside the records: outlines, holds, and the text of pages.

Code counters need no document of their own: the number a code took stands in the history of its record and in the
sealed journal. Every call is safe to repeat; what has not changed is not written again.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from typing import Any

from archive_service.wiring import Archive
from storage.database.holds import Hold, document_of, records_under, unkept
from storage.database.outlines import OutlineVersion, outline_versions
from storage.database.records import RecordState, files_of, pages_of, record
from storage.objects.areas import derivative_key
from storage.objects.ocfl import dump

OUTLINE = "urn:village-archive:outline:"
OUTLINE_NAME = "outline.json"
VILLAGES = "urn:village-archive:villages"
VILLAGES_NAME = "villages.json"
"""One list of all, as it was kept before each village had a document of its own; only read."""
HOLD = "urn:village-archive:hold:"
HOLD_NAME = "hold.json"
JOURNAL = "urn:village-archive:journal:"
STRETCH = "stretch.json"
PAGES = "pages.json.gz"
PAGE_FIELDS = ("number", "text", "confidence", "lines", "vertical", "width", "height")


def keep_reference(archive: Archive) -> None:
    """Write outline versions to the store as they are now."""
    with archive.sessions.read() as session:
        documents = [(one.id, outline_document(one)) for one in outline_versions(session)]
    for version_id, said in documents:
        archive.root.put_document(f"{OUTLINE}{version_id}", OUTLINE_NAME, dump(said), archive.now())


def keep_holds(archive: Archive) -> int:
    """Write every hold that was placed or released since to the store, one object each; returns how many."""
    number = 0
    while True:
        with archive.sessions.read() as session:
            waiting = [(one.id, document_of(one, records_under(session, one.id))) for one in unkept(session)]
        for hold_id, said in waiting:
            archive.root.put_document(f"{HOLD}{hold_id}", HOLD_NAME, dump(said), archive.now())
            _note_kept(archive, hold_id, said["released_at"])
        number += len(waiting)
        if not waiting:
            return number


def _note_kept(archive: Archive, hold_id: str, released_at: str | None) -> None:
    """Unless it was released meanwhile: then the store does not have it as it is."""
    with archive.sessions.begin() as session:
        hold = session.get_one(Hold, hold_id)
        if (hold.released_at is None) == (released_at is None):
            hold.kept = True


def outline_document(version: OutlineVersion) -> dict[str, Any]:
    """An outline version as the store keeps it."""
    return {
        "id": version.id,
        "document": version.document,
        "version": version.version,
        "kind": version.kind,
        "title": version.title,
        "effective_from": version.effective_from.isoformat(),
        "content": version.content,
        "imported_by": version.imported_by,
        "imported_at": version.imported_at.isoformat(),
        "in_force": version.in_force,
    }


def keep_pages(archive: Archive, record_id: str) -> None:
    """Write the text of a record's pages beside the archive, a file each."""
    with archive.sessions.read() as session:
        files = files_of(session, [record_id])[record_id]
        pages = pages_of(session, [file.id for file in files])
    for file in files:
        if pages[file.id]:
            rows = [{name: getattr(page, name) for name in PAGE_FIELDS} for page in pages[file.id]]
            content = gzip.compress(json.dumps(rows, ensure_ascii=False).encode(), compresslevel=6, mtime=0)
            archive.objects.put(derivative_key(record_id, file.id, PAGES), io.BytesIO(content))


def keep_pages_of_filed(archive: Archive, record_id: str) -> None:
    """The same, for a record that is archived or just being archived; others have no place in the store yet."""
    with archive.sessions.read() as session:
        state = record(session, record_id).state
    if state in (RecordState.ARCHIVING, RecordState.ARCHIVED):
        keep_pages(archive, record_id)


def read_pages(content: bytes) -> list[dict[str, Any]]:
    """The pages of a file as they were kept, as rows of the database.

    Raises:
        ValueError: they are not what was kept.
    """
    try:
        found: list[dict[str, Any]] = json.loads(gzip.decompress(content))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError("页面文字的副本损坏") from error
    return found
