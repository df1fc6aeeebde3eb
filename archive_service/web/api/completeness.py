"""Completeness: which records a village should have in a year, and which are there, late, not seen, explained."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from archive_service.actions import completeness
from archive_service.actions.completeness import VillageYear
from archive_service.actions.completeness_statements import Absence, state_absence
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.completeness_rows import row_of, share
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas.completeness import (
    AbsenceOut,
    AbsenceSent,
    CompletenessCell,
    CompletenessLine,
    CompletenessOut,
)
from archive_service.web.context import ActorDep, ArchiveDep

router = APIRouter(prefix="/completeness", tags=["completeness"])


@router.get("", summary="齐全情况")
def completeness_of_a_year(
    archive: ArchiveDep,
    actor: ActorDep,
    year: Annotated[int | None, Query(ge=1000, le=9998)] = None,
    village: Annotated[str | None, Query(max_length=40)] = None,
) -> CompletenessOut:
    """Villages × systems of a year, of the villages the asker catalogues for; with a village every record."""
    calendar, today = county_calendar(archive.settings.calendar), archive.today()
    number = year or today.year
    with archive.sessions.read() as session:
        years = completeness.village_years(session, actor, calendar, number, today, village)
    return CompletenessOut(
        year=number,
        calendar=f"{calendar.id} {calendar.version}",
        banner=calendar.banner,
        cells=[cell for one in years for cell in _cells(one)],
        lines=[
            CompletenessLine.model_validate(row_of(one.village.name, number, line))
            for one in years if village for line in one.lines
        ],
    )  # fmt: skip


def _cells(one: VillageYear) -> list[CompletenessCell]:
    return [
        CompletenessCell(
            village=one.village.name, system=system, percent=share(cell), states={s.value: n for s, n in cell.items()}
        )
        for system, cell in one.cells.items()
    ]


@router.post("/did-not-occur", summary="说明未发生", status_code=201, responses=refusals(404, 409))
def did_not_occur(archive: ArchiveDep, actor: ActorDep, sent: AbsenceSent) -> AbsenceOut:
    """State that an expected record did not come about; it settles the period."""
    absence = Absence(sent.village, sent.record, sent.first, sent.last, sent.reason, sent.name, sent.of)
    calendar = county_calendar(archive.settings.calendar)
    with archive.sessions.begin() as session:
        made = state_absence(session, actor, calendar, absence, archive.now(), archive.today())
        return AbsenceOut(id=made.id)
