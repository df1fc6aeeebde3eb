"""Completeness of a year as a workbook to keep, for pages and API alike. Nothing is computed here."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from fastapi.responses import Response

from archive_service.actions.calendars import timeline_of
from archive_service.actions.completeness import village_years
from archive_service.actions.completeness_report import to_ask
from archive_service.exchange.calendar_files import county_calendar, write_workbook
from archive_service.exchange.completeness_rows import HEAD, printed_rows, share
from archive_service.permissions import Actor
from archive_service.wiring import Archive

ASK = ("向谁要", "村", "记录", "对象", "所属期间", "起", "止", "期限")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def completeness_workbook(archive: Archive, actor: Actor, year: int, village_id: str | None) -> Response:
    """Three sheets: villages × systems, how many in a hundred of what is due; every record with its state; and what is
    not seen, with whom to ask for it."""
    fallback = county_calendar(archive.settings.calendar)
    with archive.sessions.read() as session:
        years = village_years(session, actor, fallback, year, archive.today(), village_id)
        calendar = timeline_of(session, fallback).of(year)
    matrix = (
        [
            one.village.name,
            *(share(cell) if (cell := one.cells.get(system.id)) else None for system in calendar.systems),
        ]
        for one in years
    )
    rows = printed_rows(calendar, [(one.village.name, one.year, one.lines) for one in years])
    made = BytesIO()
    heads = ("村", *(system.name for system in calendar.systems))
    asked = (
        [who, one.village.name, line.name, line.of, line.period.name, line.period.first, line.period.last, line.due]
        for one in years for who, line in to_ask(one)
    )  # fmt: skip
    sheets = [("各村各制度（%）", heads, matrix), ("齐全情况", HEAD, rows), ("向谁要什么", ASK, asked)]
    write_workbook(made, sheets)
    name = quote(f"齐全情况{year}.xlsx")
    headers = {
        "Content-Disposition": f"attachment; filename=\"completeness.xlsx\"; filename*=UTF-8''{name}",
        "Cache-Control": "private, no-store",
    }
    return Response(made.getvalue(), media_type=XLSX, headers=headers)
