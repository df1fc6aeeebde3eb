"""Who may see a record by name: the donor's restriction, and the person whom it concerns."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import concerned, holdings, restricting
from archive_service.actions.accounts import actor_named
from archive_service.actions.restricting import Wish
from archive_service.permissions import Permission, can, check
from archive_service.tasks import restricting as tasks
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, listed, text, texts
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.accounts import accounts_named
from storage.database.readers import Ground, rows_on
from storage.errors import Missing, StorageError

router = APIRouter()


@router.get("/records/{record_id}/readers")
def readers(request: Request, archive: ArchiveDep, visitor: VisitorDep, record_id: str) -> Response:
    """The restriction and the persons concerned, with their forms."""
    return _page(request, archive, visitor, record_id)


def _page(request: Request, archive: Archive, visitor: Visitor, record_id: str, wrong: str = "") -> Response:
    with archive.sessions.read() as session:
        found = holdings.seen(session, visitor.actor, record_id)
        restricting.may_restrict(visitor.actor, found)
        tied = rows_on(session, found.id, Ground.CONCERNED)
        names = accounts_named(session, [*(one.login for one in tied), *(found.restriction or {}).get("readers", ())])
    return answer(
        request,
        "readers.html",
        status=422 if wrong else 200,
        record=found,
        tied=tied,
        names={login: one.name for login, one in names.items()},
        keeps=can(visitor.actor, Permission.ARCHIVE, found.village_id),
        wrong=wrong,
    )


@router.post("/records/{record_id}/restriction")
def restrict(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """Set the donor's restriction, or lift it with a reason."""
    lifts = text(form, "act") == "lift"
    try:
        if lifts:
            tasks.lift(archive, visitor.actor, [record_id], text(form, "reason"))
        else:
            wish = Wish(text(form, "text"), tuple(listed(form, "readers")), day_of(text(form, "until")))
            tasks.restrict(archive, visitor.actor, [record_id], wish)
    except (RuleError, StorageError) as refused:
        return _page(request, archive, visitor, record_id, str(refused))
    wake_worker(request)
    told = say(visitor, "已解除捐赠人限制。") if lifts else say(visitor, "已设捐赠人限制，名单以外的人都看不到这一件。")
    return go(f"/records/{record_id}/readers" if _still_seen(archive, visitor, record_id) else "/", told)


def _still_seen(archive: Archive, visitor: Visitor, record_id: str) -> bool:
    """Whoever did not name himself has just shut himself out; his next page must not be a refusal."""
    with archive.sessions.read() as session:
        try:
            holdings.seen(session, actor_named(session, visitor.actor.login, archive.today()), record_id)
        except Missing:
            return False
    return True


def day_of(written: str) -> date | None:
    """The last day of a restriction; empty = no end.

    Raises:
        RuleError: it is no day.
    """
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as bad:
        raise RuleError("止日没有填对，没有改动。请写成 2026-03-05，或者不填。") from bad


@router.post("/records/{record_id}/readers")
def tie(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """Open the record to the person it concerns, or take it from him again."""
    login, takes = text(form, "login"), text(form, "act") == "untie"
    try:
        with archive.sessions.begin() as session:
            if takes:
                concerned.untie(session, visitor.actor, login, record_id, archive.now())
            else:
                concerned.tie(session, visitor.actor, login, [record_id], archive.now())
    except (RuleError, StorageError) as refused:
        return _page(request, archive, visitor, record_id, str(refused))
    wake_worker(request)
    told = say(visitor, "已收回，{login} 不能再看。", login=login) if takes else _given(visitor, login, 1)
    return go(f"/records/{record_id}/readers", told)


def _given(visitor: Visitor, login: str, number: int) -> str:
    return say(visitor, "已交给 {login} 本人查看 {n} 件。", login=login, n=number)


@router.get("/concerned")
def person(request: Request, archive: ArchiveDep, visitor: VisitorDep, login: str = "", name: str = "") -> Response:
    """Records that name a person, to be chosen from; and those that his account is tied to."""
    check(visitor.actor, Permission.ARCHIVE)
    with archive.sessions.read() as session:
        found = concerned.naming(session, visitor.actor, name)
        tied = concerned.ties_of(session, visitor.actor, login) if login else ()
    held = {one.id for one in tied}
    return answer(request, "concerned.html", login=login, wanted=name, found=found, tied=tied, held=held)


@router.post("/concerned")
def open_to(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Open the chosen records to the person."""
    check(visitor.actor, Permission.ARCHIVE)
    login = text(form, "login")
    with archive.sessions.begin() as session:
        number = concerned.tie(session, visitor.actor, login, texts(form, "record"), archive.now())
    wake_worker(request)
    return go("/concerned", _given(visitor, login, number))
