"""Appraisal (鉴定): batches, and in each the records to be judged; the files beside the form are `appraisal_record`."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from archive_service.actions import appraisal, appraisal_leader, appraisal_opinions, appraisal_report, registers
from archive_service.actions.appraisal import BatchWish, Chosen, Source
from archive_service.actions.appraisal_cycle import turns
from archive_service.actions.appraisal_opinions import VERDICT_WORDS, OpinionWish
from archive_service.actions.appraisal_people import candidates
from archive_service.actions.holdings import inside
from archive_service.exchange.appraisal_files import county_rules
from archive_service.permissions import Actor, Permission, can, scope_of
from archive_service.tasks.appraising import close_batch
from archive_service.tasks.printing import BatchForm
from archive_service.web.context import ArchiveDep, InPersonDep, VisitorDep
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.pages.spoken import called, say
from archive_service.web.printouts import Format, batch_printout
from archive_service.web.rendering import answer, go
from archive_service.web.words import say as in_language
from archive_service.wiring import Archive
from classification.appraisal_opinions import Agreement
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import IN_GROUP, Seat
from classification.disposal import GROUNDS
from classification.errors import RuleError
from storage.database.appraisal import AppraisalBatch, Round, Verdict, members_of
from storage.database.organisations import village, villages
from storage.database.registers import Register

router = APIRouter()
MOST_TURNS = 12
SOURCES = {Source.DUE: "已期满、没有停止处置的", Source.SEARCH: "查到的"}
MORE_SEATS = tuple(seat for seat in Seat if seat in IN_GROUP and seat not in (Seat.LEADER, Seat.ARCHIVIST, Seat.MEMBER))
ROUND_WORDS = {Round.FIRST: "第一人意见", Round.SECOND: "第二人意见", Round.DECIDING: "组长决定"}


def rules_of(archive: Archive) -> AppraisalRules:
    """The county's rule of appraisal, or the model."""
    return county_rules(archive.settings.appraisal)


@router.get("/appraisals")
def batches(request: Request, archive: ArchiveDep, visitor: VisitorDep, show: str = "", after: str = "") -> Response:
    """Batches that are open, or with `show=all` every one; and the form to open one."""
    actor = visitor.actor
    with archive.sessions.read() as session:
        lines, more = appraisal.listed(session, actor, show != "all", before=after)
        homes = {one.id: one.name for one in villages(session)}
        called_by = called(session, [one.batch.opened_by for one in lines])
        prepares = can(actor, Permission.PREPARE_DESTRUCTION)
        people = candidates(session, actor, archive.today()) if prepares else []
        whose = turns(session, actor, rules_of(archive), archive.today()) if prepares and not after else ()
    mine = {id: name for id, name in homes.items() if can(actor, Permission.PREPARE_DESTRUCTION, id)}
    return answer(
        request, "appraisals.html", lines=lines, after=more, show=show, homes=homes, mine=mine, people=people,
        rules=rules_of(archive), sources=SOURCES, seats=MORE_SEATS, called=called_by, Permission=Permission,
        turns=whose[:MOST_TURNS], more_turns=max(0, len(whose) - MOST_TURNS),
    )  # fmt: skip


