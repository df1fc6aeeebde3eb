"""Changing many records at once: what to change, what that would do, the act, and one button that takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from archive_service.actions import bulk_editing, catalogue, holdings, restricting
from archive_service.actions.bulk_editing import RESTRICTION, Edited
from archive_service.actions.restricting import Wish
from archive_service.permissions import NAMED_CLASSES, Permission, check
from archive_service.rulebook import rule_book
from archive_service.web import words
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep, wake_worker
from archive_service.web.pages.bulk import after, moment_of
from archive_service.web.pages.form import FormDep, listed, text, texts
from archive_service.web.pages.readers import day_of
from archive_service.web.pages.spoken import banner, named, path_of, say
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.errors import RuleError
from classification.outline import Outline
from classification.retention import SPLIT_LABELS
from storage.database.records import Record

router = APIRouter()
MOST_SHOWN = 200
CHANGED = ("choice", "access", "date", "responsible", "note", "box", "shelf", "carrier", "count")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which records: marked one by one, or everything of the inbox that its filter shows."""

    ids: list[str]
    by_filter: bool
    filter: dict[str, str]


def _chosen(session: Session, visitor: Visitor, form: FormData) -> Chosen:
    narrowed = {name: text(form, name) for name in ("village", "batch", "state")}
    if text(form, "all") != "1":
        return Chosen(texts(form, "record"), False, narrowed)
    state = narrowed["state"] if narrowed["state"] in catalogue.OPEN else None
    found = holdings.inbox(
        session, visitor.actor, narrowed["village"] or None, narrowed["batch"] or None, state, size=bulk_editing.MOST
    )
    if found.total > bulk_editing.MOST:
        raise RuleError(f"一次最多改 {bulk_editing.MOST} 件，没有改动。")
    return Chosen([one.id for one in found.records], True, narrowed)


@router.post("/bulk/edit")
def edit(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """The form, what it would do, or the act: as far as the person has come."""
    check(visitor.actor, Permission.CATALOGUE)
    step = text(form, "step")
    if step == "apply":
        return _apply(request, archive, visitor, form)
    try:
        changes, wrong = _changes(form), ""
    except RuleError as refused:
        changes, wrong = {}, str(refused)
    with archive.sessions.read() as session:
        chosen, rules = _chosen(session, visitor, form), rule_book(session)
        if not chosen.ids:
            return go("/inbox", say(visitor, "还没有选中材料，没有改动。"))
        shown = list[Edited]()
        if step == "preview" and changes:
            try:
                shown = bulk_editing.preview(session, visitor.actor, chosen.ids, changes, rules, archive.now())
            except RuleError as refused:
                wrong = str(refused)
        elif step == "preview" and not wrong:
            wrong = "还没有填要改成什么，没有改动。"
        lines = [_line(one, rules.outline, visitor.lang) for one in shown]
    cannot = [one for one in lines if one["refused"]]
    return answer(
        request,
        "bulk_edit.html",
        status=422 if wrong else 200,
        chosen=chosen,
        changes={name: text(form, name) for name in ("series", *CHANGED, RESTRICTION, "readers", "until")},
        seen=bool(shown),
        lines=(cannot + [one for one in lines if one["changed"]])[:MOST_SHOWN],
        most=MOST_SHOWN,
        number=sum(bool(one["changed"]) for one in lines),
        refused=len(cannot),
        widened=sum(map(widens, shown)),
        wrong=wrong,
        splits=SPLIT_LABELS,
        carriers=words.CARRIERS,
        all_series=_series(rules.outline, visitor.lang),
        access_classes=list(rules.outline.access_classes.values()),
        banner=banner(rules.outline, visitor.lang),
    )


def _series(outline: Outline, lang: str) -> list[tuple[str, str, str]]:
    return [(one.id, named(one, lang), path_of(outline, one.class_id, lang)) for one in outline.series.values()]


def _changes(form: FormData) -> dict[str, Any]:
    """What is to be changed: fields left empty stay as they are."""
    changes: dict[str, Any] = {name: text(form, name) for name in CHANGED if text(form, name)}
    if series := text(form, "series").split(" ")[0]:
        changes["series"] = series
    if said := text(form, RESTRICTION):
        changes[RESTRICTION] = Wish(said, tuple(listed(form, "readers")), day_of(text(form, "until")))
    return changes


def widens(one: Edited) -> bool:
    """Whether a record that opens to named persons only would open to everybody of a role."""
    before, now = one.changed.get("access", (None, None))
    return before in NAMED_CLASSES and now not in NAMED_CLASSES


def _line(one: Edited, outline: Outline, lang: str) -> dict[str, Any]:
    record: Record = one.record
    changed = [
        (words.FIELD_NAMES[name], _shown(name, before, outline, lang), _shown(name, now, outline, lang))
        for name, (before, now) in one.changed.items()
    ]
    return {"record": record, "changed": changed, "refused": one.refused}


def _shown(name: str, value: Any, outline: Outline, lang: str) -> str:
    if value in (None, "", []):
        return "—"
    if name == "series" and value in outline.series:
        return f"{value} {named(outline.series[value], lang)}"
    if name == "access":
        return words.say(lang, words.ACCESS.get(value, value))
    if name == RESTRICTION:
        return restricting.in_words(value)
    if name == "choice":
        return words.say(lang, SPLIT_LABELS.get(value, value))
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _apply(request: Request, archive: Archive, visitor: Visitor, form: FormData) -> Response:
    at = archive.now()
    with archive.sessions.begin() as session:
        chosen = _chosen(session, visitor, form)
        number = bulk_editing.edit(session, visitor.actor, chosen.ids, _changes(form), rule_book(session), at)
    wake_worker(request)
    query = urlencode({name: value for name, value in chosen.filter.items() if value})
    return go(after(at, f"/inbox?{query}" if query else "/inbox", of="edit"), say(visitor, "已改动 {n} 件。", n=number))


@router.post("/bulk/edit/undo")
def undo(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Put back what one act changed."""
    check(visitor.actor, Permission.CATALOGUE)
    moment = moment_of(text(form, "at"))
    with archive.sessions.begin() as session:
        back, left = bulk_editing.undo(session, visitor.actor, moment, rule_book(session), archive.now())
    wake_worker(request)
    said = say(visitor, "已恢复 {n} 件。", n=back)
    if left:
        said += say(visitor, "{n} 件后来又改过或已归档，没有动。", n=left)
    return go("/inbox", said)
