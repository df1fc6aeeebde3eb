"""Coming in, going out, who am I."""

from __future__ import annotations

from fastapi import APIRouter, Request

from archive_service.actions import accounts, tokens
from archive_service.permissions import Actor, Held, Refused, permitted
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import (
    LogIn,
    MadeToken,
    Me,
    NewToken,
    PasswordChange,
    RoleHeld,
    SessionOut,
    TokenOut,
)
from archive_service.web.context import ArchiveDep, InPersonDep, VisitorDep, address_of
from classification.errors import RuleError
from storage.database import accounts as table

router = APIRouter(tags=["session"])
WRONG = "账号或口令不对，请再试一次。"


@router.post("/session", summary="登录，得到 token", status_code=201)
def log_in(request: Request, archive: ArchiveDep, sent: LogIn) -> SessionOut:
    """Open a session for a script. The token goes into `Authorization: Bearer …` and needs no CSRF value."""
    with archive.sessions.begin() as session:
        account = accounts.verify(
            session, archive.hasher, archive.now(), sent.login, sent.password, sent.code, address_of(request)
        )
    if account is None:
        raise Refused(WRONG)
    with archive.sessions.begin() as session:
        opened = accounts.open_session(session, archive.now(), account, archive.settings.session_hours)
    return SessionOut(
        token=opened.token, expires_at=opened.expires_at, must_change_password=account.must_change_password
    )


@router.delete("/session", summary="退出", status_code=204)
def log_out(archive: ArchiveDep, visitor: VisitorDep) -> None:
    """Close the session that this request came with."""
    with archive.sessions.begin() as session:
        accounts.log_out(session, visitor.token)


@router.get("/me", summary="我是谁")
def me(visitor: VisitorDep) -> Me:
    """Who is logged in, and the CSRF value that changes need in a cookie session."""
    actor = visitor.actor
    return Me(
        login=actor.login,
        name=actor.name,
        role=actor.role,
        village_id=_only_village(actor),
        roles=[
            RoleHeld(role=one.role, villages=None if one.villages is None else sorted(one.villages))
            for one in actor.roles
        ],
        permissions=sorted(permitted(actor)),
        clearances=sorted(actor.clearances),
        must_change_password=visitor.must_change_password,
        csrf=visitor.csrf,
    )


def _held(held: Held) -> RoleHeld:
    return RoleHeld(role=held.role, villages=None if held.villages is None else sorted(held.villages))


def _only_village(actor: Actor) -> str | None:
    areas = {one.villages for one in actor.roles}
    homes = areas.pop() if len(areas) == 1 else None
    return next(iter(homes)) if homes and len(homes) == 1 else None


@router.post("/me/password", summary="改口令", status_code=204)
def change_password(archive: ArchiveDep, visitor: InPersonDep, sent: PasswordChange) -> None:
    """Change the password; every session of the account is closed, this one too."""
    with archive.sessions.begin() as session:
        account = accounts.verify(session, archive.hasher, archive.now(), visitor.actor.login, sent.old, None)
    if account is None:
        raise RuleError("现在的口令不对，口令没有改动。")
    try:
        with archive.sessions.begin() as session:
            accounts.set_password(session, archive.hasher, archive.now(), account.id, sent.new)
    except Refused as refused:
        raise RuleError(str(refused)) from refused


@router.get("/me/tokens", summary="我的接口令牌")
def my_tokens(archive: ArchiveDep, visitor: VisitorDep) -> list[TokenOut]:
    """The tokens that still open, newest first."""
    with archive.sessions.read() as session:
        return [TokenOut.model_validate(one) for one in table.tokens_of(session, visitor.actor.id, archive.now())]


@router.post("/me/tokens", summary="开出接口令牌", status_code=201)
def make_token(archive: ArchiveDep, visitor: InPersonDep, sent: NewToken) -> MadeToken:
    """A key for a script with a part of the asker's permissions. It is in this answer and nowhere else."""
    with archive.sessions.begin() as session:
        held, token = tokens.make(session, visitor.actor, archive.now(), sent.name, sent.permissions, sent.days)
        return MadeToken(token=token, held=TokenOut.model_validate(held))


@router.delete("/me/tokens/{token_id}", summary="作废接口令牌", status_code=204, responses=refusals(404))
def revoke_token(archive: ArchiveDep, visitor: InPersonDep, token_id: str) -> None:
    """The token opens nothing from now on."""
    with archive.sessions.begin() as session:
        tokens.revoke(session, visitor.actor, archive.now(), token_id)
