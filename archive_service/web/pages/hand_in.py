"""Handing in: choose a village, bring files. The script sends each file by itself; this form works without it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from archive_service.permissions import Actor, Permission, can, check
from archive_service.tasks.receiving import close_upload, open_upload, receive_stream
from archive_service.web.context import ArchiveDep, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from archive_service.web.uploads import clean_path
from storage.database.batches import Batch
from storage.database.organisations import Village, villages

router = APIRouter()


def homes_of(session: Session, actor: Actor, permission: Permission = Permission.HAND_IN) -> list[Village]:
    """The villages in which this person may do this."""
    return [home for home in villages(session) if can(actor, permission, home.id)]


@router.get("/hand-in")
def hand_in(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The form."""
    check(visitor.actor, Permission.HAND_IN)
    with archive.sessions.read() as session:
        homes = homes_of(session, visitor.actor)
    return answer(request, "hand_in.html", villages=homes)


@router.post("/hand-in")
def receive(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Receive what a browser without scripts sends."""
    files = _files(form)
    if not files:
        return go("/hand-in", say(visitor, "没有选文件，什么都没有收。"))
    source = clean_path(files[0].filename or "").split("/")[0]
    batch_id = open_upload(archive, visitor.actor, text(form, "village"), source)
    with archive.sessions.read() as session:
        batch = session.get_one(Batch, batch_id)
    for file in files:
        receive_stream(archive, batch, clean_path(file.filename or ""), file.file)
    close_upload(archive, batch_id)
    wake_worker(request)
    return go(f"/batches/{batch_id}")


def _files(form: FormData) -> list[UploadFile]:
    return [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
