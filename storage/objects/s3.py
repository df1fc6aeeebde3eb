"""The object store in a bucket: MinIO, or any server that speaks S3. The only place that knows its client.

A part is in memory at a time; a put that is cut off leaves nothing under the key.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.error import MinioException, S3Error

from storage.errors import Missing, NotReady
from storage.objects.store import BLOCK, Digests, Stored, checked_key

PART = 16 << 20
"""Bytes of a part: 10,000 parts, the most S3 takes, make 160 GB."""

CONNECT, READ = 5.0, 60.0
"""Seconds to wait for a connection, and for each answer."""

GONE = frozenset({"NoSuchKey", "NoSuchObject", "NoSuchVersion"})

BEYOND = "InvalidRange"


def open_bucket(url: str) -> BucketStore:
    """The store behind `s3://key:secret@host:port/bucket`; `?secure=1` for TLS, `?region=…` where one is needed.

    Raises:
        NotReady: the server is away, refuses the key, or the bucket cannot be made.
    """
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    client = Minio(
        parts.netloc.rpartition("@")[2],
        access_key=unquote(parts.username or ""),
        secret_key=unquote(parts.password or ""),
        secure=asked.get("secure", "0") in ("1", "true"),
        region=asked.get("region", "us-east-1"),
        http_client=urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT, read=READ),
            retries=urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504)),
            maxsize=16,
        ),
    )
    bucket = parts.path.strip("/")
    with _translated(bucket):
        if not client.bucket_exists(bucket):
            client.make_bucket(bucket)
    return BucketStore(client, bucket)


class BucketStore:
    """Objects of one bucket."""

    def __init__(self, client: Minio, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def put(self, key: str, stream: BinaryIO) -> Stored:
        """See `ObjectStore.put`."""
        measured = _Source(stream)
        with _translated(key):
            # Parts sent side by side would each be held in memory.
            self._client.put_object(
                self._bucket,
                checked_key(key),
                measured,  # type: ignore[arg-type]  # the client reads it and does nothing else
                length=-1,
                part_size=PART,
                num_parallel_uploads=1,
            )
        return measured.stored()

    def open(self, key: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """See `ObjectStore.open`."""
        if length == 0:
            # To the client, no length means all of it.
            self.size(key)
            return io.BytesIO()
        with _translated(key):
            try:
                answer = self._client.get_object(self._bucket, checked_key(key), offset=start, length=length or 0)
            except S3Error as error:
                if error.code == BEYOND:
                    return io.BytesIO()
                raise
        return io.BufferedReader(_Answer(answer, key), BLOCK)

    def size(self, key: str) -> int:
        """See `ObjectStore.size`."""
        with _translated(key):
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
        with _translated(prefix):
            for found in self._client.list_objects(self._bucket, prefix=prefix, recursive=True):
                yield str(found.object_name)

    def delete(self, key: str) -> None:
        """See `ObjectStore.delete`."""
        with _translated(key):
            self._client.remove_object(self._bucket, checked_key(key))

    def copy(self, source: str, target: str) -> None:
        """See `ObjectStore.copy`. The server copies; nothing passes through here."""
        with _translated(source):
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


class _SourceFailed(Exception):
    """The stream that is being put failed, not the store."""


class _Source(Digests):
    """A stream on its way into the store, whose own errors are told from the client's."""

    def read(self, size: int = BLOCK) -> bytes:
        try:
            return super().read(size)
        except (OSError, ValueError) as error:
            raise _SourceFailed from error


class _Answer(io.RawIOBase):
    """The body of an answer as a stream; the connection goes back when it is closed."""

    def __init__(self, answer: urllib3.BaseHTTPResponse, key: str) -> None:
        self._answer, self._key = answer, key

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io hands a memoryview
        with _translated(self._key):
            block = self._answer.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._answer.close()
            self._answer.release_conn()
        super().close()


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except _SourceFailed as error:
        raise error.__cause__ or error from None
    except S3Error as error:
        if error.code in GONE:
            raise Missing(f"档案库里没有 {key}。请用 village-archive verify 核对，再从备份恢复。") from error
        raise NotReady(f"档案库拒绝了（{error.code}），这一份没有存；请检查档案库的地址、账号和空间。") from error
    except (MinioException, urllib3.exceptions.HTTPError, OSError) as error:
        raise NotReady("档案库连不上，这一份没有存；已存的都完好。请检查网络和档案库服务后再做一次。") from error
