"""verify, fixity, rebuild, doctor: is everything as it should be, and how to make it so."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import complain, progress, show_json, show_table, size_in_words, tell
from archive_service.tasks import doctor as examination
from archive_service.tasks import fixity as checking
from archive_service.tasks import rebuilding, verifying
from archive_service.wiring import open_archive
from storage.database.fixity import faults

UNITS = {
    "record": "档案",
    "staging": "还没有归档的文件",
    "journal": "操作日志",
    "outline": "大纲",
    "hold": "停止处置",
    "village": "村的登记",
    "villages": "村的登记",
    "township": "乡镇的登记",
    "appraisal": "鉴定批次",
    "opinion": "鉴定意见",
    "register": "销毁清册",
    "register-rows": "销毁清册",
    "opening": "开放审核",
    "transfer": "移交",
    "dossier": "事项卷",
    "ledger": "台账",
    "handover": "换届移交",
    "calendar": "台账日历",
    "statement": "未发生的说明",
    "cadre-post": "村干部名册",
    "village-matter": "发生的事项",
    "tombstone": "销毁的记载",
    "removal": "销毁的凭证",
}
"""What fixity reads, by the first word of its name in the store."""


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.command(epilog="例： village-archive verify --json")(verify)
    app.command(epilog="例： village-archive fixity --all")(fixity)
    app.command(epilog="例： village-archive rebuild index")(rebuild)
    app.command(epilog="例： village-archive doctor")(doctor)


def verify(
    data: options.Data = None,
    json: options.Json = False,
    quick: Annotated[bool, typer.Option("--quick", help="不重算文件摘要，只对账。")] = False,
) -> None:
    """全面核对：文件摘要、档案库与数据库、索引、操作日志。有不符时退出码为 1。"""
    archive = open_archive(data=data).unhurried()
    archive.check()
    with progress("逐件核对档案", quiet=json) as bar:
        found = verifying.verify(archive, fixity=not quick, step=bar.step)
    if json:
        show_json(found.as_dict())
    else:
        read = f"{found.records} 件、{found.files} 个文件、共 {size_in_words(found.bytes)}"
        tell(f"核对了 {read}，以及档案库、索引和操作日志。")
        for fault in found.faults:
            complain(fault)
        if not found.faults:
            tell("没有发现不符。", "green")
    if found.faults:
        raise typer.Exit(1)


def fixity(
    slice: Annotated[int, typer.Option(help="这一次读多少件，最久没读的先读。", min=1)] = checking.SLICE,
    everything: Annotated[bool, typer.Option("--all", help="全部重读一遍。")] = False,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """重读存着的文件，看内容变没变、丢没丢；设了第二份就用它修复。还有没修好的，退出码为 1。"""
    archive = open_archive(data=data).unhurried()
    archive.check()
    with progress("重读存着的文件", quiet=json) as bar:

        def step(unit: str) -> None:
            bar.step(UNITS.get(unit.removeprefix("urn:village-archive:").split(":")[0], ""))

        one = checking.check_all(archive, step) if everything else checking.check_next(archive, slice, step)
    with archive.sessions.read() as session:
        open_faults = [fault.said() for fault in faults(session)]
    if json:
        show_json({**one.as_dict(), "open_faults": open_faults})
    else:
        tell(f"读了 {one.units} 份、{one.files} 个文件、共 {size_in_words(one.bytes)}。")
        if one.repaired:
            tell(f"用第二份修复了 {len(one.repaired)} 个文件。")
        for fault in open_faults:
            complain(checking.sentence(fault))
        if not open_faults:
            tell("没有发现损坏。", "green")
    if open_faults:
        raise typer.Exit(1)


class What(StrEnum):
    """What is made again."""

    INDEX = "index"
    ALL = "all"


def rebuild(
    what: Annotated[What, typer.Argument(help="index：由数据库重建索引；all：只凭档案库重建数据库和索引。")],
    data: options.Data = None,
) -> None:
    """重建索引，或在数据库也丢失时只凭档案库重建一切已归档的内容。"""
    archive = open_archive(data=data).unhurried()
    if what is What.ALL:
        with progress("由档案库重建", named=False) as bar:
            rebuilt = rebuilding.rebuild_database(archive, bar.step)
        tell(f"数据库里重建了 {rebuilt.records} 件。")
        for fault in rebuilt.faults:
            complain(fault)
    archive.check()
    with progress("重建索引", named=False) as bar:
        number = rebuilding.rebuild_index(archive, bar.step)
    tell(f"索引里有 {number} 件。")


def doctor(data: options.Data = None, json: options.Json = False) -> None:
    """体检：设置、各个存储、可选程序；缺什么、影响什么、怎么补。"""
    findings = examination.examine(open_archive(data=data))
    if json:
        show_json([one.as_dict() for one in findings])
    else:
        rows = [[one.name, "好" if one.good else "缺" if one.optional else "不行", one.says] for one in findings]
        show_table("", ["项目", "情况", "说明"], rows, none="没有可查的。")
    if any(not one.good and not one.optional for one in findings):
        raise typer.Exit(1)
