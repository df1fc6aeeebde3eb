"""demo: a sample county of two villages, filed before your eyes and then served. What `make run` runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.intake import report
from archive_service.cli.running import run
from archive_service.cli.screen import progress, tell
from archive_service.cli.searching import search_once, show
from archive_service.tasks import demonstration
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, open_archive

QUESTION = "土地承包"


def add_to(app: App) -> None:
    """Hang this command on the application."""
    app.command(epilog="例： make run")(demo)


def demo(
    samples: Annotated[Path, typer.Option(help="样例文件夹，一个子文件夹一个村。")] = demonstration.SAMPLES,
    serve: Annotated[bool, typer.Option(help="做完后启动网页服务。")] = True,
    host: Annotated[str | None, typer.Option(help="监听地址。")] = None,
    port: Annotated[int | None, typer.Option(help="端口。")] = None,
    data: options.Data = None,
) -> None:
    """示范：建一个样例县，把两个村的样例文件收进来、归档、查一次，然后启动网页服务。"""
    archive = open_archive(data=data, host=host, port=port)
    made = set_up(archive)
    if made.banner:
        tell(made.banner, "red")
    _file_samples(archive, samples)
    tell(f"\n查档“{QUESTION}”", "bold")
    show(search_once(archive, QUESTION, 3))
    _say_where(archive, made.first_password)
    tell("按 Ctrl+C 停止。" if serve else f"打开网页以前先运行 village-archive serve --data {archive.settings.data}")
    if serve:
        run(archive, with_worker=True)


def _file_samples(archive: Archive, samples: Path) -> None:
    with archive.sessions.begin() as session:
        names = demonstration.register(session, archive.now())
    folders = [samples / name for name in names if (samples / name).is_dir()]
    with progress("读取样例") as bar:
        bar.expect(sum(1 for folder in folders for path in folder.rglob("*") if path.is_file()))
        batches = [demonstration.hand_in_once(archive, folder, bar.step) for folder in folders]
    demonstration.accept_and_archive(archive)
    report(archive, batches)


def _say_where(archive: Archive, first_password: str | None) -> None:
    settings = archive.settings
    tell(f"\n网址  http://{settings.host}:{settings.port}", "bold")
    if first_password:
        tell(f"账号  admin    初始口令  {first_password}（只显示这一次，登录后须修改）", "bold")
    else:
        tell("账号  admin（口令已在第一次运行时给出；忘记了就运行 village-archive user reset admin）")
