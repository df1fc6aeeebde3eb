"""The reading room: what a request opened, page by page, with the reader's name on every picture, until its day.

Only in person: a script with a token reads nothing here. The files as they are only where the decision says so.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import requests_reading
from archive_service.actions.requests_reading import HIDDEN, Opened
from archive_service.tasks.lending_pages import lent_page
from archive_service.tasks.viewing import note_view
from archive_service.web.context import ArchiveDep, InPersonDep, Visitor
from archive_service.web.originals import original
from archive_service.web.pages.leaves import leaf
from archive_service.web.rendering import answer
from archive_service.wiring import Archive
from storage.errors import Missing

router = APIRouter(prefix="/requests/{request_id}/records/{record_id}")


def _opened(archive: Archive, visitor: Visitor, request_id: str, record_id: str) -> Opened:
    with archive.sessions.read() as session:
        return requests_reading.opened(session, visitor.actor, request_id, record_id, archive.today())


@router.get("")
def read(
    request: Request,
    archive: ArchiveDep,
    visitor: InPersonDep,
    request_id: str,
    record_id: str,
    file: str = "",
    page: str = "1",
) -> Response:
    """One page of the record."""
    opened = _opened(archive, visitor, request_id, record_id)
    chosen = next((one for one in opened.files if one.id == file), next(iter(opened.files), None))
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 8 else 1
    base, shown = f"/requests/{request_id}/records/{record_id}", None
    if chosen is not None:
        with archive.sessions.read() as session:
            shown = leaf(session, chosen, number, [("file", chosen.id)])
        picture = f"{base}/files/{chosen.id}/pages/{shown.number}" if shown.image else ""
        shown = replace(shown, image=picture)
    note_view(archive, visitor.actor, opened.record, "record_viewed")
    return answer(
        request, "reading_room.html", asked=opened.request, record=opened.record, village=opened.village,
        files=opened.files, file=chosen, shown=shown, base=base,
    )  # fmt: skip


@router.get("/files/{file_id}/pages/{number}")
def picture(
    request: Request, archive: ArchiveDep, visitor: InPersonDep, request_id: str, record_id: str, file_id: str,
    number: int,
) -> Response:  # fmt: skip
    """A page as a picture with the reader's name on it; kept nowhere."""
    opened = _opened(archive, visitor, request_id, record_id)
    file = opened.file(file_id)
    drawn = lent_page(archive, request.app.state.painter, visitor.actor, opened, file, number)
    note_view(archive, visitor.actor, opened.record, "file_viewed", file)
    return Response(drawn, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@router.get("/files/{file_id}")
def whole(
    request: Request, archive: ArchiveDep, visitor: InPersonDep, request_id: str, record_id: str, file_id: str
) -> Response:
    """The file as it is, where that was decided."""
    opened = _opened(archive, visitor, request_id, record_id)
    if not opened.request.original:
        raise Missing(HIDDEN)
    file = opened.file(file_id)
    note_view(archive, visitor.actor, opened.record, "file_downloaded", file)
    return original(request, archive, file, download=True)
