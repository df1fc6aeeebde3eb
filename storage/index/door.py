"""The door to the search index: one Protocol, one way down the rungs, and two engines behind it.

An engine translates a tree and looks; it decides nothing about words, rungs, scopes or cursors.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from storage.index.documents import IndexDocument
from storage.index.nodes import Node
from storage.index.query import TIER, Hit, Plan, Rung, SearchAnswer, SearchRequest, Sort, build
from storage.scope import Scope

FACETS = {
    "villages": "village", "classes": "classes", "series": "series", "kinds": "kind", "years": "years",
    "decades": "decades", "periods": "period", "access": "access", "states": "state", "people": "person",
    "places": "place",
}  # fmt: skip
"""Name of a count in the answer, and the keyword field that is counted."""
MOST_VALUES = 1000
Counts = dict[str, list[tuple[str, int]]]
"""By keyword field: its values and how often each occurs, the most frequent first."""
Place = list[float | int | str]
"""Where a page of hits ended, in the terms of the engine."""


class WrongPlace(Exception):
    """The place comes from no page of this engine."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one tree gave: how many in all, ids with scores in order, where the page ended, and what was counted."""

    total: int
    hits: list[tuple[str, float]]
    place: Place
    counts: Counts


class Fillable(Protocol):
    """What documents can be put into. May raise NotReady: the index is away, busy or not made yet."""

    abreast: int
    """How many may be putting in at once, each other documents: more than that gain nothing."""

    def apply(
        self, documents: Sequence[IndexDocument], removed_ids: Sequence[str], more: bool = False
    ) -> Mapping[str, str]:
        """Put these in, whatever was there under their ids, and take those out. Kept, and visible to the next search.

        `more`: others follow at once, and it is enough if all are visible after the last.
        Returns the ids that the engine refused for themselves, and why; the others are in (or out).
        """


class Begun(Fillable, Protocol):
    """An index that is being made and that nobody asks yet."""

    def count(self) -> int:
        """How many documents there are."""

    def marks(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The marks of those of these documents that there were when it was begun, or gone on with, by id."""


class SearchIndex(Fillable, Protocol):
    """Documents in, hits out. Every method may raise NotReady."""

    def clear(self) -> None:
        """Empty the index, and bring it into the form this code needs."""

    def anew(self, go_on: bool = False) -> AbstractContextManager[Begun]:
        """An index to fill, which has taken the place of this one when the block ends without an error.

        It is empty; with `go_on` it is the one that was left half made, if there is one.
        """

    def count(self) -> int:
        """How many documents there are."""

    def marks(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The marks of those of these documents that there are, by id."""

    def search(self, request: SearchRequest, scope: Scope) -> SearchAnswer:
        """The best hits inside the scope. No text a person can type is an error."""


class Engine(Protocol):
    """What an implementation has to be able to do for `climb`."""

    def look(self, node: Node, size: int, sort: Sort, after: Place | None, counted: Sequence[str] = ()) -> Look:
        """The hits of a tree, from the place a page ended; of each keyword field to be counted the MOST_VALUES.

        Raises:
            WrongPlace: no page ended there.
        """


_LOST = SearchAnswer(note="翻页标记无效，没有结果；请从第一页重新查找。")


def climb(engine: Engine, request: SearchRequest, scope: Scope) -> SearchAnswer:
    """Try one rung after the other until one finds something; a cursor stays on its rung."""
    plan = build(request, scope)
    start, after = 0, None
    if request.cursor:
        place = _opened(request.cursor)
        if place is None or place[0] >= len(plan.rungs):
            return _LOST
        start, after = place
    sort = Sort(request.sort)
    wanted = {name: field for name, field in FACETS.items() if request.facets or name in request.counted}
    for number, rung in enumerate(plan.rungs[start:], start):
        try:
            look = engine.look(rung.node, request.size, sort, after, list(wanted.values()))
        except WrongPlace:
            return _LOST
        if look.total or after is not None:
            facets = {name: look.counts[field] for name, field in wanted.items()}
            return _answer(engine, request, plan, number, look, facets)
    return SearchAnswer(terms=plan.terms, note=plan.note)


def _answer(
    engine: Engine, request: SearchRequest, plan: Plan, number: int, look: Look, facets: Counts
) -> SearchAnswer:
    rung = plan.rungs[number]
    hits = tuple(Hit(id_, score, 1 if score >= TIER else rung.number) for id_, score in look.hits)
    return SearchAnswer(
        total=look.total,
        hits=hits,
        rung=min((hit.rung for hit in hits), default=rung.number),
        used_words=_used(engine, rung),
        terms=tuple(dict.fromkeys((*plan.terms, *rung.words))),
        cursor=_closed(number, look.place) if len(hits) == request.size > 0 else None,
        facets=facets,
    )


def _used(engine: Engine, rung: Rung) -> tuple[str, ...]:
    """Of some words those that occur at all, inside the scope; otherwise all of them."""
    if not rung.each:
        return rung.words
    asked = zip(rung.words, rung.each, strict=True)
    return tuple(word for word, node in asked if engine.look(node, 0, Sort.RELEVANCE, None).total)


def _closed(rung: int, place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([rung, place]).encode()).decode()


def _opened(cursor: str) -> tuple[int, Place] | None:
    try:
        rung, place = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (binascii.Error, UnicodeError, TypeError, ValueError):
        return None
    fits = isinstance(rung, int) and rung >= 0 and isinstance(place, list)
    return (rung, place) if fits else None
