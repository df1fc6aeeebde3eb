"""What is being sent, as streams: a raw body, or the files of a multipart form one after the other.

Nothing is spooled: bytes go from the connection to whoever reads, a block at a time. Where they are kept is not
decided here.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, cast

import anyio.from_thread
from fastapi import Request

from archive_service.web.security import TooMuch
from classification.errors import RuleError

BLOCK = 1 << 20


class Body(io.RawIOBase):
    """The body of a request as a stream for a handler that runs in a thread.

    Reading raises TooMuch beyond `most` bytes, and ClientDisconnect when the sender is gone.
    """

    def __init__(self, request: Request, most: int) -> None:
        self._chunks = aiter(request.stream())
        self._most, self._taken = most, 0
        self._ahead = b""
        if int(request.headers.get("content-length") or 0) > most:
            self._refuse()

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def chunk(self) -> bytes:
        """The next bytes as they come; empty at the end."""
        found = anyio.from_thread.run(self._next)
        self._taken += len(found)
        if self._taken > self._most:
            self._refuse()
        return found

    def read(self, size: int = -1, /) -> bytes:
        """Exactly `size` bytes, or what is left."""
        parts, wanted = [self._ahead], size - len(self._ahead)
        while (size < 0 or wanted > 0) and (found := self.chunk()):
            parts.append(found)
            wanted -= len(found)
        whole = b"".join(parts)
        size = len(whole) if size < 0 else size
        self._ahead = whole[size:]
        return whole[:size]

    async def _next(self) -> bytes:
        return await anext(self._chunks, b"")

    def _refuse(self) -> None:
        raise TooMuch(f"一次最多收 {self._most >> 20} MB，这个文件没有收。")


class Form(io.RawIOBase):
    """The files of a multipart form. `files` yields each name; until the next one, this is the stream of that file.

    A text field `path` before a file gives its place in the folder; without one the file name counts.
    """

    def __init__(self, body: Body, content_type: str) -> None:
        from streaming_form_data import ParseFailedException, StreamingFormDataParser

        self._body, self._failed = body, ParseFailedException
        self._events: deque[tuple[str, bytes]] = deque()
        self._open = self._ended = False
        self._ahead = b""
        try:
            self._parser = StreamingFormDataParser({"Content-Type": content_type})
        except ParseFailedException as error:
            raise RuleError("上传要用 multipart/form-data 格式，没有收。") from error
        for name in ("file", "files"):
            self._parser.register(name, _part(self._events, is_file=True))
        self._parser.register("path", _part(self._events, is_file=False))

    def files(self) -> Iterator[tuple[str, BinaryIO]]:
        """Each file with its path. What of a file is not read is passed over."""
        path = b""
        while (event := self._event()) is not None:
            kind, value = event
            if kind == "path":
                path = value
            elif kind == "begin":
                self._open, self._ahead = True, b""
                yield (path or value).decode("utf-8", "replace"), cast(BinaryIO, self)
                path = b""
                while self.read(BLOCK):
                    pass

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Exactly `size` bytes of this file, or what is left of it."""
        whole = bytearray(self._ahead)
        while self._open and (size < 0 or len(whole) < size):
            event = self._event()
            if event is None:
                raise RuleError("上传的内容不完整，这个文件没有收，请再传一次。")
            kind, value = event
            self._open = kind != "end"
            whole += value
        size = len(whole) if size < 0 else size
        self._ahead = bytes(whole[size:])
        return bytes(whole[:size])

    def _event(self) -> tuple[str, bytes] | None:
        while not self._events and not self._ended:
            chunk = self._body.chunk()
            self._ended = not chunk
            try:
                self._parser.data_received(chunk)
            except self._failed as error:
                raise RuleError("上传的格式读不懂，没有收。") from error
        return self._events.popleft() if self._events else None


def _part(events: deque[tuple[str, bytes]], is_file: bool) -> object:
    """A target of the parser that writes down what happens, for `Form` to take up in its own time."""
    from streaming_form_data.targets import BaseTarget

    class Part(BaseTarget):  # type: ignore[misc]  # the library has no types
        def on_start(self) -> None:
            self._text = b""
            if is_file:
                events.append(("begin", (self.multipart_filename or "").encode("utf-8", "replace")))

        def on_data_received(self, chunk: bytes) -> None:
            if is_file:
                events.append(("data", chunk))
            else:
                self._text += chunk[:4096]

        def on_finish(self) -> None:
            events.append(("end", b"") if is_file else ("path", self._text))

    return Part()


def clean_path(sent: str) -> str:
    """The path of a file in its folder as shown: no root, no way up, no control characters."""
    plain = "".join(ch for ch in sent.replace("\\", "/") if ch.isprintable())
    return "/".join(part for part in plain.split("/") if part.strip() not in ("", ".", "..")) or "未命名"
