"""From a URL to an object store."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from storage.errors import NotReady
from storage.objects.directory import DirectoryStore
from storage.objects.store import ObjectStore


def open_store(url: str) -> ObjectStore:
    """The store behind `file:///folder` or `s3://key:secret@host:port/bucket?secure=1`.

    Raises:
        NotReady: the URL names no store we know, or the store is away.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return DirectoryStore(Path(unquote(parts.path)))
    if parts.scheme == "s3":
        # Loaded only where it is used: the folder store starts without it.
        from storage.objects.s3 import open_bucket

        return open_bucket(url)
    raise NotReady(f"不认识的档案库地址（{parts.scheme}://…）。请用 file:// 或 s3:// 开头的地址。")
