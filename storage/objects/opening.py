"""From a URL to an object store."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from storage.errors import NotReady
from storage.objects.directory import DirectoryStore
from storage.objects.store import ObjectStore


def open_store(url: str, lock_days: int = 0) -> ObjectStore:
    """The store behind `file:///folder` or `s3://key:secret@host:port/bucket?secure=1`.

    `lock_days`: how long its `protect` lasts; 0 for a store that protects nothing.

    Raises:
        NotReady: the URL names no store we know, the store is away, or it cannot protect anything.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        if lock_days:
            raise NotReady(
                "文件夹没有对象锁，什么都没有存；请换成 s3:// 的档案库，或去掉 VILLAGE_ARCHIVE_OBJECTS_LOCK_DAYS。"
            )
        return DirectoryStore(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        # Loaded only where it is used: the folder store starts without it.
        from storage.objects.s3 import open_bucket

        return open_bucket(url, lock_days)
    raise NotReady(f"不认识的档案库地址（{parts.scheme}://…）。请用 file:// 或 s3:// 开头的地址。")
