"""Batches: did everything arrive, and what is wrong with what did not?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.orm import Session

from archive_service.actions import desk, sheets
from archive_service.actions.duplicates import duplicate
from archive_service.actions.outlines import outline_at
from archive_service.permissions import Actor
from archive_service.tasks.receiving import keep_another
from archive_service.web.context import ArchiveDep, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import banner, called, named, say
from archive_service.web.rendering import answer, go
from storage.database.batches import ItemState, counts_by_state, sum_of
from storage.database.organisations import village

router = APIRouter()
A_PAGE = 200


@router.get("/batches")
def batches(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The newest batches with their sums."""
    with archive.sessions.read() as session:
        found = desk.batches(session, visitor.actor, 100)
        people = called(session, [one.batch.opened_by for one in found])
    return answer(request, "batches.html", batches=found, people=people)


@router.get("/batches/{batch_id}")
def batch(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, batch_id: str, show: str = "", after: str = ""
) -> Response:
    """What became of each file."""
    with archive.sessions.read() as session:
        found = sheets.batch_of(session, visitor.actor, batch_id)
        states = counts_by_state(session, [batch_id])
        chosen = [state for state in ItemState if state.bucket == show]
        rows = _rows(session, visitor.actor, batch_id, chosen, after)
        unseen = sheets.unseen(session, visitor.actor, batch_id, chosen)
        _, outline = outline_at(session)
        home = village(session, found.village_id)
        people = called(session, [found.opened_by])
    names = {one.id: named(one, visitor.lang) for one in outline.series.values()}
    return answer(
        request,
        "batch.html",
        batch=found,
        village=home,
        people=people,
        total=sum_of(states),
        left=states.get(ItemState.RECEIVED, 0),
        rows=rows[:A_PAGE],
        unseen=unseen,
        after=rows[A_PAGE - 1]["item"] if len(rows) > A_PAGE else None,
        chosen=show,
        names=names,
        banner=banner(outline, visitor.lang),
    )


def _rows(
    session: Session, actor: Actor, batch_id: str, states: list[ItemState], after: str
) -> list[dict[str, Any]]:  # fmt: skip
    return list(sheets.rows(session, actor, batch_id, states=states, after=after or None, limit=A_PAGE + 1))


@router.get("/batches/{batch_id}/progress")
def progress(archive: ArchiveDep, visitor: VisitorDep, batch_id: str) -> JSONResponse:
    """How many files wait to be read."""
    with archive.sessions.read() as session:
        sheets.batch_of(session, visitor.actor, batch_id)
        states = counts_by_state(session, [batch_id])
    return JSONResponse({"left": states.get(ItemState.RECEIVED, 0), "sum": sum_of(states)})


@router.post("/batches/{batch_id}/another")
def another(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, batch_id: str) -> Response:
    """“Another copy, another record”: take a duplicate in all the same."""
    with archive.sessions.read() as session:
        sheets.batch_of(session, visitor.actor, batch_id)
        item, key = duplicate(session, visitor.actor, text(form, "item"))
    keep_another(archive, visitor.actor, item, key, item.path)
    wake_worker(request)
    return go(f"/batches/{batch_id}", say(visitor, "已另立一件：{path}", path=item.path))
