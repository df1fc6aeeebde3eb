"""The object store in a folder. Bytes go to a nameless corner first, then get their name in one step.

Objects are read-only files. Nothing outside the folder is ever reached: a link in the way makes a key Missing.
"""

from __future__ import annotations

import errno
import fcntl
import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from storage.errors import Missing, NotReady, StorageError
from storage.objects.removal import Proof, check_removal
from storage.objects.store import BLOCK, Digests, Stored, checked_key

INCOMING = ".incoming"
FULL = (errno.ENOSPC, errno.EDQUOT)
READ_ONLY = 0o444


class DirectoryStore:
    """Objects as files below one folder."""

    def __init__(self, root: Path) -> None:
        with _translated(str(root)):
            (root / INCOMING).mkdir(parents=True, exist_ok=True)
            self._root = Path(os.path.realpath(root))
            self._clear_incoming()

    def put(self, key: str, stream: BinaryIO) -> Stored:
        """See `ObjectStore.put`."""
        path = self._path(key)
        measured = Digests(stream)
        with self._incoming(key) as (kept, temporary):
            while block := measured.read(BLOCK):
                with _translated(key):
                    kept.write(block)
            with _translated(key):
                kept.flush()
                os.fchmod(kept.fileno(), READ_ONLY)
                os.fsync(kept.fileno())
                _name(temporary, path)
        return measured.stored()

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """See `ObjectStore.open`."""
        path = self._path(key)
        with _translated(key):
            stream = path.open("rb")
            stream.seek(start)
        return stream if length is None else io.BufferedReader(_Stretch(stream, length))

    def size(self, key: str) -> int:
        """See `ObjectStore.size`."""
        path = self._path(key)
        with _translated(key):
            if path.is_dir():
                raise FileNotFoundError
            return path.stat().st_size

    def exists(self, key: str) -> bool:
        """See `ObjectStore.exists`."""
        return self._path(key).is_file()

    def list(self, prefix: str) -> Iterator[str]:
        """See `ObjectStore.list`."""
        folder = prefix.rpartition("/")[0]
        start = self._path(folder) if folder else self._root
        with _translated(prefix):
            yield from (key for key in _walk(start, f"{folder}/" if folder else "", prefix))

    def everything(self, prefix: str) -> Iterator[str]:
        """See `ObjectStore.everything`. A folder keeps no earlier versions."""
        return self.list(prefix)

    def delete(self, key: str, proof: Proof | None = None) -> None:
        """See `ObjectStore.delete`. Folders that become empty go too."""
        check_removal(key, proof)
        path = self._path(key)
        with _translated(key):
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self._root or not _removed(folder):
                    break

    def versions_left(self, key: str) -> int:
        """See `ObjectStore.versions_left`. A folder keeps no earlier versions."""
        return int(self.exists(key))

    def protect(self, prefix: str, at: datetime) -> None:
        """See `ObjectStore.protect`. A folder has no lock."""

    def sweep(self, before: datetime) -> int:
        """See `ObjectStore.sweep`. What is being written is locked, so nothing need be old."""
        with _translated(str(self._root)):
            return self._clear_incoming()

    def copy(self, source: str, target: str) -> None:
        """See `ObjectStore.copy`. A second name for the same bytes: putting never writes into them."""
        origin, path = self._path(source), self._path(target)
        with _translated(source), origin.open("rb") as held:
            # The lock keeps `_clear_incoming` of another process away from the name in between.
            fcntl.flock(held, fcntl.LOCK_SH)
            temporary = self._fresh()
            os.link(origin, temporary)
            try:
                _name(temporary, path)
            finally:
                # Renaming one name of a file onto another of the same file leaves both.
                temporary.unlink(missing_ok=True)

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path]:
        """See `ObjectStore.as_file`."""
        path = self._path(key)
        if not path.is_file():
            raise _missing(key)
        yield path

    def _path(self, key: str) -> Path:
        path = self._root / checked_key(key)
        if os.path.realpath(path) != str(path) or path.parts[len(self._root.parts)] == INCOMING:
            raise _missing(key)
        return path

    def _fresh(self) -> Path:
        return self._root / INCOMING / secrets.token_hex(16)

    @contextmanager
    def _incoming(self, key: str) -> Iterator[tuple[BinaryIO, Path]]:
        temporary = self._fresh()
        with _translated(key):
            kept = temporary.open("xb")
        with kept:
            # The lock tells `_clear_incoming` of another process that this one is alive.
            fcntl.flock(kept, fcntl.LOCK_EX)
            try:
                yield kept, temporary
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise

    def _clear_incoming(self) -> int:
        """Take away what a crash left half-written: nobody holds its lock any more."""
        number = 0
        for left in (self._root / INCOMING).iterdir():
            try:
                with left.open("rb") as stream:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    left.unlink(missing_ok=True)
            except (BlockingIOError, FileNotFoundError):
                continue
            number += 1
        return number


class _Stretch(io.RawIOBase):
    """The next `length` bytes of a stream, which is closed with it."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream, self._left = stream, length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io hands a memoryview
        block = self._stream.read(min(len(buffer), self._left))
        buffer[: len(block)] = block
        self._left -= len(block)
        return len(block)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _walk(folder: Path, at: str, prefix: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as found:
            entries = [(entry.name, entry.is_dir(follow_symlinks=False), entry.is_symlink()) for entry in found]
    except (FileNotFoundError, NotADirectoryError):
        # Removed since its parent was read: then there are no keys in it.
        return
    # A folder sorts with its slash, so that the order is that of whole keys.
    names = [f"{name}/" if is_folder else name for name, is_folder, is_link in entries if not is_link]
    for name in sorted(names, key=str.encode):
        key = at + name
        if name == f"{INCOMING}/" and not at:
            continue
        if name.endswith("/") and (key.startswith(prefix) or prefix.startswith(key)):
            yield from _walk(folder / name, key, prefix)
        elif key.startswith(prefix):
            yield key


def _name(temporary: Path, path: Path) -> None:
    """Give the bytes their name, for good: the folder is flushed too."""
    while True:
        try:
            temporary.replace(path)
            break
        except FileNotFoundError:
            # The folder is new, or deleting another object has taken the empty one away meanwhile.
            if not temporary.exists():
                raise
            path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True


def _missing(key: str) -> Missing:
    return Missing(f"档案库里没有 {key}。请用 village-archive verify 核对，再从备份恢复。")


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except StorageError:
        raise
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise _missing(key) from error
    except OSError as error:
        if error.errno in FULL:
            raise NotReady("存放档案的磁盘满了，这一份没有存；已存的都完好。请清出空间后再做一次。") from error
        raise NotReady(f"档案库读写不了（{error.strerror}），这一份没有存；请检查磁盘和权限后再做一次。") from error
