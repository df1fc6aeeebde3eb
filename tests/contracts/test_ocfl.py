"""The storage root against an independent validator: after filing, revising, and being cut off at every write."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import ocfl
import pytest

from storage.errors import Conflict, Corrupt, Missing
from storage.objects.layout import object_id_at, object_path
from storage.objects.ocfl import Held, NewFile, StorageRoot, record_urn
from storage.objects.opening import open_store
from storage.objects.removal import Leftovers, Proof
from storage.objects.store import ObjectStore, Stored

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RECORD = "0190000000000000000000000000abcd"


class CutOff(Exception):
    """The machine stopped."""


class Failing:
    """A store whose n-th change never happens, like everything after it."""

    def __init__(self, store: ObjectStore, changes: int) -> None:
        self._store, self._left = store, changes

    def _change(self) -> None:
        if self._left == 0:
            raise CutOff
        self._left -= 1

    def put(self, key: str, stream: BinaryIO) -> Stored:
        self._change()
        return self._store.put(key, stream)

    def copy(self, source: str, target: str) -> None:
        self._change()
        self._store.copy(source, target)

    def delete(self, key: str, proof: Proof | None = None) -> None:
        self._change()
        self._store.delete(key, proof)

    def protect(self, prefix: str, at: datetime) -> None:
        self._store.protect(prefix, at)

    def versions_left(self, key: str) -> int:
        return self._store.versions_left(key)

    def sweep(self, before: datetime) -> int:
        return self._store.sweep(before)

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        return self._store.open(key, start, length)

    def size(self, key: str) -> int:
        return self._store.size(key)

    def exists(self, key: str) -> bool:
        return self._store.exists(key)

    def list(self, prefix: str) -> Iterator[str]:
        return self._store.list(prefix)

    def as_file(self, key: str) -> AbstractContextManager[Path]:
        return self._store.as_file(key)


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return open_store(f"file://{tmp_path}/store")


def staged(store: ObjectStore, logical: str, content: bytes) -> NewFile:
    stored = store.put(f"staging/{logical}", io.BytesIO(content))
    return NewFile(logical, f"staging/{logical}", stored.sha256, stored.sha512, stored.size)


def two_files(store: ObjectStore) -> list[NewFile]:
    return [staged(store, "files/001-账目.txt", "收入 300 元".encode()), staged(store, "files/002-b.pdf", b"%PDF-1.4")]


def create(store: ObjectStore, files: list[NewFile]) -> Held:
    return StorageRoot(store).create(RECORD, files, {"title": "一九五八年账目"}, "归档", "li", AT)


def problems(folder: Path) -> tuple[bool, int, list[object]]:
    """(valid, objects seen, what the validator says), warnings included."""
    root = ocfl.StorageRoot(root=str(folder / "store" / "archive"))
    valid = root.validate(validate_objects=True, check_digests=True, log_warnings=True)
    return valid and root.num_objects == root.good_objects, root.num_objects, [*root.errors, *root.log.messages]


def everything_in(store: ObjectStore) -> dict[str, bytes]:
    found = {}
    for key in store.list("archive/"):
        with store.open(key) as stream:
            found[key] = stream.read()
    return found


def test_a_filed_record_is_a_valid_object(store: ObjectStore, tmp_path: Path) -> None:
    held = create(store, two_files(store))
    with store.open(held.key_of("files/001-账目.txt")) as stream:
        assert stream.read().decode() == "收入 300 元"
    assert json.loads(StorageRoot(store).content(held)) == {"title": "一九五八年账目"}
    assert problems(tmp_path) == (True, 1, [])


def test_the_layout_is_the_one_the_extension_says() -> None:
    """The example of the extension's own text: sha256("object-01") = 3c0ff4240c1e116d…"""
    assert object_path("object-01") == "3c0/ff4/240/object-01"
    assert object_path("..hor/rib:le-$id") == "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"
    assert object_id_at(object_path(record_urn(RECORD))) == record_urn(RECORD)


def test_filing_again_changes_nothing_even_when_the_staged_files_are_gone(store: ObjectStore) -> None:
    files = two_files(store)
    create(store, files)
    before = everything_in(store)
    for file in files:
        store.delete(file.storage_key)
    assert create(store, files).version == 1
    assert everything_in(store) == before


def test_filing_other_bytes_under_a_filed_record_is_refused(store: ObjectStore) -> None:
    create(store, two_files(store))
    before = everything_in(store)
    with pytest.raises(Conflict):
        create(store, [staged(store, "files/001-账目.txt", b"other")])
    assert everything_in(store) == before


def test_a_file_that_is_nowhere_is_named_and_nothing_is_filed(store: ObjectStore) -> None:
    files = two_files(store)
    store.delete(files[1].storage_key)
    with pytest.raises(Missing, match=r"002-b\.pdf"):
        create(store, files)
    with pytest.raises(Missing):
        StorageRoot(store).read(record_urn(RECORD))


def test_the_same_bytes_twice_are_kept_once(store: ObjectStore, tmp_path: Path) -> None:
    files = [staged(store, "files/001-a.txt", b"same"), staged(store, "files/002-b.txt", b"same")]
    held = create(store, files)
    assert held.key_of("files/001-a.txt") == held.key_of("files/002-b.txt")
    assert problems(tmp_path) == (True, 1, [])


