"""The calendar of village records: what counts, its versions, another compared or imported, what the county says."""

from __future__ import annotations

import shutil
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from archive_service.actions.calendars import import_calendar, set_values, timeline_of, version_on
from archive_service.actions.outlines import plain_json
from archive_service.exchange import calendar_sheets
from archive_service.exchange.calendar_files import county_calendar, county_document
from archive_service.permissions import Permission, check
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.calendar_settings import choices, frequency, hint, in_words
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import called, cite, say
from archive_service.web.rendering import answer, go
from archive_service.web.workbooks import XLSX
from archive_service.wiring import Archive
from classification.calendar.adjusting import text_of
from classification.calendar.comparison import compare
from classification.calendar.model import MARKS, CalendarInvalid
from classification.calendar.reader import parse
from classification.comparison import Difference
from classification.errors import Problem, RuleError
from storage.database.calendars import calendar_versions

router = APIRouter(prefix="/calendar")
OF_SETTING = "setting."


@router.get("")
def show(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The calendar in force today, with its settings and versions."""
    return _show(request, archive, visitor)


def _show(
    request: Request, archive: Archive, visitor: Visitor, problems: tuple[Problem, ...] = (),
    differences: tuple[Difference, ...] | None = None,
) -> Response:  # fmt: skip
    today = archive.today()
    with archive.sessions.read() as session:
        held = timeline_of(session, county_calendar(archive.settings.calendar))
        versions = list(calendar_versions(session))
        called_by = called(session, (one.imported_by for one in versions))
    calendar = held.of(today.year)
    shown: dict[str, Any] = {"calendar": calendar, "versions": versions, "today": today, "marks": MARKS}
    shown |= {"cite": partial(cite, calendar, visitor.lang)}
    shown |= {"problems": problems, "differences": differences, "frequency": frequency, "text_of": text_of}
    shown |= {"choices": choices, "called_by": called_by, "hint": hint, "value_of": in_words}
    return answer(request, "calendar.html", 422 if problems else 200, prefix=OF_SETTING, **shown)


@router.post("")
def change(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Compare another version, import it, or say what the sources leave open."""
    check(visitor.actor, Permission.MANAGE_OUTLINE)
    try:
        if text(form, "act") == "settings":
            return _settings(archive, visitor, form)
        content = plain_json(_uploaded(form))
        if text(form, "act") == "import":
            return _import(archive, visitor, content)
        with archive.sessions.read() as session:
            old = timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)
        return _show(request, archive, visitor, differences=compare(old, parse(content)))
    except CalendarInvalid as invalid:
        return _show(request, archive, visitor, problems=invalid.problems)


def _uploaded(form: FormData) -> dict[str, Any]:
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise RuleError("请选一个 YAML 或 XLSX 文件，没有改动。")
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"calendar{Path(upload.filename or '').suffix.lower()[:6]}"
        with path.open("wb") as target:
            shutil.copyfileobj(upload.file, target)
        return calendar_sheets.read(path)


def _import(archive: Archive, visitor: Visitor, content: dict[str, Any]) -> Response:
    with archive.sessions.begin() as session:
        held = import_calendar(session, visitor.actor, content, archive.now())
        said = {"title": held.title, "version": held.version, "day": held.effective_from}
    return go("/calendar", say(visitor, "已导入 {title} {version}，自 {day} 起计。", **said))


def _settings(archive: Archive, visitor: Visitor, form: FormData) -> Response:
    try:
        since = date.fromisoformat(text(form, "since"))
    except ValueError as wrong:
        raise RuleError("要写明从哪一天起，没有改动。") from wrong
    own = archive.settings.calendar
    said = {name.removeprefix(OF_SETTING): text(form, name) for name in form if name.startswith(OF_SETTING)}
    with archive.sessions.begin() as session:
        fallback = county_calendar(own)
        before = timeline_of(session, fallback).of(archive.today().year).settings
        changed = {
            name: value
            for name, value in said.items()
            if name not in before or value.replace("\r\n", "\n") != text_of(before[name].value)
        }
        made = set_values(session, visitor.actor, fallback, county_document(own), changed, since, archive.now())
        version = made.version
    return go("/calendar", say(visitor, "已记下，作为 {version} 版，自 {day} 起计。", version=version, day=since))


@router.get("/template.xlsx")
def template(archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The workbook that a county clerk can fill in, made from the calendar that counts."""
    check(visitor.actor, Permission.MANAGE_OUTLINE)
    with archive.sessions.read() as session:
        held = version_on(session, archive.today())
        content = held.content if held else plain_json(county_document(archive.settings.calendar))
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / "calendar.xlsx"
        calendar_sheets.write(content, path)
        made = path.read_bytes()
    return Response(made, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="calendar.xlsx"'})
