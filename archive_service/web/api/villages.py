"""The villages of the county."""

from __future__ import annotations

from fastapi import APIRouter

from archive_service.actions import townships
from archive_service.actions.villages import add_village, merge, rename
from archive_service.tasks.kept_documents import keep_documents
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import Merged, Moved, NewVillage, Renamed, VillageOut
from archive_service.web.context import ActorDep, ArchiveDep
from storage.database.organisations import villages

router = APIRouter(prefix="/villages", tags=["villages"])


@router.get("", summary="各村")
def every_village(archive: ArchiveDep, actor: ActorDep) -> list[VillageOut]:
    """Every village, in the order of its fonds."""
    with archive.sessions.read() as session:
        return [VillageOut.model_validate(one) for one in villages(session)]


@router.post("", summary="登记一个村", status_code=201, responses=refusals(409))
def register(archive: ArchiveDep, actor: ActorDep, sent: NewVillage) -> VillageOut:
    """Register a village. The same name with the same fonds again changes nothing."""
    with archive.sessions.begin() as session:
        made = add_village(session, actor, archive.now(), sent.name, sent.fonds, sent.township, sent.aliases)
        said = VillageOut.model_validate(made)
    keep_documents(archive)
    return said


@router.post("/{village_id}/rename", summary="村更名", responses=refusals(404, 409))
def give_name(archive: ArchiveDep, actor: ActorDep, village_id: str, sent: Renamed) -> VillageOut:
    """Another name from a year on. The old one still finds the records of its time."""
    with archive.sessions.begin() as session:
        said = VillageOut.model_validate(rename(session, actor, archive.now(), village_id, sent.name, sent.year))
    keep_documents(archive)
    return said


@router.post("/{village_id}/move", summary="村划归另一个乡镇", responses=refusals(404))
def change_over(archive: ArchiveDep, actor: ActorDep, village_id: str, sent: Moved) -> VillageOut:
    """It belongs to another township from a year on; the one before still finds the records of its years."""
    with archive.sessions.begin() as session:
        made = townships.move(session, actor, archive.now(), village_id, sent.township, sent.year)
        said = VillageOut.model_validate(made)
    keep_documents(archive)
    return said


@router.post("/{village_id}/merge", summary="村并入另一个村", responses=refusals(404))
def go_into(archive: ArchiveDep, actor: ActorDep, village_id: str, sent: Merged) -> VillageOut:
    """Note that a village went into another. Its fonds stays; the other's people look after it from that day on."""
    with archive.sessions.begin() as session:
        said = VillageOut.model_validate(merge(session, actor, archive.now(), village_id, sent.into_id, sent.on))
    keep_documents(archive)
    return said
