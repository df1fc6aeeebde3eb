"""What waits for the person who asks. Computed now; nothing is sent to anybody."""

from __future__ import annotations

from fastapi import APIRouter

from archive_service.actions.notices import notices
from archive_service.web.api.schemas.notices import NoticeOut, Notices
from archive_service.web.context import ActorDep, ArchiveDep

router = APIRouter(tags=["jobs"])


@router.get("/notices", summary="今天有什么等着我")
def waiting(archive: ArchiveDep, actor: ActorDep) -> Notices:
    """How many of what wait for the asker, and the page where it is done; what is not his work is left out."""
    with archive.sessions.read() as session:
        found = notices(session, actor, archive.now(), archive.today())
    same = NoticeOut.model_fields
    return Notices(notices=[NoticeOut(**{name: getattr(one, name) for name in same}) for one in found])
