"""Use: who asked for what, what was decided, what is open to whom. Asking, deciding, giving back."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from archive_service.actions import requests as acts
from archive_service.actions import using_copies
from archive_service.actions.requests import Decision
from archive_service.permissions import Permission, can
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from archive_service.web.words import STANDINGS_OF_USE, WISHES
from classification.errors import RuleError
from storage.database.organisations import villages
from storage.database.using import Wish

router = APIRouter(prefix="/requests")
DAYS = 14
"""For which a record is open unless another day is chosen: our own proposal."""


@router.get("")
def requests(request: Request, archive: ArchiveDep, visitor: VisitorDep, show: str = "", after: str = "") -> Response:
    """One's own, or what waits for a decision, is open now, or was ever asked."""
    decides = can(visitor.actor, Permission.DECIDE_USE)
    chosen = show if show in acts.SHOWN else "waiting" if decides else "mine"
    today = archive.today()
    with archive.sessions.read() as session:
        lines, more = acts.listed(session, visitor.actor, today, chosen, after)
    return answer(
        request, "requests.html", lines=lines, after=more, show=chosen, today=today, wishes=WISHES,
        standings=STANDINGS_OF_USE, decides=decides,
    )  # fmt: skip


@router.get("/new")
def form(
    request: Request,
    archive: ArchiveDep,
    visitor: VisitorDep,
    village: Annotated[str, Query(max_length=40)] = "",
    wanted: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The form of a request."""
    with archive.sessions.read() as session:
        homes = villages(session)
    own = {home for held in visitor.actor.roles if held.villages and len(held.villages) == 1 for home in held.villages}
    chosen = village or (own.pop() if len(own) == 1 else "")
    return answer(request, "request_new.html", homes=homes, village=chosen, wanted=wanted, wishes=WISHES)


@router.post("")
def ask(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Hand it in."""
    if text(form, "wish") not in list(Wish):
        raise RuleError("请选择要怎样利用，没有提交。")
    with archive.sessions.begin() as session:
        made = acts.ask(
            session, visitor.actor, text(form, "village"), text(form, "wanted"), text(form, "purpose"),
            Wish(text(form, "wish")), archive.now(),
        )  # fmt: skip
    return go(f"/requests/{made.id}", say(visitor, "已提交，答复以后在这里看。"))


@router.get("/{request_id}")
def one(request: Request, archive: ArchiveDep, visitor: VisitorDep, request_id: str) -> Response:
    """One request: for its reader what was decided and what is open, for who decides the form."""
    today = archive.today()
    with archive.sessions.read() as session:
        found = acts.seen(session, visitor.actor, request_id)
        line = acts.lines(session, visitor.actor, [found])[0]
        copies = using_copies.of_request(session, request_id)
    return answer(
        request, "request.html", line=line, asked=found, copies=copies, today=today, standing=line.standing(today),
        mine=found.account_id == visitor.actor.id, decides=acts.may_decide(visitor.actor, found), wishes=WISHES,
        standings=STANDINGS_OF_USE, until=date.fromordinal(today.toordinal() + DAYS),
    )  # fmt: skip


@router.post("/{request_id}/decide")
def decide(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, request_id: str) -> Response:
    """Open it until a day, or refuse it with the reason."""
    decision = Decision(
        text(form, "answer") == "grant",
        text(form, "reason"),
        tuple(text(form, "records").split("\n")),
        _day(text(form, "until")),
        bool(text(form, "original")),
    )
    with archive.sessions.begin() as session:
        acts.decide(session, visitor.actor, request_id, decision, archive.now(), archive.today())
    told = say(visitor, "已同意，到期自动收回。") if decision.grant else say(visitor, "已答复不同意。")
    return go(f"/requests/{request_id}", told)


@router.post("/{request_id}/withdraw")
def withdraw(archive: ArchiveDep, visitor: VisitorDep, request_id: str) -> Response:
    """The reader takes it back."""
    with archive.sessions.begin() as session:
        acts.withdraw(session, visitor.actor, request_id, archive.now())
    return go("/requests?show=mine", say(visitor, "已撤回申请。"))


@router.post("/{request_id}/end")
def end(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, request_id: str) -> Response:
    """The reader has done with it, or it is shut before its day."""
    with archive.sessions.begin() as session:
        acts.end(session, visitor.actor, request_id, text(form, "reason"), archive.now())
    return go(f"/requests/{request_id}", say(visitor, "已归还，不再能查阅。"))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as bad:
        raise RuleError("看到哪一天没有填对，没有改动。") from bad
