"""One village in one page: what is held by decade and class, people, customs, photographs, and what is missing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from archive_service.actions.completeness_county import County, county, remember
from archive_service.actions.outlines import outline_at
from archive_service.actions.using_village import VillagePage, village_page
from archive_service.exchange.calendar_files import county_calendar
from archive_service.permissions import Permission, can
from archive_service.web.asked import Asked
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.names import Names
from archive_service.web.pages.years import bars
from archive_service.web.rendering import answer
from archive_service.wiring import Archive
from classification.calendar.settling import NAMES
from classification.calendar.tally import whole
from storage.database.organisations import villages

router = APIRouter()
PEOPLE, PLACES, CLASSES = 24, 16, 40


@router.get("/villages/{village_id}")
def village(request: Request, archive: ArchiveDep, visitor: VisitorDep, village_id: str) -> Response:
    """The page."""
    with archive.sessions.read() as session:
        page = village_page(session, archive.index, visitor.actor, village_id)
        names = Names(outline_at(session)[1], {page.village.id: page.village.name}, visitor.lang)
        found = _years(session, archive, visitor, page.village.id)
        keeps = can(visitor.actor, Permission.MAINTAIN)
        others = villages(session) if keeps else []
    if found and found.fresh:
        with archive.sessions.begin() as session:
            remember(session, found)
    asked = Asked([("village", page.village.id), ("state", "archived")])
    return answer(
        request, "village.html", page=page, village=page.village, villages=others, keeps=keeps, today=archive.today(),
        years=bars(asked, page.counts.get("years", ())), missing=_missing(found),
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


def _years(session: Session, archive: Archive, visitor: Visitor, village_id: str) -> County | None:
    """What is there of this and last year, for who catalogues here; None for others."""
    if not can(visitor.actor, Permission.CATALOGUE, village_id):
        return None
    calendar, today = county_calendar(archive.settings.calendar), archive.today()
    return county(session, visitor.actor, calendar, (today.year - 1, today.year), today, village_id=village_id)


def _missing(found: County | None) -> dict[str, Any] | None:
    """How many records of each year are in which state, the newest year first."""
    if found is None:
        return None
    years = [
        (one.year, [(NAMES[state], number) for state, number in whole(one.tallied).items() if number])
        for one in reversed(found.sums)
    ]
    return {"years": years}
