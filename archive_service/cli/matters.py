"""dossier, ledger, handover: matters and how they stand, books written row by row, registers of what goes over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from archive_service.actions import dossier_views, handovers, ledgers
from archive_service.actions.accounts import actor_named
from archive_service.actions.ledgers import book_named
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.printed import Output, format_of
from archive_service.cli.screen import progress, show_json, show_table, tell
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.dossier_files import county_dossiers
from archive_service.exchange.ledger_files import template as write_template
from archive_service.permissions import OPERATOR, Actor
from archive_service.tasks import matters
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive, open_archive
from classification.calendar.model import MARKS
from classification.dossier_checks import STATES, VERDICTS
from classification.ledgers import BOOKS
from storage.database.handovers import HandoverKind
from storage.database.organisations import village_named

dossier_app = App()
ledger_app = App()
handover_app = App()
NAMES = "、".join(f"{one.id}（{one.name}）" for one in BOOKS.values())
BookName = Annotated[str, typer.Argument(help=f"哪一本：{NAMES}。")]
YearOf = Annotated[int, typer.Option("--year", min=1949, max=2200, help="年度。")]
IdOf = Annotated[str, typer.Argument(help="编号，list 可以看到。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(dossier_app, name="dossier", help="事项卷（四议两公开、协商、公开、村规民约）：列表、查看、打印。")
    app.add_typer(ledger_app, name="ledger", help="台账：各本、写模板、导入、导出、一年一件交去归档。")
    app.add_typer(handover_app, name="handover", help="换届、换人移交：列表、查看、打印清册。")


def _opened(data: Any, as_user: str | None, village: str | None = None) -> tuple[Archive, Actor, str]:
    """The archive, who acts, and the village that is named, empty where none is."""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        return archive, actor, village_named(session, village).id if village else ""


def _print(output: Path, write: Callable[[str, Path], matters.Sheet]) -> None:
    with progress(f"写 {output.name}"):
        rows = write(format_of(output), output).rows
    tell(f"已写出 {output}，共 {rows} 项。")


@dossier_app.command("list")
def list_dossiers(
    village: options.MaybeVillage = None,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """列出事项卷，新的在前：各步有没有，请核对几处。"""
    archive, actor, home = _opened(data, as_user, village)
    kinds = county_dossiers(archive.settings.calendar)
    with archive.sessions.read() as session:
        lines, _ = dossier_views.listed(session, actor, kinds, archive.today(), home)
    if json:
        show_json([
            {"dossier": one.dossier.id, "village": one.village.name, "kind": one.dossier.kind, "name": one.dossier.name,
             "opened_on": one.dossier.opened_on, "states": list(one.states), "to_look_at": one.gaps}
            for one in lines
        ])  # fmt: skip
        return
    rows = [
        [one.dossier.id, one.village.name, f"{one.dossier.name}（{one.kind_name}）", str(one.dossier.opened_on),
         "".join("✓" if state == "there" else "·" for state in one.states)
         + (f" 请核对 {one.gaps} 处" if one.gaps else "")]
        for one in lines
    ]  # fmt: skip
    show_table("", ["编号", "村", "事项", "立项", "各步"], rows, none="没有事项卷。")


@dossier_app.command("show")
def show_dossier(
    dossier: IdOf, as_user: options.As = None, data: options.Data = None, json: options.Json = False
) -> None:
    """一卷事项：每一步的状态、材料和核对。"""
    archive, actor, _ = _opened(data, as_user)
    path = archive.settings.calendar
    with archive.sessions.read() as session:
        found = dossier_views.shown(
            session, actor, county_dossiers(path), county_calendar(path), dossier, archive.today()
        )
    if json:
        show_json([
            {"step": one.review.step.id, "name": one.review.step.name, "state": one.review.state, "facts": one.facts,
             "records": [tied.id for tied in one.records],
             "findings": [{"verdict": f.verdict, "said": f.said, "mark": f.mark, "source": f.source}
                          for f in one.review.findings]}
            for one in found.steps
        ])  # fmt: skip
        return
    rows = [
        [str(one.review.number), one.review.step.name, STATES[one.review.state], str(len(one.records) + one.hidden),
         "\n".join(f"{VERDICTS[f.verdict]}：{f.said}（{MARKS[f.mark]}）" for f in one.review.findings)]
        for one in found.steps
    ]  # fmt: skip
    show_table(
        f"{found.village.name} {found.dossier.name}", ["步", "步骤", "状态", "材料", "核对"], rows, none="没有步骤。"
    )


@dossier_app.command("print")
def print_dossier(dossier: IdOf, output: Output, as_user: options.As = None, data: options.Data = None) -> None:
    """打印一卷事项。"""
    archive, actor, _ = _opened(data, as_user)
    _print(output, lambda format, path: matters.print_dossier(archive, actor, dossier, format, path))


@ledger_app.command("books")
def books(
    village: options.VillageName,
    year: YearOf,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """一个村一年的各本台账：写了几行，交去归档没有。"""
    archive, actor, home = _opened(data, as_user, village)
    with archive.sessions.read() as session:
        lines = ledgers.books_of_year(session, actor, home, year)
    if json:
        show_json([
            {"book": one.book.id, "name": one.book.name, "rows": one.rows, "first": one.first, "last": one.last,
             "archived": one.shut} for one in lines
        ])  # fmt: skip
        return
    rows = [[one.book.id, one.book.name, str(one.rows), "已交去归档" if one.shut else ""] for one in lines]
    show_table(f"{village} {year}年", ["编号", "台账", "行数", "状态"], rows, ["行数"], none="没有台账。")


@ledger_app.command("template")
def template(book: BookName, target: Annotated[Path, typer.Argument(help="写到哪个 .xlsx。", dir_okay=False)]) -> None:
    """写出一本台账的模板，填好用 ledger import 导入。"""
    write_template(book_named(book), target)
    tell(f"已写出 {target}。")


@ledger_app.command("import", epilog="例： village-archive ledger import duty_log 值班.xlsx --village 石门槛村")
def import_rows(
    book: BookName,
    source: Annotated[Path, typer.Argument(help="填好的模板：.xlsx 或 .csv。", exists=True, dir_okay=False)],
    village: options.VillageName,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """导入一本台账：有一处错就一行也不写；再导入一次什么都不会改。"""
    archive, actor, home = _opened(data, as_user, village)
    done = matters.import_ledger(archive, actor, home, book_named(book), source)
    seal_journal(archive)
    if json:
        show_json({"fresh": done.fresh, "same": done.same})
    else:
        tell(f"写入 {done.fresh} 行，已经有的 {done.same} 行没有重复写。")


@ledger_app.command("export")
def export(
    book: BookName,
    village: options.VillageName,
    year: YearOf,
    output: Output,
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """把一年的台账写成 PDF 或 XLSX。"""
    archive, actor, home = _opened(data, as_user, village)
    _print(
        output, lambda format, path: matters.print_ledger(archive, actor, home, book_named(book), year, format, path)
    )


@ledger_app.command("archive")
def archive_year(
    book: BookName,
    village: options.VillageName,
    year: YearOf,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """一年的台账生成一件材料，在待整理里；采用后归档。"""
    archive, actor, home = _opened(data, as_user, village)
    record = matters.archive_ledger(archive, actor, home, book_named(book), year)
    sync_index(archive)
    seal_journal(archive)
    if json:
        show_json({"record": record})
    else:
        tell("已生成一件材料，在待整理里；采用后归档。")


@handover_app.command("list")
def list_handovers(
    village: options.MaybeVillage = None,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """列出换届、换人移交，新的在前。"""
    archive, actor, home = _opened(data, as_user, village)
    with archive.sessions.read() as session:
        lines, _ = handovers.listed(session, actor, home)
    if json:
        show_json([
            {"handover": one.id, "village": of.name, "kind": one.kind, "happened_on": one.happened_on,
             "due_on": one.due_on, "closed_at": one.closed_at, "missing": handovers.missing(one)} for one, of in lines
        ])  # fmt: skip
        return
    rows = [
        [one.id, of.name, f"{handovers.KINDS[HandoverKind(one.kind)]} {one.happened_on}", str(one.due_on),
         f"{one.signed_on} 办结" if one.signed_on else f"还有 {len(handovers.missing(one))} 处"]
        for one, of in lines
    ]  # fmt: skip
    show_table("", ["编号", "村", "换届或换人", "期限", "办到哪里"], rows, none="没有换届、换人移交。")


@handover_app.command("print")
def print_handover(handover: IdOf, output: Output, as_user: options.As = None, data: options.Data = None) -> None:
    """打印移交清册。"""
    archive, actor, _ = _opened(data, as_user)
    _print(output, lambda format, path: matters.print_handover(archive, actor, handover, format, path))
