"""Accounts: who may what, where and until when. A first password is shown once and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from archive_service.actions import accounts as action
from archive_service.actions import granting, outside
from archive_service.permissions import NAMED_CLASSES, Permission, Role, can, check
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database import accounts as table
from storage.database.organisations import villages
from storage.errors import Conflict, StorageError

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _First:
    login: str
    password: str


@router.get("/accounts")
def accounts(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """Every account with its roles, for those who open accounts and those who give roles."""
    return _list(request, archive, visitor)


def _list(
    request: Request, archive: Archive, visitor: Visitor, first: _First | None = None, wrong: str = ""
) -> Response:
    if not can(visitor.actor, Permission.GRANT_ROLES):
        check(visitor.actor, Permission.MANAGE_ACCOUNTS)
    with archive.sessions.read() as session:
        found = table.accounts(session)
        grants = table.grants_of(session, [one.id for one in found])
        known = villages(session)
    return answer(
        request,
        "accounts.html",
        409 if wrong else 200,
        accounts=found,
        grants=grants,
        homes={home.id: home.name for home in known},
        townships=sorted({home.township for home in known if home.township}),
        today=archive.today(),
        over_there=archive.settings.oidc_issuer,
        first=first,
        wrong=wrong,
    )


@router.post("/accounts")
def add(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Open an account."""
    login = text(form, "login")
    try:
        with archive.sessions.begin() as session:
            password = action.add_account(
                session,
                visitor.actor,
                archive.hasher,
                archive.now(),
                login,
                text(form, "name"),
                _role(form),
                text(form, "village") or None,
                tuple(one for one in texts(form, "clearance") if one in NAMED_CLASSES),
                township=text(form, "township") or None,
                ends=_day(form, "until"),
            )
    except (StorageError, RuleError) as refused:
        return _list(request, archive, visitor, wrong=str(refused))
    return _list(request, archive, visitor, _First(login, password))


def _role(form: FormData) -> Role:
    try:
        return Role(text(form, "role"))
    except ValueError as unknown:
        raise RuleError("没有这种角色，没有改动。") from unknown


def _day(form: FormData, name: str) -> date | None:
    given = text(form, name)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as unreadable:
        raise RuleError("看不懂这个日期，没有改动。请写成 2026-03-05。") from unreadable


@router.post("/grants")
def give(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Give a role for a village, a township or the county, from a day until a day."""
    login = text(form, "login")
    try:
        area = granting.Area(text(form, "village") or None, text(form, "township") or None)
        term = granting.Term(_day(form, "from"), _day(form, "until"))
        with archive.sessions.begin() as session:
            granting.give(session, visitor.actor, archive.now(), login, _role(form), area, term)
    except (StorageError, RuleError) as refused:
        return _list(request, archive, visitor, wrong=str(refused))
    return go("/accounts", say(visitor, "已授予 {login}。", login=login))


@router.post("/grants/{grant_id}/end")
def take_back(archive: ArchiveDep, visitor: VisitorDep, grant_id: str) -> Response:
    """Take a role back, at once."""
    with archive.sessions.begin() as session:
        granting.take_back(session, visitor.actor, archive.now(), grant_id)
    return go("/accounts", say(visitor, "已收回，从现在起不再有效。"))


@router.post("/accounts/{login}/close")
def close(archive: ArchiveDep, visitor: VisitorDep, login: str) -> Response:
    """Close an account with its sessions and tokens."""
    with archive.sessions.begin() as session:
        action.set_active(session, visitor.actor, archive.now(), login, False)
    return go("/accounts", say(visitor, "账号 {login} 已停用，它的登录和令牌都已失效。", login=login))


@router.post("/accounts/{login}/open")
def reopen(archive: ArchiveDep, visitor: VisitorDep, login: str) -> Response:
    """Open a closed account again."""
    with archive.sessions.begin() as session:
        action.set_active(session, visitor.actor, archive.now(), login, True)
    return go("/accounts", say(visitor, "账号 {login} 又可以登录了。", login=login))


@router.post("/accounts/{login}/reset")
def reset(request: Request, archive: ArchiveDep, visitor: VisitorDep, login: str) -> Response:
    """Give an account a new first password."""
    with archive.sessions.begin() as session:
        password = action.reset_password(session, visitor.actor, archive.hasher, archive.now(), login)
    return _list(request, archive, visitor, _First(login, password))


@router.post("/accounts/{login}/outside")
def tie(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, login: str) -> Response:
    """Say who an account is at the county's own log-in service; empty takes the tie away."""
    try:
        with archive.sessions.begin() as session:
            issuer = archive.settings.oidc_issuer or ""
            outside.link(session, visitor.actor, login, issuer, text(form, "subject"), archive.now())
    except (Conflict, RuleError) as refused:
        return _list(request, archive, visitor, wrong=str(refused))
    return go("/accounts", say(visitor, "{login} 的统一登录身份已改，它的登录都已失效。", login=login))
