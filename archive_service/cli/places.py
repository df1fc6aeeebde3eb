"""village: which villages there are, what they and their townships are called, and which went into which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from archive_service.actions import townships
from archive_service.actions.villages import add_village, merge, rename
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.county_time import day_in_words
from archive_service.permissions import OPERATOR
from archive_service.tasks.kept_documents import keep_documents
from archive_service.wiring import open_archive
from storage.database.organisations import village_named
from storage.database.organisations import villages as all_villages

villages = App()


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(villages, name="village", help="村：登记、更名、并村、列表；乡镇更名、合并。")


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
        aliases = [_alias(one) for one in alias or ()]
        add_village(session, OPERATOR, archive.now(), name, fonds, township, aliases)
    keep_documents(archive)
    once = f"，曾用名：{_called(aliases)}" if aliases else ""
    tell(f"已登记{township}{name}，全宗号 {fonds}{once}。")


def _alias(text: str) -> dict[str, object]:
    name, _, years = text.partition(":")
    start, _, end = years.partition(":")
    return {"name": name, "from": int(start) if start else None, "to": int(end) if end else None}


def _called(aliases: Sequence[dict[str, Any]]) -> str:
    """Former names with their years."""
    return "、".join(f"{one['name']}{_years(one)}" for one in aliases)


def _years(alias: dict[str, Any]) -> str:
    start, end = alias.get("from"), alias.get("to")
    return f"（{start or ''}—{end or ''}）" if start or end else ""


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
    keep_documents(archive)
    tell(f"{name}从 {year} 年起叫{new}，旧名照样能查到那些年的档案。")


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
    keep_documents(archive)
    tell(f"已记下：{name}从{day_in_words(on.date())}起并入{into}，全宗、档号、档案都不变。")


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
    keep_documents(archive)
    tell(f"已记下：{name}从 {year} 年起属于{township}，按原来的乡镇名照样能查到那些年的档案。")


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
    keep_documents(archive)
    tell(f"{name}从 {year} 年起叫{new}，各村和按乡镇授予的角色都跟着新名。")


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
    keep_documents(archive)
    tell(f"已记下：{name}从{day_in_words(on.date())}起并入{into}，{len(moved)} 个村划归过去。")
    tell(f"原来按{name}授予的角色请重新授予。")


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
        cells = [[r["fonds"], r["name"], r["township"], _called(r["aliases"])] for r in rows]
        show_table(
            "", ["全宗号", "村", "乡镇", "曾用名"], cells, none="还没有登记村；用 village-archive village add 登记。"
        )
