"""People who log in at the county's own service: which account is whose. What they may do is never taken from there.

An account is known by issuer and subject, never by a name that somebody could choose. Whoever comes for the first time
gets an account without any role, which opens nothing until a security officer gives it one.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, Refused, Role, check
from classification.errors import RuleError
from storage.database import accounts as table
from storage.database import journal
from storage.database.base import new_id
from storage.errors import Conflict, Missing

LONGEST_SUBJECT = 255
BY = "oidc"
_LOGIN = re.compile(r"[^a-z0-9._-]")


@dataclass(frozen=True, slots=True)
class Outsider:
    """Who the service says it is: the pair that never changes, and words for the account that is made for it."""

    issuer: str
    subject: str
    name: str = ""
    wished_login: str = ""

    @property
    def key(self) -> str:
        """What the account is known by."""
        return key_of(self.issuer, self.subject)


def key_of(issuer: str, subject: str) -> str:
    """Issuer and subject as one text; an address holds no blank, so that no two pairs are alike."""
    return f"{issuer} {subject}"


def account_of(session: Session, hasher: PasswordHasher, who: Outsider, at: datetime) -> table.Account:
    """The account of somebody whose token was verified, made without a role where there is none yet.

    Raises:
        Refused: the account is closed, or the subject is no usable one.
    """
    if not 0 < len(who.subject) <= LONGEST_SUBJECT or len(who.issuer) > 140:
        raise Refused("统一登录没有给出能用的身份，没有登录；请找系统管理员。")
    account = session.scalars(select(table.Account).where(table.Account.subject == who.key)).one_or_none()
    if account is None:
        return _opened(session, hasher, who, at)
    if not account.active:
        raise Refused("这个账号已经停用，没有登录；请找系统管理员。")
    return account


def _opened(session: Session, hasher: PasswordHasher, who: Outsider, at: datetime) -> table.Account:
    account = table.Account(
        id=new_id(),
        login=_free_login(session, who.wished_login),
        name=who.name[:80] or who.wished_login[:80] or "统一登录",
        role=Role.VILLAGER,
        clearances=[],
        # Nobody knows it: this account logs in over there, until an administrator sets it a password.
        password_hash=hasher.hash(secrets.token_urlsafe(32)),
        created_at=at,
        subject=who.key,
    )
    session.add(account)
    session.flush()
    said = {"login": account.login, "subject": who.key}
    journal.write(session, at, BY, "account_opened", "account", account.id, details=said)
    return account


def _free_login(session: Session, wished: str) -> str:
    plain = _LOGIN.sub("", wished.lower().partition("@")[0])[:40]
    if plain and table.account_named(session, plain) is None:
        return plain
    return f"{plain or 'oidc'}-{secrets.token_hex(4)}"


def link(session: Session, by: Actor, login: str, issuer: str, subject: str, at: datetime) -> None:
    """Say that an account is that person over there; an empty subject takes the tie away. Open sessions are closed.

    Raises:
        Missing: there is no such account.
        Conflict: the person over there has another account.
        RuleError: no issuer is set, or the subject is too long.
    """
    check(by, Permission.MANAGE_ACCOUNTS)
    account = table.account_named(session, login)
    if account is None:
        raise Missing(f"没有账号 {login}。")
    if not issuer or len(subject) > LONGEST_SUBJECT:
        raise RuleError("没有设统一登录的地址，或身份太长；没有改动。")
    key = key_of(issuer, subject) if subject else None
    if key and session.scalar(select(table.Account.id).where(table.Account.subject == key)) not in (None, account.id):
        raise Conflict("这个统一登录身份已经是另一个账号的，没有改动。")
    before, account.subject = account.subject, key
    session.execute(delete(table.LogIn).where(table.LogIn.account_id == account.id))
    said = {"login": login, "subject": [before, key]}
    journal.write(session, at, by.login, "account_linked", "account", account.id, details=said)
