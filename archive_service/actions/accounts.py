"""Accounts and log-ins: who is this, and is the session still open? Passwords are kept as Argon2id hashes only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, literal, select
from sqlalchemy.orm import Session

from archive_service.actions import second_factor, tokens
from archive_service.actions.granting import Area, Term, acting, give, held_today
from archive_service.actions.tokens import token_hash
from archive_service.permissions import Actor, Permission, Refused, Role, can, check
from classification.errors import RuleError
from classification.roles import check_grant
from storage.database import accounts as table
from storage.database import journal
from storage.database.base import new_id
from storage.database.readers import is_named
from storage.errors import Conflict, Missing

PATIENCE = timedelta(minutes=15)
ATTEMPTS = 8
ATTEMPTS_FROM_ONE_ADDRESS = 60
"""A village office has one address for everybody in it."""
SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A log-in that succeeded. `token` goes into the cookie and nowhere else."""

    token: str
    csrf: str
    expires_at: datetime


def add_account(
    session: Session,
    by: Actor,
    hasher: PasswordHasher,
    at: datetime,
    login: str,
    name: str,
    role: Role,
    village_id: str | None = None,
    clearances: tuple[str, ...] = (),
    password: str | None = None,
    township: str | None = None,
    ends: date | None = None,
) -> str:
    """Open an account; returns its first password, which is shown once and must be changed.

    Where the one who opens it gives roles too, it holds the role at once; otherwise a security officer has to give it.

    Raises:
        Conflict: the log-in name is taken.
        RuleError: the role is not for this organisation, or needs an end.
    """
    check(by, Permission.MANAGE_ACCOUNTS)
    area, term = Area(village_id, township), Term(ends=ends)
    check_grant(role, area.level, term.begins, term.ends)
    officer = can(by, Permission.GRANT_ROLES)
    if table.account_named(session, login) is not None:
        raise Conflict(f"账号 {login} 已经有了，没有改动。")
    first = password or secrets.token_urlsafe(9)
    account = table.Account(
        id=new_id(),
        login=login,
        name=name,
        role=role,
        village_id=village_id,
        clearances=list(clearances) if officer else [],
        password_hash=hasher.hash(first),
        must_change_password=password is None,
        created_at=at,
    )
    session.add(account)
    journal.write(
        session, at, by.login, "account_opened", "account", account.id, village_id, {"login": login, "role": role}
    )
    session.flush()
    if officer:
        give(session, by, at, login, role, area, term)
    return first


