"""What only a folder can suffer: links, a full disk, halves left by a crash, hands that write into files."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import stat
from pathlib import Path

import pytest

from storage.errors import Missing, NotReady
from storage.objects.directory import DirectoryStore


def put(store: DirectoryStore, key: str, content: bytes) -> None:
    store.put(key, io.BytesIO(content))


def halves(folder: Path) -> list[Path]:
    return list((folder / ".incoming").iterdir())


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "x").write_bytes(b"not ours")
    store = DirectoryStore(tmp_path / "store")
    (tmp_path / "store" / "a").symlink_to(secret)
    with pytest.raises(Missing):
        store.open("a/x")
    with pytest.raises(Missing):
        store.delete("a/x")
    with pytest.raises(Missing):
        put(store, "a/y", b"1")
    assert list(store.list("")) == []
    assert (secret / "x").read_bytes() == b"not ours"


def test_a_folder_reached_through_a_link_is_a_store_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "disk")
    put(DirectoryStore(tmp_path / "store"), "a/b", b"1")
    assert (tmp_path / "disk" / "a" / "b").read_bytes() == b"1"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    store = DirectoryStore(tmp_path)
    put(store, "a/b", b"first")

    def full(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotReady, match="磁盘满了"):
        put(store, "a/b", b"second")
    assert (tmp_path / "a" / "b").read_bytes() == b"first"
    assert halves(tmp_path) == []


def test_halves_of_a_crash_are_swept_and_those_of_a_living_process_stay(tmp_path: Path) -> None:
    DirectoryStore(tmp_path)
    (tmp_path / ".incoming" / "dead").write_bytes(b"half")
    alive = tmp_path / ".incoming" / "alive"
    with alive.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        DirectoryStore(tmp_path)
        assert halves(tmp_path) == [alive]


def test_halves_are_not_objects(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    (tmp_path / ".incoming" / "half").write_bytes(b"half")
    assert list(store.list("")) == []
    with pytest.raises(Missing):
        store.open(".incoming/half")


def test_objects_are_read_only_and_copies_cost_no_bytes(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    put(store, "staging/x", b"1")
    store.copy("staging/x", "archive/x")
    kept = (tmp_path / "archive" / "x").stat()
    assert stat.S_IMODE(kept.st_mode) == 0o444
    assert kept.st_ino == (tmp_path / "staging" / "x").stat().st_ino


def test_folders_that_become_empty_go(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    put(store, "staging/ab/x", b"1")
    put(store, "staging/y", b"1")
    store.delete("staging/ab/x")
    assert not (tmp_path / "staging" / "ab").exists()
    assert store.exists("staging/y")


def test_a_folder_is_no_object(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    put(store, "a/b", b"1")
    assert not store.exists("a")
    with pytest.raises(Missing):
        store.size("a")
    with pytest.raises(Missing):
        store.open("a")
