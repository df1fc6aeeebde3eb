"""The first page: what waits for me today?"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from archive_service.actions import desk
from archive_service.actions import requests as use
from archive_service.permissions import Actor, Permission, can, reach
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.rendering import answer
from storage.database.organisations import village

router = APIRouter()
MOST_VILLAGES = 12
"""On the first page; the inbox has them all."""


@dataclass(frozen=True, slots=True)
class _Waits:
    number: int
    title: str
    address: str
    urgent: bool = True


@router.get("/")
def home(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The desk of this person."""
    actor = visitor.actor
    with archive.sessions.read() as session:
        waiting = desk.waiting(session, actor, archive.today())
        asked = use.waiting(session, actor)
        batches = desk.batches(session, actor, 6) if can(actor, Permission.HAND_IN) else None
        recent = desk.recent(session, actor)
        homes = desk.by_village(session, actor)[:MOST_VILLAGES] if _several_villages(actor) else []
        name = _only_village(session, actor)
    waits = _waits(waiting, asked, batches)
    return answer(
        request, "home.html", waits=waits, batches=batches, recent=recent, homes=homes, home=name, today=archive.today()
    )


def _only_village(session: Session, actor: Actor) -> str:
    areas = {held.villages for held in actor.roles}
    homes = areas.pop() if len(areas) == 1 else None
    return village(session, next(iter(homes))).name if homes and len(homes) == 1 else ""


def _several_villages(actor: Actor) -> bool:
    area = reach(actor, Permission.CATALOGUE)
    return area is None or len(area) > 1


def _waits(waiting: desk.Waiting, asked: int | None, batches: list[desk.BatchLine] | None) -> list[_Waits]:
    found = [
        (waiting.to_catalogue, "件等着整理", "/inbox?state=proposed"),
        (waiting.to_archive, "件已采用，等着归档", "/inbox?state=accepted"),
        (waiting.due, "件期满，等着鉴定", "/due"),
        (asked, "份利用申请等着答复", "/requests?show=waiting"),
        (waiting.damaged, "个文件损坏或丢失", "/system"),
    ]
    waits = [_Waits(number, title, address) for number, title, address in found if number is not None]
    if batches is not None:
        refused = [one.batch.id for one in batches if one.sum["rejected"]]
        # One batch is opened where the trouble is; of several, the list says which.
        address = f"/batches/{refused[0]}?show=rejected" if len(refused) == 1 else "/batches"
        waits.append(_Waits(len(refused), "批最近移交有退回的文件", address))
    return waits
