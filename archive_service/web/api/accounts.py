"""Accounts: who may log in."""

from __future__ import annotations

from fastapi import APIRouter

from archive_service.actions import accounts as action
from archive_service.permissions import Permission, check
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import AccountOut, FirstPassword, NewAccount
from archive_service.web.context import ActorDep, ArchiveDep
from storage.database import accounts as table
from storage.database.organisations import village

router = APIRouter(prefix="/accounts", tags=["accounts"])


@router.get("", summary="账号")
def every_account(archive: ArchiveDep, actor: ActorDep) -> list[AccountOut]:
    """Every account, by log-in name."""
    check(actor, Permission.MANAGE_ACCOUNTS)
    with archive.sessions.read() as session:
        return [AccountOut.model_validate(one) for one in table.accounts(session)]


@router.post("", summary="开账号", status_code=201, responses=refusals(404, 409))
def open_account(archive: ArchiveDep, actor: ActorDep, sent: NewAccount) -> FirstPassword:
    """Open an account; the answer has its first password."""
    with archive.sessions.begin() as session:
        if sent.village_id:
            village(session, sent.village_id)
        password = action.add_account(
            session,
            actor,
            archive.hasher,
            archive.now(),
            sent.login,
            sent.name,
            sent.role,
            sent.village_id,
            sent.clearances,
        )
    return FirstPassword(login=sent.login, password=password)


@router.post("/{login}/reset", summary="重设口令", responses=refusals(404))
def reset(archive: ArchiveDep, actor: ActorDep, login: str) -> FirstPassword:
    """Give an account a new first password and close its sessions."""
    with archive.sessions.begin() as session:
        password = action.reset_password(session, actor, archive.hasher, archive.now(), login)
    return FirstPassword(login=login, password=password)
