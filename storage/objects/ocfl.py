"""The archive itself: an OCFL 1.1 storage root in any object store, one object a record or document.

Every write may be cut off at any point and repeated: a version's files come first, the root's sidecar comes last, and
an object counts as written when its sidecar is. Nothing here deletes or rewrites what a version holds.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.errors import Conflict, Corrupt, Missing
from storage.objects import inventory as inventories
from storage.objects import layout
from storage.objects.areas import ARCHIVE
from storage.objects.draft import Draft, NewFile
from storage.objects.inventory import Inventory, sidecar_of
from storage.objects.store import ObjectStore, digests

__all__ = ["DESCRIPTION", "RECORD", "Held", "NewFile", "StorageRoot", "dump", "record_urn"]

DESCRIPTION = "description.json"
RECORD = "urn:village-archive:record:"


@dataclass(frozen=True, slots=True)
class Held:
    """An object as the root holds it: its inventory, and the key prefix of its bytes."""

    inventory: Inventory
    prefix: str

    @property
    def object_id(self) -> str:
        """Its name in the root."""
        return self.inventory.object_id

    @property
    def version(self) -> int:
        """The number of its last version."""
        return self.inventory.head

    def key_of(self, logical: str, version: int | None = None) -> str:
        """The storage key of the bytes behind a logical name of the last version, or of an earlier one.

        Raises:
            Missing: that version shows no such name.
        """
        try:
            return f"{self.prefix}/{self.inventory.path_of(logical, version)}"
        except KeyError:
            raise Missing(f"{self.object_id} 里没有 {logical}。请用 village-archive verify 核对。") from None


def record_urn(record_id: str) -> str:
    """The object id of a record."""
    return f"{RECORD}{record_id}"


def dump(value: Any) -> bytes:
    """JSON as it is kept: readable, and the same value always gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


