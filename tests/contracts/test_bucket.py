"""What a bucket promises beyond the contract of every store: versions, a lock, uploads cut off, large objects.

Over a real server where `--s3` gives one, and always over a second implementation of S3.
"""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from minio import Minio
from minio.commonconfig import ENABLED
from minio.error import S3Error
from minio.helpers import ObjectWriteResult
from minio.versioningconfig import VersioningConfig
from moto.server import ThreadedMotoServer

from archive_service.settings import Settings
from archive_service.tasks.backing_up import back_up
from archive_service.tasks.restoring_backup import restore
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import seal_journal
from archive_service.wiring import Archive, build
from storage.errors import Conflict, Corrupt, NotReady
from storage.objects.areas import ARCHIVE
from storage.objects.ocfl import StorageRoot
from storage.objects.opening import open_store
from storage.objects.removal import Destroyed, SignedRow
from storage.objects.s3 import BucketStore
from storage.objects.s3_streams import PART
from storage.objects.store import digests

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
FAR = datetime(2126, 3, 1, tzinfo=UTC)
A_CENTURY = 36_525
"""In days: the servers have a clock of their own, and a lock must end after it."""


@pytest.fixture(scope="module")
def double() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"s3://key:secret@{host}:{port}"
    server.stop()


@pytest.fixture(params=["double", pytest.param("server", marks=pytest.mark.needs("s3"))])
def url(request: pytest.FixtureRequest) -> str:
    """A bucket that is not there yet."""
    bucket = str(request.getfixturevalue("bucket_url")).rpartition("/")[2]
    server = request.getfixturevalue("double") if request.param == "double" else request.config.getoption("s3")
    return f"{server}/{bucket}"


def raw(url: str, kind: type[Minio] = Minio) -> tuple[Minio, str]:
    """The client itself, and the bucket."""
    parts = urlsplit(url)
    client = kind(f"{parts.hostname}:{parts.port}", parts.username, parts.password, secure=False, region="us-east-1")
    return client, parts.path.strip("/")


def put(store: BucketStore, key: str, content: bytes) -> None:
    store.put(key, io.BytesIO(content))


def opened(url: str, lock_days: int = 0) -> BucketStore:
    store = open_store(url, lock_days)
    assert isinstance(store, BucketStore)
    return store


def test_a_removal_takes_every_version_and_every_mark_of_a_deletion(url: str) -> None:
    store, (client, bucket) = opened(url), raw(url)
    client.set_bucket_versioning(bucket, VersioningConfig(ENABLED))
    put(store, "a/b", b"first")
    put(store, "a/b", b"second")
    client.remove_object(bucket, "a/b")
    assert not store.exists("a/b")
    assert store.versions_left("a/b") == 3
    put(store, "a/bc", b"neighbour")
    store.delete("a/b")
    assert store.versions_left("a/b") == 0
    assert [one.object_name for one in client.list_objects(bucket, recursive=True, include_version=True)] == ["a/bc"]


