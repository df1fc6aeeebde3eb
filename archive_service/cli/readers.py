"""restrict, unrestrict, concerned: who may see a record by name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from archive_service.actions import concerned
from archive_service.actions.restricting import Wish
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.named import record_ids
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.permissions import OPERATOR
from archive_service.tasks import restricting as tasks
from archive_service.tasks.upkeep import sync_index
from archive_service.wiring import Archive, open_archive

Records = Annotated[list[str], typer.Argument(help="档号或记录编号，可以写几个。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.command(
        "restrict",
        epilog="例： village-archive restrict 档号 --text 本人在世时不公开 --reader zhaolan",
    )(restrict)
    app.command("unrestrict", epilog="例： village-archive unrestrict 档号 --reason 捐赠人书面同意公开")(unrestrict)
    app.command("concerned", epilog="例： village-archive concerned zhoucs --record 档号")(tie)


def restrict(
    records: Records,
    text: Annotated[str, typer.Option(help="捐赠人怎么说的。")],
    reader: Annotated[list[str], typer.Option(help="谁可以看（登录名），可以写几次；要有管这个村归档的人。")],
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到哪天止；不写就到解除为止。")] = None,
    data: options.Data = None,
) -> None:
    """设捐赠人限制：名单以外的人不论什么角色都看不到。"""
    archive = open_archive(data=data)
    tasks.restrict(
        archive, OPERATOR, _ids(archive, records), Wish(text, tuple(reader), until.date() if until else None)
    )
    sync_index(archive)
    tell(f"已限制 {len(records)} 件，可看的人：{'、'.join(reader)}。")


def _ids(archive: Archive, named: list[str]) -> list[str]:
    with archive.sessions.read() as session:
        return record_ids(session, named)


def unrestrict(
    records: Records, reason: Annotated[str, typer.Option(help="解除的理由。")], data: options.Data = None
) -> None:
    """解除捐赠人限制，写明理由。"""
    archive = open_archive(data=data)
    tasks.lift(archive, OPERATOR, _ids(archive, records), reason)
    sync_index(archive)
    tell(f"已解除 {len(records)} 件的捐赠人限制。")


def tie(
    login: Annotated[str, typer.Argument(help="本人的登录名。")],
    record_id: Annotated[
        list[str] | None, typer.Option("--record", help="交给本人查看的档案，写档号或记录编号，可以写几次。")
    ] = None,
    take: Annotated[str | None, typer.Option(help="收回这一件（档号或记录编号）。")] = None,
    name: Annotated[str | None, typer.Option(help="只按姓名找出写到这个人的已归档档案。")] = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """把写到一个人的档案交给本人查看，或收回；都不写就列出已经交给他的。"""
    archive = open_archive(data=data)
    with archive.sessions.begin() as session:
        if record_id:
            concerned.tie(session, OPERATOR, login, record_ids(session, record_id), archive.now())
        if take:
            concerned.untie(session, OPERATOR, login, record_ids(session, [take])[0], archive.now())
        session.flush()
        found = concerned.naming(session, OPERATOR, name) if name else concerned.ties_of(session, OPERATOR, login)
        rows = [{"id": one.id, "code": one.code or "", "title": one.title} for one in found]
    sync_index(archive)
    if json:
        show_json(rows)
    else:
        head, cells = ["档号", "题名"], [[row["code"] or row["id"], row["title"]] for row in rows]
        none = f"没有写到“{name}”的已归档档案。" if name else f"没有交给 {login} 查看的档案。"
        show_table("", head, cells, none=none)
