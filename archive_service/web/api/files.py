"""The bytes of files: whole or in ranges, shown where that is safe, and pictures of their pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from archive_service.actions import holdings
from archive_service.tasks.drawing import page_picture
from archive_service.tasks.viewing import note_view
from archive_service.web.api.errors import Responses, refusals
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.web.originals import original
from archive_service.web.ranges import unchanged

router = APIRouter(prefix="/files", tags=["files"])
THUMBNAIL = 400
BYTES: Responses = {
    200: {"description": "整个文件", "content": {"*/*": {"example": "（文件的字节，按它的格式）"}}},
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
