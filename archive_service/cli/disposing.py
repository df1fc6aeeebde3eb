"""due and hold: what has run out or will, and what must not be destroyed for now. No command here destroys anything."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from archive_service.actions import due as listing
from archive_service.actions import holds
from archive_service.actions.accounts import actor_named
from archive_service.actions.due import STOPPED, DueLine
from archive_service.actions.holds import HoldLine, Wish
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.named import record_ids
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.permissions import OPERATOR, Actor
from archive_service.rulebook import period_label, rule_book
from archive_service.tasks.keeping import keep_holds
from archive_service.web.words import WHO
from archive_service.wiring import Archive, open_archive
from classification.disposal import GROUNDS, Standing
from classification.errors import RuleError
from classification.outline import Outline
from storage.database.holds import HoldKind
from storage.database.organisations import village_named, villages

holds_app = App()
SHOWN = {
    Standing.DUE: "期满",
    STOPPED: "期满但停止处置或借出",
    Standing.RUNNING: "未期满",
    Standing.PERMANENT: "永久",
    Standing.UNDETERMINED: "待定",
    Standing.UNCHOSEN: "未选两档",
    Standing.NO_EVENT: "事件未发生",
    Standing.NO_YEAR: "年度未定",
}


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(holds_app, name="hold", help="停止处置：登记、列表、解除。")
    app.command(epilog="例： village-archive due --village 石门槛村 --why   village-archive due --forecast 5")(due)


def _opened(data: Any) -> Archive:
    archive = open_archive(data=data)
    archive.check()
    return archive


def _actor(session: Session, archive: Archive, as_user: str | None) -> Actor:
    return actor_named(session, as_user, archive.today()) if as_user else OPERATOR


def due(
    village: options.MaybeVillage = None,
    year: Annotated[int | None, typer.Option(help="只看这一年期满的，不论是否已到。")] = None,
    show: Annotated[str, typer.Option(help=f"看哪一种：{options.in_words(SHOWN)}。")] = "due",
    forecast: Annotated[int, typer.Option(min=0, help="预测今后几年各类目期满多少件。")] = 0,
    why: Annotated[bool, typer.Option("--why", help="写出每件的算法：条目、期限、起算、期满。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
    limit: Annotated[int, typer.Option(min=1, help="最多列多少件。")] = 1000,
) -> None:
    """到期清单：哪些期满等待鉴定，哪些没有期满、为什么。到期只是进入清单，什么都不会自动销毁。"""
    options.known(show, SHOWN, "--show")
    archive = _opened(data)
    with archive.sessions.read() as session:
        actor, today = _actor(session, archive, as_user), archive.today()
        home = village_named(session, village).id if village else None
        if forecast:
            lines = listing.forecast(session, actor, today, forecast, home)
            _tell_forecast(lines, rule_book(session).outline, json)
            return
        found = listing.due_list(session, actor, listing.Asked(show, home, year, "", limit), today)
        counts = listing.standings(session, actor, today, home)
        names = {one.id: one.name for one in villages(session)}
    if json:
        show_json([_line(one, names, why) for one in found.lines])
        return
    if found.lines:
        tell(f"{SHOWN[show]}：共 {found.total} 件" + (f"，列出前 {len(found.lines)} 件" if found.after else ""))
    columns = ["档号", "题名", "村", "期限与到期日", "说明"]
    for shown in [[one] for one in found.lines] if why else [found.lines]:
        show_table("", columns, [_cells(one, names) for one in shown], none=f"没有{SHOWN[show]}的档案。")
        for step in shown[0].why if why else ():
            tell(f"  {step.text}")
    tell("各有多少件：" + "，".join(f"{SHOWN[one.show]} {one.number}" for one in counts) + "。")


def _line(one: DueLine, names: dict[str, str], why: bool) -> dict[str, Any]:
    found = one.record
    said: dict[str, Any] = {
        "record": found.id, "code": found.code, "title": found.title, "village": names[found.village_id],
        "retention": found.retention, "starts_on": found.starts_on, "due_on": found.due_on,
        "standing": one.standing, "stops": one.stops,
    }  # fmt: skip
    return (
        said | {"why": [{"kind": step.kind, "text": step.text, "mark": step.mark} for step in one.why]} if why else said
    )


def _cells(one: DueLine, names: dict[str, str]) -> list[str]:
    found = one.record
    said = "；".join(one.stops) or one.standing.zh
    term = period_label(found.retention) + (f"\n{found.due_on}" if found.due_on else "")
    return [found.code or "待编", found.title, names[found.village_id], term, said]


def _tell_forecast(lines: list[listing.ForecastLine], outline: Outline, json: bool) -> None:
    if json:
        show_json([{"year": one.year, "class": one.class_id, "number": one.number} for one in lines])
        return
    names = [" · ".join(outline.class_path(one.class_id)) if one.class_id else "未定" for one in lines]
    rows = [[str(one.year), name, str(one.number)] for one, name in zip(lines, names, strict=True)]
    show_table("今后各年期满的件数", ["年度", "类目", "件数"], rows, ["件数"], none="今后这几年没有期满的档案。")


@holds_app.command("place", epilog="例： village-archive hold place --person 石大山 --ground case --reason 法院要用")
def place(
    reason: Annotated[str, typer.Option(help="为什么停止处置。")],
    ground: Annotated[str, typer.Option(help=f"事由：{options.in_words(GROUNDS)}。")],
    record: Annotated[list[str] | None, typer.Option(help="档号或记录编号，可以写几次。")] = None,
    search: Annotated[str, typer.Option(help="查到的全部档案。")] = "",
    matter: Annotated[str, typer.Option(help="写着这件事的全部档案，按原话查。")] = "",
    person: Annotated[str, typer.Option(help="涉及这个人的全部档案。")] = "",
    village: options.MaybeVillage = None,
    review: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="哪一天复核；不写就不定。")] = None,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """停止处置：这些档案在解除以前一律不得销毁。"""
    options.known(ground, GROUNDS, "--ground")
    archive = _opened(data)
    kind, subject = _named(record, search, matter, person)
    day = date(review.year, review.month, review.day) if review else None
    with archive.sessions.begin() as session:
        actor = _actor(session, archive, as_user)
        home = village_named(session, village).id if village else None
        wish = Wish(kind, ground, reason, subject, tuple(record_ids(session, record or [])), home, day)
        hold = holds.place(session, archive.index, actor, wish, archive.now(), archive.today())
        line = HoldLine(hold, holds.reached(session, actor, hold.id))
    keep_holds(archive)
    _tell_hold(line, json, f"已停止处置 {line.records} 件，编号 {hold.id}。")


def _named(record: list[str] | None, search: str, matter: str, person: str) -> tuple[HoldKind, str]:
    kinds = (HoldKind.SEARCH, HoldKind.MATTER, HoldKind.PERSON)
    said = [(kind, subject) for kind, subject in zip(kinds, (search, matter, person), strict=True) if subject]
    if len(said) + bool(record) != 1:
        raise RuleError("请从 --record、--search、--matter、--person 里选一种，没有登记。")
    return said[0] if said else (HoldKind.RECORDS, "")


@holds_app.command("list", epilog="例： village-archive hold list --all")
def list_holds(
    all: Annotated[bool, typer.Option("--all", help="连已经解除的一起列。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """列出停止处置：事由、理由、谁、哪一天、管着多少件。"""
    archive = _opened(data)
    with archive.sessions.read() as session:
        lines, _ = holds.listed(session, _actor(session, archive, as_user), not all, size=1000)
    if json:
        show_json([_hold(one) for one in lines])
        return
    rows = [[one.hold.id, str(one.records), str(one.hold.placed_at.date()), _told(one)] for one in lines]
    none = "没有停止处置。" if all else "没有还在管着的停止处置；解除了的用 --all 看。"
    show_table("", ["编号", "件数", "登记日", "事由、理由"], rows, ["件数"], none=none)


def _told(line: HoldLine) -> str:
    """Why, for what, by whom, and whether it is over."""
    hold = line.hold
    said = f"{GROUNDS.get(hold.ground, hold.ground)}：{hold.reason}"
    said += f"（{hold.subject}）" if hold.subject else ""
    said += f"，{WHO.get(hold.placed_by, hold.placed_by)}登记"
    said += f"，{hold.review_on} 复核" if hold.review_on and not hold.released_at else ""
    return said + (f"；已解除：{hold.release_reason}" if hold.released_at else "")


@holds_app.command("release", epilog="例： village-archive hold release 编号 --reason 案件已结")
def release(
    hold: Annotated[str, typer.Argument(help="停止处置的编号，见 hold list。")],
    reason: Annotated[str, typer.Option(help="为什么可以解除。")],
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """解除停止处置。解除以后只是重新按期限算，什么都不会自动销毁。"""
    archive = _opened(data)
    with archive.sessions.begin() as session:
        found = holds.release(session, _actor(session, archive, as_user), hold, reason, archive.now())
    keep_holds(archive)
    _tell_hold(HoldLine(found, 0), json, "已解除停止处置，历史留着。")


def _tell_hold(line: HoldLine, json: bool, sentence: str) -> None:
    if json:
        show_json(_hold(line))
    else:
        tell(sentence)


def _hold(line: HoldLine) -> dict[str, Any]:
    names = ("id", "kind", "subject", "ground", "reason", "review_on", "placed_by", "placed_at", "released_by",
             "released_at", "release_reason")  # fmt: skip
    return {**{name: getattr(line.hold, name) for name in names}, "records": line.records}
