"""One version of an OCFL object while it is being written: contents, then inventories, then the last sidecar."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.errors import Corrupt, Missing
from storage.objects import inventory as inventories
from storage.objects import layout
from storage.objects.inventory import Inventory, Version, sidecar_of
from storage.objects.removal import Leftovers
from storage.objects.store import ObjectStore, digests


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is in the store already and is to be held under a logical name. Digests in hex, size in bytes."""

    logical_path: str
    storage_key: str
    sha256: str
    sha512: str
    size: int


class Draft:
    """The next version of an object at a key prefix; `before` is the inventory so far, `kept` the names it keeps."""

    def __init__(self, objects: ObjectStore, prefix: str, before: Inventory | None, kept: Mapping[str, str]) -> None:
        self._objects, self._prefix = objects, prefix
        self._versions = before.versions if before else ()
        self._manifest = dict(before.manifest) if before else {}
        self._sha256 = dict(before.sha256) if before else {}
        self._state = dict(kept)
        self._folder = f"v{len(self._versions) + 1}"

    def add_file(self, file: NewFile) -> None:
        """Show a file under its name; bytes that the object holds already are not kept twice."""
        path = self._place(file.logical_path, file.sha512, file.sha256)
        if path is None:
            return
        key = f"{self._prefix}/{path}"
        if self._objects.exists(file.storage_key):
            self._objects.copy(file.storage_key, key)
        elif not self._objects.exists(key):
            raise Missing(f"“{file.logical_path}”的原件不在暂存区，没有归档。请用 village-archive verify 核对。")
        if self._objects.size(key) != file.size:
            raise Corrupt(f"“{file.logical_path}”的大小与收到时不同，没有归档。请用 village-archive verify 核对。")

    def add_document(self, name: str, content: bytes) -> None:
        """Show bytes under a name."""
        measured = digests(io.BytesIO(content))
        path = self._place(name, measured.sha512, measured.sha256)
        if path is not None:
            self._put(path, content)

    def seal(self, object_id: str, message: str, actor: str, at: datetime) -> Inventory:
        """Write down what the version holds. With the last write, the object has it."""
        self._clear_leftovers()
        version = Version(self._state, message, actor, at)
        found = Inventory(object_id, self._manifest, (*self._versions, version), self._sha256)
        content = found.to_bytes()
        for folder in (f"{self._folder}/", ""):
            if not folder:
                self._put(layout.OBJECT_DECLARATION, f"{layout.OBJECT_DECLARATION[2:]}\n".encode())
            self._put(f"{folder}{inventories.NAME}", content)
            self._put(f"{folder}{inventories.SIDECAR}", sidecar_of(content))
        return found

    def _place(self, name: str, sha512: str, sha256: str) -> str | None:
        """Where new bytes go; None when the object has them."""
        self._state[name] = sha512
        if sha512 in self._manifest:
            return None
        path = f"{self._folder}/content/{name}"
        self._manifest[sha512], self._sha256[path] = path, sha256
        return path

    def _clear_leftovers(self) -> None:
        """Take away what an earlier try left in this version's folder: no inventory ever named it."""
        wanted = frozenset(f"{self._prefix}/{path}" for path in self._manifest.values())
        left = Leftovers(f"{self._prefix}/{self._folder}/content/", wanted)
        for key in list(self._objects.list(left.folder)):
            if left.covers(key):
                self._objects.delete(key, left)

    def _put(self, path: str, content: bytes) -> None:
        self._objects.put(f"{self._prefix}/{path}", io.BytesIO(content))
