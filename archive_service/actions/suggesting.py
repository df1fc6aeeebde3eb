"""What may be meant while somebody is still typing: people, places, series and titles among what the actor may see.

Everything but the names of villages is taken from the hits within the scope, so that a suggestion tells nothing that a
search does not. Names are met as written, by sound (wangman) and by first letters (wmc).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.actions.outlines import outline_at
from archive_service.permissions import Actor, scope_of
from storage.database.organisations import Village
from storage.database.records import Record
from storage.index.analysis import fold
from storage.index.door import SearchIndex
from storage.index.query import SearchAnswer, SearchRequest
from storage.index.sounds import initials_of, syllables_of

MOST = 3
"""Of one kind."""
TITLES = 5
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be meant. `kind`: person, place, village, series, record; `id` where it is not its text."""

    kind: str
    text: str
    id: str
    number: int | None = None


def suggest(session: Session, index: SearchIndex, actor: Actor, typed: str) -> list[Suggestion]:
    """The likeliest first, by kind; nothing for nothing, and nothing for a text that is no beginning of a word."""
    typed = typed.strip()
    if not typed or len(typed) > LONGEST:
        return []
    request = SearchRequest(text=typed, size=TITLES, counted=("people", "places", "series"))
    answer = index.search(request, scope_of(actor))
    return [
        *_named("person", typed, answer.facets.get("people", ())),
        *_named("place", typed, answer.facets.get("places", ())),
        *_villages(session, typed),
        *_series(session, typed, answer),
        *_titles(session, actor, answer),
    ]


def meant(typed: str, name: str) -> bool:
    """Whether somebody who types this may mean that name."""
    wanted, letters = fold(typed), fold(typed).replace(" ", "")
    if wanted in fold(name):
        return True
    return "".join(syllables_of(name)).startswith(letters) or "".join(initials_of(name)).startswith(letters)


def _named(kind: str, typed: str, counted: Iterable[tuple[str, int]]) -> Iterator[Suggestion]:
    fitting = (Suggestion(kind, name, name, number) for name, number in counted if meant(typed, name))
    return islice(fitting, MOST)


def _villages(session: Session, typed: str) -> Iterator[Suggestion]:
    homes = session.execute(select(Village.id, Village.name).order_by(Village.fonds))
    return islice((Suggestion("village", name, id_) for id_, name in homes if meant(typed, name)), MOST)


def _series(session: Session, typed: str, answer: SearchAnswer) -> Iterator[Suggestion]:
    counted = answer.facets.get("series", ())
    if not counted:
        return iter(())
    known = outline_at(session)[1].series
    named = ((known[id_].name, id_, number) for id_, number in counted if id_ in known)
    return islice((Suggestion("series", name, id_, number) for name, id_, number in named if meant(typed, name)), MOST)


def _titles(session: Session, actor: Actor, answer: SearchAnswer) -> Iterator[Suggestion]:
    """Titles of the first hits; the database says once more what may be seen."""
    ids = [hit.id for hit in answer.hits]
    wanted = select(Record.id, Record.title).where(Record.id.in_(ids), inside(scope_of(actor)))
    titles = {id_: title for id_, title in session.execute(wanted)}
    return (Suggestion("record", titles[id_], id_) for id_ in ids if id_ in titles)
