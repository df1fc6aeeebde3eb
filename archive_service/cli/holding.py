"""archive: file what was accepted."""

from __future__ import annotations

from typing import Annotated

import typer

from archive_service.actions import catalogue, filing, yearly_filing
from archive_service.actions.accounts import actor_named
from archive_service.actions.yearly_filing import YearReport
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import complain, progress, show_json, show_table, tell
from archive_service.permissions import OPERATOR, Actor
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive, open_archive
from storage.database.organisations import village_named

SEVERITIES = {yearly_filing.BLOCK: "不能归档", yearly_filing.WARN: "请看一看"}


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.command("archive", epilog="例： village-archive archive --village 石门槛村 --accept-confident")(archive_records)


def archive_records(
    village: options.MaybeVillage = None,
    accept_confident: Annotated[
        bool, typer.Option("--accept-confident", help="先采用有把握且有日期的建议，再归档。")
    ] = False,
    year: Annotated[int | None, typer.Option("--year", help="只归这一年的（要写 --village）。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看这一年可以归多少、还缺什么，什么都不改。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """归档：给已采用的材料编档号，存入档案库。写了 --year，先逐件检查，只归没有缺项的。"""
    archive = open_archive(data=data)
    archive.check()
    if (year is not None or dry_run) and (village is None or year is None):
        raise typer.BadParameter("按年归档要同时写明 --village 和 --year；没有改动。")
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
    if dry_run:
        _show_year(_look(archive, actor, home, year), _names(archive), json)
        return
    with archive.sessions.begin() as session:
        if accept_confident:
            rules = rule_book(session)
            wanted = catalogue.confident(session, actor, rules, home)
            catalogue.accept(session, actor, wanted, rules, archive.now())
        ids = filing.ready(session, home) if year is None else []
    if year is not None:
        ids = _look(archive, actor, home, year).ready
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


def _look(archive: Archive, actor: Actor, home: str | None, year: int | None) -> YearReport:
    with archive.sessions.read() as session:
        return yearly_filing.report(session, actor, home or "", year or 0, rule_book(session))


def _names(archive: Archive) -> dict[str, str]:
    with archive.sessions.read() as session:
        return {series.id: series.name for series in rule_book(session).outline.series.values()}


def _show_year(report: YearReport, names: dict[str, str], json: bool) -> None:
    lacking = [(one, finding) for one in report.looked for finding in one.findings]
    if json:
        found = [
            {"record": one.record.id, "title": one.record.title, "check": of.check, "severity": of.severity,
             "message": of.message}
            for one, of in lacking
        ]  # fmt: skip
        said = {"states": report.states, "ready": report.ready, "unseen": report.unseen, "undated": report.undated}
        show_json({**said, "findings": found, "unchecked": yearly_filing.UNCHECKED})
        return
    rows = [[one.record.title, f"{of.nature} {of.check}", SEVERITIES[of.severity], of.message] for one, of in lacking]
    show_table("", ["题名", "检查", "轻重", "发现"], rows, none="没有发现要处理的。")
    tell(f"可以归档 {len(report.ready)} 件，还在整理的共 {len(report.looked)} 件，另有 {report.undated} 件没有日期。")
    if report.unseen:
        tell(f"往年有、今年未见的条目：{'、'.join(f'{one} {names[one]}' for one in report.unseen)}。")
    tell(f"未检测：{'、'.join(yearly_filing.UNCHECKED)}。什么都没有改动。")
