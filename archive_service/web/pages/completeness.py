"""What should be there and is not: villages × systems of a year, then one village and system, and what is stated."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from archive_service.actions import completeness
from archive_service.actions.completeness import VillageYear
from archive_service.actions.completeness_statements import Absence, state_absence
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.completeness_rows import share, total
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from archive_service.web.workbooks import completeness_workbook
from archive_service.wiring import Archive
from classification.calendar.model import MARKS, Calendar
from classification.calendar.settling import NAMES, State
from classification.errors import RuleError

router = APIRouter(prefix="/completeness")
Year = Annotated[str, Query(pattern=r"^$|^[1-9]\d{3}$")]
Id = Annotated[str, Query(max_length=40)]
STEPS = 5
"""Shades of the heat map."""
A_PAGE = 20
"""Villages; the workbook has all of them."""


@router.get("")
def overview(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, year: Year = "", village: Id = "", system: Id = "",
    after: Id = "",
) -> Response:  # fmt: skip
    """The heat map of a year, so many villages a page; or with a village what it should have, of one system or all."""
    calendar, number = county_calendar(archive.settings.calendar), int(year or archive.today().year)
    years = _years(archive, visitor, calendar, number, village, after)
    whole: dict[str, Any] = {"calendar": calendar, "year": number, "names": NAMES}
    if village and years:
        kinds = {kind.id: kind for kind in calendar.records}
        lines = [one for one in years[0].lines if system in ("", one.system)]
        return answer(
            request, "completeness_village.html", shown=years[0], lines=lines, kinds=kinds, system=system, marks=MARKS,
            today=archive.today(), **whole,
        )  # fmt: skip
    more = years[A_PAGE - 1].village.fonds if len(years) > A_PAGE else None
    years = years[:A_PAGE]
    rows = [(one.village, [_cell(one, system.id) for system in calendar.systems], _sum(one)) for one in years]
    return answer(request, "completeness.html", rows=rows, states=list(State), after=more, **whole)


def _years(
    archive: Archive, visitor: Visitor, calendar: Calendar, year: int, village: str, after: str
) -> list[VillageYear]:
    """One more than a page has, to know whether another follows."""
    with archive.sessions.read() as session:
        return completeness.village_years(
            session, visitor.actor, calendar, year, archive.today(), village or None, after, A_PAGE + 1
        )


def _cell(one: VillageYear, system: str) -> tuple[str, dict[State, int] | None, int | None, int]:
    """A cell of the heat map: its system, its counts, how many in a hundred, its shade."""
    cell = one.cells.get(system)
    found = share(cell) if cell else None
    return system, cell, found, -1 if found is None else found * (STEPS - 1) // 100


def _sum(one: VillageYear) -> dict[State, int]:
    return total(one.cells.values())


@router.get("/file")
def workbook(archive: ArchiveDep, visitor: VisitorDep, year: Year = "", village: Id = "") -> Response:
    """The same as a workbook."""
    return completeness_workbook(archive, visitor.actor, int(year or archive.today().year), village or None)


@router.post("/did-not-occur")
def did_not_occur(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """State that a record did not come about."""
    try:
        first, last = (date.fromisoformat(text(form, name)) for name in ("from", "to"))
    except ValueError as bad:
        raise RuleError("这一期的起止日期没有填对，没有改动。") from bad
    absence = Absence(
        text(form, "village"), text(form, "record"), first, last, text(form, "reason"), text(form, "name"),
        text(form, "of"),
    )  # fmt: skip
    calendar = county_calendar(archive.settings.calendar)
    with archive.sessions.begin() as session:
        state_absence(session, visitor.actor, calendar, absence, archive.now(), archive.today())
    back = {"year": text(form, "year"), "village": absence.village_id, "system": text(form, "system")}
    return go(f"/completeness?{urlencode(back)}", say(visitor, "已记下未发生的说明。"))
