"""use: requests for access, their answer, and certified copies, from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archive_service.actions import requests, using_copies
from archive_service.actions.accounts import actor_named
from archive_service.actions.requests import Decision
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.permissions import OPERATOR, Actor
from archive_service.web.words import STANDINGS_OF_USE
from archive_service.wiring import Archive, open_archive

use_app = App()
SHOWN = {"waiting": "等着答复", "open": "正在查阅", "all": "全部"}
NONE = {"waiting": "没有等着答复的利用申请；全部的用 --show all 看。", "open": "没有正在查阅的。"}
DAY = typer.Option("--until", help="看到哪一天，写成 2026-03-16。", formats=["%Y-%m-%d"])


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(use_app, name="use", help="利用：申请、答复、复制件证明。")


def _opened(data: Path | None, as_user: str | None) -> tuple[Archive, Actor]:
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        return archive, actor_named(session, as_user, archive.today()) if as_user else OPERATOR


@use_app.command("requests", epilog="例： village-archive use requests --show waiting")
def listed(
    show: Annotated[str, typer.Option(help=f"看哪一种：{options.in_words(SHOWN)}。")] = "waiting",
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """利用申请：谁想查什么，答复了没有，看到哪天。"""
    options.known(show, SHOWN, "--show")
    archive, actor = _opened(data, as_user)
    with archive.sessions.read() as session:
        lines, _ = requests.listed(session, actor, archive.today(), show, size=200)
    standings = [(line, line.standing(archive.today())) for line in lines]
    if json:
        show_json(
            [
                {"id": line.request.id, "wanted": line.request.wanted, "purpose": line.request.purpose,
                 "village": line.village, "reader": line.reader, "standing": standing,
                 "until": line.request.until and line.request.until.isoformat(),
                 "records": [one.id for one in line.records]}
                for line, standing in standings
            ]
        )  # fmt: skip
        return
    rows = [
        [line.request.id, line.reader, line.village, line.request.wanted[:40], STANDINGS_OF_USE[said]]
        for line, said in standings
    ]
    show_table("", ["编号", "利用人", "村", "想查什么", "状态"], rows, none=NONE.get(show, "没有利用申请。"))


@use_app.command(
    "grant", epilog="例： village-archive use grant 编号 V012-WS·2014-D10-0001 --until 2026-03-16 --as wang"
)
def grant(
    request: Annotated[str, typer.Argument(help="申请的编号。")],
    codes: Annotated[list[str], typer.Argument(help="给看的档案：档号或编号。")],
    until: Annotated[datetime, DAY],
    original: Annotated[bool, typer.Option("--original", help="可以下载原件；不写就只看加了姓名水印的页面。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """同意一份申请：只开放这几件、只给这个人、只到那一天。"""
    archive, actor = _opened(data, as_user)
    decision = Decision(True, "", tuple(codes), until.date(), original)
    with archive.sessions.begin() as session:
        requests.decide(session, actor, request, decision, archive.now(), archive.today())
    tell("已同意，到期自动收回。")


@use_app.command("refuse")
def refuse(
    request: Annotated[str, typer.Argument(help="申请的编号。")],
    reason: Annotated[str, typer.Option(help="理由，利用人看得到。")],
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """不同意一份申请，写明理由。"""
    archive, actor = _opened(data, as_user)
    with archive.sessions.begin() as session:
        requests.decide(session, actor, request, Decision(False, reason), archive.now(), archive.today())
    tell("已答复不同意。")


@use_app.command("check")
def check(
    number: Annotated[str, typer.Argument(help="复制件证明的编号。")],
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """核对一份复制件证明：有没有出具过、还算不算数。"""
    archive, _ = _opened(data, None)
    with archive.sessions.read() as session:
        found = using_copies.checked(session, number)
    withdrawn = found.withdrawn_at and found.withdrawn_at.isoformat()
    if json:
        issued = found.issued_at.isoformat()
        show_json({"number": found.number, "issued_at": issued, "digest": found.digest, "withdrawn_at": withdrawn})
    else:
        tell(f"{found.number}：{'已作废' if withdrawn else '有效'}，SHA-256 {found.digest}")


@use_app.command("withdraw-copy")
def withdraw_copy(
    number: Annotated[str, typer.Argument(help="复制件证明的编号。")],
    reason: Annotated[str, typer.Option(help="为什么作废。")],
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """作废一份复制件证明；以后核对时会这样说。"""
    archive, actor = _opened(data, as_user)
    with archive.sessions.begin() as session:
        using_copies.withdraw(session, actor, number, reason, archive.now())
    tell(f"已作废 {number}。")
