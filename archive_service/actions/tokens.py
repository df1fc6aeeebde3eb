"""API tokens: keys for scripts that carry a part of their owner's permissions, run out, and can be revoked.

Only the hash is kept. A token opens nothing that is open to its owner by name, and makes no other token.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_service.actions.granting import acting, held_today
from archive_service.permissions import Actor, Permission, permitted
from classification.errors import RuleError
from storage.database import journal
from storage.database.accounts import Account, ApiToken
from storage.database.base import new_id
from storage.errors import Missing

PREFIX = "vat_"
"""By which a token is told from a session, and found where it was written by mistake."""
LONGEST = timedelta(days=366)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    session: Session, actor: Actor, at: datetime, name: str, permissions: Iterable[Permission], days: int
) -> tuple[ApiToken, str]:
    """Make a token for the actor; the second value is the token itself, shown once and kept nowhere.

    Raises:
        RuleError: it has no name, lasts too long, or carries what the actor may not do.
    """
    carried = frozenset(permissions)
    if not name.strip():
        raise RuleError("给令牌起个名字，说明是给哪个程序用的；没有开出。")
    if not timedelta() < timedelta(days=days) <= LONGEST:
        raise RuleError(f"令牌最短用 1 天，最长用 {LONGEST.days} 天，没有开出。")
    if carried - permitted(actor):
        raise RuleError("令牌不能做您自己不能做的事，没有开出。")
    token = PREFIX + secrets.token_urlsafe(32)
    held = ApiToken(
        id=new_id(),
        account_id=actor.id,
        name=name.strip()[:80],
        token_hash=token_hash(token),
        permissions=sorted(carried),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(held)
    said = {"name": held.name, "permissions": held.permissions, "until": held.expires_at.isoformat()}
    journal.write(session, at, actor.login, "token_made", "account", actor.id, details=said)
    return held, token


def revoke(session: Session, actor: Actor, at: datetime, token_id: str) -> None:
    """Revoke one of the actor's own tokens.

    Raises:
        Missing: the actor has no such token.
    """
    held = session.get(ApiToken, token_id)
    if held is None or held.account_id != actor.id or held.revoked_at is not None:
        raise Missing("没有这个令牌，可能已经作废了；没有改动。")
    held.revoked_at = at
    journal.write(session, at, actor.login, "token_revoked", "account", actor.id, details={"name": held.name})


def revoke_all(session: Session, account_id: str, at: datetime) -> None:
    """Revoke every token of an account."""
    mine = (ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    session.execute(update(ApiToken).where(*mine).values(revoked_at=at))


def bearer(session: Session, token: str, at: datetime, today: date) -> Actor | None:
    """Whoever a token speaks for, narrowed to what it carries; None when it is no good."""
    row = session.execute(
        select(Account, ApiToken.permissions)
        .join(ApiToken, ApiToken.account_id == Account.id)
        .where(
            ApiToken.token_hash == token_hash(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > at,
            Account.active,
        )
    ).one_or_none()
    if row is None:
        return None
    account, carried = row
    return acting(account, held_today(session, account, today), frozenset(map(Permission, carried)))
