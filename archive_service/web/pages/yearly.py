"""Filing by the year (年度归档): one village, one year: what is ready, what is still missing, and the act."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import yearly_filing
from archive_service.actions.yearly_filing import CHECKS, NATURES, UNCHECKED, YearReport
from archive_service.permissions import Permission, check
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.web.context import ArchiveDep, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.hand_in import homes_of
from archive_service.web.pages.inbox import said_of
from archive_service.web.pages.spoken import banner, named, say
from archive_service.web.rendering import answer, go

router = APIRouter()
MOST_SHOWN = 200
AT_ONCE = 200
"""As many as a browser waits for; the rest with the next press."""
SEALS, VIRUSES = UNCHECKED
TO_DO = {
    SEALS: "系统不验证签名和印章。请打开原件看在不在、清不清楚；要有法律效力的，用签章软件验证，结果写进附注。",
    VIRUSES: "收文件时没有查病毒。请先用杀毒软件把移交的文件夹查一遍；系统管理员接上杀毒程序以后，收文件时就查。",
}
"""What a person does about a check that no program here decides."""
CHECKED_WHEN_RECEIVED = "收文件时已由杀毒程序查过，有病毒的没有收；归档以前没有再查。"


@router.get("/filing")
def year(request: Request, archive: ArchiveDep, visitor: VisitorDep, village: str = "", year: str = "") -> Response:
    """The year of one village: the last whole year unless another is asked for."""
    check(visitor.actor, Permission.CATALOGUE)
    wanted = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else archive.today().year - 1
    with archive.sessions.read() as session:
        homes = homes_of(session, visitor.actor, Permission.CATALOGUE)
        home = next((one for one in homes if one.id == village), next(iter(homes), None))
        rules = rule_book(session)
        report = yearly_filing.report(session, visitor.actor, home.id, wanted, rules) if home else YearReport()
    lacking = [one for one in report.looked if not one.ready]
    warned = [one for one in report.looked if one.ready and one.findings]
    outline = rules.outline
    return answer(
        request,
        "filing.html",
        villages=homes,
        home=home,
        year=wanted,
        report=report,
        lines=(lacking + warned)[:MOST_SHOWN],
        most=MOST_SHOWN,
        lacking=len(lacking),
        checks=CHECKS,
        natures=NATURES,
        unchecked=TO_DO | ({VIRUSES: CHECKED_WHEN_RECEIVED} if archive.settings.clamd else {}),
        at_once=AT_ONCE,
        unseen=[(id, named(outline.series[id], visitor.lang)) for id in report.unseen if id in outline.series],
        banner=banner(outline, visitor.lang),
    )


@router.post("/filing")
def file_year(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Archive what is ready, in the order of dates."""
    village, wanted = text(form, "village"), text(form, "year")
    check(visitor.actor, Permission.ARCHIVE, village)
    with archive.sessions.read() as session:
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else 0
        report = yearly_filing.report(session, visitor.actor, village, number, rule_book(session))
    filed = file_records(archive, visitor.actor, report.ready[:AT_ONCE])
    wake_worker(request)
    told = said_of(visitor, filed) if filed else say(visitor, "没有可以归档的，没有改动。")
    return go(f"/filing?village={village}&year={number}", told)
