"""Coming in and going out: log-in, the change of a password, the language."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import accounts
from archive_service.permissions import Refused
from archive_service.web.context import ArchiveDep, InPersonDep, VisitorDep, address_of
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go, local
from archive_service.web.security import LANGUAGE_COOKIE, SESSION_COOKIE
from archive_service.web.words import LANGUAGES, language
from archive_service.web.words import say as in_language
from archive_service.wiring import Archive
from storage.database.accounts import Account

router = APIRouter()
A_YEAR = 365 * 24 * 3600


@router.get("/login")
def door(request: Request, next: str = "/") -> Response:
    """The form at the door."""
    return _door(request, local(next))


def _door(request: Request, onward: str, status: int = 200, login: str = "", wrong: str = "") -> Response:
    chosen = request.app.state.archive.settings
    outside = chosen.oidc_name if chosen.oidc_issuer and chosen.oidc_client else ""
    return answer(request, "login.html", status=status, next=onward, login=login, wrong=wrong, outside=outside)


def door_again(request: Request, wrong: str, onward: str, login: str = "") -> Response:
    """The form once more, with what was wrong in the visitor's language."""
    shown = in_language(language(request.cookies.get(LANGUAGE_COOKIE)), wrong)
    return _door(request, onward, 401, login, shown)


@router.post("/login")
def come_in(request: Request, archive: ArchiveDep, form: FormDep) -> Response:
    """Open a session, or say that it did not work without saying which part was wrong."""
    login, onward = text(form, "login"), local(text(form, "next") or "/")
    wrong = "账号或口令不对，请再试一次。"
    try:
        with archive.sessions.begin() as session:
            account = accounts.verify(
                session,
                archive.hasher,
                archive.now(),
                login,
                str(form.get("password", "")),
                text(form, "code"),
                address_of(request),
            )
    except Refused as refused:
        account, wrong = None, str(refused)
    if account is None:
        return door_again(request, wrong, onward, login)
    return let_in(request, archive, account, "/password" if account.must_change_password else onward)


def let_in(request: Request, archive: Archive, account: Account, onward: str, said: str = "") -> Response:
    """Open a session for somebody who proved who he is, and go on."""
    hours = archive.settings.session_hours
    with archive.sessions.begin() as session:
        opened = accounts.open_session(session, archive.now(), account, hours)
    response = go(onward, said)
    secure = request.url.scheme == "https"
    response.set_cookie(
        SESSION_COOKIE, opened.token, max_age=hours * 3600, httponly=True, samesite="lax", secure=secure
    )
    return response


@router.post("/logout")
def go_out(archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """Close the session."""
    with archive.sessions.begin() as session:
        accounts.log_out(session, visitor.token)
    response = go("/login", say(visitor, "已退出。"))
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/password")
def password(request: Request, visitor: VisitorDep) -> Response:
    """The form for another password."""
    return answer(request, "password.html", forced=visitor.must_change_password, wrong="")


@router.post("/password")
def change(request: Request, archive: ArchiveDep, visitor: InPersonDep, form: FormDep) -> Response:
    """Change the password and go on with a fresh session; every other session is closed."""
    new = str(form.get("new", ""))
    try:
        if new != form.get("again"):
            raise Refused(say(visitor, "两遍新口令写得不一样，口令没有改动。"))
        with archive.sessions.begin() as session:
            account = accounts.verify(
                session, archive.hasher, archive.now(), visitor.actor.login, str(form.get("old", "")), None
            )
            if account is not None:
                accounts.set_password(session, archive.hasher, archive.now(), account.id, new)
    except Refused as refused:
        return _again(request, visitor, str(refused))
    if account is None:
        return _again(request, visitor, say(visitor, "现在的口令不对，口令没有改动。"))
    return let_in(request, archive, account, "/", say(visitor, "口令已更改。"))


def _again(request: Request, visitor: VisitorDep, wrong: str) -> Response:
    forced = visitor.must_change_password
    return answer(request, "password.html", status=422, forced=forced, wrong=wrong)


@router.get("/language")
def choose_language(request: Request, to: str = "zh", next: str = "/") -> Response:
    """Chinese or English, remembered for a year."""
    response = go(next)
    if to in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, to, max_age=A_YEAR, samesite="lax", httponly=True)
    return response
