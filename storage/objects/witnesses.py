"""What each stored file of an archived object should be, by those who can say: the inventory, and for inventories
the sidecars. Nothing is compared here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from storage.errors import Missing
from storage.objects import inventory as inventories
from storage.objects.ocfl import Held
from storage.objects.store import ObjectStore

SHA512 = re.compile(rb"[0-9a-f]{128}\b")


def files_of_object(objects: ObjectStore, held: Held) -> Iterator[tuple[str, str]]:
    """Key and SHA-512 of every file of an object; the digest is empty where its only witness is gone."""
    head = hashlib.sha512(held.inventory.to_bytes()).hexdigest()
    yield f"{held.prefix}/{inventories.NAME}", head
    for number in range(1, held.version):
        key = f"{held.prefix}/v{number}/{inventories.NAME}"
        yield key, digest_beside(objects, key)
    yield f"{held.prefix}/v{held.version}/{inventories.NAME}", head
    for digest, path in held.inventory.manifest.items():
        yield f"{held.prefix}/{path}", digest


def digest_beside(objects: ObjectStore, inventory_key: str) -> str:
    """What the sidecar of an inventory says; empty when it says nothing."""
    try:
        with objects.open(f"{inventory_key.removesuffix(inventories.NAME)}{inventories.SIDECAR}") as stream:
            said = SHA512.match(stream.read(200))
    except Missing:
        return ""
    return said.group().decode() if said else ""