class StorageRoot:
    """The storage root of an object store."""

    def __init__(self, objects: ObjectStore, prefix: str = ARCHIVE) -> None:
        self._objects, self._prefix = objects, prefix
        self._declared = False

    def create(
        self,
        record_id: str,
        files: Sequence[NewFile],
        description: dict[str, Any],
        message: str,
        actor: str,
        at: datetime,
    ) -> Held:
        """Hold a record: its files as they lie in the store, and its description. Repeating it changes nothing.

        Raises:
            Conflict: the record is held already, with other files.
        """
        held = self._find(record_urn(record_id))
        if held is None:
            documents = {DESCRIPTION: dump(description)}
            return self._write(record_urn(record_id), None, files, documents, message, actor, at)
        if any(held.inventory.versions[0].state.get(file.logical_path) != file.sha512 for file in files):
            raise Conflict("这件档案已经归档，文件与这一次的不同；没有改动。")
        return self._settle(held, at)

    def revise(
        self,
        record_id: str,
        description: dict[str, Any],
        message: str,
        actor: str,
        at: datetime,
        files: Sequence[NewFile] | None = None,
    ) -> Held:
        """Add a version with a new description, and other files if they are given. The same again adds nothing.

        Raises:
            Missing: the record is not held.
        """
        held = self.read(record_urn(record_id))
        return self._next(held, files, {DESCRIPTION: dump(description)}, message, actor, at)

    def put_document(self, object_id: str, name: str, content: bytes, at: datetime) -> Held:
        """Hold a document that is no record, or add a version of it when it changed."""
        held = self._find(object_id)
        if held is None:
            return self._write(object_id, None, (), {name: content}, "保存", "system", at)
        return self._next(held, (), {name: content}, "更新", "system", at)

    def read(self, object_id: str) -> Held:
        """An object by its id.

        Raises:
            Missing: there is none.
            Corrupt: its inventory is not what its sidecar says.
        """
        held = self._find(object_id)
        if held is None:
            raise Missing(f"档案库里没有 {object_id}。请用 village-archive verify 核对。")
        return held

    def objects(self) -> Iterator[str]:
        """The key prefix of every object, as they are found; `read_at` says what is there."""
        depth = self._prefix.count("/") + layout.TUPLES + 1
        for key in self._objects.list(self._prefix):
            if key.endswith(f"/{layout.OBJECT_DECLARATION}") and key.count("/") == depth:
                yield key.rpartition("/")[0]

    def read_at(self, prefix: str) -> Held:
        """The object at a key prefix.

        Raises:
            Missing: it was begun and never finished.
            Corrupt: its inventory is not what its sidecar says.
        """
        held = self._read(prefix)
        if held is None:
            raise Missing(f"{prefix} 只写了一半，原件还在暂存区。请启动服务或再归档一次，会接着写完。")
        return held

    def content(self, held: Held, logical: str = DESCRIPTION, version: int | None = None) -> bytes:
        """The bytes of a small file of an object, as its last version has it, or an earlier one."""
        return self._bytes(held.key_of(logical, version))

    def _find(self, object_id: str) -> Held | None:
        return self._read(self._prefix + layout.object_path(object_id))

    def _read(self, prefix: str) -> Held | None:
        try:
            content = self._bytes(f"{prefix}/{inventories.NAME}")
        except Missing:
            return None
        if self._sidecar(prefix) != sidecar_of(content):
            return self._cut_off(prefix, content)
        return Held(inventories.parse(content), prefix)

    def _cut_off(self, prefix: str, content: bytes) -> Held | None:
        """A write may have stopped between inventory and sidecar; then the copy inside the version vouches for it."""
        found = inventories.parse(content)
        if self._sidecar(f"{prefix}/v{found.head}") != sidecar_of(content):
            raise Corrupt(
                f"{found.object_id} 的清单被改动过，原件没有动。请用 village-archive verify 核对，再从备份恢复。"
            )
        return Held(found, prefix)

    def _settle(self, held: Held, at: datetime) -> Held:
        """Write the last sidecar and protect what is held, if a cut-off write left that out."""
        wanted = sidecar_of(held.inventory.to_bytes())
        if self._sidecar(held.prefix) != wanted:
            self._put(f"{held.prefix}/{inventories.SIDECAR}", wanted)
        self._objects.protect(f"{held.prefix}/", at)
        return held

    def _sidecar(self, prefix: str) -> bytes:
        try:
            return self._bytes(f"{prefix}/{inventories.SIDECAR}")
        except Missing:
            return b""

    def _next(
        self,
        held: Held,
        files: Sequence[NewFile] | None,
        documents: Mapping[str, bytes],
        message: str,
        actor: str,
        at: datetime,
    ) -> Held:
        before = held.inventory.state
        kept = {} if files is not None else {name: digest for name, digest in before.items() if name not in documents}
        fresh = {file.logical_path: file.sha512 for file in files or ()}
        said = {name: digests(io.BytesIO(content)).sha512 for name, content in documents.items()}
        if {**kept, **fresh, **said} == before:
            return self._settle(held, at)
        return self._write(held.object_id, held.inventory, files or (), documents, message, actor, at, kept)

    def _write(
        self,
        object_id: str,
        before: Inventory | None,
        files: Sequence[NewFile],
        documents: Mapping[str, bytes],
        message: str,
        actor: str,
        at: datetime,
        kept: Mapping[str, str] | None = None,
    ) -> Held:
        self._declare()
        prefix = self._prefix + layout.object_path(object_id)
        draft = Draft(self._objects, prefix, before, kept or {})
        for file in files:
            draft.add_file(file)
        for name, content in documents.items():
            draft.add_document(name, content)
        held = Held(draft.seal(object_id, message, actor, at), prefix)
        # Only what is whole is protected: what an earlier try left must be removable.
        self._objects.protect(f"{prefix}/", at)
        return held

    def _declare(self) -> None:
        if self._declared:
            return
        for name, content in layout.root_files().items():
            if not self._objects.exists(self._prefix + name):
                self._put(self._prefix + name, content)
        self._declared = True

    def _put(self, key: str, content: bytes) -> None:
        self._objects.put(key, io.BytesIO(content))

    def _bytes(self, key: str) -> bytes:
        with self._objects.open(key) as stream:
            return stream.read()
