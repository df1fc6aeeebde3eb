"""What should be there and is not: villages × systems of a year, then one village and system, and what is stated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from archive_service.actions import completeness
from archive_service.actions.completeness_county import YearSum, county, remember, united
from archive_service.actions.completeness_report import behind, by_township, report, to_ask
from archive_service.actions.completeness_statements import Absence, state_absence, stated, take_back_statement
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.completeness_rows import total
from archive_service.tasks.year_reports import print_year_report
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import cite, say
from archive_service.web.printouts import Format, sent
from archive_service.web.rendering import answer, go
from archive_service.web.workbooks import completeness_workbook
from archive_service.wiring import Archive
from classification.calendar.model import MARKS, Calendar
from classification.calendar.settling import NAMES, State
from classification.calendar.tally import by_month, by_system, share, slowest, whole
from classification.errors import RuleError
from storage.errors import Missing

router = APIRouter(prefix="/completeness")
Year = Annotated[str, Query(pattern=r"^$|^[1-9]\d{3}$")]
Id = Annotated[str, Query(max_length=40)]
Town = Annotated[str, Query(max_length=80)]
Years = Annotated[int, Query(ge=1, le=10)]
STEPS = 5
"""Shades of the heat map."""
A_PAGE = 20
"""Villages; the workbook has all of them."""


@router.get("")
def overview(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, year: Year = "", village: Id = "", system: Id = "",
    township: Town = "", years: Years = 1, after: Id = "",
) -> Response:  # fmt: skip
    """The heat map of a year, of several years, or with a village the list of what it should have."""
    number = int(year or archive.today().year)
    if village:
        return _village(request, archive, visitor, village, number, system)
    fallback, wanted = county_calendar(archive.settings.calendar), range(number - years + 1, number + 1)
    with archive.sessions.read() as session:
        found = county(session, visitor.actor, fallback, wanted, archive.today(), township)
    if found.fresh:
        with archive.sessions.begin() as session:
            remember(session, found)
    calendar = found.timeline.of(number)
    systems = {kind.id: kind.system_id for kind in calendar.records}
    now = [one for one in found.sums if one.year == number]
    listed = [one for one in now if one.village.fonds > after]
    more = listed[A_PAGE - 1].village.fonds if len(listed) > A_PAGE else None
    on_page = {one.village.id for one in listed[:A_PAGE]}
    towns = by_township(now)
    whole_year = united(one.tallied for one in towns)
    names = {kind.id: kind for kind in calendar.records}
    shown: dict[str, Any] = {"calendar": calendar, "year": number, "names": NAMES, "states": list(State)}
    shown |= {
        "rows": [_row(one, systems, calendar) for one in listed[:A_PAGE]],
        "township": township,
        "span": list(wanted),
    }
    shown |= {"towns": towns, "behind": behind(now), "months": by_month(whole_year), "share": share}
    shown |= {"slow": [one for one in slowest(whole_year) if one.record in names], "kinds": names}
    shown |= {
        "by_years": _by_years(one for one in found.sums if one.village.id in on_page) if years > 1 else [],
        "years": years,
    }
    query = urlencode({"year": number, "township": township, "years": years})
    return answer(request, "completeness.html", after=more, query=query, **shown)


def _village(request: Request, archive: Archive, visitor: Visitor, village: str, number: int, system: str) -> Response:
    fallback = county_calendar(archive.settings.calendar)
    with archive.sessions.read() as session:
        years = completeness.village_years(session, visitor.actor, fallback, number, archive.today(), village)
        said = stated(session, visitor.actor, village, number)
    if not years:
        raise Missing("没有这个村。")
    kinds = {kind.id: kind for kind in years[0].calendar.records}
    lines = [one for one in years[0].lines if system in ("", one.system)]
    asked = {one.record for one in lines}
    events = [one for one in kinds.values() if one.cadence.trigger and one.id not in asked]
    return answer(
        request, "completeness_village.html", shown=years[0], lines=lines, kinds=kinds, system=system, marks=MARKS,
        today=archive.today(), calendar=years[0].calendar, year=number, names=NAMES, absences=said,
        cite=partial(cite, years[0].calendar, visitor.lang),
        events=[one for one in events if system in ("", one.system_id)],
    )  # fmt: skip


def _row(one: YearSum, systems: dict[str, str], calendar: Calendar) -> tuple[Any, list[Any], dict[State, int]]:
    """A row of the heat map: the village, a cell of each system, the sum."""
    tallied = one.tallied
    cells = by_system(tallied, systems)
    return one.village, [_cell(cells.get(system.id), system.id) for system in calendar.systems], whole(tallied)


def _cell(cell: dict[State, int] | None, system: str) -> tuple[str, dict[State, int] | None, int | None, int]:
    """A cell of the heat map: its system, its counts, how many in a hundred, its shade."""
    found = share(cell) if cell else None
    return system, cell, found, _shade(found)


def _shade(percent: int | None) -> int:
    return -1 if percent is None else percent * (STEPS - 1) // 100


def _by_years(sums: Iterable[YearSum]) -> list[tuple[Any, list[tuple[int, int | None, int]]]]:
    """Villages × years: the year, how many in a hundred, the shade."""
    found: dict[str, tuple[Any, list[tuple[int, int | None, int]]]] = {}
    for one in sums:
        percent = share(whole(one.tallied))
        found.setdefault(one.village.id, (one.village, []))[1].append((one.year, percent, _shade(percent)))
    return list(found.values())


@router.get("/report")
def yearly_report(request: Request, archive: ArchiveDep, visitor: VisitorDep, village: Id, year: Year = "") -> Response:
    """The report of a village and year, to read or to print."""
    number, fallback = int(year or archive.today().year), county_calendar(archive.settings.calendar)
    with archive.sessions.read() as session:
        made = report(session, visitor.actor, fallback, village, number, archive.today())
    calendar, cells = made.shown.calendar, made.shown.cells
    systems = [(one, cells.get(one.id, dict.fromkeys(State, 0))) for one in calendar.systems]
    return answer(
        request, "completeness_report.html", made=made, calendar=calendar, year=number, today=archive.today(),
        systems=systems, share=share, ask=to_ask(made.shown), names=NAMES, marks=MARKS, sum=total(cells.values()),
        english={one.id: one.name_en for one in calendar.records if one.name_en},
    )  # fmt: skip


@router.get("/report/file")
def report_file(
    archive: ArchiveDep, visitor: VisitorDep, village: Id, year: Year = "", format: Format = "pdf"
) -> Response:
    """The same report on paper or as a workbook."""
    number = int(year or archive.today().year)
    return sent(
        lambda target: print_year_report(archive, visitor.actor, village, number, format, target), "report", format
    )


@router.post("/take-back")
def take_back(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Take a statement back."""
    with archive.sessions.begin() as session:
        held = take_back_statement(session, visitor.actor, text(form, "statement"), text(form, "reason"), archive.now())
        back = {"year": str(held.last.year), "village": held.village_id}
    return go(f"/completeness?{urlencode(back)}", say(visitor, "已撤回这份说明。"))


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
