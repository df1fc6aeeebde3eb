"""Accounts: who may log in, and which roles each holds."""

from __future__ import annotations

from fastapi import APIRouter

from archive_service.actions import accounts as action
from archive_service.actions import granting, outside
from archive_service.permissions import Permission, can, check
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import AccountOut, FirstPassword, GrantOut, NewAccount, NewGrant, OutsideIdentity
from archive_service.web.context import ActorDep, ArchiveDep
from storage.database import accounts as table
from storage.database.organisations import village

router = APIRouter(prefix="/accounts", tags=["accounts"])


@router.get("", summary="账号")
def every_account(archive: ArchiveDep, actor: ActorDep) -> list[AccountOut]:
    """Every account with the roles not taken back, by log-in name."""
    if not can(actor, Permission.GRANT_ROLES):
        check(actor, Permission.MANAGE_ACCOUNTS)
    with archive.sessions.read() as session:
        found = table.accounts(session)
        grants = table.grants_of(session, [one.id for one in found])
    shown = [AccountOut.model_validate(one) for one in found]
    for account, one in zip(found, shown, strict=True):
        one.grants = [GrantOut.model_validate(grant) for grant in grants[account.id]]
    return shown


@router.post("", summary="开账号", status_code=201, responses=refusals(404, 409))
def open_account(archive: ArchiveDep, actor: ActorDep, sent: NewAccount) -> FirstPassword:
    """Open an account; the answer has its first password. The role counts at once if the asker may give roles."""
    check(actor, Permission.MANAGE_ACCOUNTS)
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
            township=sent.township,
            ends=sent.ends_on,
        )
    return FirstPassword(login=sent.login, password=password)


@router.post("/{login}/reset", summary="重设口令", responses=refusals(404))
def reset(archive: ArchiveDep, actor: ActorDep, login: str) -> FirstPassword:
    """Give an account a new first password; its sessions are closed and its tokens revoked."""
    with archive.sessions.begin() as session:
        password = action.reset_password(session, actor, archive.hasher, archive.now(), login)
    return FirstPassword(login=login, password=password)


@router.post("/{login}/close", summary="停用账号", status_code=204, responses=refusals(404))
def close(archive: ArchiveDep, actor: ActorDep, login: str) -> None:
    """Close an account with its sessions and tokens. What it did stays in the journal."""
    with archive.sessions.begin() as session:
        action.set_active(session, actor, archive.now(), login, False)


@router.post("/{login}/open", summary="重新启用账号", status_code=204, responses=refusals(404))
def reopen(archive: ArchiveDep, actor: ActorDep, login: str) -> None:
    """Open a closed account again."""
    with archive.sessions.begin() as session:
        action.set_active(session, actor, archive.now(), login, True)


@router.put("/{login}/outside", summary="绑定统一登录身份", status_code=204, responses=refusals(404, 409))
def tie(archive: ArchiveDep, actor: ActorDep, login: str, sent: OutsideIdentity) -> None:
    """Say who an account is at the county's own log-in service; an empty subject takes the tie away."""
    with archive.sessions.begin() as session:
        outside.link(session, actor, login, archive.settings.oidc_issuer or "", sent.subject, archive.now())


@router.post("/{login}/grants", summary="授予角色", status_code=201, responses=refusals(404))
def give(archive: ArchiveDep, actor: ActorDep, login: str, sent: NewGrant) -> GrantOut:
    """Give a role for an organisation and a time. Nobody gives one to himself."""
    area, term = granting.Area(sent.village_id, sent.township), granting.Term(sent.begins_on, sent.ends_on)
    with archive.sessions.begin() as session:
        made = granting.give(session, actor, archive.now(), login, sent.role, area, term)
        session.flush()
        return GrantOut.model_validate(made)


@router.delete("/grants/{grant_id}", summary="收回角色", status_code=204, responses=refusals(404))
def take_back(archive: ArchiveDep, actor: ActorDep, grant_id: str) -> None:
    """Take a role back. It counts for nothing from this moment."""
    with archive.sessions.begin() as session:
        granting.take_back(session, actor, archive.now(), grant_id)
