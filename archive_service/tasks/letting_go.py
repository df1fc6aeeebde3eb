"""Taking out of the store what must not stay in the house: the bytes of a file found to be secret, and its pictures.

That a file is secret, and that its rows are gone, was decided, committed and journaled before; here it is only done.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from archive_service.tasks.verifying import long_staged
from archive_service.wiring import Archive
from storage.database.journal import JournalEntry
from storage.database.records import File
from storage.objects.areas import DERIVATIVES, STAGING


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

    Other bytes without a row may be the only copy of something: `verify` names them, and a person decides.
    """
    with archive.sessions.read() as session:
        said = session.scalars(select(JournalEntry.details).where(JournalEntry.act == "bytes_removed"))
        removed = {one["key"]: one["file"] for one in said if one.get("key", "").startswith(STAGING)}
        still_held = set(session.scalars(select(File.storage_key).where(File.storage_key.in_(removed))))
    left = {
        file_id: key
        for key, file_id in removed.items()
        if key not in still_held and long_staged(key, archive.now()) and archive.objects.exists(key)
    }
    remove(archive, left)
    return len(left)
