"""Search: where is it? Facets with counts, hits with the words marked, and how the search matched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import searching, ways_out
from archive_service.actions.outlines import outline_at
from archive_service.actions.searching import Found
from archive_service.web.asked import COUNTED, SORTS, Asked
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.leaves import PICTURED
from archive_service.web.pages.names import FACETS, Names
from archive_service.web.pages.nothing_found import attempts, read_as
from archive_service.web.pages.spoken import say
from archive_service.web.pages.years import bars
from archive_service.web.rendering import answer, moment
from storage.database.holds import holds_on
from storage.database.organisations import villages
from storage.index.query import SearchAnswer

router = APIRouter()
MOST_VALUES = 30
"""Of one facet: beyond them a word or another condition narrows better than a list."""
IN_TIME = ("decade", "year")


@router.get("/search")
def search(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """One page of hits."""
    asked = Asked(request.query_params.multi_items())
    wanted = asked.request()
    with archive.sessions.read() as session:
        results = searching.find(session, archive.index, visitor.actor, wanted)
        _, outline = outline_at(session)
        held = holds_on(session, [one.record.id for one in results.hits])
        names = Names(outline, {home.id: home.name for home in villages(session)}, visitor.lang)
    told = results.answer
    # On a later page nothing but the place is at fault.
    empty = not told.total and wanted.cursor is None
    ways = ways_out.ways_out(archive.index, visitor.actor, wanted) if empty else []
    return answer(
        request,
        "search.html",
        asked=asked,
        answer=told,
        held=held,
        hits=[_hit(one, asked.q) for one in results.hits],
        facets=_facets(asked, told, names),
        years=bars(asked, told.facets.get("years", ())),
        chips=_chips(asked, names, visitor),
        sorts=[
            {"name": name, "address": asked.with_("sort", id), "on": id == asked.sort()}
            for id, name in SORTS.items()
            if asked.q or id != "relevance"
        ],
        explained=_explained(asked, told, visitor),
        read_as=read_as(asked.q, visitor) if empty else [],
        attempts=attempts(asked, ways, visitor),
    )


@dataclass(frozen=True, slots=True)
class _Hit:
    record: Any
    village: Any
    title: Any
    excerpt: Any
    picture: str
    beginning: str
    pages: int
    query: str


def _hit(found: Found, question: str) -> _Hit:
    file, passage = found.file, found.excerpt
    place = {"q": question, "file": file.id if file else "", "page": str(passage.page) if passage else ""}
    pictured = file is not None and file.mime.startswith(PICTURED)
    return _Hit(
        record=found.record,
        village=found.village,
        title=found.title,
        excerpt=passage,
        picture=f"/api/v1/files/{file.id}/thumbnail" if file and pictured else "",
        beginning=f"{found.record.title} {passage.text if passage else ''}"[:300],
        pages=file.page_count if file else 0,
        query=urlencode({name: value for name, value in place.items() if value}),
    )


def _facets(asked: Asked, told: SearchAnswer, names: Names) -> list[dict[str, Any]]:
    facets = []
    for name, title in FACETS.items():
        counted = told.facets.get(COUNTED[name], ())
        values = [
            {
                "name": names.of(name, value),
                "number": number,
                "on": value in asked.every(name),
                "address": asked.toggled(name, value),
            }
            for value, number in (sorted(counted, reverse=True) if name in IN_TIME else counted)[:MOST_VALUES]
        ]
        if values:
            facets.append({"title": title, "found": values})
    return facets


def _chips(asked: Asked, names: Names, visitor: Visitor) -> list[dict[str, str]]:
    chips = [
        {"name": names.of(name, value), "address": asked.toggled(name, value)}
        for name, value in asked.pairs(("q", "from", "to", "since", "sort", "cursor"))
    ]
    first, last = asked.years()
    if first or last:
        words = say(visitor, "{first} 至 {last} 年", first=first or "…", last=last or "…")
        chips.append({"name": words, "address": asked.without("from", "to")})
    since = asked.since()
    if since is not None:
        when = moment(datetime.fromtimestamp(since * 60, UTC))
        chips.append({"name": say(visitor, "{when} 以后新到的", when=when), "address": asked.without("since")})
    return chips


def _explained(asked: Asked, told: SearchAnswer, visitor: Visitor) -> str:
    """How the search matched, in one sentence."""
    if not asked.q:
        return say(visitor, "没有写要找什么，列出您可以查看的档案。")
    used = "”“".join(told.used_words)
    sentences = {
        2: "没有整段匹配，按词查找：“{used}”。",
        3: "没有整段或整词匹配，按词的部分查找：“{used}”。",
        4: "没有一件含全部字词，按其中的“{used}”查找。",
    }
    plain = "按“{used}”查找，繁体简体、全角半角不分。"
    return say(visitor, sentences.get(told.rung, plain) if used else plain, used=used or asked.q)
