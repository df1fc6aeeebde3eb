"""One village in one page: what is held of it by decade and class, its people, customs and photographs, and the gaps.

All of it is what the actor may see; who sees less is told less, and a gap is a gap in what this person sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.actions.outlines import outline_at
from archive_service.permissions import Actor, scope_of
from storage.database.organisations import Village, village
from storage.database.records import File, Record
from storage.index.door import SearchIndex
from storage.index.query import SearchRequest

CUSTOMS = ("customs", "genealogy", "celebrity", "landscape", "heritage", "rural_change", "oral_history")
"""The kinds that tell of a village's ways and places, not of its administration."""
TOLD = ("村史", "民俗", "风俗", "家谱", "名人", "人文", "遗产", "口述", "变迁")
"""Words in the names of classes that hold the same."""
PICTURES = 12
PAPERS = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph with the file that shows it."""

    record: Record
    file_id: str


@dataclass(frozen=True, slots=True)
class VillagePage:
    """What is shown. `counts` are those of a search in this village; `gaps` are years between with nothing."""

    village: Village
    successor: Village | None
    merged: Sequence[Village]
    total: int
    counts: dict[str, list[tuple[str, int]]]
    pictures: Sequence[Picture]
    customs: Sequence[Record]
    recent: Sequence[Record]
    gaps: Sequence[tuple[int, int]]


def village_page(session: Session, index: SearchIndex, actor: Actor, village_id: str) -> VillagePage:
    """The page of one village.

    Raises:
        Missing: there is no such village.
    """
    home, scope = village(session, village_id), scope_of(actor)
    here = SearchRequest(villages=(home.id,), states=("archived",), sort="newest", size=PAPERS, facets=True)
    filed = index.search(here, scope)
    photos = _ids(index, actor, SearchRequest(villages=(home.id,), kinds=("photo",), sort="newest", size=PICTURES))
    customs = _customs(session, index, actor, home)
    recent = [hit.id for hit in filed.hits]
    wanted = select(Record).where(Record.id.in_({*photos, *customs, *recent}), inside(scope))
    records = {one.id: one for one in session.scalars(wanted)}
    return VillagePage(
        village=home,
        successor=session.get(Village, home.merged_into_id) if home.merged_into_id else None,
        merged=session.scalars(select(Village).where(Village.merged_into_id == home.id).order_by(Village.fonds)).all(),
        total=filed.total,
        counts=filed.facets,
        pictures=_pictures(session, [records[one] for one in photos if one in records]),
        customs=[records[one] for one in customs if one in records],
        recent=[records[one] for one in recent if one in records],
        gaps=gaps([int(year) for year, _ in filed.facets.get("years", ()) if year.isdigit()]),
    )


def _customs(session: Session, index: SearchIndex, actor: Actor, home: Village) -> list[str]:
    """By kind, and by class: a paper about a custom is often filed as a plain document of that class."""
    of_kind = SearchRequest(villages=(home.id,), kinds=CUSTOMS, sort="newest", size=PAPERS)
    found = _ids(index, actor, of_kind)
    told = [one.id for one in outline_at(session)[1].classes.values() if any(word in one.name for word in TOLD)]
    if told:
        found += _ids(index, actor, replace(of_kind, kinds=(), classes=tuple(told)))
    return list(dict.fromkeys(found))[:PAPERS]


def _ids(index: SearchIndex, actor: Actor, request: SearchRequest) -> list[str]:
    return [hit.id for hit in index.search(request, scope_of(actor)).hits]


def _pictures(session: Session, records: Sequence[Record]) -> list[Picture]:
    wanted = select(File.record_id, File.id).where(
        File.record_id.in_([one.id for one in records]), File.mime.startswith("image/")
    )
    first = {record_id: file_id for record_id, file_id in session.execute(wanted.order_by(File.position.desc()))}
    return [Picture(one, first[one.id]) for one in records if one.id in first]


def gaps(years: Sequence[int]) -> list[tuple[int, int]]:
    """First and last year of each stretch with nothing, between the first and the last year with something."""
    there = sorted(set(years))
    return [(one + 1, next_ - 1) for one, next_ in pairwise(there) if next_ > one + 1]


def held_by_village(index: SearchIndex, actor: Actor) -> dict[str, int]:
    """How many filed records the actor sees of each village, in one question."""
    request = SearchRequest(states=("archived",), size=0, counted=("villages",))
    return dict(index.search(request, scope_of(actor)).facets.get("villages", ()))
