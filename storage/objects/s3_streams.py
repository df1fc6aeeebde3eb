"""Bytes on their way into a bucket and out of it: what was sent is measured, what comes is a stream of the answer."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO

import urllib3

from storage.objects.s3_errors import SourceFailed, translated
from storage.objects.store import BLOCK, Digests

PART = 16 << 20
"""Bytes of a part: 10,000 parts, the most S3 takes, make 160 GB."""


class Source(Digests):
    """A stream on its way into the store, whose own errors are told from the client's."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._parts: list[bytes] = []
        self._part, self._in_part = _md5(), 0

    def read(self, size: int = BLOCK) -> bytes:
        """The next bytes of the stream.

        Raises:
            SourceFailed: with the stream's own error as its cause.
        """
        try:
            block = super().read(size)
        except (OSError, ValueError) as error:
            raise SourceFailed from error
        self._measure(memoryview(block))
        return block

    def _measure(self, block: memoryview) -> None:
        while block:
            if self._in_part == PART:
                self._parts.append(self._part.digest())
                self._part, self._in_part = _md5(), 0
            some = block[: PART - self._in_part]
            self._part.update(some)
            self._in_part += len(some)
            block = block[len(some) :]

    def etag(self) -> str:
        """The tag that a server gives these bytes when it makes no other: the MD5, or that of the parts' MD5s."""
        if not self._parts:
            return self._part.hexdigest()
        parts = [*self._parts, self._part.digest()]
        return f"{_md5(b''.join(parts)).hexdigest()}-{len(parts)}"


class Answer(io.RawIOBase):
    """The body of an answer as a stream; the connection goes back when it is closed."""

    def __init__(self, answer: urllib3.BaseHTTPResponse, key: str) -> None:
        self._answer, self._key = answer, key

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io hands a memoryview
        """The next bytes. Raises NotReady when the server breaks off before the end it announced."""
        with translated(self._key):
            block = self._answer.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        """Give the connection back."""
        if not self.closed:
            self._answer.close()
            self._answer.release_conn()
        super().close()


def _md5(content: bytes = b"") -> hashlib._Hash:
    return hashlib.md5(content, usedforsecurity=False)
