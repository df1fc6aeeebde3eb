"""Accounts: who may what. A first password is shown once, on the answer to the form, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import accounts as action
from archive_service.permissions import NAMED_CLASSES, Permission, Role, check
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.rendering import answer
from archive_service.wiring import Archive
from storage.database import accounts as table
from storage.database.organisations import villages
from storage.errors import StorageError

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _First:
    login: str
    password: str


@router.get("/accounts")
def accounts(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """Every account."""
    return _list(request, archive, visitor)


def _list(
    request: Request, archive: Archive, visitor: Visitor, first: _First | None = None, wrong: str = ""
) -> Response:
    check(visitor.actor, Permission.MANAGE_ACCOUNTS)
    with archive.sessions.read() as session:
        found = table.accounts(session)
        homes = {home.id: home.name for home in villages(session)}
    status = 409 if wrong else 200
    return answer(request, "accounts.html", status, accounts=found, homes=homes, first=first, wrong=wrong)


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
                Role(text(form, "role")),
                text(form, "village") or None,
                tuple(one for one in texts(form, "clearance") if one in NAMED_CLASSES),
            )
    except StorageError as refused:
        return _list(request, archive, visitor, wrong=str(refused))
    return _list(request, archive, visitor, _First(login, password))


@router.post("/accounts/{login}/reset")
def reset(request: Request, archive: ArchiveDep, visitor: VisitorDep, login: str) -> Response:
    """Give an account a new first password."""
    with archive.sessions.begin() as session:
        password = action.reset_password(session, visitor.actor, archive.hasher, archive.now(), login)
    return _list(request, archive, visitor, _First(login, password))
