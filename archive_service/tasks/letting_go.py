"""Taking out of the store what must not stay in the house: the bytes of a file found to be secret, and its pictures.

That a file is secret, and that its rows are gone, was decided and committed before; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping

from archive_service.wiring import Archive
from storage.objects.areas import DERIVATIVES


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
