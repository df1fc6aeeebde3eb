"""appraisal: batches, opinions, report, closing. Whoever judges gives his password; a typed name counts for nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from archive_service.actions import appraisal, appraisal_leader, appraisal_opinions, appraisal_report
from archive_service.actions.accounts import actor_named
from archive_service.actions.appraisal import BatchLine, BatchWish, Chosen, Source
from archive_service.actions.appraisal_opinions import VERDICT_WORDS, OpinionWish
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.named import record_ids
from archive_service.cli.printed import Output, format_of
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.cli.signing import Code, Who, signer
from archive_service.exchange.appraisal_files import county_rules
from archive_service.permissions import OPERATOR, Actor
from archive_service.tasks.appraising import close_batch
from archive_service.tasks.keeping import keep_holds
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.printing import BatchForm, print_batch
from archive_service.web.words import BATCH_STATES, OUTCOMES, WHO
from archive_service.wiring import Archive, open_archive
from classification.appraisal_seats import IN_GROUP, Seat
from classification.errors import RuleError
from storage.database.appraisal import Round, Verdict
from storage.database.organisations import village_named

appraisal_app = App()
SEATS = "、".join(f"{seat}（{seat.zh}）" for seat in Seat if seat in IN_GROUP)
VERDICTS = "、".join(f"{verdict}（{word}）" for verdict, word in VERDICT_WORDS.items())
Batch = Annotated[str, typer.Argument(help="鉴定批次的编号，见 appraisal list。")]
ROUNDS = {Round.FIRST: "第一人意见", Round.SECOND: "第二人意见", Round.DECIDING: "组长决定"}
Reason = Annotated[str, typer.Option(help="为什么。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(appraisal_app, name="appraisal", help="期满鉴定：立批、提意见、写报告、结束。什么都不会自动销毁。")


def opened(data: Any) -> Archive:
    """The archive, ready."""
    archive = open_archive(data=data)
    archive.check()
    return archive


def acting(session: Session, archive: Archive, as_user: str | None) -> Actor:
    """Who prepares: the account named, else the operator of the machine."""
    return actor_named(session, as_user, archive.today()) if as_user else OPERATOR


@appraisal_app.command(
    "open", epilog="例： village-archive appraisal open -v 石门槛村 --purpose 到期鉴定 --seat leader=zu --seat …"
)
def open_batch(
    village: options.VillageName,
    purpose: Annotated[str, typer.Option(help="鉴定的目的。")],
    seat: Annotated[list[str], typer.Option(help=f"席位=登录名，可以写几次：{SEATS}。")],
    record: Annotated[list[str] | None, typer.Option(help="档号或记录编号，可以写几次；不写就是全部期满的。")] = None,
    search: Annotated[str, typer.Option(help="查到的全部档案。")] = "",
    year: Annotated[int | None, typer.Option(help="只要这一年期满的。")] = None,
    why: Annotated[str, typer.Option(help="没有期满的为什么也列入。")] = "",
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """立一批鉴定：一个全宗、一个小组、一批档案。"""
    archive = opened(data)
    source = Source.RECORDS if record else Source.SEARCH if search else Source.DUE
    with archive.sessions.begin() as session:
        home = village_named(session, village).id
        rules, actor = county_rules(archive.settings.appraisal), acting(session, archive, as_user)
        chosen = Chosen(source, search, tuple(record_ids(session, record or [])), year, None, why)
        wish = BatchWish(home, purpose, tuple(map(_seat, seat)), chosen)
        batch = appraisal.open_batch(session, archive.index, actor, wish, rules, archive.now(), archive.today())
        line = appraisal.line_of(session, actor, batch)
    keep_documents(archive)
    if json:
        show_json(_said(line))
    else:
        tell(f"已立批，列入 {line.records} 件，编号 {line.batch.id}。")


def _seat(said: str) -> tuple[Seat, str]:
    name, _, login = said.partition("=")
    if name not in [str(one) for one in Seat] or not login:
        raise RuleError(f"“{said}”不是“席位=登录名”，没有立批；席位有 {SEATS}。")
    return Seat(name), login


@appraisal_app.command("seat", epilog="例： village-archive appraisal seat 编号 accounting_head=liu")
def seat_one_more(
    batch: Batch,
    seat: Annotated[str, typer.Argument(help=f"席位=登录名：{SEATS}。")],
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """小组再加一人，提交清册以前都可以，例如会计档案的签字人。"""
    archive = opened(data)
    name, login = _seat(seat)
    with archive.sessions.begin() as session:
        actor = acting(session, archive, as_user)
        appraisal.seat_one_more(session, actor, batch, name, login, archive.now(), archive.today())
    keep_documents(archive)
    tell(f"{login} 已加入小组，{name.zh}。")


@appraisal_app.command("lead")
def replace_leader(
    batch: Batch,
    login: Annotated[str, typer.Argument(help="新负责人的登录名。")],
    reason: Annotated[str, typer.Option(help="为什么换。")],
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """换小组负责人，提交清册以前都可以；原负责人留作成员，提过的意见照旧。"""
    archive = opened(data)
    with archive.sessions.begin() as session:
        actor = acting(session, archive, as_user)
        appraisal_leader.replace_leader(session, actor, batch, login, reason, archive.now(), archive.today())
    keep_documents(archive)
    tell(f"{login} 已是这一批的负责人。")


@appraisal_app.command("list")
def listed(
    village: options.MaybeVillage = None,
    all: Annotated[bool, typer.Option("--all", help="连已经结束的一起列。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """列出鉴定批次。"""
    archive = opened(data)
    with archive.sessions.read() as session:
        home = village_named(session, village).id if village else None
        lines, _ = appraisal.listed(session, acting(session, archive, as_user), not all, home, size=1000)
    if json:
        show_json([_said(one) for one in lines])
        return
    rows = [
        [one.batch.id, one.batch.purpose, BATCH_STATES[one.batch.state], str(one.records), str(one.open),
         WHO.get(one.batch.opened_by, one.batch.opened_by)]
        for one in lines
    ]  # fmt: skip
    none = "没有鉴定批次。" if all else "没有正在鉴定的批次；结束了的用 --all 看。"
    show_table("", ["编号", "目的", "状态", "件数", "未了结", "立批人"], rows, ["件数", "未了结"], none=none)


def _said(line: BatchLine) -> dict[str, Any]:
    names = ("id", "village_id", "purpose", "state", "opened_by", "opened_at", "closed_by", "closed_at")
    return {**{name: getattr(line.batch, name) for name in names}, "records": line.records, "open": line.open}


@appraisal_app.command("show")
def show(batch: Batch, as_user: options.As = None, data: options.Data = None, json: options.Json = False) -> None:
    """一批里的每一件：意见、是否一致。"""
    archive = opened(data)
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.read() as session:
        actor = acting(session, archive, as_user)
        lines, _ = appraisal_opinions.lines(session, actor, batch, rules, size=20_000)
    rows = [
        [
            one.record.id, one.record.code or "待编", one.record.title, one.judged.agreement.zh,
            "；".join(f"{said.name}：{VERDICT_WORDS[Verdict(said.verdict)]}" for said in one.opinions.values()),
            one.outcome,
        ]
        for one in lines
    ]  # fmt: skip
    names = ["record", "code", "title", "agreement", "opinions", "outcome"]
    if json:
        show_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    shown = [[*row[1:-1], OUTCOMES.get(row[-1], row[-1])] for row in rows]
    show_table("", ["档号", "题名", "是否一致", "意见", "结果"], shown, none="这一批里没有档案。")


@appraisal_app.command(
    "opinion",
    epilog="例： village-archive appraisal opinion 编号 --as yuan --verdict destroy --reason 已无用 --rest",
)
def opinion(
    batch: Batch,
    who: Who,
    verdict: Annotated[Verdict, typer.Option(help=f"意见：{VERDICTS}。")],
    reason: Reason,
    record: Annotated[list[str] | None, typer.Option(help="档号或记录编号，可以写几次。")] = None,
    rest: Annotated[bool, typer.Option("--rest", help="这一轮还没有意见的全部。")] = False,
    turn: Annotated[Round, typer.Option("--round", help=f"第几轮：{options.in_words(ROUNDS)}。")] = Round.FIRST,
    years: Annotated[int | None, typer.Option(help="续存多少年。")] = None,
    ground: Annotated[str, typer.Option(help="停止处置的事由。")] = "",
    review: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="停止处置哪一天复核。")] = None,
    code: Code = "",
    data: options.Data = None,
) -> None:
    """提出鉴定意见，一件或几千件；提出以后不能改，只能再提。"""
    archive = opened(data)
    actor = signer(archive, who, code)
    day = review.date() if review else None
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.begin() as session:
        named = tuple(record_ids(session, record or []))
        wish = OpinionWish(verdict, reason, named, rest, turn, years, ground, day)
        found = appraisal_opinions.give(session, actor, batch, wish, rules, archive.now(), archive.today())
    keep_documents(archive)
    tell(f"已记下意见，管着 {found.records} 件，编号 {found.id}。")


@appraisal_app.command("report")
def report(
    batch: Batch,
    save: Annotated[typer.FileText | None, typer.Option(help="改好的报告，文本文件；- 从标准输入读。")] = None,
    take_draft: Annotated[bool, typer.Option("--take-draft", help="就用自动写的。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """鉴定工作报告：看自动写的，或保存改好的。"""
    archive = opened(data)
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.begin() as session:
        actor = acting(session, archive, as_user)
        text = save.read() if save else appraisal_report.draft(session, actor, batch, rules)
        if save or take_draft:
            appraisal_report.save(session, actor, batch, text, archive.now())
    tell(text)


@appraisal_app.command("print", epilog="例： village-archive appraisal print 编号 -o 鉴定工作报告.pdf")
def print_out(
    batch: Batch,
    output: Output,
    form: Annotated[BatchForm, typer.Option(help="report（鉴定工作报告）、opinions（意见表）。")] = "report",
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """打印鉴定工作报告或意见表。"""
    archive, format = opened(data), format_of(output)
    with archive.sessions.read() as session:
        actor = acting(session, archive, as_user)
    tell(f"已写出《{print_batch(archive, actor, batch, form, format, output)}》：{output}")


@appraisal_app.command("close")
def close(batch: Batch, who: Who, code: Code = "", data: options.Data = None) -> None:
    """结束鉴定：续存、改永久、停止处置照意见办好；拟销毁的等着列入清册。"""
    archive = opened(data)
    closed = close_batch(archive, signer(archive, who, code), batch, county_rules(archive.settings.appraisal))
    keep_holds(archive)
    keep_documents(archive)
    tell("鉴定已结束：" + "；".join(f"{OUTCOMES[outcome]} {number} 件" for outcome, number in closed.outcomes.items()))
