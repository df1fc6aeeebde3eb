"""register: registers of destruction, from their submission to the last signature. Whoever signs gives his password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from archive_service.actions import register_acts as acts
from archive_service.actions import registers
from archive_service.cli import options
from archive_service.cli.appraising import acting, opened
from archive_service.cli.frame import App
from archive_service.cli.named import record_ids
from archive_service.cli.printed import Output, format_of
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.cli.signing import Code, Who, signer
from archive_service.exchange.appraisal_files import county_rules
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.printing import print_register
from archive_service.tasks.register_archiving import archive_register
from archive_service.wiring import Archive
from classification.appraisal import Act, RegisterState
from classification.appraisal_seats import Seat
from storage.database.organisations import village_named
from storage.database.registers import Register, entries_of

register_app = App()
Number = Annotated[str, typer.Argument(help="清册的编号，见 register list。")]
SEATS = options.in_words({seat: seat.zh for seat in Seat})
Reason = Annotated[str, typer.Option(help="为什么。")]
Records = Annotated[list[str], typer.Option("--record", help="档号或记录编号，可以写几次。")]
On = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="哪一天。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(register_app, name="register", help="销毁清册：提交、签字、批准、清点、监销。每一步都由本人来办。")


@register_app.command("submit")
def submit(
    batch: Annotated[str, typer.Argument(help="已结束的鉴定批次。")], who: Who, code: Code = "",
    data: options.Data = None,
) -> None:  # fmt: skip
    """把一批里拟销毁的列成清册并冻结；会计档案另成一本。"""
    archive = opened(data)
    actor, rules = signer(archive, who, code), county_rules(archive.settings.appraisal)
    with archive.sessions.begin() as session:
        made = registers.submit(session, actor, batch, rules, archive.now(), archive.today())
    keep_documents(archive)
    for one in made:
        tell(f"已提交第 {one.number} 号清册，{one.rows} 行，编号 {one.id}，校验值 {one.hash}。")


@register_app.command("list")
def listed(
    village: options.MaybeVillage = None,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """列出销毁清册。"""
    archive = opened(data)
    with archive.sessions.read() as session:
        home = village_named(session, village).id if village else None
        found, _ = registers.listed(session, acting(session, archive, as_user), home, size=1000)
    if json:
        show_json([_said(one) for one in found])
        return
    rows = [[one.id, one.cover["fonds"], str(one.number), str(one.rows), RegisterState(one.state).zh] for one in found]
    show_table("", ["编号", "全宗号", "第几号", "行数", "状态"], rows, ["第几号", "行数"], none="没有销毁清册。")


@register_app.command("show")
def show(register: Number, as_user: options.As = None, data: options.Data = None, json: options.Json = False) -> None:
    """一本清册：封面、每一行、签字和附记。"""
    archive = opened(data)
    with archive.sessions.read() as session:
        actor = acting(session, archive, as_user)
        found = registers.seen(session, actor, register)
        rows, _ = registers.rows_seen(session, actor, found, size=20_000)
        entries = entries_of(session, found.id)
    if json:
        said = [{"number": row.number, "record": row.record_id, **row.said, "hash": row.hash} for row in rows]
        told = [{name: getattr(one, name) for name in ("number", "act", "seat", "record_id", "login", "name", "reason",
                 "details", "at", "hash")} for one in entries]  # fmt: skip
        show_json({**_said(found), "cover": found.cover, "lines": said, "entries": told})
        return
    tell(f"第 {found.number} 号清册，{RegisterState(found.state).zh}，校验值 {found.hash}")
    columns = ["序号", "档号", "题名", "应保管期限", "销毁原因"]
    lines = [[str(row.number), *(str(row.said[name]) for name in ("code", "title", "term", "reason"))] for row in rows]
    show_table("", columns, lines, none="这本清册里没有行。")
    done = [
        [str(one.at.date()), Act(one.act).zh, Seat(one.seat).zh if one.seat else "", one.name, one.reason]
        for one in entries
    ]  # fmt: skip
    show_table("", ["日期", "事项", "身份", "姓名", "理由"], done, none="还没有签字和附记。")


def _said(found: Register) -> dict[str, Any]:
    names = ("id", "village_id", "batch_id", "number", "accounting", "state", "rows", "hash", "previous",
             "submitted_by", "submitted_at", "not_before")  # fmt: skip
    return {name: getattr(found, name) for name in names}


@register_app.command("print", epilog="例： village-archive register print 编号 -o 销毁清册.pdf")
def print_out(register: Number, output: Output, as_user: options.As = None, data: options.Data = None) -> None:
    """打印清册：封面、各行、校验值和签字处。"""
    archive, format = opened(data), format_of(output)
    with archive.sessions.read() as session:
        actor = acting(session, archive, as_user)
    tell(f"已写出《{print_register(archive, actor, register, format, output)}》：{output}")


@register_app.command("sign")
def sign(
    register: Number, who: Who,
    seat: Annotated[Seat, typer.Option(help=f"以什么身份签：{SEATS}。")] = Seat.LEADER,
    code: Code = "", data: options.Data = None,
) -> None:  # fmt: skip
    """鉴定小组负责人签字；会计档案的清册还有四人签。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    _do(archive, lambda session: acts.sign(session, actor, register, seat, archive.now()))


