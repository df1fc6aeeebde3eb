"""transfer: records handed over to an archives, from the choice to the receipt. Nothing here removes a record."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfileobj
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from archive_service.actions import transfer_lines, transferring
from archive_service.actions.accounts import actor_named
from archive_service.actions.transferring import Wish
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import complain, progress, show_json, show_table, tell
from archive_service.permissions import OPERATOR, Actor
from archive_service.tasks import transferring as task
from archive_service.tasks.kept_documents import keep_documents
from archive_service.wiring import Archive, open_archive
from classification.transfer import DISCLOSURE_WORDS, Disclosure, TransferState
from storage.database.organisations import village_named
from storage.database.transfers import Transfer
from storage.errors import Conflict

transfer_app = App()
Id = Annotated[str, typer.Argument(help="移交的记录编号，见 transfer list。")]
KINDS = "、".join(f"{k.value}（{v}）" for k, v in DISCLOSURE_WORDS.items())


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(transfer_app, name="transfer", help="移交档案馆：立项、移交包、接收凭证。")


def _opened(data: Any) -> Archive:
    archive = open_archive(data=data)
    archive.check()
    return archive


def _actor(session: Session, archive: Archive, as_user: str | None) -> Actor:
    return actor_named(session, as_user, archive.today()) if as_user else OPERATOR


@transfer_app.command("open", epilog="例： village-archive transfer open -v 石门槛村 --to 云岭县档案馆 --appraised")
def open_transfer(
    village: options.VillageName,
    to: Annotated[str, typer.Option(help="接收单位。")],
    record: Annotated[list[str] | None, typer.Option(help="档号或记录编号，可以写几次。")] = None,
    appraised: Annotated[bool, typer.Option("--appraised", help="鉴定意见为移交的全部。")] = False,
    purpose: Annotated[str, typer.Option(help="事由。")] = "",
    disclosure: Annotated[Disclosure, typer.Option(help=f"公开属性：{KINDS}。")] = Disclosure.NONE,
    secrecy: Annotated[str, typer.Option(help="密级变更情况。")] = "",
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """立一次移交。不能移交的（停止处置、借出、未审核）会写出来，做移交包以前要先处理或移出。"""
    archive = _opened(data)
    with archive.sessions.begin() as session:
        actor = _actor(session, archive, as_user)
        home = village_named(session, village).id
        ids = transfer_lines.appraised_for_transfer(session, actor, home) if appraised else []
        ids += transfer_lines.ids_of(session, actor, record or [])
        wish = Wish(home, to, tuple(ids), purpose, disclosure, secrecy)
        found = transferring.open_transfer(session, actor, wish, archive.now())
        stopped = [line for line in transfer_lines.lines(session, actor, found) if line.stops]
    keep_documents(archive)
    if json:
        show_json(_said(found, len(ids)) | {"stopped": {one.record_id: list(one.stops) for one in stopped}})
        return
    tell(f"已立移交 {found.number}，{len(ids)} 件，编号 {found.id}。")
    for line in stopped:
        complain(f"{line.name}：{'；'.join(line.stops)}")


@transfer_app.command("list")
def list_transfers(
    village: options.MaybeVillage = None, as_user: options.As = None, data: options.Data = None,
    json: options.Json = False,
) -> None:  # fmt: skip
    """列出移交：编号、接收单位、件数、到了哪一步。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        home = village_named(session, village).id if village else None
        lines, _ = transfer_lines.listed(session, _actor(session, archive, as_user), home, size=1000)
    if json:
        show_json([_said(one.transfer, one.records) for one in lines])
        return
    rows = [
        [one.transfer.id, one.transfer.number, one.transfer.receiver, str(one.records),
         TransferState(one.transfer.state).zh]
        for one in lines
    ]  # fmt: skip
    show_table("", ["编号", "移交编号", "接收单位", "件数", "状态"], rows, ["件数"], none="没有移交档案馆的。")
    for one in lines:
        if one.transfer.problem:
            complain(f"移交 {one.transfer.number}：{one.transfer.problem}")


@transfer_app.command("pack", epilog="例： village-archive transfer pack 编号 --to /media/usb")
def pack(
    transfer: Id,
    to: Annotated[Path, typer.Option(help="移交包写到哪个文件夹。", file_okay=False, exists=True)],
    leave_out_stopped: Annotated[bool, typer.Option("--leave-out-stopped", help="先移出不能移交的。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """做移交包并取走：BagIt 包，内有移交目录、每件的著录和文件、校验值、四性检测、空白接收凭证。"""
    archive = _opened(data).unhurried()
    with archive.sessions.begin() as session:
        actor = _actor(session, archive, as_user)
        if leave_out_stopped:
            transferring.leave_out(session, actor, transfer, [], archive.now())
        found = transferring.ask_package(session, actor, transfer, archive.now())
    with progress("做移交包", found.total, quiet=json, named=False) as bar:
        task.make_packages(archive, bar.step)
    with archive.sessions.read() as session:
        found = transfer_lines.seen(session, actor, transfer)
    if found.problem or not found.package:
        raise Conflict(found.problem or "移交包正由另一个程序在做，请稍后再取。")
    _, stream = task.open_package(archive, actor, transfer)
    path = to / found.package["name"]
    with stream, path.open("wb") as target:
        copyfileobj(stream, target)
    if json:
        show_json(_said(found, found.package["records"]) | {"path": str(path)})
        return
    tell(f"移交包在 {path}，{found.package['records']} 件；SHA-256 {found.package['sha256']}")
    for one in found.checks:
        if one["result"] == "failed":
            complain(f"{one['check']} {one['zh']}：{one['number']} 处，如 {one['said'][0]}")


@transfer_app.command("receive", epilog="例： village-archive transfer receive 编号 --receipt 接收凭证.json")
def receive(
    transfer: Id,
    receipt: Annotated[Path, typer.Option(help="接收单位填好的凭证（JSON）。", dir_okay=False, exists=True)],
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """登记接收凭证：每一项都和移交包一致，才算已移交。"""
    archive = _opened(data)
    said = task.receipt_in(receipt.read_bytes())
    with archive.sessions.read() as session:
        actor = _actor(session, archive, as_user)
    wrong = task.receive(archive, actor, transfer, said)
    if wrong:
        raise Conflict(f"接收凭证和移交包不符，没有登记为已移交：{'；'.join(wrong)}。请和接收单位核对。")
    tell("已登记接收凭证，这一批已移交；本地的照旧保管。")


@transfer_app.command("cancel", epilog="例： village-archive transfer cancel 编号 --reason 县馆改期")
def cancel(
    transfer: Id,
    reason: Annotated[str, typer.Option(help="为什么取消。")],
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """取消一次还没有被接收的移交，档案照旧。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        actor = _actor(session, archive, as_user)
    task.cancel(archive, actor, transfer, reason)
    tell("已取消这一次移交，档案照旧。")


def _said(found: Transfer, records: int) -> dict[str, Any]:
    names = ("id", "number", "receiver", "purpose", "state", "opened_by", "opened_at", "problem", "package", "receipt")
    return {**{name: getattr(found, name) for name in names}, "records": records}
