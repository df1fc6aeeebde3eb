"""The registers of a village: cadres in post and what happened; typed, brought in as a workbook, taken back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from archive_service.actions import cadres
from archive_service.actions.cadres import NewMatter, NewPost, triggers_of
from archive_service.actions.cadres_import import SHEETS, import_register, template
from archive_service.actions.calendars import timeline_of
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import Permission, check
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.hand_in import homes_of
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from archive_service.web.workbooks import XLSX
from archive_service.wiring import Archive
from classification.calendar.model import Calendar
from classification.errors import Problem, RuleError

router = APIRouter(prefix="/cadres")
Id = Annotated[str, Query(max_length=40)]
DONE = "已登记。"


@router.get("")
def register(request: Request, archive: ArchiveDep, visitor: VisitorDep, village: Id = "") -> Response:
    """What is entered of a village."""
    return _show(request, archive, visitor, village)


def _show(
    request: Request, archive: Archive, visitor: Visitor, village: str, problems: tuple[Problem, ...] = ()
) -> Response:
    check(visitor.actor, Permission.CATALOGUE)
    with archive.sessions.read() as session:
        homes = homes_of(session, visitor.actor, Permission.CATALOGUE)
        home = village or (homes[0].id if homes else "")
        held = cadres.registers(session, visitor.actor, home) if home else None
        calendar = _calendar(session, archive)
    shown: dict[str, Any] = {"villages": homes, "village": home, "held": held, "triggers": triggers_of(calendar)}
    shown |= {"posts": calendar.settings["cadres"].value if "cadres" in calendar.settings else ()}
    return answer(request, "cadres.html", 422 if problems else 200, problems=problems, today=archive.today(), **shown)


def _calendar(session: Session, archive: Archive) -> Calendar:
    return timeline_of(session, county_calendar(archive.settings.calendar)).of(archive.today().year)


@router.post("")
def change(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Enter a line, end a post, take a line back, or bring a file in."""
    home = text(form, "village")
    acts: dict[str, Callable[[Session, Archive, Visitor, FormData], str]] = {
        "post": _post, "end": _end, "matter": _matter, "take_back": _take_back, "import": _import,
    }  # fmt: skip
    act = acts.get(text(form, "act"))
    if act is None:
        raise RuleError("没有看懂要做什么，没有改动。")
    try:
        with archive.sessions.begin() as session:
            said = act(session, archive, visitor, form)
    except ListInvalid as invalid:
        return _show(request, archive, visitor, home, invalid.problems)
    return go(f"/cadres?{urlencode({'village': home})}", said)


def _post(session: Session, archive: Archive, visitor: Visitor, form: FormData) -> str:
    wish = NewPost(
        text(form, "village"), text(form, "person"), text(form, "post"), _day(form, "since"),
        _day(form, "until") if text(form, "until") else None,
    )  # fmt: skip
    cadres.add_post(session, visitor.actor, wish, archive.now())
    return say(visitor, DONE)


def _end(session: Session, archive: Archive, visitor: Visitor, form: FormData) -> str:
    cadres.end_post(session, visitor.actor, text(form, "line"), _day(form, "until"), archive.now())
    return say(visitor, DONE)


def _matter(session: Session, archive: Archive, visitor: Visitor, form: FormData) -> str:
    wish = NewMatter(text(form, "village"), text(form, "trigger"), _day(form, "on"), text(form, "name"))
    cadres.add_matter(session, visitor.actor, _calendar(session, archive), wish, archive.now())
    return say(visitor, DONE)


def _take_back(session: Session, archive: Archive, visitor: Visitor, form: FormData) -> str:
    line = (text(form, "register"), text(form, "line"), text(form, "reason"))
    cadres.take_back(session, visitor.actor, *line, archive.now())
    return say(visitor, "已撤回；这一行留着，不再计。")


def _import(session: Session, archive: Archive, visitor: Visitor, form: FormData) -> str:
    upload, home = form.get("file"), text(form, "village")
    if not isinstance(upload, UploadFile):
        raise RuleError("请选一个 XLSX 或 CSV 文件，没有改动。")
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"register{'.csv' if (upload.filename or '').lower().endswith('.csv') else '.xlsx'}"
        with path.open("wb") as target:
            shutil.copyfileobj(upload.file, target)
        calendar = _calendar(session, archive)
        number = import_register(
            session, visitor.actor, calendar, text(form, "register"), path, home or None, archive.now()
        )
    return say(visitor, "已登记 {n} 行。", n=number)


def _day(form: FormData, name: str) -> date:
    try:
        return date.fromisoformat(text(form, name))
    except ValueError as wrong:
        raise RuleError("日期要写成 2026-06-01，没有改动。") from wrong


@router.get("/template.xlsx")
def blank(archive: ArchiveDep, visitor: VisitorDep, register: Id = "posts") -> Response:
    """The workbook to fill in."""
    check(visitor.actor, Permission.CATALOGUE)
    with archive.sessions.read() as session:
        calendar = _calendar(session, archive)
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / "register.xlsx"
        template(register, calendar, path)
        content = path.read_bytes()
    name = "posts.xlsx" if register in SHEETS and register == "posts" else "matters.xlsx"
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
