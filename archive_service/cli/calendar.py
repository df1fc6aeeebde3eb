"""calendar and cadres: versions of the calendar of village records, and the registers that it is computed with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from archive_service.actions import cadres
from archive_service.actions.accounts import actor_named
from archive_service.actions.cadres_import import SHEETS, import_register
from archive_service.actions.cadres_import import template as blank
from archive_service.actions.calendars import import_calendar, set_values, timeline_of, version_on
from archive_service.actions.outlines import plain_json
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.county_time import day_in_words
from archive_service.exchange import calendar_sheets
from archive_service.exchange.calendar_files import county_calendar, county_document
from archive_service.permissions import OPERATOR
from archive_service.tasks.kept_documents import keep_documents
from archive_service.wiring import Archive, open_archive
from classification.calendar.comparison import cadence_in_words, compare
from classification.calendar.model import MARKS
from classification.calendar.reader import parse
from storage.database.cadres import CadrePost, VillageMatter
from storage.database.calendars import calendar_versions
from storage.database.organisations import village_named

calendar_app = App()
cadres_app = App()
File = Annotated[Path, typer.Argument(help="YAML、XLSX 文件，或装着 CSV 的文件夹。", exists=True)]
Which = Annotated[str, typer.Option("--register", help="哪一本：posts 村干部名册、matters 发生的事项。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(calendar_app, name="calendar", help="台账日历：导入、查看、比较、定设置。")
    app.add_typer(cadres_app, name="cadres", help="村干部名册和发生的事项：查看、导入、模板。")


def _opened(data: Path | None) -> Archive:
    archive = open_archive(data=data)
    archive.check()
    return archive


@calendar_app.command("import", epilog="例： village-archive calendar import 本县日历.xlsx")
def import_file(file: File, data: options.Data = None) -> None:
    """导入一版日历，自它的施行日期起计。有一处错就全部不导入，并逐行说明。"""
    archive = _opened(data)
    content = calendar_sheets.read(file)
    with archive.sessions.begin() as session:
        held = import_calendar(session, OPERATOR, content, archive.now())
        said = f"已导入：{held.title} {held.version}，自{day_in_words(held.effective_from)}起计。"
    keep_documents(archive)
    tell(said)


@calendar_app.command("show")
def show(data: options.Data = None, json: options.Json = False) -> None:
    """显示今天施行的日历：制度、记录、频次，和历次版本。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        calendar = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
        versions = [
            {"document": one.document, "version": one.version, "from": one.effective_from}
            for one in calendar_versions(session)
        ]
        held = version_on(session, archive.today())
        content = held.content if held else plain_json(county_document(archive.settings.calendar))
    if json:
        show_json({"versions": versions, "calendar": content})
        return
    rows = [
        [system.name, one.name, cadence_in_words(one.cadence), MARKS[one.mark]]
        for system in calendar.systems for one in system.records
    ]  # fmt: skip
    show_table(
        f"{calendar.title} {calendar.version}", ["制度", "记录", "频次", "出处"], rows, none="这一版日历里没有记录。"
    )
    tell(calendar.banner, style="dim")


@calendar_app.command("diff", epilog="例： village-archive calendar diff 新日历.yaml")
def diff(file: File, data: options.Data = None, json: options.Json = False) -> None:
    """与今天施行的一版比较。什么都不写入。"""
    archive = _opened(data)
    new = parse(plain_json(calendar_sheets.read(file)))
    with archive.sessions.read() as session:
        old = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
    found = [str(one) for one in compare(old, new)]
    if json:
        show_json(found)
        return
    for one in found:
        tell(one)
    tell(f"有 {len(found)} 处不同。")


@calendar_app.command("set", epilog="例： village-archive calendar set disclosure_due_days 10 --from 2026-07-01")
def set_value(
    setting: Annotated[str, typer.Argument(help="设置的编号，见 calendar show --json。")],
    value: Annotated[str, typer.Argument(help="取值；列表用 、 隔开；空的表示还没有定。")],
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天起。")],
    data: options.Data = None,
) -> None:
    """定下来源没有写明的，作为新的一版；以前的各期仍按原来的计。"""
    archive = _opened(data)
    own = archive.settings.calendar
    with archive.sessions.begin() as session:
        made = set_values(
            session, OPERATOR, county_calendar(own), county_document(own), {setting: value}, since.date(), archive.now()
        )
        said = f"已记下，作为 {made.version} 版，自{day_in_words(made.effective_from)}起计。"
    keep_documents(archive)
    tell(said)


@calendar_app.command("template", epilog="例： village-archive calendar template 本县日历.xlsx")
def template(target: Annotated[Path, typer.Argument(help="写到哪个 XLSX 文件。")], data: options.Data = None) -> None:
    """写出可以填写的模板工作簿（以今天施行的日历为底）。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        held = version_on(session, archive.today())
        content = held.content if held else plain_json(county_document(archive.settings.calendar))
    calendar_sheets.write(content, target)
    tell(f"已写出 {target}；填好后用 village-archive calendar import 导入。")


@cadres_app.command("show")
def show_registers(
    village: options.VillageName, as_user: options.As = None, data: options.Data = None, json: options.Json = False
) -> None:
    """显示一个村登记的村干部和发生的事项。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        held = cadres.registers(session, actor, village_named(session, village).id)
        posts = [
            {"id": o.id, "person": o.person, "post": o.post, "from": o.since, "to": o.until, "taken_back": _back(o)}
            for o in held.posts
        ]
        matters = [
            {"id": o.id, "trigger": o.trigger, "on": o.on, "name": o.name, "taken_back": _back(o)} for o in held.matters
        ]
        calendar = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
        names = {trigger.id: trigger.name for trigger in calendar.triggers.values()}
    if json:
        show_json({"posts": posts, "matters": matters})
        return
    head = ["姓名", "职务", "任职", "离任", "撤回理由"]
    show_table(SHEETS["posts"], head, [_cells(one) for one in posts], none="没有登记村干部。")
    head = ["事项", "日期", "名称", "撤回理由"]
    happened = [_cells({**one, "trigger": names.get(str(one["trigger"]), one["trigger"])}) for one in matters]
    show_table(SHEETS["matters"], head, happened, none="没有登记发生的事项。")


def _cells(line: Mapping[str, object]) -> list[str]:
    return [str(value or "") for name, value in line.items() if name != "id"]


def _back(line: CadrePost | VillageMatter) -> str | None:
    return line.withdraw_reason if line.withdrawn_at else None


@cadres_app.command("import", epilog="例： village-archive cadres import 名册.xlsx --register posts")
def import_lines(
    file: Annotated[Path, typer.Argument(help="XLSX 或 CSV 文件。", exists=True, dir_okay=False)],
    register: Which = "posts",
    village: options.MaybeVillage = None,
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """导入一本登记簿。有一处错就全部不导入，并逐行说明。"""
    archive = _opened(data)
    with archive.sessions.begin() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
        calendar = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
        number = import_register(session, actor, calendar, register, file, home, archive.now())
    keep_documents(archive)
    tell(f"已登记 {number} 行。")


@cadres_app.command("template")
def template_of(
    target: Annotated[Path, typer.Argument(help="写到哪个 XLSX 文件。")],
    register: Which = "posts",
    data: options.Data = None,
) -> None:
    """写出可以填写的模板工作簿。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        calendar = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
    blank(register, calendar, target)
    tell(f"已写出 {target}；填好后用 village-archive cadres import 导入。")
