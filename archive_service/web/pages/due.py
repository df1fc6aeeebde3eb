"""What has run out and waits for appraisal. Nothing is destroyed from here."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import holdings
from archive_service.actions.outlines import outline_at
from archive_service.permissions import Permission, check
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.spoken import banner
from archive_service.web.rendering import answer
from storage.database.organisations import villages

router = APIRouter()


@router.get("/due")
def due(request: Request, archive: ArchiveDep, visitor: VisitorDep, after: str = "") -> Response:
    """The list, to read or to print."""
    check(visitor.actor, Permission.SEE_DUE)
    with archive.sessions.read() as session:
        listed = holdings.due(session, visitor.actor, archive.today(), after or None)
        homes = {home.id: home.name for home in villages(session)}
        _, outline = outline_at(session)
    model = banner(outline, visitor.lang)
    return answer(request, "due.html", listed=listed, homes=homes, today=archive.today(), banner=model)
