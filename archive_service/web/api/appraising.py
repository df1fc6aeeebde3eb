"""Appraisal batches and opinions. Nothing here destroys anything: closing a batch at most makes a list."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from archive_service.actions import appraisal, appraisal_leader, appraisal_opinions, appraisal_report
from archive_service.actions.appraisal import BatchLine, BatchWish, Chosen, Source
from archive_service.actions.appraisal_cycle import turns
from archive_service.actions.appraisal_opinions import OpinionLine, OpinionWish
from archive_service.actions.holdings import inside
from archive_service.exchange.appraisal_files import county_rules
from archive_service.permissions import scope_of
from archive_service.tasks.appraising import close_batch
from archive_service.tasks.keeping import keep_holds
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.printing import BatchForm
from archive_service.web.api import schemas
from archive_service.web.api.errors import refusals
from archive_service.web.api.printing import ANSWER
from archive_service.web.api.schemas import appraising as shown
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.web.printouts import Format, batch_printout
from classification.appraisal_opinions import Agreement
from classification.appraisal_seats import Seat
from storage.database.appraisal import Opinion, Round, Verdict

router = APIRouter(tags=["appraisal"])


@router.get("/appraisals", summary="鉴定批次")
def listed(
    archive: ArchiveDep, actor: ActorDep, all: bool = False, village: str | None = None, after: str = ""
) -> shown.Appraisals:
    """Batches of the fonds that the asker reaches; with `all` those that have ended too."""
    with archive.sessions.read() as session:
        lines, more = appraisal.listed(session, actor, not all, village, after)
    return shown.Appraisals(appraisals=[_batch(one) for one in lines], after=more)


@router.post("/appraisals", summary="立一批鉴定", status_code=201, responses=refusals(404, 409))
def open_batch(archive: ArchiveDep, actor: ActorDep, sent: shown.NewAppraisal) -> shown.AppraisalOut:
    """Open a batch: what for, who judges, and which records of one fonds."""
    group = tuple((Seat(one.seat), one.login) for one in sent.group)
    wish = BatchWish(sent.village, sent.purpose, group, _chosen(sent.chosen))
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.begin() as session:
        batch = appraisal.open_batch(session, archive.index, actor, wish, rules, archive.now(), archive.today())
        line = appraisal.line_of(session, actor, batch)
    keep_documents(archive)
    return _batch(line)


@router.get("/appraisals/turns", summary="到了鉴定周期的村")
def whose_turn(archive: ArchiveDep, actor: ActorDep) -> shown.Turns:
    """Fonds with records that have run out and no appraisal within the county's cycle, the longest ago first."""
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.read() as session:
        found = turns(session, actor, rules, archive.today())
        return shown.Turns(
            cycle_years=rules.cycle_years,
            turns=[shown.TurnOut(village=one.village.id, due=one.due, last=one.last) for one in found],
        )


@router.get("/appraisals/{batch_id}", summary="一批鉴定", responses=refusals(404))
def one_batch(archive: ArchiveDep, actor: ActorDep, batch_id: str) -> shown.AppraisalOut:
    """One batch."""
    with archive.sessions.read() as session:
        return _batch(appraisal.line_of(session, actor, appraisal.seen(session, actor, batch_id)))


@router.post("/appraisals/{batch_id}/group", summary="小组再加一人", status_code=201, responses=refusals(404, 409))
def seat_one_more(archive: ArchiveDep, actor: ActorDep, batch_id: str, sent: shown.MemberIn) -> shown.AppraisalOut:
    """Add a person to the group until a register goes out."""
    with archive.sessions.begin() as session:
        appraisal.seat_one_more(session, actor, batch_id, Seat(sent.seat), sent.login, archive.now(), archive.today())
        line = appraisal.line_of(session, actor, appraisal.seen(session, actor, batch_id))
    return _batch(line)


@router.post("/appraisals/{batch_id}/leader", summary="换小组负责人", responses=refusals(404, 409))
def replace_leader(archive: ArchiveDep, actor: ActorDep, batch_id: str, sent: shown.LeaderIn) -> shown.AppraisalOut:
    """Another leader, with the reason, until a register goes out. Who led stays in the group as a member."""
    with archive.sessions.begin() as session:
        appraisal_leader.replace_leader(
            session, actor, batch_id, sent.login, sent.reason, archive.now(), archive.today()
        )
        line = appraisal.line_of(session, actor, appraisal.seen(session, actor, batch_id))
    keep_documents(archive)
    return _batch(line)


@router.post("/appraisals/{batch_id}/records", summary="再列入一些", responses=refusals(404, 409))
def add(archive: ArchiveDep, actor: ActorDep, batch_id: str, sent: shown.ChosenIn) -> shown.AppraisalOut:
    """Take more records into an open batch."""
    with archive.sessions.begin() as session:
        appraisal.add(session, archive.index, actor, batch_id, _chosen(sent), archive.now(), archive.today())
        line = appraisal.line_of(session, actor, appraisal.seen(session, actor, batch_id))
    return _batch(line)


@router.post("/appraisals/{batch_id}/take-out", summary="退出鉴定", responses=refusals(404, 409))
def take_out(archive: ArchiveDep, actor: ActorDep, batch_id: str, sent: shown.TakenOut) -> shown.AppraisalOut:
    """Let records leave an open batch; what was said of them stays."""
    with archive.sessions.begin() as session:
        appraisal.take_out(session, actor, batch_id, sent.records, sent.reason, archive.now())
        line = appraisal.line_of(session, actor, appraisal.seen(session, actor, batch_id))
    return _batch(line)


