"""Townships: another name from a year on, and one that goes into another."""

from __future__ import annotations

from fastapi import APIRouter

from archive_service.actions import townships
from archive_service.tasks.kept_documents import keep_documents
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import TownshipMerged, TownshipOut, TownshipRenamed, VillageOut
from archive_service.web.context import ActorDep, ArchiveDep

router = APIRouter(prefix="/townships", tags=["villages"])


@router.post("/rename", summary="乡镇更名", responses=refusals(404, 409))
def rename_township(archive: ArchiveDep, actor: ActorDep, sent: TownshipRenamed) -> TownshipOut:
    """Another name from a year on; the villages and the roles held for the township stay with it."""
    with archive.sessions.begin() as session:
        made = townships.rename_township(session, actor, archive.now(), sent.township, sent.name, sent.year)
        said = TownshipOut.model_validate(made)
    keep_documents(archive)
    return said


@router.post("/merge", summary="乡镇并入另一个乡镇", responses=refusals(404))
def merge_township(archive: ArchiveDep, actor: ActorDep, sent: TownshipMerged) -> list[VillageOut]:
    """All its villages belong to the other from that day on; roles held for it are to be granted anew there."""
    with archive.sessions.begin() as session:
        moved = townships.merge_township(session, actor, archive.now(), sent.township, sent.into, sent.on)
        said = [VillageOut.model_validate(one) for one in moved]
    keep_documents(archive)
    return said
