"""Who may log in, which roles each holds where and until when, the sessions that are open, and the API tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class Account(Base):
    """A person who may log in. `clearances`: access classes opened to this person by name (personal, party).

    `role` and `village_id` are what the account was opened for; what the person may do is in the grants alone.
    """

    __tablename__ = "accounts"
    __table_args__ = (Index("uq_accounts_subject", "subject", unique=True),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(30))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"), index=True)
    clearances: Mapped[list[Any]] = mapped_column(default=list)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    """Base32; None = the password alone opens."""
    totp_step: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last step that was used: a code opens once."""
    recovery_hashes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    subject: Mapped[str | None] = mapped_column(String(400))
    """Issuer and subject of the same person at the county's own log-in service; None = logs in with a password."""


class RoleGrant(Base):
    """A role held for a village, for a township (by its name), or where both are empty for the whole county.

    `begins_on` and `ends_on` both count; None = open. A grant that was taken back stays as a row.
    """

    __tablename__ = "role_grants"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"), index=True)
    township: Mapped[str | None] = mapped_column(String(80))
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    granted_by: Mapped[str] = mapped_column(String(60))
    granted_at: Mapped[datetime]
    revoked_by: Mapped[str | None] = mapped_column(String(60))
    revoked_at: Mapped[datetime | None]


class LogIn(Base):
    """An open session. Only the hash of the cookie's token is kept."""

    __tablename__ = "log_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A key for a script, with a part of its owner's permissions. Only the hash is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    permissions: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class FailedLogIn(Base):
    """A refused attempt; too many of them close the door for a while. `address`: where it came from."""

    __tablename__ = "failed_log_ins"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(60), index=True)
    address: Mapped[str] = mapped_column(String(60), default="", server_default="", index=True)
    at: Mapped[datetime] = mapped_column(index=True)


def account_named(session: Session, login: str) -> Account | None:
    """The account with that log-in name."""
    return session.scalars(select(Account).where(Account.login == login)).one_or_none()


def accounts_named(session: Session, logins: Iterable[str]) -> dict[str, Account]:
    """Those of these accounts that are there, by log-in name, in one query."""
    found = session.scalars(select(Account).where(Account.login.in_(set(logins))))
    return {account.login: account for account in found}


def accounts(session: Session) -> Sequence[Account]:
    """Every account, by log-in name."""
    return session.scalars(select(Account).order_by(Account.login)).all()


def grants_today(session: Session, account_id: str, today: date) -> Sequence[RoleGrant]:
    """The grants of an account that count today, oldest first."""
    query = select(RoleGrant).where(
        RoleGrant.account_id == account_id,
        RoleGrant.revoked_at.is_(None),
        or_(RoleGrant.begins_on.is_(None), RoleGrant.begins_on <= today),
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )
    return session.scalars(query.order_by(RoleGrant.id)).all()


def grants_of(session: Session, account_ids: Iterable[str]) -> dict[str, list[RoleGrant]]:
    """The grants not taken back, past and future ones too, by account."""
    found: dict[str, list[RoleGrant]] = {id: [] for id in account_ids}
    query = select(RoleGrant).where(RoleGrant.account_id.in_(found), RoleGrant.revoked_at.is_(None))
    for grant in session.scalars(query.order_by(RoleGrant.id)):
        found[grant.account_id].append(grant)
    return found


def tokens_of(session: Session, account_id: str, now: datetime) -> Sequence[ApiToken]:
    """The tokens that still open, newest first."""
    query = select(ApiToken).where(
        ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now
    )
    return session.scalars(query.order_by(ApiToken.id.desc())).all()


def forget_expired_log_ins(session: Session, now: datetime) -> None:
    """Drop the sessions that have run out."""
    session.execute(delete(LogIn).where(LogIn.expires_at <= now))
