"""opening: the lists of the opening review, and what two people say. Nothing opens by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from archive_service.actions import opening_lists, opening_review
from archive_service.actions.accounts import actor_named
from archive_service.actions.opening_lists import Asked, OpeningLine, Show
from archive_service.actions.transfer_lines import ids_of
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.printed import Output, format_of
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.permissions import OPERATOR
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.printing import print_opening
from archive_service.wiring import Archive, open_archive
from classification.errors import RuleError
from classification.opening import OPENING_WORDS, REASONS, Opening, Opinion
from storage.database.organisations import village_named

opening_app = App()
SHOW = "、".join(f"{one.value}（{one.zh}）" for one in Show)
CODES = "、".join(f"{code}（{one.zh}）" for code, one in REASONS.items())
Records = Annotated[list[str], typer.Argument(help="档号或记录编号，可以写几个。")]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(opening_app, name="opening", help="开放审核：清单、初审、复核。")


def _opened(data: Any) -> Archive:
    archive = open_archive(data=data)
    archive.check()
    return archive


@opening_app.command("list", epilog="例： village-archive opening list --village 石门槛村")
def list_openings(
    show: Annotated[Show, typer.Option(help=f"看哪一种：{SHOW}。")] = Show.AGED,
    village: options.MaybeVillage = None,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
    limit: Annotated[int, typer.Option(min=1, help="最多列多少件。")] = 1000,
) -> None:
    """开放审核清单：形成满年限的、等着复核的、到了复审日的。什么都不会自动开放。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
        asked = Asked(show, home, "", limit)
        found = opening_lists.listed(session, actor, asked, archive.today(), archive.settings.opening_years)
    if json:
        show_json([_line(one) for one in found.lines])
        return
    if found.lines:
        tell(f"{show.zh}：共 {found.total} 件" + (f"，列出前 {len(found.lines)} 件" if found.after else ""))
    rows = [
        [one.record.code or "待编", one.record.title, str(one.record.year or ""), one.opening.zh, "；".join(one.hints)]
        for one in found.lines
    ]
    show_table("", ["档号", "题名", "年度", "审核", "请留意"], rows, none=f"没有“{show.zh}”的档案。")


@opening_app.command("print", epilog="例： village-archive opening print --village 石门槛村 -o 开放审核表.pdf")
def print_openings(
    output: Output,
    show: Annotated[Show, typer.Option(help=f"印哪一种：{SHOW}。")] = Show.ALL,
    village: options.MaybeVillage = None,
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """打印开放审核表：每件的初审、复核意见和结果，各种结果的合计，签字处。"""
    format = format_of(output)
    archive = _opened(data)
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
    title = print_opening(archive, actor, Asked(show, home), format, output)
    tell(f"已写出《{title}》：{output}")


def _line(one: OpeningLine) -> dict[str, Any]:
    review = (one.waiting or one.decided or (None, None))[0]
    return {
        "record": one.record.id, "code": one.record.code, "title": one.record.title, "year": one.record.year,
        "opening": one.opening, "waiting": one.waiting is not None, "hints": one.hints,
        "reason": review.code if review else None, "review_on": review.review_on if review else None,
    }  # fmt: skip


@opening_app.command("propose", epilog="例： village-archive opening propose 档号 --outcome open --code K1")
def propose(
    records: Records,
    outcome: Annotated[Opening, typer.Option(help="、".join(f"{k.value}（{v}）" for k, v in OPENING_WORDS.items()))],
    code: Annotated[str, typer.Option(help=f"理由：{CODES}。")],
    said: Annotated[str, typer.Option(help="说明。")] = "",
    review: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="控制、延期的哪一天复审。")] = None,
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """初审：对这些档案提出开放意见，等另一位复核。"""
    archive = _opened(data)
    day = date(review.year, review.month, review.day) if review else None
    with archive.sessions.begin() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        ids = ids_of(session, actor, records)
        opinion = Opinion(outcome, code, said, day)
        number = opening_review.propose(session, actor, ids, opinion, archive.now(), archive.today())
    keep_documents(archive)
    tell(f"已提出 {number} 件的初审意见，等另一位复核。")


@opening_app.command("second", epilog="例： village-archive opening second 档号 --agree --as li")
def second(
    records: Records,
    agree: Annotated[bool | None, typer.Option("--agree/--refuse", help="同意，或不同意（要写 --said）。")] = None,
    said: Annotated[str, typer.Option(help="不同意的理由。")] = "",
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """复核：由另一个人同意或退回。"""
    archive = _opened(data)
    if agree is None:
        raise RuleError("请写明 --agree 或 --refuse，没有登记。")
    with archive.sessions.begin() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        ids = ids_of(session, actor, records)
        number = opening_review.second(session, actor, ids, agree, said, archive.now())
    keep_documents(archive)
    tell(f"已同意 {number} 件，审核意见从现在起算数。" if agree else f"已退回 {number} 件，重新列为未审核。")