@router.post("/appraisals/{batch_id}/give-up", summary="放弃一批鉴定", responses=refusals(404, 409))
def give_up(archive: ArchiveDep, actor: ActorDep, batch_id: str, sent: schemas.Reason) -> shown.AppraisalOut:
    """End a batch without carrying anything out."""
    with archive.sessions.begin() as session:
        appraisal.give_up(session, actor, batch_id, sent.reason, archive.now())
        line = appraisal.line_of(session, actor, appraisal.seen(session, actor, batch_id))
    return _batch(line)


@router.get("/appraisals/{batch_id}/records", summary="这一批的档案和意见", responses=refusals(404))
def records(
    archive: ArchiveDep, actor: ActorDep, batch_id: str, agreement: Agreement | None = None, after: str = "",
    size: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> shown.JudgedPage:  # fmt: skip
    """The records of a batch with what was said of each; `agreement` narrows them, as to disagreements."""
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.read() as session:
        lines, more = appraisal_opinions.lines(
            session, actor, batch_id, rules, after, size, lambda one: agreement in (None, one.agreement)
        )
        counts = appraisal_opinions.count_judged(session, batch_id, rules, inside(scope_of(actor)))
    numbers = {str(one): number for one, number in counts.items()}
    return shown.JudgedPage(records=[_line(one) for one in lines], counts=numbers, after=more)


@router.post("/appraisals/{batch_id}/opinions", summary="提出鉴定意见", status_code=201, responses=refusals(404, 409))
def give(archive: ArchiveDep, actor: ActorDep, batch_id: str, sent: shown.NewOpinion) -> shown.OpinionOut:
    """Give one opinion on one record or thousands. It is never changed; another one takes its place."""
    wish = OpinionWish(
        Verdict(sent.verdict), sent.reason, tuple(sent.records), sent.rest, Round(sent.round), sent.years, sent.ground,
        sent.review_on,
    )  # fmt: skip
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.begin() as session:
        opinion = appraisal_opinions.give(session, actor, batch_id, wish, rules, archive.now(), archive.today())
    keep_documents(archive)
    return _opinion(opinion)


@router.post("/appraisals/{batch_id}/close", summary="结束鉴定", responses=refusals(404, 409))
def close(archive: ArchiveDep, actor: ActorDep, batch_id: str) -> shown.ClosedOut:
    """Carry out what the group said: new terms, permanence, holds; what is to go stands on the list of a register."""
    closed = close_batch(archive, actor, batch_id, county_rules(archive.settings.appraisal))
    keep_holds(archive)
    keep_documents(archive)
    return shown.ClosedOut(outcomes=dict(closed.outcomes))


@router.get("/appraisals/{batch_id}/report", summary="鉴定工作报告", responses=refusals(404))
def report(archive: ArchiveDep, actor: ActorDep, batch_id: str) -> shown.ReportOut:
    """The report as saved, and as the batch would write it now."""
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.read() as session:
        batch = appraisal.seen(session, actor, batch_id)
        draft = appraisal_report.draft(session, actor, batch_id, rules)
    return shown.ReportOut(saved=batch.report, draft=draft, final=batch.report_final)


@router.get(
    "/appraisals/{batch_id}/print", summary="打印鉴定工作报告或意见表", responses={200: ANSWER, **refusals(404)},
    response_class=StreamingResponse,
)  # fmt: skip
def print_batch(
    archive: ArchiveDep, actor: ActorDep, batch_id: str, form: BatchForm = "report", format: Format = "pdf"
) -> StreamingResponse:
    """The report as saved, or as the batch would write it now; or what was said of each record."""
    return batch_printout(archive, actor, batch_id, form, format)


@router.put("/appraisals/{batch_id}/report", summary="保存鉴定工作报告", responses=refusals(404, 409))
def save_report(archive: ArchiveDep, actor: ActorDep, batch_id: str, sent: shown.ReportIn) -> shown.ReportOut:
    """Keep the report as edited, until a register goes out with it."""
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.begin() as session:
        batch = appraisal_report.save(session, actor, batch_id, sent.text, archive.now())
        draft = appraisal_report.draft(session, actor, batch_id, rules)
    return shown.ReportOut(saved=batch.report, draft=draft, final=batch.report_final)


def _chosen(sent: shown.ChosenIn) -> Chosen:
    return Chosen(Source(sent.source), sent.question, tuple(sent.records), sent.year, sent.class_id, sent.why)


def _batch(line: BatchLine) -> shown.AppraisalOut:
    same = set(shown.AppraisalOut.model_fields) - {"records", "open"}
    return shown.AppraisalOut(
        **{name: getattr(line.batch, name) for name in same}, records=line.records, open=line.open
    )  # fmt: skip


def _opinion(one: Opinion) -> shown.OpinionOut:
    return shown.OpinionOut.model_validate(one)


def _line(one: OpinionLine) -> shown.JudgedOut:
    said = one.judged
    return shown.JudgedOut(
        id=one.record.id, code=one.record.code, title=one.record.title, why=one.why, open=one.open,
        outcome=one.outcome, agreement=said.agreement, by=said.by.order if said.by else None,
        opinions=[_opinion(opinion) for opinion in one.opinions.values()],
    )  # fmt: skip
