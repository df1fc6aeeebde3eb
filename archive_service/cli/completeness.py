"""completeness: what a village should have in a year and what is there, late, not seen, explained."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from archive_service.actions import completeness
from archive_service.actions.accounts import actor_named
from archive_service.actions.calendars import timeline_of
from archive_service.actions.completeness import VillageYear
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.exchange.calendar_files import county_calendar, write_workbook
from archive_service.exchange.completeness_rows import HEAD, printed_rows, row_of, share, total
from archive_service.permissions import OPERATOR
from archive_service.wiring import open_archive
from classification.calendar.model import Calendar
from classification.calendar.settling import NAMES, State
from storage.database.organisations import village_named

SHORT = {**NAMES, State.LATE: "晚到", State.DID_NOT_OCCUR: "未发生"}
"""The states as the narrow columns have them."""


def add_to(app: App) -> None:
    """Hang this command on the application."""
    app.command("completeness", epilog="例： village-archive completeness --village 石门槛村 --year 2026 --json")(
        completeness_of
    )


def completeness_of(
    village: options.MaybeVillage = None,
    year: Annotated[int | None, typer.Option(min=1000, max=9998, help="年度；不写就是今年。")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写成工作簿，以 .xlsx 结尾。")] = None,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """齐全情况：每个村一年里该有的记录，已有、晚到、未见、未到期、未发生。"""
    if output is not None and output.suffix.lower() != ".xlsx":
        raise typer.BadParameter("文件名要以 .xlsx 结尾。", param_hint="--output")
    archive = open_archive(data=data)
    archive.check()
    fallback, today = county_calendar(archive.settings.calendar), archive.today()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, today) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
        calendar = timeline_of(session, fallback).of(year or today.year)
        years = completeness.village_years(session, actor, fallback, year or today.year, today, home)
        if output is not None:
            rows = printed_rows(calendar, [(one.village.name, one.year, one.lines) for one in years])
            tell(f"已写出 {output}，共 {write_workbook(output, [('齐全情况', HEAD, rows)])} 项。")
        elif json:
            show_json([row_of(one.village.name, one.year, line) for one in years for line in one.lines])
        elif home:
            _show_village(calendar, years[0])
        else:
            _show_county(calendar, years)


def _show_village(calendar: Calendar, shown: VillageYear) -> None:
    systems = {system.id: system.name for system in calendar.systems}
    rows = [
        [
            systems[one.system],
            one.name + (f"（{one.of}）" if one.of else ""),
            one.period.name,
            SHORT[one.state],
            one.reason,
        ]
        for one in shown.lines
    ]  # fmt: skip
    show_table(
        f"{shown.village.name} {shown.year}年（{calendar.title} {calendar.version}）",
        ["制度", "记录", "期间", "状态", "依据"],
        rows,
        none="按现行日历，这一年没有该有的记录。",
    )
    if shown.unplaced:
        tell(f"另有 {len(shown.unplaced)} 件认出了记录，看不出属于哪一期：")
        rows = [[one.paper.title, "，".join(one.reasons)] for one in shown.unplaced]
        show_table("", ["题名", "依据"], rows, none="")
    tell(calendar.banner, style="dim")


def _show_county(calendar: Calendar, years: list[VillageYear]) -> None:
    names = [SHORT[state] for state in State]
    sums = [(one.village.name, total(one.cells.values())) for one in years]
    rows = [[name, _percent(cell), *(str(cell[state]) for state in State)] for name, cell in sums]
    show_table(f"{calendar.title} {calendar.version}", ["村", "%", *names], rows, ["%", *names], none="还没有登记村。")
    tell("%：到期应有的记录中，已有或有说明的占百分之几。晚到：已有，晚于期限。未发生：有说明。", style="dim")
    tell(calendar.banner, style="dim")


def _percent(cell: Mapping[State, int]) -> str:
    found = share(cell)
    return "–" if found is None else str(found)
