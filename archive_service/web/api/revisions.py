"""What was archived: every version readable, and the correction that makes a new one, with its reason."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from archive_service.actions import holdings, revising
from archive_service.tasks import revising as tasks
from archive_service.tasks.viewing import note_view
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import desk as shown
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from storage.errors import Conflict

router = APIRouter(tags=["records"])
ABOUT_IT = {"reason", "version"}


@router.get("/records/{record_id}/versions", summary="各个版本", responses=refusals(404))
def versions(archive: ArchiveDep, actor: ActorDep, record_id: str) -> shown.RecordVersions:
    """The versions that the store holds, the newest first."""
    lines = tasks.versions(archive, actor, record_id)
    return shown.RecordVersions(versions=[shown.RecordVersion.model_validate(one) for one in lines])


@router.get(
    "/records/{record_id}/versions/{number}",
    summary="一个版本的著录",
    responses={
        200: {"content": {"application/json": {"example": {"title": "村民代表会议记录", "version": 1}}}},
        **refusals(404),
    },
)
def version(archive: ArchiveDep, actor: ActorDep, record_id: str, number: int) -> dict[str, Any]:
    """The description as that version holds it, word for word."""
    said = tasks.version(archive, actor, record_id, number)
    with archive.sessions.read() as session:
        found = holdings.seen(session, actor, record_id)
    note_view(archive, actor, found, "record_viewed")
    return said


@router.post("/records/{record_id}/revise", summary="更正已归档的", responses=refusals(404, 409))
def revise(
    request: Request, archive: ArchiveDep, actor: ActorDep, record_id: str, sent: shown.RevisionSent
) -> shown.Revised:
    """Correct an archived record; the version before stays as it was."""
    with archive.sessions.read() as session:
        found = holdings.seen(session, actor, record_id)
        revising.may_revise(actor, found)
    if sent.version not in (None, found.version):
        raise Conflict("这一件刚有人更正过，您写的还没有存；请看过现在的版本再改。")
    changes = sent.model_dump(exclude_unset=True, exclude=ABOUT_IT)
    changed = tasks.revise_record(archive, actor, record_id, changes, sent.reason)
    wake_worker(request)
    return shown.Revised(changed=changed)
