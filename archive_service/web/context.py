"""Who is asking, in which language, and with which archive: what every handler may ask for.

A session comes as a cookie (pages; changes then need its CSRF secret) or as a bearer token (scripts; no browser sends
one by itself, so there is nothing to forge). What the person may do is asked in the actions.

What touches no store is `async`: it is answered where it is asked, and takes no turn of a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from archive_service.actions import accounts, tokens
from archive_service.permissions import Actor, Forbidden
from archive_service.web.security import (
    CSRF_FIELD,
    CSRF_HEADER,
    LANGUAGE_COOKIE,
    SAFE_METHODS,
    SESSION_COOKIE,
    ForeignForm,
    NotLoggedIn,
    PasswordIsFirst,
    same_secret,
)
from archive_service.web.words import language
from archive_service.wiring import Archive

MOST_FILES = 20_000
"""Files in one form of a browser without scripts."""

BEFORE_THE_PASSWORD = ("/password", "/logout", "/api/v1/session", "/api/v1/me", "/api/v1/me/password")
"""What somebody with a first password may ask for."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with an open session, or a script with a token (`in_person` False).

    `by_cookie`: a browser may send this session without its user's wish.
    """

    actor: Actor
    csrf: str
    must_change_password: bool
    lang: str
    token: str
    by_cookie: bool
    in_person: bool = True


async def _archive(request: Request) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


ArchiveDep = Annotated[Archive, Depends(_archive)]


def _maybe_visitor(request: Request) -> Visitor | None:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    by_cookie = scheme.lower() != "bearer"
    token = request.cookies.get(SESSION_COOKIE, "") if by_cookie else bearer.strip()
    if not token:
        return None
    visitor = _found(request.app.state.archive, token, by_cookie, language(request.cookies.get(LANGUAGE_COOKIE)))
    if visitor is None:
        return None
    # A refusal is shown to the same person, by whom nobody asks for the visitor any more.
    request.state.visitor = visitor
    return visitor


def _found(archive: Archive, token: str, by_cookie: bool, lang: str) -> Visitor | None:
    with archive.sessions.read() as session:
        if token.startswith(tokens.PREFIX):
            speaks_for = tokens.bearer(session, token, archive.now(), archive.today()) if not by_cookie else None
            return Visitor(speaks_for, "", False, lang, token, by_cookie, in_person=False) if speaks_for else None
        found = accounts.who(session, token, archive.now(), archive.today())
    if found is None:
        return None
    actor, csrf, must_change = found
    return Visitor(actor, csrf, must_change, lang, token, by_cookie)


MaybeVisitorDep = Annotated[Visitor | None, Depends(_maybe_visitor)]


async def _visitor(request: Request, visitor: MaybeVisitorDep) -> Visitor:
    if visitor is None:
        raise NotLoggedIn
    if visitor.must_change_password and request.url.path not in BEFORE_THE_PASSWORD:
        raise PasswordIsFirst
    return visitor


VisitorDep = Annotated[Visitor, Depends(_visitor)]


async def _in_person(visitor: VisitorDep) -> Visitor:
    if not visitor.in_person:
        raise Forbidden("接口令牌不能改口令、开令牌或改两步验证，什么都没有改动。请本人登录后办理。")
    return visitor


InPersonDep = Annotated[Visitor, Depends(_in_person)]
"""For what only the person may do, never a script that holds a token."""


async def _actor(visitor: VisitorDep) -> Actor:
    return visitor.actor


async def _maybe_actor(visitor: MaybeVisitorDep) -> Actor | None:
    return visitor.actor if visitor else None


ActorDep = Annotated[Actor, Depends(_actor)]
MaybeActorDep = Annotated[Actor | None, Depends(_maybe_actor)]


async def by_header(request: Request, visitor: MaybeVisitorDep) -> None:
    """A change through the API in a cookie session carries the secret in a header.

    Raises:
        ForeignForm: it does not.
    """
    if _needs_secret(request, visitor) and not _in_header(request, visitor):
        raise ForeignForm


async def by_form(request: Request, visitor: MaybeVisitorDep) -> None:
    """A change through a page carries the secret in a field or a header.

    Raises:
        ForeignForm: it does not.
    """
    if not _needs_secret(request, visitor) or _in_header(request, visitor):
        return
    given = (await request.form(max_files=MOST_FILES)).get(CSRF_FIELD)
    if visitor is None or not isinstance(given, str) or not same_secret(given, visitor.csrf):
        raise ForeignForm


def _needs_secret(request: Request, visitor: Visitor | None) -> bool:
    return visitor is not None and visitor.by_cookie and request.method not in SAFE_METHODS


def _in_header(request: Request, visitor: Visitor | None) -> bool:
    return visitor is not None and same_secret(request.headers.get(CSRF_HEADER), visitor.csrf)


def address_of(request: Request) -> str:
    """Where a request comes from, as the server sees it."""
    return request.client.host if request.client else ""


def wake_worker(request: Request) -> None:
    """Something new waits: the worker of this process, if there is one, looks at once."""
    request.app.state.wake()
