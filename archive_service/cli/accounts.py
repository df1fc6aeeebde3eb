"""user: who may log in, and which roles each holds where, from when and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import accounts, granting, outside, tokens
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import show_json, tell
from archive_service.county_time import day_in_words
from archive_service.permissions import OPERATOR, REFUSALS, Permission, Role
from archive_service.web.words import ACCESS
from archive_service.wiring import open_archive
from storage.database import accounts as table
from storage.database.organisations import village_named
from storage.database.organisations import villages as all_villages

users = App()
ROLE_WORDS = options.in_words({role: role.zh for role in Role})
MAY_WORDS = options.in_words(REFUSALS)
Township = Annotated[str | None, typer.Option(help="管一个乡镇的各村，写乡镇名。")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到哪天止（含当天）。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(users, name="user", help="账号：开户、列表、授予和收回角色、接口令牌、重设口令。")


@users.command("add", epilog="例： village-archive user add zhouxm --name 周小满 --role clerk --village 石门槛村")
def add(
    login: Annotated[str, typer.Argument(help="登录名。")],
    name: Annotated[str, typer.Option(help="姓名。")],
    role: Annotated[Role, typer.Option(help=f"角色：{ROLE_WORDS}。")],
    village: options.MaybeVillage = None,
    clearance: Annotated[
        list[str] | None, typer.Option(help="指定可看，可以写几次：personal（涉个人信息）、party（党内）。")
    ] = None,
    township: Township = None,
    until: Until = None,
    data: options.Data = None,
) -> None:
    """开一个账号，初始口令只显示这一次。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        home = village_named(session, village).id if village else None
        first = accounts.add_account(
            session,
            OPERATOR,
            archive.hasher,
            archive.now(),
            login,
            name,
            role,
            home,
            tuple(clearance or ()),
            township=township,
            ends=_day(until),
        )
        session.flush()
        held = session.scalars(select(table.RoleGrant).join(table.Account).where(table.Account.login == login)).one()
        given = _in_words(_grant_row(held, _homes(session)))
    tell(f"已给{name}（{login}）开户：{given}。")
    tell(f"初始口令：{first}（只显示这一次，登录后须修改）")
    tell(f"要收回这个角色：village-archive user revoke {held.id}")


@users.command("list")
def show(data: options.Data = None, json: options.Json = False) -> None:
    """列出账号。"""
    with open_archive(data=data).sessions.read() as session:
        homes = _homes(session)
        found = table.accounts(session)
        grants = table.grants_of(session, [account.id for account in found])
        rows: list[dict[str, Any]] = [
            {
                "login": account.login,
                "name": account.name,
                "role": account.role,
                "village": homes.get(account.village_id or "", ""),
                "roles": [_grant_row(grant, homes) for grant in grants[account.id]],
                "clearances": account.clearances,
                "active": account.active,
            }
            for account in found
        ]
    if json:
        show_json(rows)
        return
    if not rows:
        tell("还没有账号；用 village-archive user add 开户。")
    for row in rows:
        closed = "，已停用" if not row["active"] else ""
        named = (
            f"，指定可看：{'、'.join(ACCESS.get(one, one) for one in row['clearances'])}" if row["clearances"] else ""
        )
        tell(f"{row['name']}（{row['login']}）{closed}{named}")
        for held in row["roles"]:
            tell(f"  {_in_words(held)}；收回用编号 {held['id']}")


def _homes(session: Session) -> dict[str, str]:
    return {village.id: village.name for village in all_villages(session)}


def _grant_row(grant: table.RoleGrant, homes: dict[str, str]) -> dict[str, Any]:
    return {
        "id": grant.id,
        "role": grant.role,
        "for": homes.get(grant.village_id or "", grant.township or ""),
        "from": grant.begins_on,
        "until": grant.ends_on,
    }


def _in_words(row: dict[str, Any]) -> str:
    start = f"从{day_in_words(row['from'])}起" if row["from"] else "从授予之日起"
    end = f"到{day_in_words(row['until'])}止（含当天）" if row["until"] else "没有写止日"
    return f"{Role(row['role']).zh}，{_where(row)}，{start}，{end}"


