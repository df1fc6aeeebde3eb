"""The journal (操作日志): who did what, when, to which record. To read and to print; nothing is changed here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import journal_reading
from archive_service.actions.journal_reading import Entries, Wanted
from archive_service.county_time import COUNTY_TIME
from archive_service.permissions import Permission, can
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.history import lines
from archive_service.web.pages.spoken import called
from archive_service.web.rendering import answer
from storage.database.organisations import villages

router = APIRouter()
FILTERS = ("actor", "act", "record", "from", "to")


@router.get("/journal")
def journal(request: Request, archive: ArchiveDep, visitor: VisitorDep, after: str = "") -> Response:
    """One page of it, newest first."""
    asked = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    with archive.sessions.read() as session:
        found = journal_reading.read(session, visitor.actor, _wanted(asked), after or None)
        homes = {home.id: home.name for home in villages(session)}
        people = called(session, [one.actor for one in found.entries])
    return answer(
        request,
        "journal.html",
        rows=_rows(found, visitor),
        after=found.after,
        homes=homes,
        people=people,
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
    )


def _wanted(asked: dict[str, str]) -> Wanted:
    first, last = _day(asked["from"]), _day(asked["to"])
    return Wanted(
        actor=asked["actor"],
        act=asked["act"],
        object_id=asked["record"],
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 < found.year < 9999 else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=COUNTY_TIME)


def _rows(found: Entries, visitor: Visitor) -> list[dict[str, object]]:
    return [
        {
            "at": one.at,
            "actor": one.actor,
            "act": one.act,
            "village": one.village_id,
            "batch": one.object_id if one.object_type == "batch" else "",
            "opens": can(visitor.actor, Permission.HAND_IN, one.village_id),
            "record": found.records.get(one.object_id),
            "lines": lines(one, visitor.lang),
        }
        for one in found.entries
    ]
