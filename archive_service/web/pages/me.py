"""My account: which roles I hold and until when, my keys for scripts, my second factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import concerned, second_factor, tokens
from archive_service.actions.accounts import verify
from archive_service.permissions import Permission, permitted
from archive_service.web.context import ArchiveDep, InPersonDep, Visitor, address_of
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from archive_service.web.words import CARRIED
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database import accounts as table
from storage.database.organisations import villages

router = APIRouter()
DAYS = (30, 90, 366)


@dataclass(frozen=True, slots=True)
class _Once:
    """What is shown on this one answer and kept nowhere."""

    token: str = ""
    secret: str = ""
    address: str = ""
    picture: str = ""
    recovery: Sequence[str] = ()


@router.get("/me")
def me(request: Request, archive: ArchiveDep, visitor: InPersonDep) -> Response:
    """The page."""
    return _page(request, archive, visitor, _Once())


def _page(request: Request, archive: Archive, visitor: Visitor, once: _Once, wrong: str = "") -> Response:
    with archive.sessions.read() as session:
        account = session.get_one(table.Account, visitor.actor.id)
        grants = table.grants_of(session, [account.id])[account.id]
        held = table.tokens_of(session, account.id, archive.now())
        homes = {home.id: home.name for home in villages(session)}
        mine = concerned.mine(session, visitor.actor)
    return answer(
        request,
        "me.html",
        422 if wrong else 200,
        account=account,
        grants=grants,
        tokens=held,
        homes=homes,
        mine=mine,
        may_carry=[(id, word) for id, word in CARRIED.items() if Permission(id) in permitted(visitor.actor)],
        carries=CARRIED,
        days=DAYS,
        today=archive.today(),
        once=once,
        wrong=wrong,
    )


@router.post("/me/tokens")
def make_token(request: Request, archive: ArchiveDep, visitor: InPersonDep, form: FormDep) -> Response:
    """Make a key for a script; the answer shows it once."""
    carried = [Permission(one) for one in texts(form, "permission") if one in set(Permission)]
    days = text(form, "days")
    try:
        with archive.sessions.begin() as session:
            _, token = tokens.make(
                session, visitor.actor, archive.now(), text(form, "name"), carried, int(days) if days.isdecimal() else 0
            )
    except RuleError as refused:
        return _page(request, archive, visitor, _Once(), str(refused))
    return _page(request, archive, visitor, _Once(token=token))


@router.post("/me/tokens/{token_id}/revoke")
def revoke_token(archive: ArchiveDep, visitor: InPersonDep, token_id: str) -> Response:
    """The key opens nothing from now on."""
    with archive.sessions.begin() as session:
        tokens.revoke(session, visitor.actor, archive.now(), token_id)
    return go("/me", say(visitor, "令牌已作废。"))


@router.post("/me/second-factor")
def begin_second_factor(request: Request, archive: ArchiveDep, visitor: InPersonDep) -> Response:
    """A fresh secret for the phone. Nothing is asked for until the phone's code proves that it has it."""
    return _page(request, archive, visitor, _offered(archive, visitor, second_factor.fresh_secret()))


def _offered(archive: Archive, visitor: Visitor, secret: str) -> _Once:
    address = second_factor.address_of(secret, visitor.actor.login, f"{archive.settings.county}村级档案")
    return _Once(secret=secret, address=address, picture=segno.make(address).svg_data_uri(scale=4, border=2))


@router.post("/me/second-factor/confirm")
def confirm_second_factor(request: Request, archive: ArchiveDep, visitor: InPersonDep, form: FormDep) -> Response:
    """From now on the phone is asked for; the answer shows the recovery codes once."""
    secret = text(form, "secret")
    try:
        with archive.sessions.begin() as session:
            codes = second_factor.turn_on(session, visitor.actor.id, secret, text(form, "code"), archive.now())
    except RuleError as refused:
        return _page(request, archive, visitor, _offered(archive, visitor, secret), str(refused))
    return _page(request, archive, visitor, _Once(recovery=codes))


@router.post("/me/second-factor/off")
def end_second_factor(request: Request, archive: ArchiveDep, visitor: InPersonDep, form: FormDep) -> Response:
    """The password alone opens again; it is asked for here, so that an open session is not enough."""
    given, at = str(form.get("password", "")), archive.now()
    with archive.sessions.begin() as session:
        account = verify(session, archive.hasher, at, visitor.actor.login, given, None, address_of(request))
        if account is not None:
            second_factor.turn_off(session, account, visitor.actor.login, at)
    if account is None:
        return _page(request, archive, visitor, _Once(), "现在的口令不对，两步验证没有关闭。")
    return go("/me", say(visitor, "两步验证已关闭。"))
