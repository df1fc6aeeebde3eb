"""Accepting in bulk: first what would be accepted, then the act, then one button that takes it back."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import catalogue, taking_back
from archive_service.rulebook import rule_book
from archive_service.web.context import ArchiveDep, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.pages.spoken import banner, named, say
from archive_service.web.rendering import answer, go
from classification.errors import RuleError
from storage.database.organisations import villages
from storage.database.records import records

router = APIRouter()
AT_ONCE = 200
"""As many as a person can look through before pressing one button."""


@router.get("/bulk")
def preview(request: Request, archive: ArchiveDep, visitor: VisitorDep, village: str = "") -> Response:
    """The proposals that are sure, to be looked through. Nothing is changed."""
    with archive.sessions.read() as session:
        rules = rule_book(session)
        ids = catalogue.confident(session, visitor.actor, rules, village or None, limit=AT_ONCE)
        found = records(session, ids)
        homes = {home.id: home.name for home in villages(session)}
    return answer(
        request,
        "bulk.html",
        records=[found[id] for id in ids],
        most=AT_ONCE,
        homes=homes,
        names={one.id: named(one, visitor.lang) for one in rules.outline.series.values()},
        banner=banner(rules.outline, visitor.lang),
    )


@router.post("/bulk")
def accept(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Accept what is still marked, in one act."""
    ids = texts(form, "record")
    if not ids:
        return go("/bulk", say(visitor, "还没有选中材料，没有改动。"))
    at = archive.now()
    with archive.sessions.begin() as session:
        accepted = catalogue.accept(session, visitor.actor, ids, rule_book(session), at)
    wake_worker(request)
    return go(after(at), say(visitor, "已采用 {n} 件，可以归档了。", n=len(accepted)))


@router.post("/bulk/undo")
def undo(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Take back what one act accepted and what has not been archived since."""
    moment = moment_of(text(form, "at"))
    with archive.sessions.begin() as session:
        ids = taking_back.accepted_at(session, visitor.actor, moment)
        taking_back.take_back(session, visitor.actor, ids, archive.now())
    wake_worker(request)
    return go("/inbox", say(visitor, "已撤回 {n} 件，又在待整理里了。", n=len(ids)))


def moment_of(typed: str) -> datetime:
    """The moment of an act, as its address carries it.

    Raises:
        RuleError: it is none.
    """
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError as bad:
        raise RuleError("看不出要撤回哪一次，没有改动。") from bad
    if moment.tzinfo is None:
        raise RuleError("看不出要撤回哪一次，没有改动。")
    return moment


def after(moment: datetime, back: str = "/inbox", of: str = "") -> str:
    """The address after an act at that moment, with the button that takes it back: an acceptance, or an edit."""
    sign = "&" if "?" in back else "?"
    return f"{back}{sign}{urlencode({'undo': moment.isoformat(), **({'of': of} if of else {})})}"
