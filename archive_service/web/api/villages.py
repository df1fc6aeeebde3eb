"""The villages of the county."""

from __future__ import annotations

from fastapi import APIRouter

from archive_service.actions.villages import add_village
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import NewVillage, VillageOut
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
        return VillageOut.model_validate(made)
