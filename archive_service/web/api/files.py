"""The bytes of files: whole or in ranges, shown where that is safe, and pictures of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from archive_service.actions import holdings
from archive_service.tasks.drawing import page_picture
from archive_service.tasks.viewing import note_view
from archive_service.web.api.errors import Responses, refusals
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.web.ranges import Span, Unsatisfiable, span_of, unchanged
from archive_service.wiring import Archive
from storage.database.records import File

router = APIRouter(prefix="/files", tags=["files"])
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
THUMBNAIL = 400
BYTES: Responses = {
    200: {"description": "整个文件", "content": {"application/octet-stream": {"example": "（文件的字节）"}}},
    206: {"description": "要的那一段"},
    304: {"description": "手里的就是最新的"},
    416: {"description": "要的那一段在文件之外"},
    **refusals(404),
}
PICTURE: Responses = {
    200: {"description": "JPEG 图", "content": {"image/jpeg": {"example": "（图的字节）"}}},
    304: {"description": "手里的就是最新的"},
    **refusals(404),
}


@router.api_route(
    "/{file_id}", methods=["GET"], summary="一个文件的原件", responses=BYTES, response_class=StreamingResponse
)
def content(request: Request, archive: ArchiveDep, actor: ActorDep, file_id: str, download: bool = False) -> Response:
    """The original, unchanged, with ranges. The ETag is its SHA-256."""
    with archive.sessions.read() as session:
        record, file = holdings.file_seen(session, actor, file_id)
    note_view(archive, actor, record, "file_downloaded" if download else "file_viewed", file)
    return original(request, archive, file, download)


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


@router.get("/{file_id}/thumbnail", summary="小图", responses=PICTURE, response_class=Response)
def thumbnail(request: Request, archive: ArchiveDep, actor: ActorDep, file_id: str) -> Response:
    """The first page, 400 pixels at its longer side."""
    return picture(request, archive, actor, file_id, 1, THUMBNAIL)


@router.get("/{file_id}/pages/{number}/image", summary="一页的图", responses=PICTURE, response_class=Response)
def picture(
    request: Request,
    archive: ArchiveDep,
    actor: ActorDep,
    file_id: str,
    number: int,
    longest: Annotated[int, Query(ge=100, le=3000)] = 1600,
) -> Response:
    """A page as a picture, the right way up; drawn once, then kept."""
    with archive.sessions.read() as session:
        record, file = holdings.file_seen(session, actor, file_id)
    if longest != THUMBNAIL:
        note_view(archive, actor, record, "file_viewed", file)
    # The sizes that are kept are few, so that nobody fills the store by asking for every one.
    longest = next(size for size in (THUMBNAIL, 800, 1600, 3000) if longest <= size)
    etag = f'"{file.sha256[:32]}-{number}-{longest}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=86400"}
    if unchanged(request.headers, etag):
        return Response(status_code=304, headers=headers)
    drawn = page_picture(archive, request.app.state.painter, file, number, longest)
    return Response(drawn, media_type="image/jpeg", headers=headers)
