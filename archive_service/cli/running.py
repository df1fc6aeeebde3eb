"""init, serve, worker: set an archive up and keep it running."""

from __future__ import annotations

import errno
import gc
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import complain, progress, tell
from archive_service.settings import PREFIX
from archive_service.tasks import doctor
from archive_service.tasks.logs import set_up_logs
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, open_archive
from archive_service.worker import Worker, drain
from storage.errors import Away, NotReady

if TYPE_CHECKING:
    from uvicorn import Server

LOOK_AGAIN = 2.0
"""Seconds between two questions to an object store that was away at the start."""


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.command(epilog="例： village-archive init --data ./data")(init)
    app.command(epilog="例： village-archive serve --port 8000")(serve)
    app.command(epilog="例： village-archive worker --drain")(worker)
    app.command(epilog="例： village-archive scheduler")(scheduler)


def init(
    data: options.Data = None,
    outline: Annotated[Path | None, typer.Option(help="本县大纲（YAML、XLSX 或 CSV 文件夹）；默认用示范大纲。")] = None,
    admin: Annotated[str, typer.Option(help="第一个管理员的登录名。")] = "admin",
) -> None:
    """建库：建表、导入大纲、开第一个管理员账号。重复运行不改动已有的东西，升级时也用它。"""
    archive = open_archive(data=data)
    archive.check_rules()
    made = set_up(archive, outline, admin)
    tell(f"数据在 {archive.settings.data.resolve()}")
    if not made.outline and not made.first_password:
        tell("已经建过库：表已是最新，大纲和账号没有改动。")
    if made.outline:
        tell(f"已启用：{made.outline}")
    if made.banner:
        tell(made.banner, "red")
    if made.first_password:
        tell(f"管理员 {admin} 的初始口令：{made.first_password}（只显示这一次，登录后须修改）")


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认只有本机能访问。")] = None,
    port: Annotated[int | None, typer.Option(help="端口。")] = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="不在本进程里读文件（另有 worker 在跑）。")] = False,
    data: options.Data = None,
) -> None:
    """启动网页服务，同时在后台读文件、识别扫描件、更新索引。"""
    run(open_archive(data=data, host=host, port=port), with_worker=not no_worker)


def run(archive: Archive, with_worker: bool) -> None:
    """Serve until told to stop; what is under way is finished first."""
    # Loading makes a million things that all stay: looking through them for garbage costs a sixth of the start.
    gc.disable()
    import uvicorn

    from archive_service.web.app import create_app

    set_up_logs(archive.settings.log_format)
    archive.check_rules()
    _check_address(archive.settings.host, archive.settings.port)
    is_away = _is_away(archive)
    warn_of_what_is_away(archive)
    background = Worker(archive) if with_worker and not archive.settings.queue_url else None
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(archive, _wake(archive, background)),
            host=archive.settings.host,
            port=archive.settings.port,
            log_level="warning",
            log_config=None,
            timeout_graceful_shutdown=20,
        )
    )
    stopped = Event()
    if is_away:
        Thread(target=_begin_later, args=(archive, background, server, stopped), daemon=True).start()
    elif background:
        background.start()
    gc.freeze()
    gc.enable()
    # The server raises the signal again when it has stopped; unhandled, that would end the process before its worker.
    signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
    try:
        server.run()
    finally:
        stopped.set()
        if background:
            background.stop()


