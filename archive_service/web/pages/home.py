"""The first page: what waits for me today?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from archive_service.actions import desk
from archive_service.actions import notices as told
from archive_service.actions.holdings import MANY
from archive_service.actions.notices import Notice
from archive_service.permissions import Actor, Permission, can, reach
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.spoken import called
from archive_service.web.rendering import answer
from storage.database.organisations import village

router = APIRouter()
MOST_VILLAGES = 12
"""On the first page; the inbox has them all."""


USUAL = frozenset({"to_catalogue", "to_archive", "due", "requests"})
"""What is shown even when nothing of it waits; the rest appears when it does."""


@router.get("/")
def home(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The desk of this person."""
    actor = visitor.actor
    with archive.sessions.read() as session:
        waiting = told.notices(session, actor, archive.now(), archive.today(), MANY)
        batches = desk.batches(session, actor, 6) if can(actor, Permission.HAND_IN) else None
        recent = desk.recent(session, actor)
        homes = desk.by_village(session, actor)[:MOST_VILLAGES] if _several_villages(actor) else []
        name = _only_village(session, actor)
        people = called(session, [one.batch.opened_by for one in batches]) if batches else {}
    waits = _waits(waiting, batches)
    return answer(
        request, "home.html", waits=waits, batches=batches, recent=recent, homes=homes, home=name,
        today=archive.today(), people=people,
    )  # fmt: skip


def _only_village(session: Session, actor: Actor) -> str:
    areas = {held.villages for held in actor.roles}
    homes = areas.pop() if len(areas) == 1 else None
    return village(session, next(iter(homes))).name if homes and len(homes) == 1 else ""


def _several_villages(actor: Actor) -> bool:
    area = reach(actor, Permission.CATALOGUE)
    return area is None or len(area) > 1


def _waits(waiting: list[Notice], batches: list[desk.BatchLine] | None) -> list[Notice]:
    waits = [one for one in waiting if one.number or one.key in USUAL]
    if batches is not None:
        refused = [one.batch.id for one in batches if one.sum["rejected"]]
        # One batch is opened where the trouble is; of several, the list says which.
        address = f"/batches/{refused[0]}?show=rejected" if len(refused) == 1 else "/batches"
        waits.append(Notice("refused", len(refused), "批最近移交有退回的文件", address))
    return waits
