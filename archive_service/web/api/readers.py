"""Who may see a record by name: the donor's restriction, and the person whom it concerns."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session

from archive_service.actions import concerned, holdings, restricting
from archive_service.actions.restricting import Wish
from archive_service.permissions import Actor, Permission, check
from archive_service.tasks import restricting as tasks
from archive_service.web.api import schemas, shapes
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import readers as shown
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from storage.database.readers import Ground, rows_on

router = APIRouter(tags=["records"])


@router.get("/records/{record_id}/readers", summary="谁可以看", responses=refusals(404, 409))
def readers(archive: ArchiveDep, actor: ActorDep, record_id: str) -> shown.ReadersOut:
    """The donor's restriction and the persons concerned: told to those who may change them."""
    with archive.sessions.read() as session:
        return _readers(session, actor, record_id)


def _readers(session: Session, actor: Actor, record_id: str) -> shown.ReadersOut:
    found = holdings.seen(session, actor, record_id)
    restricting.may_restrict(actor, found)
    return shown.ReadersOut(
        restriction=shown.RestrictionOut.model_validate(found.restriction) if found.restriction else None,
        concerned=[
            shown.ConcernedOut(login=one.login, opened_by=one.opened_by, opened_at=one.opened_at)
            for one in rows_on(session, found.id, Ground.CONCERNED)
        ],
    )


@router.put("/records/{record_id}/restriction", summary="设捐赠人限制", status_code=204, responses=refusals(404, 409))
def restrict(
    request: Request, archive: ArchiveDep, actor: ActorDep, record_id: str, sent: shown.RestrictionSent
) -> None:
    """Nobody sees the record any more but those who are named. What is archived gets a new version."""
    tasks.restrict(archive, actor, [record_id], Wish(sent.text, tuple(sent.readers), sent.until))
    wake_worker(request)


@router.post(
    "/records/{record_id}/restriction/lift", summary="解除捐赠人限制", status_code=204, responses=refusals(404, 409)
)
def lift(request: Request, archive: ArchiveDep, actor: ActorDep, record_id: str, sent: schemas.Reason) -> None:
    """Lift it, with the reason: only somebody it names, who archives there."""
    tasks.lift(archive, actor, [record_id], sent.reason)
    wake_worker(request)


@router.post("/concerned", summary="交给本人查看", responses=refusals(404))
def tie(request: Request, archive: ArchiveDep, actor: ActorDep, sent: shown.TiesSent) -> shown.Tied:
    """Open filed records to the person whom they concern; all of them or none."""
    check(actor, Permission.ARCHIVE)
    with archive.sessions.begin() as session:
        number = concerned.tie(session, actor, sent.login, sent.records, archive.now())
    wake_worker(request)
    return shown.Tied(tied=number)


@router.delete("/records/{record_id}/readers/{login}", summary="从本人收回", status_code=204, responses=refusals(404))
def untie(request: Request, archive: ArchiveDep, actor: ActorDep, record_id: str, login: str) -> None:
    """Take a record from the person again."""
    with archive.sessions.begin() as session:
        concerned.untie(session, actor, login, record_id, archive.now())
    wake_worker(request)


@router.get("/me/records", summary="交给我本人看的")
def mine(archive: ArchiveDep, actor: ActorDep) -> list[schemas.RecordBrief]:
    """What is opened to the asker by name."""
    with archive.sessions.read() as session:
        return [shapes.brief(one) for one in concerned.mine(session, actor)]
