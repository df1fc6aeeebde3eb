"""Certified copies: issue one of a record, print it, say that it counts no longer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import using_copies
from archive_service.web.context import ArchiveDep, InPersonDep, VisitorDep
from archive_service.web.copying import copy_pdf
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import go

router = APIRouter()


@router.post("/records/{record_id}/copies")
def issue(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """Issue one; it can be printed at once."""
    with archive.sessions.begin() as session:
        copy = using_copies.issue(
            session, visitor.actor, record_id, text(form, "receiver"), text(form, "purpose"), archive.now(),
            archive.today(), text(form, "request"),
        )  # fmt: skip
    back = f"/requests/{copy.request_id}" if copy.request_id else f"/records/{record_id}"
    return go(back, say(visitor, "已出具复制件证明 {number}，可以打印。", number=copy.number))


@router.get("/copies/{number}")
def printed(request: Request, archive: ArchiveDep, visitor: InPersonDep, number: str) -> Response:
    """The copy as PDF."""
    return copy_pdf(request, archive, visitor.actor, number)


@router.post("/copies/{number}/withdraw")
def withdraw(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, number: str) -> Response:
    """It counts no longer; whoever checks it learns that."""
    with archive.sessions.begin() as session:
        copy = using_copies.withdraw(session, visitor.actor, number, text(form, "reason"), archive.now())
    return go(f"/records/{copy.record_id}", say(visitor, "已作废 {number}，核对时会这样说。", number=number))
