"""Who may log in, and the sessions that are open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class Account(Base):
    """A person who may log in. `clearances`: access classes opened to this person by name (personal, party)."""

    __tablename__ = "accounts"

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


class LogIn(Base):
    """An open session. Only the hash of the cookie's token is kept."""

    __tablename__ = "log_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class FailedLogIn(Base):
    """A refused attempt; too many of them close the door for a while."""

    __tablename__ = "failed_log_ins"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(60), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


def account_named(session: Session, login: str) -> Account | None:
    """The account with that log-in name."""
    return session.scalars(select(Account).where(Account.login == login)).one_or_none()


def accounts(session: Session) -> Sequence[Account]:
    """Every account, by log-in name."""
    return session.scalars(select(Account).order_by(Account.login)).all()


def forget_expired_log_ins(session: Session, now: datetime) -> None:
    """Drop the sessions that have run out."""
    session.execute(delete(LogIn).where(LogIn.expires_at <= now))
