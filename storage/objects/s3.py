"""The object store in a bucket: MinIO, or any server that speaks S3. The only place that knows its client.

A part is in memory at a time; a put that is cut off leaves nothing under the key. Errors are said in `s3_errors`.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import GOVERNANCE, CopySource
from minio.datatypes import Object
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.helpers import ObjectWriteResult
from minio.retention import Retention

from storage.errors import Conflict, Corrupt, Missing, NotReady
from storage.objects.removal import Destroyed, Proof, check_removal
from storage.objects.s3_errors import translated
from storage.objects.s3_streams import PART, Answer, Source
from storage.objects.store import BLOCK, Stored, checked_key, digests

CONNECT, READ = 3.0, 60.0
"""Seconds to wait for a connection, and for each answer."""

TRIES = urllib3.Retry(
    total=4, connect=2, read=1, status=3, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504),
    raise_on_status=False,
)  # fmt: skip
"""How often a request is made again: a server that is gone costs ten seconds, one that is silent two minutes."""

BEYOND = "InvalidRange"
NO_LOCK = "ObjectLockConfigurationNotFoundError"
MAYBE_LOCKED = frozenset({"InvalidRequest", "AccessDenied"})
"""What a server says when it keeps a locked version; it says the same for other reasons too."""


def open_bucket(url: str, lock_days: int = 0) -> BucketStore:
    """The store behind `s3://key:secret@host:port/bucket`; `?secure=1` for TLS, `?region=…` where one is needed.

    `lock_days`: how long `protect` keeps objects from being removed; the bucket needs an object lock then.

    Raises:
        NotReady: the server is away, refuses the key, the bucket cannot be made, or it has no lock.
    """
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    client = Minio(
        parts.netloc.rpartition("@")[2],
        access_key=unquote(parts.username or ""),
        secret_key=unquote(parts.password or ""),
        secure=asked.get("secure", "0") in ("1", "true"),
        region=asked.get("region", "us-east-1"),
        http_client=urllib3.PoolManager(timeout=urllib3.Timeout(connect=CONNECT, read=READ), retries=TRIES, maxsize=16),
    )
    bucket = parts.path.strip("/")
    with translated(bucket):
        if not _is_there(client, bucket):
            client.make_bucket(bucket, object_lock=lock_days > 0)
        if lock_days and not _has_lock(client, bucket):
            raise NotReady(
                "这个桶没有对象锁，什么都没有存；请换一个建桶时打开了对象锁的桶，"
                "或去掉设置 VILLAGE_ARCHIVE_OBJECTS_LOCK_DAYS。"
            )
    return BucketStore(client, bucket, lock_days)


def _is_there(client: Minio, bucket: str) -> bool:
    """Asked by a list and not by the head of the bucket: only an answer with a body says why it was refused."""
    try:
        next(iter(client.list_objects(bucket, prefix="archive/0=")), None)
    except S3Error as error:
        if error.code == "NoSuchBucket":
            return False
        raise
    return True


def _has_lock(client: Minio, bucket: str) -> bool:
    try:
        client.get_object_lock_config(bucket)
    except S3Error as error:
        if error.code == NO_LOCK:
            return False
        raise
    return True


class BucketStore:
    """Objects of one bucket."""

    def __init__(self, client: Minio, bucket: str, lock_days: int = 0) -> None:
        self._client, self._bucket, self._lock_days = client, bucket, lock_days

    def put(self, key: str, stream: BinaryIO) -> Stored:
        """See `ObjectStore.put`. What the server says it has is compared with what was sent."""
        measured = Source(stream)
        with translated(key):
            # Parts sent side by side would each be held in memory.
            written = self._client.put_object(
                self._bucket,
                checked_key(key),
                measured,  # type: ignore[arg-type]  # the client reads it and does nothing else
                length=-1,
                part_size=PART,
                num_parallel_uploads=1,
            )
            if written.etag != measured.etag():
                self._read_back(written, measured.stored())
        return measured.stored()

    def _read_back(self, written: ObjectWriteResult, sent: Stored) -> None:
        """A tag that is no MD5 (encryption by the server makes such) proves nothing: then the bytes are read again."""
        key, version = written.object_name, written.version_id
        answer = self._client.get_object(self._bucket, key, version_id=version)
        with io.BufferedReader(Answer(answer, key), BLOCK) as kept:
            if digests(kept) == sent:
                return
        self._client.remove_object(self._bucket, key, version_id=version)
        raise Corrupt("档案库存下的与送去的不同，已经拿掉，这一份没有存；请检查档案库的磁盘和网络后再做一次。")

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """See `ObjectStore.open`."""
        if length == 0:
            # To the client, no length means all of it.
            self.size(key)
            return io.BytesIO()
        with translated(key):
            try:
                answer = self._client.get_object(self._bucket, checked_key(key), offset=start, length=length or 0)
            except S3Error as error:
                if error.code == BEYOND:
                    return io.BytesIO()
                raise
        return io.BufferedReader(Answer(answer, key), BLOCK)

    def size(self, key: str) -> int:
        """See `ObjectStore.size`."""
        with translated(key):
            return self._client.stat_object(self._bucket, checked_key(key)).size or 0

    def exists(self, key: str) -> bool:
        """See `ObjectStore.exists`."""
        checked_key(key)
        try:
            self.size(key)
        except Missing:
            return False
        return True

    def list(self, prefix: str) -> Iterator[str]:
        """See `ObjectStore.list`."""
        with translated(prefix):
            for found in self._client.list_objects(self._bucket, prefix=prefix, recursive=True):
                yield str(found.object_name)

    def everything(self, prefix: str) -> Iterator[str]:
        """See `ObjectStore.everything`."""
        seen: set[str] = set()
        with translated(prefix):
            for found in self._client.list_objects(self._bucket, prefix=prefix, recursive=True, include_version=True):
                key = str(found.object_name)
                if key not in seen:
                    seen.add(key)
                    yield key

    def delete(self, key: str, proof: Proof | None = None) -> None:
        """See `ObjectStore.delete`. Every version goes, and every mark of a deletion.

        Raises:
            Conflict: a lock keeps a version, or it lies in the archive.
        """
        check_removal(key, proof)
        with translated(key):
            # What the key shows goes last: cut off in between, no older version comes back.
            for version in self._versions(checked_key(key)):
                if isinstance(proof, Destroyed):
                    self._remove_for_good(version)
                else:
                    self._remove(version)

    def versions_left(self, key: str) -> int:
        """See `ObjectStore.versions_left`. Marks of a deletion count too."""
        with translated(key):
            return len(self._versions(checked_key(key)))

    def protect(self, prefix: str, at: datetime) -> None:
        """See `ObjectStore.protect`. Governance mode: an account with the special right can still lift it."""
        if not self._lock_days:
            return
        kept = Retention(GOVERNANCE, at + timedelta(days=self._lock_days))
        for key in self.list(prefix):
            with translated(key):
                self._lock(key, kept)

    def _lock(self, key: str, kept: Retention) -> None:
        try:
            self._client.set_object_retention(self._bucket, key, kept)
        except S3Error as error:
            # A lock is never shortened: one that lasts longer stays.
            if error.code not in MAYBE_LOCKED or not self._is_locked(key, None):
                raise

    def sweep(self, before: datetime) -> int:
        """See `ObjectStore.sweep`. Parts of an upload that nobody ended take room and are in no list of objects.

        A thousand at a time; the client has no public calls for them.
        """
        number = 0
        with translated(self._bucket):
            for upload in self._client._list_multipart_uploads(self._bucket).uploads:
                if upload.initiated_time and upload.initiated_time < before:
                    self._client._abort_multipart_upload(self._bucket, upload.object_name, upload.upload_id or "")
                    number += 1
        return number

    def copy(self, source: str, target: str) -> None:
        """See `ObjectStore.copy`. The server copies; nothing passes through here."""
        with translated(source):
            origin = CopySource(self._bucket, checked_key(source))
            self._client.copy_object(self._bucket, checked_key(target), origin)

    @contextmanager
    def as_file(self, key: str) -> Iterator[Path]:
        """See `ObjectStore.as_file`. A copy on the local disk while the block lasts."""
        with tempfile.NamedTemporaryFile(prefix="village-archive-") as local:
            with self.open(key) as stream:
                while block := stream.read(BLOCK):
                    local.write(block)
            local.flush()
            yield Path(local.name)

    def _versions(self, key: str) -> Sequence[Object]:
        """Versions and marks of a key, what it shows last; one without a version where the bucket keeps none."""
        # The client gives the versions of a page before its marks, so what begins alike comes in between.
        found = self._client.list_objects(self._bucket, prefix=key, include_version=True)
        return sorted((one for one in found if one.object_name == key), key=lambda one: one.is_latest == "true")

    def _remove(self, version: Object) -> None:
        key = str(version.object_name)
        try:
            self._client.remove_object(self._bucket, key, version_id=version.version_id)
        except S3Error as error:
            if error.code in MAYBE_LOCKED and self._is_locked(key, version.version_id):
                raise Conflict(f"{key} 由对象锁保护着，没有删除；请到期后再删，或由有权的人先解除保护。") from error
            raise

    def _remove_for_good(self, version: Object) -> None:
        """The same for what a register lists: a lock in governance mode is lifted for this one object."""
        key = str(version.object_name)
        wanted = [DeleteObject(key, version.version_id)]
        for error in self._client.remove_objects(self._bucket, wanted, bypass_governance_mode=True):
            raise Conflict(
                f"{key} 由对象锁保护着，档案库没有让删（{error.code}），其余照常；"
                "请给账号加上 s3:BypassGovernanceRetention 权限后再做一次。"
            )

    def _is_locked(self, key: str, version: str | None) -> bool:
        return self._client.get_object_retention(self._bucket, key, version_id=version) is not None
