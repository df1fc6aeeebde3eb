"""archive and due: file what was accepted, and list what has run out."""

from __future__ import annotations

from typing import Annotated

import typer

from archive_service.actions import catalogue, filing, holdings
from archive_service.actions.accounts import actor_named
from archive_service.cli import options
from archive_service.cli.screen import complain, progress, show_json, show_table, tell
from archive_service.permissions import OPERATOR
from archive_service.rulebook import period_label, rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import open_archive
from storage.database.organisations import village_named


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the application."""
    app.command("archive", epilog="例： village-archive archive --village 石门槛村 --accept-confident")(archive_records)
    app.command(epilog="例： village-archive due --json")(due)


def archive_records(
    village: options.MaybeVillage = None,
    accept_confident: Annotated[
        bool, typer.Option("--accept-confident", help="先采用有把握且有日期的建议，再归档。")
    ] = False,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """归档：给已采用的材料编档号，存入档案库。"""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.begin() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
        if accept_confident:
            rules = rule_book(session)
            wanted = catalogue.confident(session, actor, rules, home)
            catalogue.accept(session, actor, wanted, rules, archive.now())
        ids = filing.ready(session, home)
    with progress("归档", len(ids), quiet=json) as bar:
        results = file_records(archive, actor, ids, bar.step)
    sync_index(archive)
    seal_journal(archive)
    failed = [one for one in results if one.error]
    if json:
        show_json([{"record": one.record_id, "code": one.code, "error": one.error} for one in results])
    else:
        tell(f"已归档 {len(results) - len(failed)} 件" + (f"，{len(failed)} 件没有归档：" if failed else "。"))
        for one in failed:
            complain(one.error or "")
    if failed:
        raise typer.Exit(1)


def due(
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
    limit: Annotated[int, typer.Option(help="最多列多少件。")] = 1000,
) -> None:
    """到期清单：保管期限已满、等待鉴定的档案。到期只是进入清单，什么都不会自动销毁。"""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        listed = holdings.due(session, actor, archive.today(), size=limit)
    if json:
        show_json(
            [
                {"record": r.id, "code": r.code, "title": r.title, "retention": r.retention, "due_on": r.due_on}
                for r in listed.records
            ]
        )
        return
    tell(f"到期 {listed.total} 件")
    rows = [[r.code or "待编", r.title, period_label(r.retention), str(r.due_on)] for r in listed.records]
    show_table("", ["档号", "题名", "保管期限", "到期日"], rows)
