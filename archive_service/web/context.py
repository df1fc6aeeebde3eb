"""Who is asking, in which language, and with which archive: what every handler may ask for.

A session comes as a cookie (pages; changes then need its CSRF secret) or as a bearer token (scripts; no browser sends
one by itself, so there is nothing to forge). What the person may do is asked in the actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from archive_service.actions import accounts
from archive_service.permissions import Actor
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
    """A person with an open session. `by_cookie`: a browser may send this session without its user's wish."""

    actor: Actor
    csrf: str
    must_change_password: bool
    lang: str
    token: str
    by_cookie: bool


def _archive(request: Request) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


ArchiveDep = Annotated[Archive, Depends(_archive)]


def _maybe_visitor(request: Request, archive: ArchiveDep) -> Visitor | None:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    by_cookie = scheme.lower() != "bearer"
    token = request.cookies.get(SESSION_COOKIE, "") if by_cookie else bearer.strip()
    if not token:
        return None
    with archive.sessions.read() as session:
        found = accounts.who(session, token, archive.now(), archive.today())
    if found is None:
        return None
    actor, csrf, must_change = found
    lang = language(request.cookies.get(LANGUAGE_COOKIE))
    visitor = Visitor(actor, csrf, must_change, lang, token, by_cookie)
    # A refusal is shown to the same person, by whom nobody asks for the visitor any more.
    request.state.visitor = visitor
    return visitor


MaybeVisitorDep = Annotated[Visitor | None, Depends(_maybe_visitor)]


def _visitor(request: Request, visitor: MaybeVisitorDep) -> Visitor:
    if visitor is None:
        raise NotLoggedIn
    if visitor.must_change_password and request.url.path not in BEFORE_THE_PASSWORD:
        raise PasswordIsFirst
    return visitor


VisitorDep = Annotated[Visitor, Depends(_visitor)]


def _actor(visitor: VisitorDep) -> Actor:
    return visitor.actor


def _maybe_actor(visitor: MaybeVisitorDep) -> Actor | None:
    return visitor.actor if visitor else None


ActorDep = Annotated[Actor, Depends(_actor)]
MaybeActorDep = Annotated[Actor | None, Depends(_maybe_actor)]


def by_header(request: Request, visitor: MaybeVisitorDep) -> None:
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


def wake_worker(request: Request) -> None:
    """Something new waits: the worker of this process, if there is one, looks at once."""
    request.app.state.wake()
