"""destroy: carry out a counted register, record by record with proof; go on where it stopped; say how far it is."""

from __future__ import annotations

from typing import Annotated

import typer

from archive_service.actions import register_acts, removing
from archive_service.actions.removing import Status
from archive_service.cli import options
from archive_service.cli.appraising import opened
from archive_service.cli.frame import App
from archive_service.cli.named import names_of
from archive_service.cli.screen import complain, progress, show_json, tell
from archive_service.cli.signing import Code, signer
from archive_service.permissions import OPERATOR
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.removing import Removed, carry_out
from archive_service.wiring import Archive
from classification.appraisal import RegisterState

Number = Annotated[str, typer.Argument(help="清册的编号，见 register list。")]


def add_to(app: App) -> None:
    """Hang this command on the application."""
    app.command(epilog="例： village-archive destroy 编号 --as ban   village-archive destroy 编号 --status")(destroy)


def destroy(
    register: Number,
    who: Annotated[str, typer.Option("--as", help="销毁经办人的登录名；口令另外问。")] = "",
    code: Code = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再问一遍。")] = False,
    status: Annotated[bool, typer.Option("--status", help="只看做到哪里，什么都不删。")] = False,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """按已批准、已清点的清册销毁：逐件删除每一份并查证。中断了再运行一次就接着做。"""
    archive = opened(data)
    actor = OPERATOR if status or not who else signer(archive, who, code)
    with archive.sessions.read() as session:
        now = removing.status(session, actor, register, archive.now())
    if status:
        _tell_status(archive, now, json)
        return
    if not json:
        tell(f"{now.name}：将销毁 {now.waiting} 件，已销毁 {now.proved} 件，退出 {now.out} 件。删除以后不能恢复。")
    if not yes:
        typer.confirm("确定销毁吗？", abort=True)
    if now.state == RegisterState.COUNTED:
        with archive.sessions.begin() as session:
            register_acts.begin(session, actor, register, archive.now())
    with progress("销毁", now.waiting + now.begun + now.gone, quiet=json, named=False) as bar:
        done = carry_out(archive, actor, register, step=bar.step)
    keep_documents(archive)
    _tell_done(archive, done, json)


def _tell_status(archive: Archive, now: Status, json: bool) -> None:
    if json:
        show_json(now.as_dict())
        return
    tell(f"{now.name}：{RegisterState(now.state).zh}。共 {now.rows} 行，退出 {now.out}，等待 {now.waiting}，")
    tell(f"正在删除 {now.begun}，已删除等待查证 {now.gone}，已查证不在 {now.proved}。")
    for one in now.stopped:
        tell(f"第 {one.number} 行《{one.title}》：{one.why}")
    with archive.sessions.read() as session:
        names = names_of(session, [fault["record"] for fault in now.faults])
    for fault in now.faults:
        complain(f"{names[fault['record']]}：{fault['fault']}")


def _tell_done(archive: Archive, done: Removed, json: bool) -> None:
    """What was done; exit code 1 when something still needs a person."""
    if json:
        show_json(done.as_dict())
    else:
        tell(f"这一次销毁并查证了 {done.proved} 件。")
        with archive.sessions.read() as session:
            names = names_of(session, [one["record"] for one in (*done.stopped, *done.faults)])
        for one in done.stopped:
            complain(f"{names[one['record']]}：{one['why']}")
        for one in done.faults:
            complain(f"{names[one['record']]}：{one['fault']}")
        for note in done.notes:
            complain(note)
        if done.closed:
            tell("清册上的全部办完，请两位监销人签字：village-archive register witness。", "green")
    if done.stopped or done.faults or done.notes:
        raise typer.Exit(1)
