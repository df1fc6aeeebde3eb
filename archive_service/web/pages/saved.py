"""Searches that a person keeps: under a name, with what is new since the last look."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import saved_searches
from archive_service.web.asked import Asked, read
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go

router = APIRouter()


@router.get("/saved")
def saved(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """All of them."""
    with archive.sessions.read() as session:
        lines = saved_searches.listed(session, archive.index, visitor.actor, read)
    return answer(request, "saved.html", lines=lines)


@router.post("/saved")
def keep(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Keep one."""
    # Through the parameters that are known, so that nothing else is kept.
    query = Asked(parse_qsl(text(form, "query"))).kept()
    with archive.sessions.begin() as session:
        kept = saved_searches.keep(session, visitor.actor, text(form, "name"), query, archive.now())
    return go("/saved", say(visitor, "已记住“{name}”。", name=kept.name))


@router.post("/saved/{saved_id}/seen")
def seen(archive: ArchiveDep, visitor: VisitorDep, saved_id: str) -> Response:
    """What is there now is new no longer."""
    with archive.sessions.begin() as session:
        saved_searches.looked(session, visitor.actor, saved_id, archive.now())
    return go("/saved")


@router.post("/saved/{saved_id}/forget")
def forget(archive: ArchiveDep, visitor: VisitorDep, saved_id: str) -> Response:
    """Keep it no longer."""
    with archive.sessions.begin() as session:
        saved_searches.forget(session, visitor.actor, saved_id, archive.now())
    return go("/saved", say(visitor, "已去掉这次查找。"))
