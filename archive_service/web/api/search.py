"""Search: words, filters, facets, marks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from archive_service.actions import searching
from archive_service.actions.searching import Found
from archive_service.web.api import shapes
from archive_service.web.api.schemas import Asked, Hit, Hits
from archive_service.web.context import ActorDep, ArchiveDep
from storage.index.query import SearchRequest

router = APIRouter(tags=["search"])


@router.get("/search", summary="查档")
def search(archive: ArchiveDep, actor: ActorDep, asked: Annotated[Asked, Query()]) -> Hits:
    """Hits within what the asker may see, with marks, page and facets. `cursor` goes on where the last page ended."""
    request = SearchRequest(
        text=asked.q,
        villages=asked.village,
        years=(asked.year_from, asked.year_to),
        classes=asked.class_,
        series=asked.series,
        kinds=asked.kind,
        periods=asked.period,
        access=asked.access,
        states=asked.state,
        batches=asked.batch,
        people=asked.person,
        places=asked.place,
        decades=asked.decade,
        each_year=asked.year,
        sort=asked.sort,
        size=asked.size,
        cursor=asked.cursor,
        facets=asked.facets,
    )
    with archive.sessions.read() as session:
        results = searching.find(session, archive.index, actor, request)
    answer = results.answer
    return Hits(
        total=answer.total,
        rung=answer.rung,
        used_words=list(answer.used_words),
        note=answer.note,
        cursor=answer.cursor,
        facets={name: list(values) for name, values in answer.facets.items()},
        hits=[_hit(one) for one in results.hits],
    )


def _hit(found: Found) -> Hit:
    passage = found.excerpt
    return Hit(
        record=shapes.brief(found.record),
        village=found.village.name,
        title_marks=list(found.title.marks),
        file=found.file.id if found.file else None,
        path=found.file.path if found.file else None,
        page=passage.page if passage else None,
        snippet=passage.text if passage else None,
        marks=list(passage.marks) if passage else [],
        score=found.score,
    )
