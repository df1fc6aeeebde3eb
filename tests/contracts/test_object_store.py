"""What every object store promises, over each of them. What an OCFL root makes of it is in `test_ocfl`."""

from __future__ import annotations

import errno
import io
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from storage.errors import Missing, NotReady
from storage.objects.ocfl import NewFile, StorageRoot
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore

# Worked out with sha256sum over the five bytes of "abc\r\n".
CONTENT = b"abc\r\n"
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
FAR = datetime(2126, 3, 1, tzinfo=UTC)
SHA256 = "552bab6864c7a7b69a502ed1854b9245c0e1a30f008aaa0b281da62585fdb025"


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"s3://key:secret@{host}:{port}"
    server.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Over every implementation; over a real server too when `--s3` gives its URL."""
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", ["folder", "bucket", pytest.param("server", marks=pytest.mark.needs("s3"))])


@pytest.fixture
def store(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if kind == "folder":
        return open_store(f"file://{tmp_path}/store")
    if kind == "bucket":
        return open_store(f"{request.getfixturevalue('bucket_server')}/b{secrets.token_hex(8)}")
    return open_store(request.getfixturevalue("bucket_url"))


def put(store: ObjectStore, key: str, content: bytes) -> None:
    store.put(key, io.BytesIO(content))


def content_of(store: ObjectStore, key: str, start: int = 0, length: int | None = None) -> bytes:
    with store.open(key, start, length) as stream:
        return stream.read()


def test_what_is_put_comes_back_with_its_size_and_digests(store: ObjectStore) -> None:
    stored = store.put("staging/ab/甲 乙.txt", io.BytesIO(CONTENT))
    assert (stored.size, stored.sha256, len(stored.sha512)) == (5, SHA256, 128)
    assert content_of(store, "staging/ab/甲 乙.txt") == CONTENT
    assert store.size("staging/ab/甲 乙.txt") == 5


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    put(store, "a/empty", b"")
    assert store.exists("a/empty")
    assert content_of(store, "a/empty") == b""


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(2, 3, b"234"), (7, None, b"789"), (8, 10, b"89"), (10, 5, b""), (12, None, b""), (3, 0, b""), (0, 4, b"0123")],
)
def test_a_stretch_of_an_object_is_read(store: ObjectStore, start: int, length: int | None, expected: bytes) -> None:
    put(store, "a/digits", b"0123456789")
    assert content_of(store, "a/digits", start, length) == expected


def test_an_object_larger_than_a_part_comes_back_whole(store: ObjectStore) -> None:
    block = bytes(range(256)) * 4096
    stored = store.put("a/large", io.BufferedReader(_Repeated(block, 20)))
    assert stored.size == 20 * len(block)
    assert content_of(store, "a/large", 17 * len(block) + 5, 3) == b"\x05\x06\x07"
    assert store.size("a/large") == 20 * len(block)


def test_putting_again_replaces_the_whole_object(store: ObjectStore) -> None:
    put(store, "a/b", b"a long first content")
    put(store, "a/b", b"short")
    assert content_of(store, "a/b") == b"short"


def test_a_stream_opened_before_a_replacement_still_gives_the_old_bytes(store: ObjectStore) -> None:
    put(store, "a/b", b"old")
    with store.open("a/b") as stream:
        put(store, "a/b", b"new")
        assert stream.read() == b"old"


def test_what_is_not_there_is_missing(store: ObjectStore) -> None:
    assert not store.exists("a/none")
    with pytest.raises(Missing):
        store.open("a/none")
    with pytest.raises(Missing):
        store.size("a/none")
    with pytest.raises(Missing):
        store.copy("a/none", "a/other")
    with pytest.raises(Missing), store.as_file("a/none"):
        pass


def test_deleting_is_repeatable(store: ObjectStore) -> None:
    put(store, "a/b/c", b"1")
    store.delete("a/b/c")
    store.delete("a/b/c")
    assert not store.exists("a/b/c")
    assert list(store.list("")) == []


def test_after_a_deletion_nothing_is_left_and_the_store_proves_it(store: ObjectStore) -> None:
    assert store.versions_left("a/b") == 0
    for content in (b"first", b"second"):
        put(store, "a/b", content)
    put(store, "a/bc", b"a neighbour whose name begins alike")
    assert store.versions_left("a/b") >= 1
    store.delete("a/b")
    assert store.versions_left("a/b") == 0
    assert content_of(store, "a/bc").startswith(b"a neighbour")


def test_everything_below_a_prefix_is_named_once_and_nothing_beside_it(store: ObjectStore) -> None:
    for key in ("a/b/x", "a/b/c/y", "a/bc", "b"):
        put(store, key, b"1")
    put(store, "a/b/x", b"2")
    assert sorted(store.everything("a/b/")) == ["a/b/c/y", "a/b/x"]
    for key in ("a/b/x", "a/b/c/y"):
        store.delete(key)
    assert list(store.everything("a/b/")) == []


def test_sweeping_touches_nothing_that_is_whole_and_a_store_without_a_lock_protects_nothing(store: ObjectStore) -> None:
    put(store, "a/b", b"whole")
    store.protect("a/", NOON)
    assert store.sweep(FAR) == 0
    assert content_of(store, "a/b") == b"whole"
    store.delete("a/b")
    assert not store.exists("a/b")


def test_keys_are_listed_below_a_prefix_in_the_order_of_their_bytes(store: ObjectStore) -> None:
    for key in ("archive/b", "archive/a/2", "archive/a-1", "archive/a/1", "archive/村", "staging/x", "arc"):
        put(store, key, b"1")
    assert list(store.list("archive/")) == ["archive/a-1", "archive/a/1", "archive/a/2", "archive/b", "archive/村"]
    assert list(store.list("archive/a")) == ["archive/a-1", "archive/a/1", "archive/a/2"]
    assert list(store.list("nothing/")) == []
    assert len(list(store.list(""))) == 7


def test_a_copy_stands_on_its_own(store: ObjectStore) -> None:
    put(store, "staging/x", b"original")
    store.copy("staging/x", "archive/v1/x")
    store.copy("staging/x", "archive/v1/x")
    put(store, "staging/x", b"changed")
    store.delete("staging/x")
    assert content_of(store, "archive/v1/x") == b"original"


def test_a_file_is_there_while_the_block_lasts(store: ObjectStore) -> None:
    put(store, "a/b", b"bytes")
    with store.as_file("a/b") as path:
        assert path.read_bytes() == b"bytes"


def test_a_stream_that_breaks_off_leaves_nothing_and_its_error_passes_through(store: ObjectStore) -> None:
    with pytest.raises(PermissionError):
        store.put("a/broken", _Breaking(b"x" * 1000))
    assert not store.exists("a/broken")
    assert list(store.list("")) == []


def test_a_stream_that_breaks_off_leaves_the_object_that_was_there(store: ObjectStore) -> None:
    put(store, "a/b", b"first")
    with pytest.raises(PermissionError):
        store.put("a/b", _Breaking(b"second"))
    assert content_of(store, "a/b") == b"first"


@pytest.mark.parametrize(
    "key", ["../x", "a/../x", "/etc/passwd", "a//b", "", "a/./b", "a\\b", "a/\x00b", "a/" + "村" * 86, "a/" * 600 + "b"]
)
def test_a_key_that_climbs_or_fits_no_store_is_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(Missing):
        store.put(key, io.BytesIO(b"x"))
    with pytest.raises(Missing):
        store.open(key)
    with pytest.raises(Missing):
        store.delete(key)


def test_a_storage_root_is_the_same_bytes_in_every_store(store: ObjectStore, tmp_path: Path) -> None:
    folder = open_store(f"file://{tmp_path}/reference")
    assert _filed_in(store) == _filed_in(folder)


def _filed_in(store: ObjectStore) -> dict[str, bytes]:
    stored = store.put("staging/x", io.BytesIO("二〇二五年收支".encode()))
    file = NewFile("files/001-收支.txt", "staging/x", stored.sha256, stored.sha512, stored.size)
    root, at = StorageRoot(store), NOON
    root.create("0" * 32, [file], {"title": "收支"}, "归档", "li", at)
    held = root.revise("0" * 32, {"title": "收支表"}, "题名有误", "li", at)
    assert root.read_at(next(root.objects())) == held
    return {key: content_of(store, key) for key in store.list("archive/")}


class _Repeated(io.RawIOBase):
    """A block many times over, without holding it all."""

    def __init__(self, block: bytes, times: int) -> None:
        self._block, self._left = memoryview(block), times * len(block)
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io hands a memoryview
        number = min(len(buffer), len(self._block) - self._at, self._left)
        buffer[:number] = self._block[self._at : self._at + number]
        self._at = (self._at + number) % len(self._block)
        self._left -= number
        return number


class _Breaking(io.BytesIO):
    """Gives its bytes once, then fails as a file without permission does."""

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        if not block:
            raise PermissionError(errno.EACCES, "no permission")
        return block


def test_an_unknown_kind_of_address_is_refused() -> None:
    with pytest.raises(NotReady, match="file://"):
        open_store("ftp://host/folder")


def test_a_server_that_is_away_says_so() -> None:
    with pytest.raises(NotReady, match="连不上"):
        open_store("s3://key:secret@127.0.0.1:9/bucket")