def test_a_revision_keeps_the_originals_where_they_are(store: ObjectStore, tmp_path: Path) -> None:
    first = create(store, two_files(store))
    second = StorageRoot(store).revise(RECORD, {"title": "更正"}, "题名有误", "wang", LATER)
    assert second.version == 2
    assert second.key_of("files/001-账目.txt") == first.key_of("files/001-账目.txt")
    assert "/v2/" in second.key_of("description.json")
    assert [version.message for version in second.inventory.versions] == ["归档", "题名有误"]
    assert problems(tmp_path) == (True, 1, [])


def test_the_same_revision_again_adds_no_version(store: ObjectStore) -> None:
    create(store, two_files(store))
    root = StorageRoot(store)
    root.revise(RECORD, {"title": "更正"}, "题名有误", "wang", LATER)
    assert root.revise(RECORD, {"title": "更正"}, "题名有误", "wang", LATER).version == 2


def test_a_revision_may_show_other_files_and_the_old_ones_stay(store: ObjectStore, tmp_path: Path) -> None:
    files = two_files(store)
    first = create(store, files)
    fresh = [files[0], staged(store, "files/003-c.txt", b"added")]
    second = StorageRoot(store).revise(RECORD, {"title": "补件"}, "补件", "wang", LATER, fresh)
    assert sorted(second.inventory.state) == ["description.json", "files/001-账目.txt", "files/003-c.txt"]
    assert store.exists(first.key_of("files/002-b.pdf"))
    assert problems(tmp_path) == (True, 1, [])


def test_a_document_gets_a_version_when_it_changes(store: ObjectStore, tmp_path: Path) -> None:
    root = StorageRoot(store)
    urn = "urn:village-archive:villages"
    versions = [root.put_document(urn, "v.json", content, AT).version for content in (b"[]", b"[]", b"[1]", b"[]")]
    assert versions == [1, 1, 2, 3]
    assert root.content(root.read(urn), "v.json") == b"[]"
    assert problems(tmp_path) == (True, 1, [])


def test_every_object_is_listed_once_and_nothing_else(store: ObjectStore) -> None:
    held = create(store, [staged(store, "files/0=ocfl_object_1.1", b"a file with the name of a declaration")])
    document = StorageRoot(store).put_document("urn:village-archive:villages", "v.json", b"[]", AT)
    assert sorted(StorageRoot(store).objects()) == sorted([held.prefix, document.prefix])


Step = Callable[[ObjectStore], object]


def file_it(store: ObjectStore) -> object:
    return create(store, FILES)


def revise_it(store: ObjectStore) -> object:
    return StorageRoot(store).revise(RECORD, {"title": "更正"}, "题名有误", "wang", LATER)


FILES: list[NewFile] = []


@pytest.mark.parametrize("step", [file_it, revise_it])
def test_cut_off_at_any_write_and_done_again_the_object_is_the_same(step: Step, tmp_path: Path) -> None:
    """The number of writes is found by trying: the first limit at which nothing is cut off ends the test."""

    def prepared(name: str) -> ObjectStore:
        store = open_store(f"file://{tmp_path}/{name}/store")
        FILES[:] = two_files(store)
        if step is revise_it:
            file_it(store)
        return store

    whole = prepared("whole")
    step(whole)
    for writes in range(100):
        store = prepared(str(writes))
        try:
            step(Failing(store, writes))
        except CutOff:
            step(store)
            assert everything_in(store) == everything_in(whole)
            assert problems(tmp_path / str(writes)) == (True, 1, [])
        else:
            assert writes >= 5
            return


def test_between_inventory_and_sidecar_the_object_is_still_readable(store: ObjectStore) -> None:
    create(store, two_files(store))
    revise_it(store)
    held = StorageRoot(store).read(record_urn(RECORD))
    store.delete(f"{held.prefix}/inventory.json.sha512", Leftovers(held.prefix, frozenset()))
    assert StorageRoot(store).read(record_urn(RECORD)).version == 2


def test_what_another_try_left_behind_is_not_part_of_the_object(store: ObjectStore, tmp_path: Path) -> None:
    files = two_files(store)
    with pytest.raises(CutOff):
        create(Failing(store, 5), files)
    held = create(store, files[:1])
    assert sorted(held.inventory.state) == ["description.json", "files/001-账目.txt"]
    assert problems(tmp_path) == (True, 1, [])


def test_a_changed_inventory_is_corrupt(store: ObjectStore) -> None:
    held = create(store, two_files(store))
    key = f"{held.prefix}/inventory.json"
    with store.open(key) as stream:
        changed = stream.read().replace("归档".encode(), "伪造".encode())
    store.put(key, io.BytesIO(changed))
    with pytest.raises(Corrupt, match="被改动过"):
        StorageRoot(store).read(record_urn(RECORD))


def test_an_inventory_that_is_no_json_is_corrupt(store: ObjectStore) -> None:
    held = create(store, two_files(store))
    store.put(f"{held.prefix}/inventory.json", io.BytesIO(b"\x00\x00"))
    with pytest.raises(Corrupt):
        StorageRoot(store).read(record_urn(RECORD))
