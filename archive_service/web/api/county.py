"""What should be there over the whole county: townships, villages behind, months; a village's report; statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from archive_service.actions import completeness_report
from archive_service.actions.completeness_county import YearSum, added, county, remember
from archive_service.actions.completeness_report import behind, by_township, to_ask
from archive_service.actions.completeness_statements import stated, take_back_statement
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.completeness_rows import total
from archive_service.tasks.year_reports import print_year_report
from archive_service.web.api import schemas
from archive_service.web.api.errors import Responses, refusals
from archive_service.web.api.schemas import county as shown
from archive_service.web.api.schemas.completeness import State as Named
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.web.printouts import MEDIA_TYPES, Format, sent
from classification.calendar.model import Calendar
from classification.calendar.settling import State
from classification.calendar.tally import by_month, share, slowest

router = APIRouter(prefix="/completeness", tags=["completeness"])
Year = Annotated[int | None, Query(ge=1000, le=9998)]
PRINTED: Responses = {
    200: {
        "description": "PDF 或 XLSX",
        "content": {one: {"example": "（文件的字节）"} for one in MEDIA_TYPES.values()},
    },
    **refusals(404),
}
Village = Annotated[str, Query(max_length=40)]


@router.get("/county", summary="全县一览")
def whole_county(
    archive: ArchiveDep, actor: ActorDep, year: Year = None, township: Annotated[str, Query(max_length=80)] = ""
) -> shown.CountyOut:
    """Townships, the villages with most not seen, the months, and what comes late, of a year."""
    today = archive.today()
    number, fallback = year or today.year, county_calendar(archive.settings.calendar)
    with archive.sessions.read() as session:
        found = county(session, actor, fallback, (number,), today, township)
        made = _summed(number, found.sums, found.timeline.of(number))
    if found.fresh:
        with archive.sessions.begin() as session:
            remember(session, found)
    return made


def _summed(number: int, sums: tuple[YearSum, ...], calendar: Calendar) -> shown.CountyOut:
    tallied, names = added(sums), {kind.id: kind.name for kind in calendar.records}
    return shown.CountyOut(
        year=number,
        townships=[shown.Rolled.model_validate(one) for one in by_township(sums)],
        behind=[shown.Rolled.model_validate(one) for one in behind(sums)],
        months=[shown.MonthSum(month=month, states=_plain(cell)) for month, cell in by_month(tallied).items()],
        slow=[
            shown.SlowOut(record=one.record, name=names[one.record], late=one.late, missing=one.missing, due=one.due)
            for one in slowest(tallied)
            if one.record in names
        ],
    )


def _plain(cell: Mapping[State, int]) -> dict[Named, int]:
    return {state.value: number for state, number in cell.items()}


@router.get("/report", summary="一个村的年度报告", responses=refusals(404))
def report(archive: ArchiveDep, actor: ActorDep, village: Village, year: Year = None) -> shown.ReportOut:
    """What is there, what is not seen and whom to ask for it, and the statutory series beside it."""
    today = archive.today()
    number, fallback = year or today.year, county_calendar(archive.settings.calendar)
    with archive.sessions.read() as session:
        made = completeness_report.report(session, actor, fallback, village, number, today)
        name = made.shown.village.name
    sum_ = total(made.shown.cells.values())
    return shown.ReportOut(
        village=name,
        year=number,
        percent=share(sum_),
        states=_plain(sum_),
        ask=[
            shown.ToAsk(whom=whom, record=one.record, name=one.name, period=one.period.name, of=one.of, due=one.due)
            for whom, one in to_ask(made.shown)
        ],
        statutory=[
            shown.StatutoryOut(name=one.series.name, mark=one.series.mark, of_year=one.of_year, ever=one.ever)
            for one in made.statutory
        ],
    )


@router.get("/report/file", summary="年度报告的 PDF 或工作簿", responses=PRINTED, response_class=StreamingResponse)
def report_file(
    archive: ArchiveDep, actor: ActorDep, village: Village, year: Year = None, format: Format = "pdf"
) -> StreamingResponse:
    """The same report to print, or as a workbook."""
    number = year or archive.today().year
    return sent(lambda target: print_year_report(archive, actor, village, number, format, target), "report", format)


@router.get("/did-not-occur", summary="未发生的说明", responses=refusals(404))
def statements(archive: ArchiveDep, actor: ActorDep, village: Village, year: Year = None) -> list[shown.StatementOut]:
    """What was stated of a village and year, with what was taken back."""
    with archive.sessions.read() as session:
        found = stated(session, actor, village, year or archive.today().year)
        return [shown.StatementOut.model_validate(one) for one in found]


@router.post(
    "/did-not-occur/{statement_id}/take-back", summary="撤回说明", status_code=204, responses=refusals(404, 409)
)
def take_back(archive: ArchiveDep, actor: ActorDep, statement_id: str, sent: schemas.Reason) -> None:
    """Take a statement back, with the reason; it stays readable in the journal."""
    with archive.sessions.begin() as session:
        take_back_statement(session, actor, statement_id, sent.reason, archive.now())
