"""The bytes of a file as an answer: whole or in ranges, shown in the browser only where that is safe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from archive_service.web.ranges import Span, Unsatisfiable, span_of, unchanged
from archive_service.wiring import Archive
from storage.database.records import File

BLOCK = 1 << 18
SHOWN = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "text/plain",
        "audio/mpeg",
        "audio/mp4",
        "audio/wav",
        "audio/ogg",
        "audio/flac",
        "audio/aac",
        "video/mp4",
    }
)
"""What a browser may show here: it runs nothing. All else is saved, never opened in this place."""


def original(request: Request, archive: Archive, file: File, download: bool) -> Response:
    """The bytes of a file, whole or the part that was asked for. Whether they may be seen is asked before."""
    etag = f'"{file.sha256}"'
    headers = {**_headers(file, download), "ETag": etag, "Accept-Ranges": "bytes"}
    if unchanged(request.headers, etag):
        return Response(status_code=304, headers=headers)
    try:
        span = span_of(request.headers, etag, file.size)
    except Unsatisfiable:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{file.size}"})
    return _answer(archive, file, span, headers)


def _headers(file: File, download: bool) -> dict[str, str]:
    inline = not download and file.mime in SHOWN
    plain = "".join(ch if ch.isascii() and ch.isprintable() and ch not in '"\\%;' else "_" for ch in file.name)
    how = "inline" if inline else "attachment"
    return {
        "Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "Cache-Control": "private, no-cache",
    }


def _answer(archive: Archive, file: File, span: Span | None, headers: dict[str, str]) -> Response:
    start, length = (span.start, span.length) if span else (0, file.size)
    headers = {**headers, "Content-Length": str(length)}
    if span:
        headers["Content-Range"] = span.content_range
    shown = file.mime if file.mime in SHOWN else "application/octet-stream"
    media = "text/plain; charset=utf-8" if shown == "text/plain" else shown
    # Opened here, so that a file that is away is still a problem with a sentence and not half an answer.
    stream = archive.objects.open(file.storage_key, start, length)
    return StreamingResponse(_blocks(stream), 206 if span else 200, headers, media)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while block := stream.read(BLOCK):
            yield block
