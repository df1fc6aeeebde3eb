"""The villages of the county: look, register."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions.villages import add_village
from archive_service.permissions import Permission, check
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, listed, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from storage.database import organisations

router = APIRouter()


@router.get("/villages")
def villages(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The list with the form."""
    check(visitor.actor, Permission.MAINTAIN)
    with archive.sessions.read() as session:
        found = organisations.villages(session)
    return answer(request, "villages.html", villages=found)


@router.post("/villages")
def register(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Register one."""
    aliases = [{"name": name, "from": None, "to": None} for name in listed(form, "aliases")]
    with archive.sessions.begin() as session:
        home = add_village(
            session,
            visitor.actor,
            archive.now(),
            text(form, "name"),
            text(form, "fonds"),
            text(form, "township"),
            aliases,
        )
    return go("/villages", say(visitor, "已登记 {name}。", name=home.name))
