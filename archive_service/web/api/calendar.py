"""The calendar of village records: what counts, its versions, another compared or imported, what the county says."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, File, UploadFile

from archive_service.actions.calendars import import_calendar, set_values, timeline_of
from archive_service.actions.outlines import plain_json
from archive_service.exchange.calendar_files import county_calendar, county_document
from archive_service.permissions import Permission, check
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import county as shown
from archive_service.web.api.taken_in import taken_in, upload_example
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.wiring import Archive
from classification.calendar.comparison import cadence_in_words, compare
from classification.calendar.model import Calendar
from classification.calendar.reader import parse
from storage.database.calendars import calendar_versions

router = APIRouter(prefix="/calendar", tags=["completeness"])
DOCUMENT = upload_example("本县日历.xlsx")


@router.get("", summary="村级记录日历")
def show(archive: ArchiveDep, actor: ActorDep) -> shown.CalendarOut:
    """The calendar in force today: its records, what the county has to say, its versions."""
    return _shown(archive)


def _shown(archive: Archive) -> shown.CalendarOut:
    with archive.sessions.read() as session:
        held = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
        versions = [shown.CalendarVersionOut.model_validate(one) for one in calendar_versions(session)]
    return shown.CalendarOut(
        id=held.id,
        version=held.version,
        banner=held.banner,
        records=[
            shown.KindOut(
                id=one.id, system=one.system_id, name=one.name, cadence=cadence_in_words(one.cadence), mark=one.mark
            )
            for one in held.records
        ],
        settings=[shown.SettingOut.model_validate(one) for one in held.settings.values()],
        versions=versions,
    )


@router.post("", summary="导入新的一版日历", status_code=201, responses=refusals(409, 413), openapi_extra=DOCUMENT)
def import_version(archive: ArchiveDep, actor: ActorDep, file: UploadFile = File()) -> shown.CalendarOut:
    """Import a version, whole or not at all; it counts from the day that it names."""
    check(actor, Permission.MANAGE_OUTLINE)
    content = _content(file)
    with archive.sessions.begin() as session:
        import_calendar(session, actor, content, archive.now())
    return _shown(archive)


@router.post("/diff", summary="与现在的日历比较", responses=refusals(413), openapi_extra=DOCUMENT)
def diff(archive: ArchiveDep, actor: ActorDep, file: UploadFile = File()) -> shown.CalendarDiff:
    """What another version would change. Nothing is written."""
    check(actor, Permission.MANAGE_OUTLINE)
    new = parse(_content(file))
    with archive.sessions.read() as session:
        old: Calendar = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
    return shown.CalendarDiff(differences=[str(one) for one in compare(old, new)])


def _content(file: UploadFile) -> dict[str, Any]:
    # Loaded where a document is read, not by every server that starts.
    from archive_service.exchange import calendar_sheets

    with taken_in(file, "日历文件") as path:
        content: dict[str, Any] = plain_json(calendar_sheets.read(path))
    return content


@router.post("/settings", summary="本县的规定", status_code=201, responses=refusals(409))
def settings(archive: ArchiveDep, actor: ActorDep, sent: shown.SettingsSent) -> shown.CalendarOut:
    """Say what the sources leave open, from a day on: a version of its own, the one before stays."""
    check(actor, Permission.MANAGE_OUTLINE)
    own = archive.settings.calendar
    with archive.sessions.begin() as session:
        set_values(session, actor, county_calendar(own), county_document(own), sent.values, sent.since, archive.now())
    return _shown(archive)
