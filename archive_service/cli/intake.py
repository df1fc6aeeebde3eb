"""ingest, status, sheet: hand a folder in, see where things stand, print the reconciliation sheet."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from archive_service.actions import sheets
from archive_service.actions.upkeep import Stage, overview, slowest, stages
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import complain, progress, show_json, show_table, tell
from archive_service.exchange import sheet_files
from archive_service.permissions import OPERATOR
from archive_service.rulebook import period_label, rule_book
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.recognition import recognise_pending
from archive_service.web.words import STATES, SUM
from archive_service.wiring import Archive, open_archive
from storage.database.batches import counts_by_state, sum_of
from storage.database.organisations import village_named


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.command(epilog="例： village-archive ingest 新建文件夹 --village 石门槛村")(ingest)
    app.command(epilog="例： village-archive status --json")(status)
    app.command(epilog="例： village-archive sheet --format jsonl --text -o 对账单.jsonl")(sheet)


def ingest(
    path: Annotated[Path, typer.Argument(help="文件夹、压缩包、BagIt 包或单个文件。", exists=True)],
    village: options.VillageName,
    ocr: Annotated[bool, typer.Option("--ocr", help="同时识别扫描件（慢；默认交给后台慢慢做）。")] = False,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """把一个文件夹交上来：收下、读出、提出类目和期限建议，并说明每个文件的结果。"""
    archive = open_archive(data=data)
    archive.check()
    with progress(f"读取 {path.name}", quiet=json) as bar:
        batch_id = hand_in(archive, OPERATOR, village, path, bar.expect, bar.step)
    if ocr:
        with progress("识别扫描件", quiet=json) as bar:
            recognise_pending(archive, bar.step)
    report(archive, [batch_id], json)


def report(archive: Archive, batch_ids: list[str], json: bool = False) -> None:
    """The table of what became of each file, and the sum."""
    with archive.sessions.read() as session:
        rows = [row for batch_id in batch_ids for row in sheets.rows(session, OPERATOR, batch_id)]
        total = sum_of(counts_by_state(session, batch_ids))
        names = {series.id: series.name for series in rule_book(session).outline.series.values()}
    if json:
        show_json({"batches": batch_ids, "sum": total, "items": rows})
        return
    head = ["文件", "结果", "类目和条目", "保管期限", "缘由，或哪里不对、怎么办"]
    show_table("", head, [_line(row, names) for row in rows], none="里面没有文件。")
    show_sum(total)


def _line(row: dict[str, Any], names: dict[str, str]) -> list[str | Text]:
    state = sheet_files.STATES[row["state"]]
    good = row["state"] in ("proposed", "archived")
    shown = Text(state, style="green" if row["state"] == "archived" else "" if good else "red")
    if not row["record"]:
        return [row["path"], shown, "", "", f"{row['reason']}{row['remedy']}"]
    best = next(iter(row["series_proposed"]), None)
    why = "；".join(best["reasons"][:2]) if best and row["series"] else "没有把握，请人来定"
    series = f"{row['series']} {names.get(row['series'], '')}" if row["series"] else "未定"
    return [row["path"], shown, series, period_label(row["retention"]), why]


def show_sum(total: dict[str, int]) -> None:
    """发现 = 已归档 + 待整理 + 退回 + 重复."""
    parts = " + ".join(f"{SUM[name]} {total[name]}" for name in ("archived", "waiting", "rejected", "duplicate"))
    tell(f"{SUM['found']} {total['found']} = {parts}", "bold")


def status(data: options.Data = None, json: options.Json = False) -> None:
    """现在怎么样：收了多少、在等什么、索引和日志是否跟上。"""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        seen = overview(session)
        now_doing = stages(session, seen, archive.now())
    seen["indexed"] = archive.index.count()
    seen["stages"] = [{**asdict(stage), "minutes_left": stage.minutes_left} for stage in now_doing]
    seen["queues"] = _queues(archive)
    if json:
        show_json(seen)
        return
    show_sum(seen["sum"])
    rows = [_stage_row(stage, slowest(now_doing)) for stage in now_doing]
    show_table("", ["阶段", "等着", "每分钟", "预计"], rows, none="没有等着做的。")
    tell(f"索引里有 {seen['indexed']} 件，操作日志还有 {seen['unsealed']} 条没有封存。")
    if seen["queues"]:
        waiting = (f"{STAGES[name][0] if name in STAGES else name} {n}" for name, n in seen["queues"].items())
        tell("队列里的消息：" + "，".join(waiting))
    if seen["index_parked"]:
        complain(f"有 {seen['index_parked']} 件没能进索引：village-archive verify 列出是哪些、为什么。")
    if seen["fixity_faults"]:
        complain(f"有 {seen['fixity_faults']} 个文件损坏或丢失：village-archive fixity 列出是哪些。")
    counted = Counter(seen["records"]).most_common()
    tell("材料和档案：" + ("，".join(f"{STATES[state]} {number} 件" for state, number in counted) or "还没有") + "。")


STAGES = {"reading": ("读文件", "个"), "recognition": ("识别扫描件", "页"), "indexing": ("更新索引", "件")}


def _stage_row(stage: Stage, last: Stage | None) -> list[str]:
    name, unit = STAGES[stage.name]
    expected = "" if not stage.waiting else "还没有动" if stage.minutes_left is None else _how_long(stage.minutes_left)
    if stage is last:
        expected += "（最慢的一步）"
    return [name, f"{stage.waiting} {unit}", f"{stage.per_minute:.0f}" if stage.per_minute else "–", expected]


def _how_long(minutes: float) -> str:
    if minutes < 1:
        return "不到 1 分钟"
    return f"约 {minutes:.0f} 分钟" if minutes < 90 else f"约 {minutes / 60:.1f} 小时"


def _queues(archive: Archive) -> dict[str, int]:
    """Messages that wait in each queue; none where there is no queue."""
    if not archive.settings.queue_url:
        return {}
    # Loaded only where it is used: the embedded service starts without Celery.
    from archive_service.queue import lengths, make_queue

    return lengths(make_queue(archive))


class SheetFormat(StrEnum):
    """How the sheet is written."""

    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"


def sheet(
    format: Annotated[SheetFormat, typer.Option(help="xlsx、csv 或 jsonl。")] = SheetFormat.CSV,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写到哪个文件（默认标准输出）。")] = None,
    village: options.MaybeVillage = None,
    batch: Annotated[str | None, typer.Option(help="只看这个移交批次。")] = None,
    text: Annotated[bool, typer.Option("--text", help="jsonl 中带上逐页文字。")] = False,
    data: options.Data = None,
) -> None:
    """移交对账单：每个文件一行，收到的都在，说明去向和原因。"""
    archive = open_archive(data=data)
    archive.check()
    if format is SheetFormat.XLSX and output is None:
        raise typer.BadParameter("XLSX 要写到文件：加上 -o 对账单.xlsx")
    with archive.sessions.read() as session:
        home = village_named(session, village).id if village else None
        rows = sheets.rows(session, OPERATOR, batch, home, text)
        if format is SheetFormat.XLSX:
            sheet_files.write_xlsx(rows, output, period_label, rule_book(session).outline.document.banner or "")
            return
        write = sheet_files.write_csv if format is SheetFormat.CSV else sheet_files.write_jsonl
        if output is None:
            write(rows, sys.stdout, period_label)
            return
        # The mark at the start tells the office programs that a CSV is UTF-8.
        encoding = "utf-8-sig" if format is SheetFormat.CSV else "utf-8"
        with output.open("w", encoding=encoding, newline="") as target:
            write(rows, target, period_label)
