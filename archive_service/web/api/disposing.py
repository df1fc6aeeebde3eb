"""The due list, its forecast, and holds. Nothing here destroys anything."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from archive_service.actions import due as listing
from archive_service.actions import holds
from archive_service.actions.due import DueLine
from archive_service.actions.holds import HoldLine, Wish
from archive_service.rulebook import period_label
from archive_service.tasks.keeping import keep_holds
from archive_service.web.api import schemas
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import disposing as shown
from archive_service.web.context import ActorDep, ArchiveDep
from classification.disposal import Standing
from storage.database.holds import HoldKind

router = APIRouter(tags=["records"])


@router.get("/due", summary="到期清单", responses=refusals(404))
def due(
    archive: ArchiveDep,
    actor: ActorDep,
    village: str | None = None,
    year: int | None = None,
    show: str = Standing.DUE,
    after: str = "",
    size: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> shown.Due:
    """Archived records whose period has run out, or by `show` those whose has not, and why. Nothing else happens."""
    with archive.sessions.read() as session:
        found = listing.due_list(session, actor, listing.Asked(show, village, year, after, size), archive.today())
    return shown.Due(records=[_due(one) for one in found.lines], total=found.total, after=found.after)


@router.get("/due/forecast", summary="今后各年期满多少件")
def forecast(
    archive: ArchiveDep,
    actor: ActorDep,
    years: Annotated[int, Query(ge=1, le=listing.LONGEST_FORECAST)] = 10,
    village: str | None = None,
) -> shown.Forecast:
    """By year and class, and how many stand where today."""
    today = archive.today()
    with archive.sessions.read() as session:
        lines = listing.forecast(session, actor, today, years, village)
        counts = listing.standings(session, actor, today, village)
    found = [shown.ForecastOut(year=one.year, class_id=one.class_id, number=one.number) for one in lines]
    return shown.Forecast(years=found, standing={one.show: one.number for one in counts})


@router.get("/holds", summary="停止处置")
def listed(archive: ArchiveDep, actor: ActorDep, all: bool = False, after: str = "") -> shown.Holds:
    """Holds that keep something within the asker's reach; with `all` those that were released too."""
    with archive.sessions.read() as session:
        lines, more = holds.listed(session, actor, not all, after)
    return shown.Holds(holds=[_hold(one) for one in lines], after=more)


@router.post("/holds", summary="登记停止处置", status_code=201, responses=refusals(404, 409))
def place(archive: ArchiveDep, actor: ActorDep, sent: shown.NewHold) -> shown.HoldOut:
    """Hold records, or everything that a search, a matter or a person's name finds now."""
    wish = Wish(
        HoldKind(sent.kind), sent.ground, sent.reason, sent.subject, tuple(sent.records), sent.village, sent.review_on
    )
    with archive.sessions.begin() as session:
        hold = holds.place(session, archive.index, actor, wish, archive.now(), archive.today())
        line = HoldLine(hold, holds.reached(session, actor, hold.id))
    keep_holds(archive)
    return _hold(line)


@router.post("/holds/{hold_id}/release", summary="解除停止处置", responses=refusals(404, 409))
def release(archive: ArchiveDep, actor: ActorDep, hold_id: str, sent: schemas.Reason) -> shown.HoldOut:
    """Let a hold go, with the reason. It stays in the history."""
    with archive.sessions.begin() as session:
        hold = holds.release(session, actor, hold_id, sent.reason, archive.now())
        line = HoldLine(hold, holds.reached(session, actor, hold.id))
    keep_holds(archive)
    return _hold(line)


def _due(one: DueLine) -> shown.DueOut:
    same = ("id", "village_id", "code", "title", "starts_on", "due_on")
    return shown.DueOut(
        **{name: getattr(one.record, name) for name in same},
        period=period_label(one.record.retention),
        standing=one.standing,
        why=[schemas.Step.model_validate(step) for step in one.why],
        stops=one.stops,
    )


def _hold(line: HoldLine) -> shown.HoldOut:
    same = set(shown.HoldOut.model_fields) - {"records"}
    return shown.HoldOut(**{name: getattr(line.hold, name) for name in same}, records=line.records)