def _where(row: dict[str, Any]) -> str:
    return row["for"] or "全县"


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@users.command("grant", epilog="例： village-archive user grant zhouxm contractor --township 望溪镇 --until 2026-12-31")
def grant(
    login: Annotated[str, typer.Argument(help="登录名。")],
    role: Annotated[Role, typer.Argument(help=f"角色：{ROLE_WORDS}。")],
    village: options.MaybeVillage = None,
    township: Township = None,
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天起。")] = None,
    until: Until = None,
    data: options.Data = None,
) -> None:
    """授予一个角色：对一个村、一个乡镇，或者都不写就是全县。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        area = granting.Area(village_named(session, village).id if village else None, township)
        term = granting.Term(_day(start), _day(until))
        made = granting.give(session, OPERATOR, archive.now(), login, role, area, term)
        said = _in_words(_grant_row(made, _homes(session)))
        person = _person(session, login)
    tell(f"已授予{person}：{said}。")
    tell(f"要收回：village-archive user revoke {made.id}")


@users.command("revoke")
def revoke(
    number: Annotated[str, typer.Argument(help="授权编号，user list 里有。")], data: options.Data = None
) -> None:
    """收回一个角色，立即生效。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        granting.take_back(session, OPERATOR, archive.now(), number)
        held = session.get_one(table.RoleGrant, number)
        row = _grant_row(held, _homes(session))
        person = _person(session, session.get_one(table.Account, held.account_id).login)
    tell(f"已收回{person}的{Role(held.role).zh}（{_where(row)}），从现在起不再有效。")


@users.command("token", epilog="例： village-archive user token zhouxm --name 夜间移交 --may hand_in --days 90")
def token(
    login: Annotated[str, typer.Argument(help="登录名。")],
    name: Annotated[str, typer.Option(help="给哪个程序用。")],
    may: Annotated[
        list[Permission] | None, typer.Option(help=f"能做什么，可以写几次；不写就只能查看：{MAY_WORDS}。")
    ] = None,
    days: Annotated[int, typer.Option(help="用几天，最长 366。")] = 90,
    data: options.Data = None,
) -> None:
    """给一个人的程序开接口令牌，只显示这一次；用在 Authorization: Bearer 里。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        actor = accounts.actor_named(session, login, archive.today())
        held, made = tokens.make(session, actor, archive.now(), name, may or (), days)
        until = day_in_words(held.expires_at.date())
    tell(f"已给{actor.name}（{login}）的程序“{name}”开令牌：{_may(may or ())}，用到{until}。")
    tell(f"令牌：{made}（只显示这一次）")


@users.command("tokens")
def show_tokens(
    login: Annotated[str, typer.Argument(help="登录名。")],
    revoke: Annotated[str | None, typer.Option(help="作废这一个（编号）。")] = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """列出一个人还能用的接口令牌，或作废一个。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        actor = accounts.actor_named(session, login, archive.today())
        if revoke:
            tokens.revoke(session, actor, archive.now(), revoke)
            session.flush()
        rows: list[dict[str, Any]] = [
            {"id": one.id, "name": one.name, "may": one.permissions, "until": one.expires_at.isoformat()}
            for one in table.tokens_of(session, actor.id, archive.now())
        ]
    if json:
        show_json(rows)
    else:
        if not rows:
            tell(f"{login} 没有还能用的接口令牌。")
        for row in rows:
            may, until = _may([Permission(one) for one in row["may"]]), date.fromisoformat(row["until"][:10])
            tell(f"给“{row['name']}”用：{may}，用到{day_in_words(until)}；作废用编号 {row['id']}")


def _may(permissions: Sequence[Permission]) -> str:
    return "能" + "、".join(REFUSALS[one] for one in permissions) if permissions else "只能查看"


def _person(session: Session, login: str) -> str:
    account = table.account_named(session, login)
    return f"{account.name}（{login}）" if account else login


@users.command("close")
def close(login: Annotated[str, typer.Argument(help="登录名。")], data: options.Data = None) -> None:
    """停用一个账号，它的登录和令牌立即失效；做过的事仍在日志里。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        accounts.set_active(session, OPERATOR, archive.now(), login, False)
    tell(f"{login} 已停用。")


@users.command("open")
def reopen(login: Annotated[str, typer.Argument(help="登录名。")], data: options.Data = None) -> None:
    """重新启用一个停用的账号。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        accounts.set_active(session, OPERATOR, archive.now(), login, True)
    tell(f"{login} 又可以登录了。")


@users.command("link", epilog="例： village-archive user link zhouxm --subject 3f2a9c")
def link(
    login: Annotated[str, typer.Argument(help="登录名。")],
    subject: Annotated[str, typer.Option(help="统一登录里这个人的编号（sub）；写空的就解除。")],
    data: options.Data = None,
) -> None:
    """登记一个账号在统一登录里是谁；按编号认人，不按名字。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        outside.link(session, OPERATOR, login, archive.settings.oidc_issuer or "", subject, archive.now())
    tell(f"{login} 的统一登录身份已登记。" if subject else f"{login} 不再用统一登录。")


@users.command("reset")
def reset(login: Annotated[str, typer.Argument(help="登录名。")], data: options.Data = None) -> None:
    """重设口令，新口令只显示这一次。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        first = accounts.reset_password(session, OPERATOR, archive.hasher, archive.now(), login)
    tell(f"{login} 的新口令：{first}（只显示这一次，登录后须修改）")
