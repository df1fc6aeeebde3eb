"""backup, restore, drill: keep everything in a second place, bring it back, and prove that it would come back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import complain, progress, show_json, size_in_words, tell
from archive_service.settings import Settings
from archive_service.tasks import backing_up, restoring_backup
from archive_service.tasks.backup_pruning import alone, let_go
from archive_service.tasks.backup_runs import faults_of_target
from archive_service.wiring import open_archive
from storage.errors import NotReady
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore

Place = Annotated[
    str | None, typer.Argument(help="文件夹，或 s3://key:secret@host:port/bucket；默认用设置 BACKUP_URL。")
]
RunName = Annotated[str | None, typer.Option("--run", help="哪一次备份（默认最近一次）。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.command(epilog="例： village-archive backup /mnt/备份盘 --verify")(backup)
    app.command(epilog="例： village-archive restore /mnt/备份盘 --data ./data")(restore)
    app.command(epilog="例： village-archive drill /mnt/备份盘")(drill)


def _open(place: str | None, settings: Settings) -> ObjectStore:
    place = place or settings.backup_url
    if not place:
        raise NotReady("没有说备份在哪里，什么都没有动。请写出文件夹，或设置 VILLAGE_ARCHIVE_BACKUP_URL。")
    return open_store(place if "://" in place else Path(place).absolute().as_uri())


def backup(
    target: Place = None,
    verify: Annotated[bool, typer.Option("--verify", help="备份后把目标里的每个字节重读一遍。")] = False,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="只留最近几次备份；不写时按设置 BACKUP_KEEP_DAYS 的天数。")
    ] = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """备份数据库、档案库和设置（不含口令）；不用停机，只送新的，中断了再运行一次就接着做。最近一次和最近完好的一次总是留着。"""
    archive = open_archive(data=data).unhurried()
    archive.check()
    place = _open(target, archive.settings)
    with progress("备份", quiet=json, named=False) as bar, alone(archive, bar.step) as step:
        done = backing_up.back_up(archive, place, step)
        gone = let_go(archive, place, target or archive.settings.backup_url or "", keep)
    faults = [*done.faults, *([gone.fault] if gone.fault else ()), *(faults_of_target(place) if verify else ())]
    tally = (
        f"数据库 {done.rows} 行，文件 {done.objects} 个、{size_in_words(done.bytes)}；"
        f"其中新送 {done.new_objects} 个、{size_in_words(done.new_bytes)}"
    )
    tally += f"；删去旧备份 {len(gone.runs)} 次" if gone.runs else ""
    said = {**asdict(done), "verified": verify, "let_go": list(gone.runs), "faults": faults}
    _report(said, f"备份 {done.run}：{tally}。", json)


def restore(source: Place = None, run: RunName = None, data: options.Data = None, json: options.Json = False) -> None:
    """把一次备份恢复到空的地方：对象、数据库、索引，逐一核对。已有内容时不动手。"""
    archive = open_archive(data=data).unhurried()
    with progress("恢复", quiet=json, named=False) as bar:
        done = restoring_backup.restore(archive, _open(source, archive.settings), run, bar.step)
    _report(asdict(done), _came_back(done), json)


def drill(target: Place = None, run: RunName = None, data: options.Data = None, json: options.Json = False) -> None:
    """演练：把备份恢复到一个临时文件夹，全面核对，报告结果，再删掉。正在用的档案不受影响。"""
    settings = open_archive(data=data).settings
    place = _open(target, settings)
    with (
        TemporaryDirectory(prefix="village-archive-drill-") as folder,
        progress("演练", quiet=json, named=False) as bar,
    ):
        done = restoring_backup.drill(place, Path(folder), settings, run, bar.step)
    _report(asdict(done), _came_back(done), json)


def _came_back(done: restoring_backup.Restored) -> str:
    files = f"文件 {done.objects} 个、{size_in_words(done.bytes)}"
    return f"恢复自 {done.run}：数据库 {done.rows} 行，{files}，索引 {done.indexed} 件。"


def _report(said: dict[str, object], sentence: str, json: bool) -> None:
    """What was done, and what is wrong; exit code 1 when something is."""
    faults = said["faults"]
    if json:
        show_json(said)
    else:
        tell(sentence)
        for fault in faults if isinstance(faults, list) else ():
            complain(fault)
        if not faults:
            tell("没有发现不符。", "green")
    if faults:
        raise typer.Exit(1)