def _check_address(host: str, port: int) -> None:
    """That nobody else listens there, and that the address is one of this machine.

    Raises:
        NotReady: with the settings and what to do.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "已被别的程序占用，请换一个端口（--port）" if taken else f"不能监听（{error.strerror}），请核对地址和端口"
        raise NotReady(f"设置 {PREFIX}HOST 和 {PREFIX}PORT（{host}:{port}）：{why}。数据没有动过。") from error


def _is_away(archive: Archive) -> bool:
    """Whether the object store does not answer. Then the pages are there all the same, and say so.

    Raises:
        NotReady: a store answers and cannot be used.
    """
    try:
        archive.check_stores()
    except Away as error:
        complain(f"{error}网页照常启动；档案库恢复以前不收文件，恢复后自动继续。")
        return True
    return False


def _begin_later(archive: Archive, background: Worker | None, server: Server, stopped: Event) -> None:
    """Begin to work once the object store is there. Should it be another than the database speaks of, nothing runs."""
    while not stopped.wait(LOOK_AGAIN):
        try:
            archive.check_stores()
        except Away:
            continue
        except NotReady as error:
            complain(str(error))
            server.should_exit = True
            return
        if background:
            background.start()
        return


def warn_of_what_is_away(archive: Archive) -> None:
    """Without index or queue the work goes on; a wrong password is better said now than found out later."""
    for finding in doctor.optional_servers(archive):
        if not finding.good:
            complain(f"{finding.name} {finding.says}")


def _wake(archive: Archive, background: Worker | None) -> Callable[[], None]:
    if background:
        return background.wake
    if archive.settings.queue_url:
        # Loaded only where it is used: the embedded service starts without Celery.
        from archive_service.queue import make_queue, waker

        return waker(make_queue(archive))
    return lambda: None


def worker(
    drained: Annotated[bool, typer.Option("--drain", help="做完所有等着的活就退出。")] = False,
    queues: Annotated[
        str, typer.Option(help="只做这些队列的活：reading（读文件）、recognition（识别）、indexing（索引），逗号分隔。")
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="只问一声本机的 worker 在不在，在则退出码为 0。")] = False,
    data: options.Data = None,
) -> None:
    """后台工作：读文件、识别扫描件、更新索引、封存日志。不写 --queues 时什么都做，并兼管定时任务。"""
    archive = open_archive(data=data)
    if check:
        _ask_worker(archive)
        return
    set_up_logs(archive.settings.log_format)
    archive.check_rules()
    if drained:
        archive.check_stores()
    else:
        _wait_for_the_store(archive)
    warn_of_what_is_away(archive)
    if drained:
        with progress("处理") as bar:
            drain(archive, bar.step)
    elif archive.settings.queue_url:
        from archive_service.queue import QUEUES, make_queue, run_worker

        run_worker(make_queue(archive), archive, _chosen(queues, QUEUES), with_beat=not queues)
    else:
        _work_in_threads(archive)


def _wait_for_the_store(archive: Archive) -> None:
    """Come back when the object store is there. Nothing is lost meanwhile: what waits stays in the database.

    Raises:
        NotReady: a store answers and cannot be used.
    """
    said = False
    while True:
        try:
            archive.check_stores()
        except Away as error:
            if not said:
                complain(f"{error}恢复以前不干活，等着的都在；恢复后自动开始。")
            said = True
            sleep(LOOK_AGAIN)
        else:
            return


def _ask_worker(archive: Archive) -> None:
    from archive_service.queue import answers, make_queue

    if not archive.settings.queue_url or not answers(make_queue(archive)):
        raise NotReady("本机没有应答的 worker；请运行 village-archive worker，等着的文件都在，会接着读。")


def _chosen(queues: str, known: Sequence[str]) -> Sequence[str]:
    chosen = [name.strip() for name in queues.split(",") if name.strip()]
    if unknown := [name for name in chosen if name not in known]:
        raise typer.BadParameter(f"没有这个队列：{'、'.join(unknown)}。可选：{'、'.join(known)}。")
    return chosen or known


def scheduler(data: options.Data = None) -> None:
    """定时任务：每半分钟看一遍有没有等着的活。只在用任务队列（QUEUE_URL）、worker 又分队列运行时需要。"""
    archive = open_archive(data=data)
    archive.check()
    if not archive.settings.queue_url:
        raise NotReady("没有设 VILLAGE_ARCHIVE_QUEUE_URL，定时任务由 serve 自己做，不用另开 scheduler。")
    from archive_service.queue import make_queue, run_scheduler

    run_scheduler(make_queue(archive), archive)


def _work_in_threads(archive: Archive) -> None:
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    background = Worker(archive)
    background.start()
    stopping.wait()
    background.stop()
