"""user and village: who may log in, and which villages there are."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from archive_service.actions import accounts
from archive_service.actions.villages import add_village
from archive_service.cli import options
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.permissions import OPERATOR, Role
from archive_service.wiring import open_archive
from storage.database import accounts as table
from storage.database.organisations import village_named
from storage.database.organisations import villages as all_villages

app = typer.Typer(no_args_is_help=True)
villages = typer.Typer(no_args_is_help=True)


@app.command("add", epilog="例： village-archive user add zhouxm --name 周小满 --role clerk --village 石门槛村")
def add(
    login: Annotated[str, typer.Argument(help="登录名。")],
    name: Annotated[str, typer.Option(help="姓名。")],
    role: Annotated[Role, typer.Option(help="角色。")],
    village: options.MaybeVillage = None,
    clearance: Annotated[
        list[str] | None, typer.Option(help="指定可看：personal（涉个人信息）、party（党内）。")
    ] = None,
    data: options.Data = None,
) -> None:
    """开一个账号，初始口令只显示这一次。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        home = village_named(session, village).id if village else None
        first = accounts.add_account(
            session, OPERATOR, archive.hasher, archive.now(), login, name, role, home, tuple(clearance or ())
        )
    tell(f"已开户 {login}，初始口令：{first}（只显示这一次，登录后须修改）")


@app.command("list")
def show(data: options.Data = None, json: options.Json = False) -> None:
    """列出账号。"""
    with open_archive(data=data).sessions.read() as session:
        homes = {village.id: village.name for village in all_villages(session)}
        rows: list[dict[str, Any]] = [
            {
                "login": account.login,
                "name": account.name,
                "role": account.role,
                "village": homes.get(account.village_id or "", ""),
                "clearances": account.clearances,
                "active": account.active,
            }
            for account in table.accounts(session)
        ]
    if json:
        show_json(rows)
        return
    cells = [
        [
            row["login"],
            row["name"],
            Role(row["role"]).zh,
            row["village"] or "全县",
            " ".join(row["clearances"]),
        ]
        for row in rows
    ]
    show_table("", ["账号", "姓名", "角色", "范围", "指定可看"], cells)


@app.command("reset")
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
