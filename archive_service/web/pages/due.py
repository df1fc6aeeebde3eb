"""What waits for appraisal, what does not and why, and what the coming years bring. Nothing is destroyed from here."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import due as listing
from archive_service.actions.holdings import MANY
from archive_service.actions.outlines import outline_at
from archive_service.permissions import Permission, can
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.spoken import banner, named
from archive_service.web.rendering import answer
from classification.disposal import STANDING_WORDS, Standing
from storage.database.organisations import villages

router = APIRouter()
YEARS = 10
TABS: dict[str, str] = {
    **{one.value: said for one, said in STANDING_WORDS.items()},
    listing.STOPPED: "已期满，停止处置或借出",
}


@router.get("/due")
def due(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, after: str = "", show: str = Standing.DUE,
    village: str = "", year: str = "",
) -> Response:  # fmt: skip
    """The list, to read or to print."""
    actor, today, home = visitor.actor, archive.today(), village or None
    chosen = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    with archive.sessions.read() as session:
        listed = listing.due_list(session, actor, listing.Asked(show, home, chosen, after, most=MANY), today)
        counts = listing.standings(session, actor, today, home, MANY)
        coming = listing.forecast(session, actor, today, YEARS, home)
        homes = {one.id: one.name for one in villages(session)}
        _, outline = outline_at(session)
    by_year: dict[int, list[listing.ForecastLine]] = {}
    for line in coming:
        by_year.setdefault(line.year, []).append(line)
    kept = urlencode({name: value for name, value in (("show", show), ("village", village), ("year", year)) if value})
    return answer(
        request, "due.html", listed=listed, counts=counts, coming=by_year, homes=homes, today=today, tabs=TABS,
        show=show, village=village, year=chosen, kept=kept, holds=can(actor, Permission.HOLD),
        banner=banner(outline, visitor.lang),
        classes={id: named(one, visitor.lang) for id, one in outline.classes.items()},
    )  # fmt: skip
