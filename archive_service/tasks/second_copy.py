"""Bringing a damaged file back from the second copy, where one is configured: a backup, or a mirror of the objects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

from archive_service.wiring import Archive
from storage.errors import Corrupt, Missing
from storage.objects.store import ObjectStore, checked
from storage.objects.vault import vault_key


def repair(archive: Archive, second: ObjectStore, key: str, sha512: str) -> bool:
    """Put the bytes with this digest under the key again, if the second copy has them; whether it had.

    What the second copy holds is compared on the way: other bytes are never taken.
    """
    if not sha512:
        return False
    with ExitStack() as held:
        for stream in _candidates(second, key, sha512):
            try:
                archive.objects.put(key, checked(held.enter_context(stream), sha512))
            except Corrupt:
                continue
            return True
    return False


def _candidates(second: ObjectStore, key: str, sha512: str) -> Iterator[BinaryIO]:
    """A backup keeps bytes by their digest, a mirror under the same key."""
    for place in (vault_key(sha512), key):
        try:
            yield second.open(place)
        except Missing:
            continue
