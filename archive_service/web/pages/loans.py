"""The originals: where one lies, lending it and taking it back, and the list of what is out and what is overdue."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import catalogue, holdings, physical
from archive_service.actions.physical import PLACES
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from classification.errors import RuleError
from storage.database.organisations import villages
from storage.database.physical import Whereabouts

router = APIRouter()
SHOWN = ("out", "overdue", "all")
A_PAGE = 100


@router.get("/loans")
def loans(request: Request, archive: ArchiveDep, visitor: VisitorDep, show: str = "out", after: str = "") -> Response:
    """What is out, what is overdue, or every loan."""
    only = show if show in SHOWN else "out"
    today = archive.today()
    with archive.sessions.read() as session:
        lines, total = physical.loans(session, visitor.actor, today, only, after, A_PAGE)
        _, late = physical.loans(session, visitor.actor, today, "overdue", size=1)
        homes = {home.id: home.name for home in villages(session)}
    more = lines[-1].loan.id if len(lines) == A_PAGE else None
    return answer(
        request, "loans.html", lines=lines, total=total, late=late, show=only, homes=homes, today=today, after=more
    )


@router.post("/records/{record_id}/place")
def place(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """Say where the original lies."""
    said = {name: text(form, name) for name in PLACES if name in form}
    with archive.sessions.begin() as session:
        found = holdings.seen(session, visitor.actor, record_id)
        held = session.get(Whereabouts, record_id)
        changed = physical.place(session, visitor.actor, found, said, archive.now(), held)
    told = say(visitor, "已记下存放位置。") if changed else say(visitor, "和原来一样，没有改动。")
    return go(f"/records/{record_id}", told)


@router.post("/records/{record_id}/lend")
def lend(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """Lend the original."""
    with archive.sessions.begin() as session:
        catalogue.may_open(visitor.actor, holdings.seen(session, visitor.actor, record_id))
        due_on, today = _day(text(form, "due_on")), archive.today()
        borrower, purpose = text(form, "borrower"), text(form, "purpose")
        physical.lend(session, visitor.actor, record_id, borrower, purpose, due_on, archive.now(), today)
    return go(f"/records/{record_id}", say(visitor, "已记为借出。"))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as bad:
        raise RuleError("归还的日子没有填对，没有改动。") from bad


@router.post("/records/{record_id}/return")
def give_back(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """The original is back."""
    with archive.sessions.begin() as session:
        physical.give_back(session, visitor.actor, record_id, archive.now(), archive.today())
    back = "/loans" if text(form, "back") == "/loans" else f"/records/{record_id}"
    return go(back, say(visitor, "已记为归还。"))
