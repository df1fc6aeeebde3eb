"""The registers of a village: cadres in post and what happened; entered, brought in as a file, taken back."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, File, UploadFile
from sqlalchemy.orm import Session

from archive_service.actions import cadres
from archive_service.actions.cadres import NewMatter, NewPost, triggers_of
from archive_service.actions.calendars import timeline_of
from archive_service.exchange.calendar_files import county_calendar
from archive_service.permissions import Permission, check
from archive_service.web.api import schemas
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import county as shown
from archive_service.web.api.taken_in import taken_in, upload_example
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.wiring import Archive
from classification.calendar.model import Calendar
from storage.database.cadres import CadrePost, VillageMatter

router = APIRouter(prefix="/cadres", tags=["completeness"])
Register = Literal["posts", "matters"]


@router.get("", summary="任职和事项", responses=refusals(404))
def registers(archive: ArchiveDep, actor: ActorDep, village: str) -> shown.RegistersOut:
    """What is entered of a village, with what was taken back."""
    check(actor, Permission.CATALOGUE)
    with archive.sessions.read() as session:
        held = cadres.registers(session, actor, village)
        return shown.RegistersOut(
            posts=[_post(one) for one in held.posts],
            matters=[_matter(one) for one in held.matters],
            triggers=triggers_of(_calendar(session, archive)),
        )


def _calendar(session: Session, archive: Archive) -> Calendar:
    return timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)


def _post(one: CadrePost) -> shown.PostOut:
    return shown.PostOut(
        id=one.id, person=one.person, post=one.post, since=one.since, until=one.until, counts=one.withdrawn_at is None
    )


def _matter(one: VillageMatter) -> shown.MatterOut:
    return shown.MatterOut(id=one.id, trigger=one.trigger, on=one.on, name=one.name, counts=one.withdrawn_at is None)


@router.post("/posts", summary="登记任职", status_code=201, responses=refusals(404, 409))
def add_post(archive: ArchiveDep, actor: ActorDep, sent: shown.PostSent) -> shown.PostOut:
    """Enter a person in a post."""
    wish = NewPost(sent.village, sent.person, sent.post, sent.since, sent.until)
    with archive.sessions.begin() as session:
        return _post(cadres.add_post(session, actor, wish, archive.now()))


@router.post("/posts/{line_id}/end", summary="登记离任", responses=refusals(404, 409))
def end_post(archive: ArchiveDep, actor: ActorDep, line_id: str, sent: shown.PostEnds) -> shown.PostOut:
    """Enter the last day in post."""
    with archive.sessions.begin() as session:
        return _post(cadres.end_post(session, actor, line_id, sent.until, archive.now()))


@router.post("/matters", summary="登记发生的事", status_code=201, responses=refusals(404, 409))
def add_matter(archive: ArchiveDep, actor: ActorDep, sent: shown.MatterSent) -> shown.MatterOut:
    """Enter what happened; the calendar then asks for its records."""
    wish = NewMatter(sent.village, sent.trigger, sent.on, sent.name)
    with archive.sessions.begin() as session:
        return _matter(cadres.add_matter(session, actor, _calendar(session, archive), wish, archive.now()))


@router.post("/{register}/{line_id}/take-back", summary="撤回一行", status_code=204, responses=refusals(404, 409))
def take_back(archive: ArchiveDep, actor: ActorDep, register: Register, line_id: str, sent: schemas.Reason) -> None:
    """Take a wrong line back, with the reason; it stays in the register and counts no more."""
    with archive.sessions.begin() as session:
        cadres.take_back(session, actor, register, line_id, sent.reason, archive.now())


@router.post(
    "/{register}/import", summary="导入一册", status_code=201, responses=refusals(404, 413),
    openapi_extra=upload_example("任职登记.xlsx"),
)  # fmt: skip
def import_rows(
    archive: ArchiveDep, actor: ActorDep, register: Register, village: str = "", file: UploadFile = File()
) -> shown.Imported:
    """Enter every row of a workbook or CSV, or none. `village`: that of rows which name none."""
    # Loaded where a file is read, not by every server that starts.
    from archive_service.actions.cadres_import import import_register

    check(actor, Permission.CATALOGUE)
    with taken_in(file, "登记册") as path, archive.sessions.begin() as session:
        calendar = _calendar(session, archive)
        number = import_register(session, actor, calendar, register, path, village or None, archive.now())
    return shown.Imported(rows=number)
