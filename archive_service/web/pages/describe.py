"""One record of the inbox: the page beside the form, the proposals with their reasons, one key to accept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from archive_service.actions import catalogue, desk, holdings, likeness, taking_back
from archive_service.actions.holdings import RecordView
from archive_service.forms.kinds import form_kind
from archive_service.rulebook import RuleBook, rule_book
from archive_service.tasks.filing import file_records
from archive_service.web import words
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep, wake_worker
from archive_service.web.pages.fields import changed, fields_of
from archive_service.web.pages.form import FormDep, listed, text, texts
from archive_service.web.pages.inbox import said_of
from archive_service.web.pages.leaves import leaf
from archive_service.web.pages.spoken import banner, named, path_of, say
from archive_service.web.rendering import answer, go
from archive_service.web.rendering import period as in_words
from archive_service.web.words import say as in_language
from archive_service.wiring import Archive
from classification.errors import RuleError
from classification.outline import Outline, Series
from classification.retention import Retention
from storage.database.batches import Batch
from storage.database.records import Record, record
from storage.errors import Conflict, StorageError

router = APIRouter()
TEXTS = ("title", "kind", "date", "doc_number", "responsible", "access", "note")


@router.get("/inbox/{record_id}")
def describe(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, record_id: str, file: str = "", page: int = 1
) -> Response:
    """The form with the page beside it."""
    return _form(request, archive, visitor, record_id, file, page)


def _form(
    request: Request,
    archive: Archive,
    visitor: Visitor,
    record_id: str,
    file_id: str = "",
    number: int = 1,
    typed: dict[str, Any] | None = None,
    wrong: str = "",
) -> Response:
    with archive.sessions.read() as session:
        view = holdings.view(session, visitor.actor, record_id)
        catalogue.may_open(visitor.actor, view.record)
        if view.record.state not in catalogue.OPEN:
            return go(f"/records/{record_id}")
        rules = rule_book(session)
        place, before, behind = holdings.neighbours(session, visitor.actor, record_id)
        total = holdings.inbox(session, visitor.actor, size=1).total
        file = next((one for one in view.files if one.id == file_id), view.files[0])
        shown = leaf(session, file, number, kept=[("file", file.id)])
        batch = session.get(Batch, view.record.batch_id) if view.record.batch_id else None
        siblings = desk.siblings(session, visitor.actor, view.record, view.files[0])
        alike = likeness.like(session, visitor.actor, view.record)
        other = _put_back(view.record, typed or {})
    return answer(
        request,
        "describe.html",
        status=422 if wrong else 200,
        **_of_view(view, rules, visitor),
        **{"file": file, "shown": shown, "batch": batch, "siblings": siblings, "wrong": wrong, "other": other},
        **{"place": place, "before": before, "behind": behind, "total": total, "alike": alike},
    )


def _put_back(found: Record, typed: dict[str, Any]) -> str:
    """Show again what was typed and refused; the session only reads, so nothing of it is kept."""
    for name in ("title", "doc_number", "responsible", "note", "people", "places"):
        if name in typed:
            setattr(found, name, typed[name])
    found.date_wording = typed.get("date", found.date_wording)
    series = typed.get("series", "")
    return series if series and series != found.series_id else ""


def _of_view(view: RecordView, rules: RuleBook, visitor: Visitor) -> dict[str, Any]:
    found, outline = view.record, rules.outline
    series = rules.series(found.series_id)
    return {
        "record": found,
        "village": view.village,
        "files": view.files,
        "why": view.why,
        "banner": banner(outline, visitor.lang),
        "mark": outline.mark(series) if series else "",
        "split": series.retention if series and series.retention.kind == "split" else None,
        "choices": _choices(found, outline, visitor.lang),
        "all_series": [_choice(one, outline, visitor.lang) for one in outline.series.values()],
        "access_classes": list(outline.access_classes.values()),
        "fields": fields_of(found, outline),
        "form_kind": form_kind(outline, found.class_id, found.kind),
        "kinds": words.KINDS,
        "source": _sources(found, visitor.lang),
    }


def _choice(
    series: Series, outline: Outline, lang: str, score: float | None = None, reasons: tuple[str, ...] = ()
) -> dict[str, Any]:
    period = _period(series.retention, lang)
    path = path_of(outline, series.class_id, lang)
    name = named(series, lang)
    return {"id": series.id, "name": name, "path": path, "period": period, "score": score, "reasons": reasons}


def _period(retention: Retention, lang: str) -> str:
    return in_words(retention, lang)


def _choices(found: Record, outline: Outline, lang: str) -> list[dict[str, Any]]:
    """The three best proposals, and before them what a person has chosen instead."""
    proposed = [
        _choice(
            outline.series[one["series"]],
            outline,
            lang,
            one["score"],
            tuple(in_language(lang, reason) for reason in one["reasons"][:3]),
        )
        for one in found.proposals.get("series") or ()
        if one["series"] in outline.series
    ]
    if found.series_id in outline.series and found.series_id not in {one["id"] for one in proposed}:
        proposed.insert(0, _choice(outline.series[found.series_id], outline, lang))
    return proposed


def _reasons(reasons: list[str], lang: str) -> tuple[str, ...]:
    return tuple(in_language(lang, one) for one in reasons)


def _sources(found: Record, lang: str) -> Callable[[str], Markup]:
    def source(name: str) -> Markup:
        said = found.proposals.get(name) or {}
        where = said.get("source") or said.get("reason") or ""
        return Markup("<small>%s</small>") % in_language(lang, where) if where else Markup("")

    return source


@router.post("/inbox/{record_id}")
def decide(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, record_id: str) -> Response:
    """One act on one record. What was refused is shown again beside what was typed."""
    act = ACTS.get(text(form, "act"), _save)
    try:
        response = act(archive, visitor, form, record_id)
    except (RuleError, StorageError) as refused:
        typed = _typed(form) if "title" in form else None
        return _form(request, archive, visitor, record_id, typed=typed, wrong=str(refused))
    wake_worker(request)
    return response


def _typed(form: FormData) -> dict[str, Any]:
    other = text(form, "other").split(" ")[0]
    fields = {name.removeprefix("field."): text(form, name) for name in form if name.startswith("field.")}
    return {
        **{name: text(form, name) for name in TEXTS if name in form},
        "series": other or text(form, "series"),
        "people": listed(form, "people"),
        "places": listed(form, "places"),
        "fields": fields,
    }


def _describe(session: Session, archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> RuleBook:
    rules = rule_book(session)
    changes = _typed(form)
    found = record(session, record_id)
    if text(form, "seen") not in ("", found.changed_at.isoformat()):
        raise Conflict(f"这一件刚被{found.described_by or '系统'}改过，您写的还没有存；再存一次就以您写的为准。")
    changes["fields"] = changed(found, changes["fields"], rules.outline)
    series = rules.series(changes["series"]) or rules.series(found.series_id)
    if series is not None:
        # A choice belongs to a row with two values; under any other row it would stand in the way.
        changes["choice"] = text(form, "choice") if series.retention.kind == "split" else ""
    catalogue.describe(session, visitor.actor, record_id, changes, rules, archive.now())
    return rules


def _save(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    with archive.sessions.begin() as session:
        _describe(session, archive, visitor, form, record_id)
    return go(f"/inbox/{record_id}", say(visitor, "已存下修改。"))


def _take(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> str | None:
    """Describe and accept in one transaction; the next record of the inbox."""
    with archive.sessions.begin() as session:
        rules = _describe(session, archive, visitor, form, record_id)
        catalogue.accept(session, visitor.actor, [record_id], rules, archive.now())
        return holdings.neighbours(session, visitor.actor, record_id)[2]


def _accept(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    _take(archive, visitor, form, record_id)
    return go(f"/inbox/{record_id}", say(visitor, "已采用，可以归档了。"))


def _accept_next(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    behind = _take(archive, visitor, form, record_id)
    said = say(visitor, "已采用：{title}", title=text(form, "title"))
    return go(f"/inbox/{behind}" if behind else "/inbox", said)


def _archive(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    with archive.sessions.begin() as session:
        _describe(session, archive, visitor, form, record_id)
    filed = file_records(archive, visitor.actor, [record_id])
    return go(f"/records/{record_id}", said_of(visitor, filed))


def _merge(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    others = texts(form, "other")
    if not others:
        raise RuleError("还没有选要并入的材料，没有改动。")
    with archive.sessions.begin() as session:
        catalogue.merge(session, visitor.actor, record_id, others, archive.now())
    return go(f"/inbox/{record_id}", say(visitor, "已作附件并入。"))


def _split(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    with archive.sessions.begin() as session:
        fresh = catalogue.split(
            session, visitor.actor, record_id, texts(form, "file"), rule_book(session), archive.now()
        )
    return go(f"/inbox/{fresh.id}", say(visitor, "已拆成另一件，就是这一件。"))


def _withdraw(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    with archive.sessions.begin() as session:
        behind = holdings.neighbours(session, visitor.actor, record_id)[2]
        catalogue.withdraw(session, visitor.actor, record_id, text(form, "reason"), archive.now())
    return go(f"/inbox/{behind}" if behind else "/inbox", say(visitor, "已记为不归档，原因写进了对账单。"))


def _reopen(archive: Archive, visitor: Visitor, form: FormData, record_id: str) -> Response:
    with archive.sessions.begin() as session:
        taking_back.take_back(session, visitor.actor, [record_id], archive.now())
    return go(f"/inbox/{record_id}", say(visitor, "已退回待整理。"))


ACTS: dict[str, Callable[[Archive, Visitor, FormData, str], Response]] = {
    "save": _save,
    "accept": _accept,
    "accept_next": _accept_next,
    "archive": _archive,
    "merge": _merge,
    "split": _split,
    "withdraw": _withdraw,
    "reopen": _reopen,
}
