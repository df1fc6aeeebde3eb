"""Is everything healthy? The numbers of the stores, and the examination."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions.upkeep import damaged, overview
from archive_service.permissions import Permission, check
from archive_service.tasks.doctor import examine
from archive_service.tasks.fixity import sentence
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.rendering import answer

router = APIRouter()


@router.get("/system")
def system(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """What waits, and what is well."""
    check(visitor.actor, Permission.MAINTAIN)
    with archive.sessions.read() as session:
        seen, faults = overview(session), damaged(session, visitor.actor)
    return answer(
        request,
        "system.html",
        seen=seen,
        damaged=[sentence(fault) for fault in faults],
        findings=examine(archive),
        indexed=archive.index.count(),
    )
