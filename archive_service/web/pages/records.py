"""A record: what is this, what does it say, where does it belong, why is it kept and until when, who touched it?"""

from __future__ import annotations

from itertools import islice
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import holdings, opening_lists, physical, restricting, searching, transfer_lines
from archive_service.actions.holdings import RecordView
from archive_service.permissions import Actor, Permission, can
from archive_service.tasks.viewing import note_view
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.beside import beside
from archive_service.web.pages.fields import fields_of
from archive_service.web.pages.history import compared, lines
from archive_service.web.pages.kin import kin_page
from archive_service.web.pages.leaves import leaf
from archive_service.web.pages.spoken import banner, called, named, path_of
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.disposal import GROUNDS
from classification.opening import OPENING_WORDS, REASONS, Opening
from storage.database.holds import holds_ever_on
from storage.database.openings import openings_of
from storage.database.physical import out
from storage.database.records import File, PageText, Record
from storage.index.highlight import mark
from storage.index.query import SearchRequest

router = APIRouter()
MOST_HIT_PAGES = 30


@router.get("/records/{record_id}")
def record(
    request: Request,
    archive: ArchiveDep,
    visitor: VisitorDep,
    record_id: str,
    q: str = "",
    file: str = "",
    people: int = 1,
) -> Response:
    """The record with one page of one of its files open."""
    number = _number(request.query_params.get("page", ""))
    with archive.sessions.read() as session:
        view = holdings.view(session, visitor.actor, record_id, most_kin=0)
        kin = kin_page(session, record_id, people)
        chosen = next((one for one in view.files if one.id == file), next(iter(view.files), None))
        terms = _terms(session, archive, visitor.actor, q)
        hit_pages = _pages_with(session, chosen, terms) if chosen else []
        number = number or next(iter(hit_pages), 1)
        kept = [("q", q), ("file", chosen.id if chosen else "")]
        shown = leaf(session, chosen, number, kept, terms) if chosen else None
        original = _original(session, visitor.actor, view.record)
        original["called_by"] = called(session, (one.actor for one in view.history))
        held = _held(session, visitor.actor, view.record) | _opening(session, visitor.actor, view.record)
        restricts = restricting.allowed(visitor.actor, view.record)
        more = beside(session, archive, visitor.actor, view, chosen)
    note_view(archive, visitor.actor, view.record, "record_viewed")
    return answer(
        request,
        "record.html",
        file=chosen,
        shown=shown,
        question=q,
        hit_pages=hit_pages,
        kin=kin,
        today=archive.today(),
        restricts=restricts,
        **original,
        **held,
        **more,
        **_of_view(view, visitor.lang),
    )


@router.get("/records/{record_id}/pages/{number}")
def record_page(record_id: str, number: int) -> Response:
    """The short address of a page."""
    return go(f"/records/{record_id}?page={number}")


def _original(session: Session, actor: Actor, found: Record) -> dict[str, Any]:
    """Where the original lies and who has it; borrowers are told to those who lend."""
    keeps = can(actor, Permission.CATALOGUE, found.village_id)
    return {
        "keeps": keeps,
        "place": physical.whereabouts(session, found.id),
        "lent": out(session, [found.id]).get(found.id),
        "loans": physical.loans_of(session, found.id) if keeps else [],
    }


def _held(session: Session, actor: Actor, found: Record) -> dict[str, Any]:
    """That it is held is told to everybody who sees it; why, and what was before, to those who may hold."""
    ever, may = holds_ever_on(session, found.id), can(actor, Permission.HOLD, found.village_id)
    stops = [one for one in ever if one.released_at is None]
    return {"stops": stops, "holds": may, "held": ever if may else [], "grounds": GROUNDS}


def _opening(session: Session, actor: Actor, found: Record) -> dict[str, Any]:
    """What its opening review came to, and where it went; who said what, to those who review."""
    decided = openings_of(session, [found.id]).get(found.id)
    return {
        "opening": Opening(decided[0].outcome) if decided else None,
        "reviews": opening_lists.history(session, actor, found.id),
        "went": transfer_lines.went_to(session, found.id),
        "REASONS": REASONS,
        "OPENING_WORDS": OPENING_WORDS,
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _terms(session: Session, archive: Archive, actor: Actor, question: str) -> Any:
    """What the search engine marks for this question; asked as the same person, so that it tells nothing new."""
    if not question.strip():
        return ()
    return searching.find(session, archive.index, actor, SearchRequest(text=question, size=1)).answer.terms


def _pages_with(session: Session, file: File, terms: Any) -> list[int]:
    if not terms:
        return []
    # Two columns only: the boxes of the lines of a whole volume would be megabytes.
    texts = select(PageText.number, PageText.text).where(PageText.file_id == file.id).order_by(PageText.number)
    pages = (number for number, text in session.execute(texts).yield_per(20) if mark(text, terms).marks)
    return list(islice(pages, MOST_HIT_PAGES))


def _of_view(view: RecordView, lang: str) -> dict[str, Any]:
    found, outline = view.record, view.outline
    series = outline.series.get(found.series_id) if outline and found.series_id else None
    described = [
        ("文号", found.doc_number),
        ("责任者", found.responsible),
        ("人物", "、".join(found.people)),
        ("地点", "、".join(found.places)),
        ("附注", found.note),
    ]
    return {
        "record": found,
        "village": view.village,
        "gone": view.gone,
        "files": view.files,
        "why": view.why,
        "banner": banner(outline, lang),
        "series": {"id": series.id, "name": named(series, lang)} if series else None,
        "mark": outline.mark(series) if outline and series else "",
        "class_path": path_of(outline, series.class_id, lang) if outline and series else "",
        "described": [(name, value) for name, value in described if value],
        "fields": fields_of(found, outline),
        "history": [
            {"at": one.at, "act": one.act, "actor": one.actor, "lines": lines(one, lang)} for one in view.history
        ],
        "compared": compared(found),
    }
