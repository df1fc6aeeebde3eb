"""Who signs at the command line: a person with log-in name and password, never a typed name alone."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from archive_service.actions.accounts import actor_named, verify
from archive_service.permissions import Actor, Refused
from archive_service.wiring import Archive

Who = Annotated[str, typer.Option("--as", help="登录名；口令另外问，或从标准输入读一行。")]
Code = Annotated[str, typer.Option(help="两步验证的六位数，没有开就不用写。")]


def password() -> str:
    """Asked without showing it; from a pipe, its first line."""
    if sys.stdin.isatty():
        asked: str = typer.prompt("口令", hide_input=True)
        return asked
    return sys.stdin.readline().rstrip("\n")


def signer(archive: Archive, login: str, code: str = "") -> Actor:
    """The person with that log-in name, whose password is right. A wrong attempt is written down.

    Raises:
        Refused: it is not.
    """
    said = password()
    with archive.sessions.begin() as session:
        account = verify(session, archive.hasher, archive.now(), login, said, code)
        found = _actor(session, archive, login) if account else None
    if found is None:
        raise Refused("登录名、口令或验证码不对，什么都没有改动。")
    return found


def _actor(session: Session, archive: Archive, login: str) -> Actor:
    return actor_named(session, login, archive.today())