@register_app.command("refuse")
def refuse(
    register: Number, who: Who, reason: Reason,
    record: Annotated[list[str] | None, typer.Option(help="只不批准这几件，写档号或记录编号；不写就是整本。")] = None,
    code: Code = "", data: options.Data = None,
) -> None:  # fmt: skip
    """不批准几件，或者整本。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    if record:
        _do(
            archive,
            lambda session: acts.refuse_rows(
                session, actor, register, record_ids(session, record), reason, archive.now()
            ),
        )
    else:
        _do(archive, lambda session: acts.refuse(session, actor, register, reason, archive.now()))


@register_app.command("approve")
def approve(register: Number, who: Who, code: Code = "", data: options.Data = None) -> None:
    """批准其余各行。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    _do(archive, lambda session: acts.approve(session, actor, register, archive.now()))


@register_app.command("withdraw")
def withdraw(register: Number, who: Who, reason: Reason, code: Code = "", data: options.Data = None) -> None:
    """批准以前撤回。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    _do(archive, lambda session: acts.withdraw(session, actor, register, reason, archive.now()))


@register_app.command("abort")
def abort(register: Number, who: Who, reason: Reason, code: Code = "", data: options.Data = None) -> None:
    """批准以后、销毁以前终止，缓期内也可以。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    _do(archive, lambda session: acts.abort(session, actor, register, reason, archive.now()))


@register_app.command("file-above")
def file_above(
    register: Number, who: Who,
    authority: Annotated[str, typer.Option(help="备案机关。")], on: On,
    number: Annotated[str, typer.Option(help="备案号。")] = "", code: Code = "", data: options.Data = None,
) -> None:  # fmt: skip
    """登记已报上级备案。"""
    archive = opened(data)
    actor, day = signer(archive, who, code), on.date()
    _do(archive, lambda session: acts.file_above(session, actor, register, authority, number, day, archive.now()))


@register_app.command("count")
def count(register: Number, who: Who, code: Code = "", data: options.Data = None) -> None:
    """监销人清点核对相符；两人都要。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    _do(archive, lambda session: acts.count(session, actor, register, archive.now()))


@register_app.command("miscount")
def miscount(
    register: Number, who: Who, record: Records, reason: Reason, code: Code = "", data: options.Data = None
) -> None:
    """监销人清点不符的几件，退出清册。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    _do(
        archive,
        lambda session: acts.miscount(session, actor, register, record_ids(session, record), reason, archive.now()),
    )


@register_app.command("witness")
def witness(
    register: Number, who: Who,
    method: Annotated[str, typer.Option(help="销毁方式。")], place: Annotated[str, typer.Option(help="销毁地点。")],
    on: On, code: Code = "", data: options.Data = None,
) -> None:  # fmt: skip
    """监销人销毁以后签字。"""
    archive = opened(data)
    actor, day = signer(archive, who, code), on.date()
    _do(archive, lambda session: acts.witness(session, actor, register, method, place, day, archive.now()))


@register_app.command("scan")
def scan(
    register: Number, who: Who,
    record: Annotated[str, typer.Option(help="已归档的扫描件，写档号或记录编号。")],
    code: Code = "", data: options.Data = None,
) -> None:  # fmt: skip
    """把签字的扫描件挂到清册上。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    _do(
        archive,
        lambda session: acts.tie_scan(session, actor, register, record_ids(session, [record])[0], archive.now()),
    )


@register_app.command("archive")
def archive_it(register: Number, who: Who, code: Code = "", data: options.Data = None) -> None:
    """监销签字以后，把清册和报告作为永久档案归档。"""
    archive = opened(data)
    ids = archive_register(archive, signer(archive, who, code), register, county_rules(archive.settings.appraisal))
    tell(f"清册和鉴定工作报告已归档，记录编号 {'、'.join(ids)}。")


def _do(archive: Archive, act: Callable[[Session], Register]) -> None:
    with archive.sessions.begin() as session:
        found = act(session)
    keep_documents(archive)
    tell(f"已记下：第 {found.number} 号清册{RegisterState(found.state).zh}。")
