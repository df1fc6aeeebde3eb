"""Dossiers: which matters there are and how they stand; one matter step by step, with its records and objections."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from archive_service.actions import dossier_views, dossiers
from archive_service.actions.dossiers import Kinds, NewDossier, Objection
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.dossier_files import county_dossiers
from archive_service.permissions import Actor, Permission, check
from archive_service.tasks.matters import print_dossier
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.hand_in import homes_of
from archive_service.web.pages.spoken import cite, say, warning
from archive_service.web.printouts import Format, sent
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.calendar.model import MARKS
from classification.dossier_checks import STATES, VERDICTS
from classification.dossiers import MEETINGS
from classification.errors import RuleError

router = APIRouter(prefix="/dossiers")
Id = Annotated[str, Query(max_length=40)]
FACT = "fact:"
"""How the fields of a step and of the head begin in a form, so that none is taken for another."""


def kinds_of(archive: Archive) -> Kinds:
    """The kinds of dossiers of this county."""
    return county_dossiers(archive.settings.calendar)


@router.get("")
def listed(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, village: Id = "", kind: Id = "", after: Id = ""
) -> Response:
    """Every matter of the visitor's villages, the newest first, and the form for another."""
    check(visitor.actor, Permission.CATALOGUE)
    kinds = kinds_of(archive)
    with archive.sessions.read() as session:
        homes = homes_of(session, visitor.actor, Permission.CATALOGUE)
        lines, more = dossier_views.listed(session, visitor.actor, kinds, archive.today(), village, kind, after)
    banner = warning(county_calendar(archive.settings.calendar), visitor.lang)
    return answer(
        request, "dossiers.html", lines=lines, after=more, villages=homes, kinds=kinds, village=village, kind=kind,
        states=STATES, banner=banner, today=archive.today(),
    )  # fmt: skip


@router.post("")
def open_one(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Open a matter."""
    check(visitor.actor, Permission.CATALOGUE, text(form, "village"))
    opened_on = dossiers.day(text(form, "opened_on"), "立项日期")
    if opened_on is None:
        raise RuleError("请填立项日期，没有另立。")
    wish = NewDossier(text(form, "village"), text(form, "kind"), text(form, "name"), opened_on)
    with archive.sessions.begin() as session:
        made = dossiers.open_dossier(session, visitor.actor, kinds_of(archive), wish, archive.now())
    return go(f"/dossiers/{made.id}", say(visitor, "已立卷。"))


@router.get("/{dossier_id}")
def shown(request: Request, archive: ArchiveDep, visitor: VisitorDep, dossier_id: str) -> Response:
    """One matter whole."""
    calendar = county_calendar(archive.settings.calendar)
    with archive.sessions.read() as session:
        found = dossier_views.shown(
            session, visitor.actor, kinds_of(archive), calendar, dossier_id, archive.today()
        )  # fmt: skip
    return answer(
        request, "dossier.html", shown=found, states=STATES, verdicts=VERDICTS, marks=MARKS, meetings=MEETINGS,
        banner=warning(calendar, visitor.lang), fact=FACT, cite=partial(cite, calendar, visitor.lang),
    )  # fmt: skip


@router.get("/{dossier_id}/file")
def file(archive: ArchiveDep, visitor: VisitorDep, dossier_id: str, format: Format = "pdf") -> Response:
    """The matter on paper or as a workbook."""
    return sent(
        lambda target: print_dossier(archive, visitor.actor, dossier_id, format, target).title, "dossier", format
    )


@router.post("/{dossier_id}")
def change(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, dossier_id: str) -> Response:
    """Change the head, note a step, tie a record or take it off, write down an objection or its answer."""
    with archive.sessions.begin() as session:
        _act(session, visitor.actor, archive, form, dossier_id)
    return go(f"/dossiers/{dossier_id}", say(visitor, "已记下。"))


def _act(session: Session, actor: Actor, archive: Archive, form: FormData, dossier_id: str) -> None:
    kinds, at, step, record = kinds_of(archive), archive.now(), text(form, "step"), text(form, "record")
    match text(form, "act"):
        case "head":
            said = {name: text(form, name) for name in ("name", "opened_on", "done_on") if name in form}
            dossiers.describe(session, actor, kinds, dossier_id, {**said, **_facts(form)}, at)
        case "step":
            dossiers.note_step(session, actor, kinds, dossier_id, step, _facts(form), at)
        case "tie":
            dossiers.tie(session, actor, kinds, dossier_id, step, record.rsplit("/", 1)[-1], at)
        case "untie":
            dossiers.untie(session, actor, dossier_id, step, record, at)
        case "objection":
            said = {name: text(form, name) for name in ("raised_on", "by", "text", "answered_on", "answer")}
            dossiers.object_to(session, actor, dossier_id, Objection(**said), at)
        case "answer":
            number = text(form, "number")
            place = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0
            words = text(form, "answered_on"), text(form, "answer")
            dossiers.answer_objection(session, actor, dossier_id, place, *words, at)
        case _:
            dossiers.seen(session, actor, dossier_id)
            raise RuleError("看不出要改什么，没有改动。")


def _facts(form: FormData) -> dict[str, str]:
    return {name.removeprefix(FACT): text(form, name) for name in form if name.startswith(FACT)}