def set_password(session: Session, hasher: PasswordHasher, at: datetime, account_id: str, password: str) -> None:
    """Change a password and close the account's other sessions.

    Raises:
        Refused: the password is too short.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"新口令至少要 {SHORTEST_PASSWORD} 个字符，口令没有改动。")
    account = session.get_one(table.Account, account_id)
    account.password_hash = hasher.hash(password)
    account.must_change_password = False
    session.execute(delete(table.LogIn).where(table.LogIn.account_id == account_id))
    journal.write(session, at, account.login, "password_changed", "account", account.id)


def reset_password(session: Session, by: Actor, hasher: PasswordHasher, at: datetime, login: str) -> str:
    """Give an account a new first password, shown once. Its sessions are closed and its tokens open nothing more.

    Raises:
        Missing: there is no such account.
    """
    check(by, Permission.MANAGE_ACCOUNTS)
    account = table.account_named(session, login)
    if account is None:
        raise Missing(f"没有账号 {login}。")
    first = secrets.token_urlsafe(9)
    set_password(session, hasher, at, account.id, first)
    tokens.revoke_all(session, account.id, at)
    account.must_change_password = True
    return first


def set_active(session: Session, by: Actor, at: datetime, login: str, active: bool) -> None:
    """Close an account, with its sessions and tokens, or open it again. What it did stays in the journal.

    Raises:
        Missing: there is no such account.
        RuleError: it is the actor's own.
    """
    check(by, Permission.MANAGE_ACCOUNTS)
    account = table.account_named(session, login)
    if account is None:
        raise Missing(f"没有账号 {login}。")
    if account.id == by.id:
        raise RuleError("不能停用自己的账号，没有改动。")
    account.active = active
    if not active:
        session.execute(delete(table.LogIn).where(table.LogIn.account_id == account.id))
        tokens.revoke_all(session, account.id, at)
    act = "account_reopened" if active else "account_closed"
    journal.write(session, at, by.login, act, "account", account.id, details={"login": login})


def _too_many(session: Session, login: str, address: str, at: datetime) -> bool:
    failed = table.FailedLogIn
    recent = select(func.count()).select_from(failed).where(failed.at > at - PATIENCE)
    if (session.scalar(recent.where(failed.login == login[:60])) or 0) >= ATTEMPTS:
        return True
    from_there = session.scalar(recent.where(failed.address == address[:60])) if address else 0
    return (from_there or 0) >= ATTEMPTS_FROM_ONE_ADDRESS


def verify(
    session: Session,
    hasher: PasswordHasher,
    at: datetime,
    login: str,
    password: str,
    code: str | None = "",
    address: str = "",
) -> table.Account | None:
    """The account, when password and, where it has a second factor, code are right.

    A wrong attempt is written down and costs the same time as a right one. `address`: where it came from. `code`
    None = not asked, of somebody who is inside already.

    Raises:
        Refused: too many wrong attempts lately for this account or from this address.
    """
    if _too_many(session, login, address, at):
        raise Refused("输错次数太多，请 15 分钟后再试，或请管理员重设口令。")
    account = table.account_named(session, login)
    stored = account.password_hash if account else _nobody(hasher)
    try:
        right: bool = hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        right = False
    if right and account is not None and account.active and second_factor.passes(session, account, code, at):
        return account
    session.add(table.FailedLogIn(id=new_id(), login=login[:60], address=address[:60], at=at))
    journal.write(session, at, login[:60], "log_in_refused", "account", account.id if account else "-")
    return None


@cache
def _nobody(hasher: PasswordHasher) -> str:
    """A hash that no password fits, of the same cost as a real one, so that time does not tell who has an account."""
    return hasher.hash(secrets.token_urlsafe())


def open_session(session: Session, at: datetime, account: table.Account, hours: int) -> OpenSession:
    """Open a session for an account whose password was verified."""
    table.forget_expired_log_ins(session, at)
    opened = OpenSession(secrets.token_urlsafe(32), secrets.token_urlsafe(24), at + timedelta(hours=hours))
    session.add(
        table.LogIn(
            token_hash=token_hash(opened.token),
            account_id=account.id,
            csrf=opened.csrf,
            opened_at=at,
            expires_at=opened.expires_at,
        )
    )
    journal.write(session, at, account.login, "logged_in", "account", account.id)
    return opened


def who(session: Session, token: str, at: datetime, today: date) -> tuple[Actor, str, bool] | None:
    """The actor, the CSRF value and whether the password must be changed, for a token; None when it is no good."""
    row = session.execute(
        select(table.Account, table.LogIn.csrf, is_named(table.Account.login))
        .join(table.LogIn, table.LogIn.account_id == table.Account.id)
        .where(table.LogIn.token_hash == token_hash(token), table.LogIn.expires_at > at, table.Account.active)
    ).one_or_none()
    if row is None:
        return None
    account, csrf, named = row
    actor = acting(account, held_today(session, account, today), named=named)
    return actor, csrf, account.must_change_password


def log_out(session: Session, token: str) -> None:
    """Close a session."""
    session.execute(delete(table.LogIn).where(table.LogIn.token_hash == token_hash(token)))


def actor_named(session: Session, login: str, today: date) -> Actor:
    """The acting person with that log-in name, with the roles of today.

    Raises:
        Missing: there is none.
    """
    account = table.account_named(session, login)
    if account is None or not account.active:
        raise Missing(f"没有账号 {login}。village-archive user list 可以看到所有账号。")
    named = bool(session.scalar(select(is_named(literal(account.login)))))
    return acting(account, held_today(session, account, today), named=named)
