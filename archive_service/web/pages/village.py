"""One village in one page: what is held by decade and class, people, customs, photographs, and what is missing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from archive_service.actions import completeness
from archive_service.actions.outlines import outline_at
from archive_service.actions.using_village import VillagePage, village_page
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.completeness_rows import total
from archive_service.permissions import Permission, can
from archive_service.web.asked import Asked
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.names import Names
from archive_service.web.pages.years import bars
from archive_service.web.rendering import answer
from archive_service.wiring import Archive
from classification.calendar.settling import NAMES
from storage.database.organisations import villages

router = APIRouter()
PEOPLE, PLACES, CLASSES = 24, 16, 40


@router.get("/villages/{village_id}")
def village(request: Request, archive: ArchiveDep, visitor: VisitorDep, village_id: str) -> Response:
    """The page."""
    with archive.sessions.read() as session:
        page = village_page(session, archive.index, visitor.actor, village_id)
        names = Names(outline_at(session)[1], {page.village.id: page.village.name}, visitor.lang)
        missing = _missing(session, archive, visitor, page.village.id)
        keeps = can(visitor.actor, Permission.MAINTAIN)
        others = villages(session) if keeps else []
    asked = Asked([("village", page.village.id), ("state", "archived")])
    return answer(
        request, "village.html", page=page, village=page.village, villages=others, keeps=keeps, today=archive.today(),
        years=bars(asked, page.counts.get("years", ())), missing=missing,
        decades=_counted(page, names, "decade", "decades", 40, in_order=True),
        classes=_counted(page, names, "class", "classes", CLASSES, in_order=True),
        kinds=_counted(page, names, "kind", "kinds", 20),
        people=_counted(page, names, "person", "people", PEOPLE),
        places=_counted(page, names, "place", "places", PLACES),
    )  # fmt: skip


def _counted(
    page: VillagePage, names: Names, parameter: str, count: str, most: int, in_order: bool = False
) -> list[dict[str, Any]]:
    """The values of one count, each with the search that lists them: in their own order, or the largest first."""
    found = page.counts.get(count, [])[:most]
    here = [("village", page.village.id), ("state", "archived")]
    return [
        {
            "name": names.of(parameter, value),
            "number": number,
            "address": f"/search?{urlencode([*here, (parameter, value)])}",
        }
        for value, number in (sorted(found) if in_order else found)
    ]


def _missing(session: Session, archive: Archive, visitor: Visitor, village_id: str) -> dict[str, Any] | None:
    """How much of this and last year is there, for who catalogues here; None for others."""
    if not can(visitor.actor, Permission.CATALOGUE, village_id):
        return None
    calendar, today = county_calendar(archive.settings.calendar), archive.today()
    years = []
    for year in (today.year, today.year - 1):
        found = completeness.village_years(session, visitor.actor, calendar, year, today, village_id)
        sums = total(found[0].cells.values()) if found else {}
        years.append((year, [(NAMES[state], number) for state, number in sums.items() if number]))
    return {"years": years, "village": village_id}
