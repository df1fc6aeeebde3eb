"""Handovers at a change of term or of clerk: opened, counted, closed, their register handed in as a record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from archive_service.actions import handovers as acts
from archive_service.actions.handovers import Counted, NewHandover
from archive_service.actions.outlines import outline_at
from archive_service.exchange.calendar_files import county_calendar
from archive_service.tasks.matters import archive_handover
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import matters as shown
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from storage.database.handovers import Handover, HandoverKind
from storage.database.organisations import Village, village

router = APIRouter(prefix="/handovers", tags=["matters"])
Id = Annotated[str, Query(max_length=40)]
PEOPLE = ("giver", "receiver", "host", "supervisor")
CHANGED = refusals(404, 409)


@router.get("", summary="各次移交")
def listed(archive: ArchiveDep, actor: ActorDep, village: Id = "", after: Id = "") -> shown.Handovers:
    """Handovers of the villages that the asker catalogues for, the newest first."""
    with archive.sessions.read() as session:
        lines, more = acts.listed(session, actor, village, after)
    return shown.Handovers(handovers=[_handover(one, home) for one, home in lines], after=more)


@router.post("", summary="登记移交", status_code=201, responses=CHANGED)
def open_one(archive: ArchiveDep, actor: ActorDep, sent: shown.HandoverSent) -> shown.HandoverOut:
    """Open a handover with the register of what there is now, within what the asker sees."""
    people = {name: getattr(sent, name) for name in PEOPLE}
    wish = NewHandover(sent.village, HandoverKind(sent.kind), sent.happened_on, people)
    calendar = county_calendar(archive.settings.calendar)
    with archive.sessions.begin() as session:
        _, outline = outline_at(session)
        made = acts.open_handover(session, actor, calendar, outline, wish, archive.now(), archive.today())
        return _handover(made, village(session, made.village_id))


@router.get("/{handover_id}", summary="一次移交", responses=refusals(404))
def one(archive: ArchiveDep, actor: ActorDep, handover_id: str) -> shown.HandoverOut:
    """One handover with every line, and what keeps it open."""
    with archive.sessions.read() as session:
        found = acts.seen(session, actor, handover_id)
        return _handover(found, village(session, found.village_id))


@router.patch("/{handover_id}", summary="记下清点", responses=CHANGED)
def count(archive: ArchiveDep, actor: ActorDep, handover_id: str, sent: shown.HandoverChange) -> shown.HandoverOut:
    """Note who takes part and what was counted."""
    people = {name: said for name in PEOPLE if (said := getattr(sent, name)) is not None}
    counted = {one.line: Counted(one.number, one.found, one.note) for one in sent.counts}
    with archive.sessions.begin() as session:
        found = acts.note_counts(session, actor, handover_id, people, counted, archive.now())
        return _handover(found, village(session, found.village_id))


@router.post("/{handover_id}/close", summary="办结移交", responses=CHANGED)
def close(archive: ArchiveDep, actor: ActorDep, handover_id: str, sent: shown.Signed) -> shown.HandoverOut:
    """Close it: everything is there or explained, and three different people have signed."""
    with archive.sessions.begin() as session:
        found = acts.close(session, actor, handover_id, sent.signed_on, archive.now(), archive.today())
        return _handover(found, village(session, found.village_id))


@router.post("/{handover_id}/archive", summary="移交清册交去归档", status_code=201, responses=CHANGED)
def archive_register(request: Request, archive: ArchiveDep, actor: ActorDep, handover_id: str) -> shown.MadeRecord:
    """The register of a closed handover becomes one record, which waits for a person."""
    made = archive_handover(archive, actor, handover_id)
    wake_worker(request)
    return shown.MadeRecord(record=made)


def _handover(found: Handover, home: Village) -> shown.HandoverOut:
    same = set(shown.HandoverOut.model_fields) - {"village", "missing"}
    return shown.HandoverOut(
        **{name: getattr(found, name) for name in same}, village=home.name, missing=acts.missing(found)
    )
