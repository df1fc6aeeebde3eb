"""What was archived: every version readable, and the correction that makes a new one, with its reason."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import holdings, revising
from archive_service.rulebook import period_label, rule_book_of
from archive_service.tasks import revising as tasks
from archive_service.tasks.viewing import note_view
from archive_service.web import words
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep, wake_worker
from archive_service.web.pages.fields import ALSO, changed, fields_of
from archive_service.web.pages.form import FormDep, listed, text
from archive_service.web.pages.spoken import called, say
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.records import RecordState
from storage.errors import Conflict

router = APIRouter()
TEXTS = ("title", "date", "doc_number", "responsible", "access", "note")
TOLD = ("title", "code", "doc_number", "responsible", "people", "places", "note")


@router.get("/records/{record_id}/versions/{number}")
def version(request: Request, archive: ArchiveDep, visitor: VisitorDep, record_id: str, number: str) -> Response:
    """The record as one version holds it, beside the list of all of them."""
    chosen = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    said = tasks.version(archive, visitor.actor, record_id, chosen)
    lines = tasks.versions(archive, visitor.actor, record_id)
    with archive.sessions.read() as session:
        found = holdings.seen(session, visitor.actor, record_id)
        outline = rule_book_of(session, found.outline_id).outline
        called_by = called(session, (one.actor for one in lines))
    note_view(archive, visitor.actor, found, "record_viewed")
    elements = {one.id: one.name for one in fields_of(found, outline)}
    return answer(
        request, "version.html", record=found, number=chosen, lines=lines, told=_told(said, elements, visitor.lang),
        kept=said, called_by=called_by,
    )  # fmt: skip


def _told(said: dict[str, Any], elements: dict[str, str], lang: str) -> list[tuple[str, str]]:
    rows = [(words.FIELD_NAMES[name], _plain(said.get(name))) for name in TOLD]
    rows += [
        ("条目", said.get("series_id") or ""),
        ("保管期限", period_label(said.get("retention"))),
        ("日期", said.get("date_wording") or ""),
        ("利用范围", words.say(lang, words.ACCESS.get(said["access"], said["access"]))),
    ]
    rows += [
        (elements.get(name, ALSO.get(name, name)), _plain(value)) for name, value in said.get("fields", {}).items()
    ]
    return [(name, value) for name, value in rows if value]


def _plain(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")


@router.get("/records/{record_id}/revise")
def form(request: Request, archive: ArchiveDep, visitor: VisitorDep, record_id: str) -> Response:
    """The form of a correction."""
    return _form(request, archive, visitor, record_id)


def _form(request: Request, archive: Archive, visitor: Visitor, record_id: str, wrong: str = "") -> Response:
    with archive.sessions.read() as session:
        found = holdings.seen(session, visitor.actor, record_id)
        revising.may_revise(visitor.actor, found)
        outline = rule_book_of(session, found.outline_id).outline
    if found.state != RecordState.ARCHIVED:
        return go(f"/records/{record_id}")
    fields = [one for one in fields_of(found, outline) if one.id != "project"]
    return answer(
        request,
        "revise.html",
        status=422 if wrong else 200,
        record=found,
        fields=fields,
        access_classes=list(outline.access_classes.values()),
        wrong=wrong,
    )


@router.post("/records/{record_id}/revise")
def revise(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """Make the new version."""
    with archive.sessions.read() as session:
        found = holdings.seen(session, visitor.actor, record_id)
        revising.may_revise(visitor.actor, found)
        outline = rule_book_of(session, found.outline_id).outline
    changes: dict[str, Any] = {name: text(form, name) for name in TEXTS if name in form}
    changes |= {name: listed(form, name) for name in ("people", "places") if name in form}
    typed = {name.removeprefix("field."): text(form, name) for name in form if name.startswith("field.")}
    changes["fields"] = changed(found, typed, outline)
    try:
        if text(form, "seen") not in ("", str(found.version)):
            raise Conflict("这一件刚有人更正过，您写的还没有存；请看过现在的版本再改。")
        made = tasks.revise_record(archive, visitor.actor, record_id, changes, text(form, "reason"))
    except (RuleError, Conflict) as refused:
        return _form(request, archive, visitor, record_id, str(refused))
    wake_worker(request)
    told = say(visitor, "已更正，另存新版本。") if made else say(visitor, "和原来一样，没有改动。")
    return go(f"/records/{record_id}", told)
