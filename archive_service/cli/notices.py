"""notices: what waits for a person today. Nothing is sent; a county's own scheduler may ask and tell people."""

from __future__ import annotations

from dataclasses import asdict

import typer

from archive_service.actions.accounts import actor_named
from archive_service.actions.notices import notices as waiting
from archive_service.cli import options
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.permissions import OPERATOR
from archive_service.wiring import open_archive


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the application."""
    app.command(epilog="例： village-archive notices --as wang --json")(notices)


def notices(as_user: options.As = None, data: options.Data = None, json: options.Json = False) -> None:
    """今天有什么等着我：到期、意见、清册、监销、复审、停止处置的复核、过期未还、接收凭证。只算出来，什么都不发。"""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        found = waiting(session, actor, archive.now(), archive.today())
    if json:
        show_json([asdict(one) for one in found])
        return
    rows = [[str(one.number), one.title, one.address] for one in found if one.number]
    if not rows:
        tell("今天没有等着办的事。")
        return
    show_table("", ["", "", "在哪里办"], rows, [""])