def test_a_removal_that_is_cut_off_brings_no_older_version_back(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, (client, bucket) = opened(url), raw(url)
    client.set_bucket_versioning(bucket, VersioningConfig(ENABLED))
    for content in (b"first", b"second", b"third"):
        put(store, "a/b", content)
    removed = list[str]()

    def remove_once(_bucket: str, key: str, version_id: str) -> None:
        if removed:
            raise ConnectionResetError
        removed.append(version_id)
        client.remove_object(bucket, key, version_id=version_id)

    monkeypatch.setattr(store._client, "remove_object", remove_once)
    with pytest.raises(NotReady):
        store.delete("a/b")
    assert store.versions_left("a/b") == 2
    with store.open("a/b") as stream:
        assert stream.read() == b"third"


def test_an_upload_that_was_cut_off_is_swept_and_one_that_goes_on_is_not(url: str) -> None:
    store, (client, bucket) = opened(url), raw(url)
    upload = client._create_multipart_upload(bucket, "a/cut", {})
    client._upload_part(bucket, "a/cut", b"x" * (5 << 20), None, upload, 1)
    assert store.sweep(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert [one.object_name for one in client._list_multipart_uploads(bucket).uploads] == ["a/cut"]
    assert store.sweep(FAR) == 1
    assert client._list_multipart_uploads(bucket).uploads == []
    assert list(store.list("")) == []


def test_a_stream_that_breaks_off_after_a_part_leaves_no_upload_behind(url: str) -> None:
    store, (client, bucket) = opened(url), raw(url)
    with pytest.raises(PermissionError):
        store.put("a/broken", io.BufferedReader(_Blocks(PART * 2, breaks_off=True)))
    assert client._list_multipart_uploads(bucket).uploads == []
    assert list(store.list("")) == []


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART, 2 * PART + 1])
def test_the_tag_that_is_expected_is_the_one_that_the_server_gives(
    url: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(url)
    # Were a tag not as expected, the object would be read back: then this fails.
    monkeypatch.setattr(store, "_read_back", None)
    assert store.put("a/b", io.BufferedReader(_Blocks(size))).size == size


class Garbling(Minio):
    """A client whose bytes are changed on their way."""

    def _put_object(self, bucket, name, data, headers=None, query_params=None) -> ObjectWriteResult:  # type: ignore[no-untyped-def]  # as its parent
        return super()._put_object(bucket, name, data.replace(b"5", b"6"), headers, query_params)


class Encrypting(Minio):
    """A client of a server whose tags are no MD5."""

    def _put_object(self, bucket, name, data, headers=None, query_params=None) -> ObjectWriteResult:  # type: ignore[no-untyped-def]  # as its parent
        done = super()._put_object(bucket, name, data, headers, query_params)
        return ObjectWriteResult(bucket, name, done.version_id, "0" * 32, done.http_headers)


def test_what_arrived_otherwise_than_it_was_sent_is_not_kept(url: str) -> None:
    opened(url)
    store = BucketStore(*raw(url, Garbling))
    with pytest.raises(Corrupt, match="与送去的不同"):
        put(store, "a/b", b"account 15")
    assert not store.exists("a/b")
    put(store, "a/b", b"account 14")
    assert store.exists("a/b")


def test_a_tag_that_proves_nothing_is_settled_by_reading_back(url: str) -> None:
    opened(url)
    store = BucketStore(*raw(url, Encrypting))
    put(store, "a/b", b"account 15")
    with store.open("a/b") as stream:
        assert stream.read() == b"account 15"


def test_a_lock_needs_a_bucket_that_has_one(url: str) -> None:
    opened(url)
    with pytest.raises(NotReady, match=r"没有对象锁.*OBJECTS_LOCK_DAYS"):
        open_store(url, A_CENTURY)


def test_the_settings_that_do_not_fit_together_are_named_before_anything_starts(url: str, settings: Settings) -> None:
    opened(url)
    archive = build(settings.model_copy(update={"objects_url": url, "objects_lock_days": 1}))
    archive.prepare()
    with pytest.raises(NotReady, match=r"VILLAGE_ARCHIVE_OBJECTS_URL.*没有对象锁.*VILLAGE_ARCHIVE_OBJECTS_LOCK_DAYS"):
        archive.check_stores()
    archive.sessions.engine.dispose()


def test_a_folder_has_no_lock() -> None:
    with pytest.raises(NotReady, match=r"没有对象锁.*OBJECTS_LOCK_DAYS"):
        open_store("file:///tmp/none", 1)


@pytest.mark.needs("s3")
def test_a_record_that_is_archived_is_locked_and_what_waits_is_not(bucket_url: str) -> None:
    store = opened(bucket_url, A_CENTURY)
    held = StorageRoot(store).create("0" * 32, [], {"title": "收支"}, "归档", "li", NOON)
    key = held.key_of("description.json")
    client, bucket = raw(bucket_url)
    locked = client.get_object_retention(bucket, key)
    assert locked is not None
    assert (locked.mode, locked.retain_until_date) == ("GOVERNANCE", datetime(2126, 3, 2, 4, 0, tzinfo=UTC))
    with pytest.raises(Conflict, match="已归档的内容"):
        store.delete(key)
    (version,) = [one.version_id for one in client.list_objects(bucket, key, include_version=True)]
    with pytest.raises(S3Error, match="WORM"):
        client.remove_object(bucket, key, version)
    assert store.exists(key)
    put(store, "staging/00/waiting", b"1")
    store.delete("staging/00/waiting")
    assert store.versions_left("staging/00/waiting") == 0


@pytest.mark.needs("s3")
def test_what_a_restore_brings_back_is_locked_at_once(bucket_url: str, archive: Archive, tmp_path: Path) -> None:
    set_up(archive)
    # The sealed journal, the outline and the list of villages are kept in the archive.
    seal_journal(archive)
    target = open_store(f"file://{tmp_path}/backup")
    back_up(archive, target)
    there = {"data": tmp_path / "there", "objects_url": bucket_url, "objects_lock_days": A_CENTURY}
    assert restore(build(archive.settings.model_copy(update=there), archive.clock), target).faults == []
    client, bucket = raw(bucket_url)
    keys = list(archive.objects.list(ARCHIVE))
    assert len(keys) > 5
    ends = [client.get_object_retention(bucket, key) for key in keys]
    assert {one.retain_until_date if one else None for one in ends} == {datetime(2126, 3, 2, 4, 0, tzinfo=UTC)}


@pytest.mark.needs("s3")
def test_a_lock_of_the_server_is_said_where_nothing_else_refuses(bucket_url: str) -> None:
    store = opened(bucket_url, A_CENTURY)
    put(store, "staging/00/kept", b"1")
    store.protect("staging/00/kept", NOON)
    with pytest.raises(Conflict, match="由对象锁保护着"):
        store.delete("staging/00/kept")
    assert store.exists("staging/00/kept")


@pytest.mark.needs("s3")
def test_a_signed_row_lifts_the_lock_of_its_own_record_only(bucket_url: str) -> None:
    store = opened(bucket_url, A_CENTURY)
    root = StorageRoot(store)
    listed, other = (root.create(one * 32, [], {"title": "收支"}, "归档", "li", NOON) for one in "01")
    row = SignedRow("register", "1" * 64, "2" * 64, "0" * 32, "a", ("b", "c"), "d")
    proof = Destroyed(row, listed.prefix)
    for key in list(store.everything(f"{listed.prefix}/")):
        store.delete(key, proof)
    assert list(store.everything(f"{listed.prefix}/")) == []
    with pytest.raises(Conflict, match="已归档的内容"):
        store.delete(other.key_of("description.json"), proof)
    assert store.exists(other.key_of("description.json"))


def test_what_only_a_deleted_object_left_is_named_too(url: str) -> None:
    store, (client, bucket) = opened(url), raw(url)
    client.set_bucket_versioning(bucket, VersioningConfig(ENABLED))
    put(store, "a/b", b"first")
    client.remove_object(bucket, "a/b")
    assert list(store.list("a/")) == []
    assert list(store.everything("a/")) == ["a/b"]


@pytest.mark.needs("s3")
def test_a_locked_record_is_revised_and_a_shorter_lock_changes_nothing(bucket_url: str) -> None:
    store = opened(bucket_url, A_CENTURY)
    root = StorageRoot(store)
    root.create("0" * 32, [], {"title": "收支"}, "归档", "li", NOON)
    held = root.revise("0" * 32, {"title": "收支表"}, "题名有误", "li", NOON)
    assert held.version == 2
    opened(bucket_url, A_CENTURY - 1).protect(held.prefix, NOON)
    client, bucket = raw(bucket_url)
    locked = client.get_object_retention(bucket, f"{held.prefix}/inventory.json")
    assert locked is not None
    assert locked.retain_until_date == datetime(2126, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.long
@pytest.mark.needs("s3")
def test_a_large_object_goes_in_and_comes_out_in_constant_memory(bucket_url: str) -> None:
    store, size = opened(bucket_url), 300 << 20
    process, before = psutil.Process(), psutil.Process().memory_info().rss
    tracemalloc.start()
    stored = store.put("a/large", io.BufferedReader(_Blocks(size)))
    going_in = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    with store.open("a/large") as stream:
        assert digests(stream) == stored
    coming_out = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert stored.size == size
    assert stored.sha256 == hashlib.sha256(b"0123456789abcdef" * (size // 16)).hexdigest()
    assert going_in < 5 * PART
    assert coming_out < PART
    assert process.memory_info().rss - before < 8 * PART


class _Blocks(io.RawIOBase):
    """So many bytes, without holding them all; at their end it fails if it is to."""

    def __init__(self, size: int, breaks_off: bool = False) -> None:
        self._left, self._breaks_off = size, breaks_off

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io hands a memoryview
        if not self._left and self._breaks_off:
            raise PermissionError
        number = min(len(buffer) // 16 * 16 or len(buffer), self._left)
        buffer[:number] = (b"0123456789abcdef" * (number // 16 + 1))[:number]
        self._left -= number
        return number
