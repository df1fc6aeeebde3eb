"""watch: take in what people put into a folder, for as long as the command runs."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import complain, show_json_lines, tell
from archive_service.permissions import OPERATOR
from archive_service.tasks.watching import Round, Watch
from archive_service.web.words import SUM
from archive_service.wiring import COUNTY_TIME, open_archive
from storage.errors import NotReady


def add_to(app: App) -> None:
    """Hang this command on the application."""
    app.command(epilog="例： village-archive watch /srv/扫描件 --village 石门槛村 --every 60")(watch)


def watch(
    path: Annotated[Path, typer.Argument(help="要监视的文件夹，里面的文件只读不动。", exists=True, file_okay=False)],
    village: options.VillageName,
    every: Annotated[float, typer.Option(min=0.1, help="每隔多少秒看一次。")] = 30,
    settled: Annotated[int, typer.Option(min=0, help="文件多少秒没有变动才收，免得收到没传完的。")] = 60,
    once: Annotated[bool, typer.Option("--once", help="只看一次就退出，给定时任务用。")] = False,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """监视一个文件夹：放进来的文件自动收下、读出、提出建议。同一天的归一个批次；按 Ctrl-C 停。"""
    archive = open_archive(data=data)
    archive.check()
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    watching = Watch(archive, OPERATOR, village, path, timedelta(seconds=settled), stopping)
    while True:
        try:
            _show(watching.round(), json)
        except NotReady as error:
            if once:
                raise
            complain(str(error))
        if once or stopping.wait(every):
            break


def _show(seen: Round, json: bool) -> None:
    if json:
        bad = [{"path": path, "reason": reason, "remedy": remedy} for path, reason, remedy in seen.refused]
        show_json_lines([{"at": seen.at.isoformat(), "batch": seen.batch, "sum": seen.sum, "refused": bad}])
        return
    at = seen.at.astimezone(COUNTY_TIME).strftime("%H:%M:%S")
    if not seen.sum["found"]:
        tell(f"{at}  没有新文件", "dim")
        return
    parts = " · ".join(f"{SUM[name]} {number}" for name, number in seen.sum.items() if name != "found" and number)
    tell(f"{at}  收下 {seen.sum['found']} 个文件：{parts}")
    for path, reason, remedy in seen.refused:
        tell(f"          {path}：{reason}{remedy}", "red")
