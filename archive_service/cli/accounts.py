"""user and village: who may log in, which roles each holds where and until when, and which villages there are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from archive_service.actions import accounts, granting, outside, tokens, townships
from archive_service.actions.villages import add_village, merge, rename
from archive_service.cli import options
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.permissions import OPERATOR, Permission, Role
from archive_service.wiring import open_archive
from storage.database import accounts as table
from storage.database.organisations import village_named
from storage.database.organisations import villages as all_villages

users = typer.Typer(no_args_is_help=True)
Township = Annotated[str | None, typer.Option(help="管一个乡镇的各村，写乡镇名。")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到哪天止（含当天）。")]
villages = typer.Typer(no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the application."""
    app.add_typer(users, name="user", help="账号：开户、列表、授予和收回角色、接口令牌、重设口令。")
    app.add_typer(villages, name="village", help="村：登记、更名、并村、列表。")


@users.command("add", epilog="例： village-archive user add zhouxm --name 周小满 --role clerk --village 石门槛村")
def add(
    login: Annotated[str, typer.Argument(help="登录名。")],
    name: Annotated[str, typer.Option(help="姓名。")],
    role: Annotated[Role, typer.Option(help="角色。")],
    village: options.MaybeVillage = None,
    clearance: Annotated[
        list[str] | None, typer.Option(help="指定可看：personal（涉个人信息）、party（党内）。")
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
    tell(f"已开户 {login}，初始口令：{first}（只显示这一次，登录后须修改）")


@users.command("list")
def show(data: options.Data = None, json: options.Json = False) -> None:
    """列出账号。"""
    with open_archive(data=data).sessions.read() as session:
        homes = {village.id: village.name for village in all_villages(session)}
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
    cells = [
        [
            row["login"] if row["active"] else f"{row['login']}（停用）",
            row["name"],
            "；".join(_in_words(one) for one in row["roles"]),
            " ".join(row["clearances"]),
        ]
        for row in rows
    ]
    show_table("", ["账号", "姓名", "角色、范围、期限", "指定可看"], cells)


def _grant_row(grant: table.RoleGrant, homes: dict[str, str]) -> dict[str, Any]:
    return {
        "id": grant.id,
        "role": grant.role,
        "for": homes.get(grant.village_id or "", grant.township or ""),
        "from": grant.begins_on,
        "until": grant.ends_on,
    }


def _in_words(row: dict[str, Any]) -> str:
    term = f"（{row['from'] or ''}—{row['until'] or ''}）" if row["from"] or row["until"] else ""
    return f"{Role(row['role']).zh} {row['for'] or '全县'}{term}"


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@users.command("grant", epilog="例： village-archive user grant zhouxm contractor --township 望溪镇 --until 2026-12-31")
def grant(
    login: Annotated[str, typer.Argument(help="登录名。")],
    role: Annotated[Role, typer.Argument(help="角色。")],
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
        number = made.id
    tell(f"已授予 {login} {role.zh}。收回：village-archive user revoke {number}")


@users.command("revoke")
def revoke(
    number: Annotated[str, typer.Argument(help="授权编号，user list --json 里有。")], data: options.Data = None
) -> None:
    """收回一个角色，立即生效。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        granting.take_back(session, OPERATOR, archive.now(), number)
    tell("已收回，从现在起不再有效。")


@users.command("token", epilog="例： village-archive user token zhouxm --name 夜间移交 --may hand_in --days 90")
def token(
    login: Annotated[str, typer.Argument(help="登录名。")],
    name: Annotated[str, typer.Option(help="给哪个程序用。")],
    may: Annotated[list[Permission] | None, typer.Option(help="能做什么，可以写几次；不写就只能查看。")] = None,
    days: Annotated[int, typer.Option(help="用几天，最长 366。")] = 90,
    data: options.Data = None,
) -> None:
    """给一个人的程序开接口令牌，只显示这一次；用在 Authorization: Bearer 里。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        actor = accounts.actor_named(session, login, archive.today())
        _, made = tokens.make(session, actor, archive.now(), name, may or (), days)
    tell(f"{login} 的令牌：{made}（只显示这一次）")


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
        cells = [[row["id"], row["name"], " ".join(row["may"]), row["until"][:10]] for row in rows]
        show_table("", ["编号", "用途", "能做什么", "用到"], cells)


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


@villages.command(
    "add", epilog="例： village-archive village add 石门槛村 --fonds V012 --township 望溪镇 --alias 红旗大队:1958:1984"
)
def add_one(
    name: Annotated[str, typer.Argument(help="村名。")],
    fonds: Annotated[str, typer.Option(help="全宗号，由县编制。")],
    township: Annotated[str, typer.Option(help="乡镇。")] = "",
    alias: Annotated[list[str] | None, typer.Option(help="曾用名:起年:止年。")] = None,
    data: options.Data = None,
) -> None:
    """登记一个村。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, archive.now(), name, fonds, township, [_alias(one) for one in alias or ()])
    tell(f"已登记 {name}（{fonds}）")


def _alias(text: str) -> dict[str, object]:
    name, _, years = text.partition(":")
    start, _, end = years.partition(":")
    return {"name": name, "from": int(start) if start else None, "to": int(end) if end else None}


@villages.command("rename", epilog="例： village-archive village rename 石门槛村 石门新村 --year 2026")
def rename_one(
    name: Annotated[str, typer.Argument(help="现在的村名。")],
    new: Annotated[str, typer.Argument(help="新村名。")],
    year: Annotated[int, typer.Option(help="从哪年起。")],
    data: options.Data = None,
) -> None:
    """村更名；旧名照样能查到那些年的档案。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        rename(session, OPERATOR, archive.now(), village_named(session, name).id, new, year)
    tell(f"{name} 已更名为 {new}。")


@villages.command("merge", epilog="例： village-archive village merge 青石坳村 石门槛村 --on 2026-01-01")
def merge_one(
    name: Annotated[str, typer.Argument(help="并走的村。")],
    into: Annotated[str, typer.Argument(help="并入的村。")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="哪天。")],
    data: options.Data = None,
) -> None:
    """记下一个村并入另一个村；全宗、档号、档案都不变。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        home, successor = village_named(session, name), village_named(session, into)
        merge(session, OPERATOR, archive.now(), home.id, successor.id, on.date())
    tell(f"已记下 {name} 并入 {into}。")


@villages.command("move", epilog="例： village-archive village move 石门槛村 岩口镇 --year 2026")
def move_one(
    name: Annotated[str, typer.Argument(help="村名。")],
    township: Annotated[str, typer.Argument(help="划归的乡镇。")],
    year: Annotated[int, typer.Option(help="从哪年起。", min=1900, max=2200)],
    data: options.Data = None,
) -> None:
    """村划归另一个乡镇；按原来的乡镇名照样能查到那些年的档案。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        townships.move(session, OPERATOR, archive.now(), village_named(session, name).id, township, year)
    tell(f"已记下 {name} 从 {year} 年起属于 {township}。")


@villages.command("rename-township", epilog="例： village-archive village rename-township 望溪乡 望溪镇 --year 2003")
def rename_a_township(
    name: Annotated[str, typer.Argument(help="现在的乡镇名。")],
    new: Annotated[str, typer.Argument(help="新的乡镇名。")],
    year: Annotated[int, typer.Option(help="从哪年起。", min=1900, max=2200)],
    data: options.Data = None,
) -> None:
    """乡镇更名；各村和按乡镇授予的角色都跟着新名。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        townships.rename_township(session, OPERATOR, archive.now(), name, new, year)
    tell(f"{name} 已更名为 {new}。")


@villages.command("merge-township", epilog="例： village-archive village merge-township 岩口乡 望溪镇 --on 2026-01-01")
def merge_a_township(
    name: Annotated[str, typer.Argument(help="并走的乡镇。")],
    into: Annotated[str, typer.Argument(help="并入的乡镇。")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="哪天。")],
    data: options.Data = None,
) -> None:
    """乡镇并入另一个乡镇：各村划归过去；按原乡镇授予的角色要重新授予。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        moved = townships.merge_township(session, OPERATOR, archive.now(), name, into, on.date())
    tell(f"已记下 {name} 并入 {into}，{len(moved)} 个村划归过去；原来按 {name} 授予的角色请重新授予。")


@villages.command("list")
def show_villages(data: options.Data = None, json: options.Json = False) -> None:
    """列出已登记的村。"""
    with open_archive(data=data).sessions.read() as session:
        rows: list[dict[str, Any]] = [
            {"name": one.name, "fonds": one.fonds, "township": one.township, "aliases": one.aliases}
            for one in all_villages(session)
        ]
    if json:
        show_json(rows)
    else:
        cells = [[r["fonds"], r["name"], r["township"], "、".join(a["name"] for a in r["aliases"])] for r in rows]
        show_table("", ["全宗号", "村", "乡镇", "曾用名"], cells)