@router.post("/appraisals")
def open_batch(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Open a batch."""
    named = [(Seat.LEADER, text(form, "leader")), (Seat.ARCHIVIST, text(form, "archivist"))]
    named += [(Seat.MEMBER, login) for login in texts(form, "member")]
    named += [(seat, text(form, seat)) for seat in MORE_SEATS]
    group = tuple((seat, login) for seat, login in named if login)
    wish = BatchWish(text(form, "village"), text(form, "purpose"), group, _chosen(form))
    with archive.sessions.begin() as session:
        batch = appraisal.open_batch(
            session, archive.index, visitor.actor, wish, rules_of(archive), archive.now(), archive.today()
        )
    return go(f"/appraisals/{batch.id}", say(visitor, "已立批，可以开始鉴定了。"))


def _chosen(form: FormData) -> Chosen:
    year = text(form, "year")
    source = Source.SEARCH if text(form, "source") == Source.SEARCH else Source.DUE
    return Chosen(
        source, text(form, "question"), year=int(year) if year.isascii() and year.isdigit() else None,
        class_id=text(form, "class") or None, why=text(form, "why"),
    )  # fmt: skip


@router.get("/appraisals/{batch_id}")
def batch(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, batch_id: str, show: str = "", after: str = ""
) -> Response:
    """One batch: how far it is, its records, and what can be done with many of them at once."""
    actor, rules = visitor.actor, rules_of(archive)
    wanted = Agreement(show) if show in list(Agreement) else None
    with archive.sessions.read() as session:
        found = appraisal.seen(session, actor, batch_id)
        lines, more = appraisal_opinions.lines(
            session, actor, batch_id, rules, after, wanted=lambda one: wanted is None or one.agreement == wanted
        )
        counts = appraisal_opinions.count_judged(session, batch_id, rules, inside(scope_of(visitor.actor)))
        report = found.report or appraisal_report.draft(session, actor, batch_id, rules)
        shown = {
            "home": village(session, found.village_id),
            "group": members_of(session, batch_id),
            "registers": session.scalars(select(Register).where(Register.batch_id == batch_id)).all(),
            **_mine(session, actor, found),
        }
        shown["people"] = candidates(session, actor, archive.today()) if shown["prepares"] else []
    return answer(
        request, "appraisal.html", batch=found, lines=lines, after=more, counts=counts, show=show, report=report,
        rules=rules, today=archive.today(), Permission=Permission, **WORDS, **shown,
    )  # fmt: skip


WORDS: dict[str, Any] = {
    "verdicts": VERDICT_WORDS,
    "rounds": ROUND_WORDS,
    "grounds": GROUNDS,
    "Agreement": Agreement,
    "Round": Round,
    "Seat": Seat,
}


def _mine(session: Session, actor: Actor, found: AppraisalBatch) -> dict[str, Any]:
    """What this person may do here: speak, in which rounds, close it, change the papers."""
    seats = appraisal.seats_of(session, actor, found.id)
    still = found.state == "open"
    return {
        "speaks": still and bool(seats) and can(actor, Permission.APPRAISE, found.village_id),
        "leads": still and Seat.LEADER in seats and can(actor, Permission.LEAD_APPRAISAL, found.village_id),
        "prepares": can(actor, Permission.PREPARE_DESTRUCTION, found.village_id),
        "still": still,
    }


def opinion_of(form: FormData) -> OpinionWish:
    """The opinion that a form brought.

    Raises:
        RuleError: no verdict, or a number or day that is none.
    """
    verdict, turn = text(form, "verdict"), text(form, "round")
    if verdict not in list(Verdict) or turn not in list(Round):
        raise RuleError("请选择一种鉴定意见，没有记下。")
    years = text(form, "years") if verdict == Verdict.EXTEND else ""
    if years and not (years.isascii() and years.isdigit() and len(years) < 5):
        raise RuleError("续存的年数没有填对，没有记下。")
    held = verdict == Verdict.HOLD
    return OpinionWish(
        Verdict(verdict), text(form, "reason"), tuple(texts(form, "record")), text(form, "rest") == "1", Round(turn),
        years=int(years) if years else None, ground=text(form, "ground") if held else "",
        review_on=_day(text(form, "review_on")) if held else None,
    )  # fmt: skip


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as bad:
        raise RuleError("复核的日子没有填对，没有记下。") from bad


@router.get("/appraisals/{batch_id}/print")
def print_batch(
    archive: ArchiveDep, visitor: VisitorDep, batch_id: str, form: BatchForm, format: Format = "pdf"
) -> Response:
    """The report, or the opinions as a table."""
    return batch_printout(archive, visitor.actor, batch_id, form, format)


@router.post("/appraisals/{batch_id}/opinions")
def give(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, batch_id: str) -> Response:
    """One opinion on the records that were ticked, on all that have none yet, or on the one whose page it came from."""
    wish = opinion_of(form)
    with archive.sessions.begin() as session:
        opinion = appraisal_opinions.give(
            session, visitor.actor, batch_id, wish, rules_of(archive), archive.now(), archive.today()
        )
    follow = text(form, "next")
    back = f"/appraisals/{batch_id}/records/{follow}" if follow.isalnum() else f"/appraisals/{batch_id}"
    what = in_language(visitor.lang, VERDICT_WORDS[wish.verdict])
    return go(back, say(visitor, "已记下 {n} 件的意见：{what}。", n=opinion.records, what=what))


@router.post("/appraisals/{batch_id}/more")
def add(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, batch_id: str) -> Response:
    """Take more records in."""
    with archive.sessions.begin() as session:
        number = appraisal.add(
            session, archive.index, visitor.actor, batch_id, _chosen(form), archive.now(), archive.today()
        )
    return go(f"/appraisals/{batch_id}", say(visitor, "又列入 {n} 件。", n=number))


@router.post("/appraisals/{batch_id}/out")
def take_out(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, batch_id: str) -> Response:
    """Let the ticked records leave the batch."""
    with archive.sessions.begin() as session:
        number = appraisal.take_out(
            session, visitor.actor, batch_id, texts(form, "record"), text(form, "why_out"), archive.now()
        )
    return go(f"/appraisals/{batch_id}", say(visitor, "{n} 件退出了这一批，提过的意见都留着。", n=number))


@router.post("/appraisals/{batch_id}/report")
def report(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, batch_id: str) -> Response:
    """Keep the report as it was edited."""
    with archive.sessions.begin() as session:
        appraisal_report.save(session, visitor.actor, batch_id, text(form, "report"), archive.now())
    return go(f"/appraisals/{batch_id}", say(visitor, "报告已保存。"))


@router.post("/appraisals/{batch_id}/close")
def close(archive: ArchiveDep, visitor: InPersonDep, batch_id: str) -> Response:
    """Carry out what was said; what is to be destroyed only goes onto a list."""
    closed = close_batch(archive, visitor.actor, batch_id, rules_of(archive))
    number = closed.outcomes.get(Verdict.DESTROY, 0)
    return go(f"/appraisals/{batch_id}", say(visitor, "鉴定已结束；拟销毁 {n} 件，等待提交清册。", n=number))


@router.post("/appraisals/{batch_id}/leader")
def replace_leader(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, batch_id: str) -> Response:
    """Another person leads the group."""
    with archive.sessions.begin() as session:
        leader = appraisal_leader.replace_leader(
            session, visitor.actor, batch_id, text(form, "login"), text(form, "reason"), archive.now(), archive.today()
        )
    return go(f"/appraisals/{batch_id}", say(visitor, "负责人已换为 {name}。", name=leader.name))


@router.post("/appraisals/{batch_id}/give-up")
def give_up(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, batch_id: str) -> Response:
    """End the batch without carrying anything out."""
    with archive.sessions.begin() as session:
        appraisal.give_up(session, visitor.actor, batch_id, text(form, "reason"), archive.now())
    return go("/appraisals", say(visitor, "这一批已放弃，档案没有变动。"))


@router.post("/appraisals/{batch_id}/submit")
def submit(archive: ArchiveDep, visitor: VisitorDep, batch_id: str) -> Response:
    """Freeze the destroy list into a register."""
    with archive.sessions.begin() as session:
        made = registers.submit(session, visitor.actor, batch_id, rules_of(archive), archive.now(), archive.today())
    return go(f"/registers/{made[0].id}", say(visitor, "清册已提交并封定，等待签字和批准。"))
