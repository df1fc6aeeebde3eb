"""What the index holds of one record, and the fields that both engines make of it. Knows no engine and no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from storage.index.analysis import line_of_pairs, pairs, terms
from storage.index.sorting import PINYIN, STROKES, title_keys
from storage.index.sounds import syllable
from storage.scope import RESTRICTED

TITLE, PEOPLE, LABELS, TEXT, SOUND, INITIALS = "title", "people", "labels", "text", "sound", "initials"
WRITTEN = (TITLE, PEOPLE, LABELS, TEXT)
AREAS: dict[str, float] = {TITLE: 4.0, PEOPLE: 3.0, LABELS: 2.0, TEXT: 1.0, SOUND: 0.5, INITIALS: 0.2}
"""Where words are looked for, and what a hit there weighs. Labels: places, responsible body, code, document number."""
KEYWORDS = (
    "id", "village", "access", "archived", "classes", "series", "kind", "period", "state", "batch", "years", "decades",
    "person", "place", "reader", "mark",
)  # fmt: skip
NUMBERS = (
    "year_from", "year_to", "day_from", "day_to", "oldest", "newest", "seal", "added", *PINYIN, *STROKES,
)  # fmt: skip
ACCESS = ("public", "village", "internal", "personal", "party", RESTRICTED)
"""The order is stored in every index: add at the end only, and a class that is not here is seen by nobody."""
NEVER, NO_DAY = 99_999_999, 0
"""Days are numbers, 20190305. A record without a date sorts last both ways."""
_LONGEST_INTERVAL = 150
_BREAK = " | | "
"""Stands between values, so that no phrase runs from one person into the next: two places, for a phrase asks for every
other pair only."""


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A record as it is searched. Years and dates are its interval; class_path runs from the root down."""

    id: str
    title: str
    text: str
    code: str
    doc_number: str
    responsible: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    village: str
    fonds: str
    year_from: int | None
    year_to: int | None
    date_from: date | None
    date_to: date | None
    class_path: tuple[str, ...]
    series: str
    kind: str
    retention: str
    access: str
    archived: bool
    state: str
    batch: str
    added: int = 0
    """The minute, counted from 1970, since when it is here: archived, or before that received."""
    readers: tuple[str, ...] = ()
    """The log-in names to whom it is opened by name."""

    def mark(self) -> str:
        """A digest of all of it: two documents with the same mark are the same."""
        return blake2b(repr(self).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def token_fields(document: IndexDocument) -> dict[str, str]:
    """The analysed fields, as blank-joined tokens: pairs with positions, and each single token once (`_1`)."""
    title, people, places = (list(map(terms, of)) for of in ((document.title,), document.people, document.places))
    labels = map(terms, (document.responsible, document.code, document.doc_number))
    sounds = [list(map(syllable, value)) for value in (*title, *people, *places)]
    text, singles = line_of_pairs(document.text)
    return {
        **_area(TITLE, title),
        **_area(PEOPLE, people),
        **_area(LABELS, [*places, *labels]),
        **{TEXT: text, f"{TEXT}_1": " ".join(singles)},
        **_area(SOUND, sounds),
        **_area(INITIALS, [[sound[0] for sound in value] for value in sounds]),
    }


def _area(area: str, values: Sequence[Sequence[str]]) -> dict[str, str]:
    lines = (" ".join(pairs(value)) for value in values)
    return {area: _BREAK.join(lines), f"{area}_1": " ".join(set().union(*values))}


def keyword_fields(document: IndexDocument) -> dict[str, Sequence[str]]:
    """The fields that filters, counts and scopes look at, each with all its values."""
    years = _years(document)
    return {
        "id": (document.id,),
        "village": (document.village,),
        "access": (document.access,),
        "archived": ("yes" if document.archived else "no",),
        "classes": document.class_path,
        "series": (document.series,) if document.series else (),
        "kind": (document.kind,),
        "period": (document.retention,),
        "state": (document.state,),
        "batch": (document.batch,) if document.batch else (),
        "years": [str(year) for year in years],
        "mark": (document.mark(),),
        "decades": sorted({str(year - year % 10) for year in years}),
        "person": list(dict.fromkeys(document.people)),
        "place": list(dict.fromkeys(document.places)),
        "reader": document.readers,
    }


def number_fields(document: IndexDocument) -> dict[str, int]:
    """The fields that intervals and sorting look at; what is unknown is left out, but for sorting."""
    first, last = day_interval(document)
    numbers = {"oldest": first or NEVER, "newest": last or NO_DAY, "seal": seal_of(document.access, document.archived)}
    numbers |= {"added": document.added, **title_keys(document.title)}
    if first is not None and last is not None:
        numbers |= {"day_from": first, "day_to": last, "year_from": first // 10_000, "year_to": last // 10_000}
    return numbers


def seal_of(access: str, archived: bool) -> int:
    """Access class and stage as one number, so that what an actor may see is an interval or two."""
    place = ACCESS.index(access) if access in ACCESS else len(ACCESS)
    return 2 * place + (0 if archived else 1)


def day_interval(document: IndexDocument) -> tuple[int | None, int | None]:
    """First and last day as numbers; a bare year is all of it."""
    first = day_number(document.date_from) if document.date_from else None
    last = day_number(document.date_to) if document.date_to else None
    if first is None and document.year_from is not None:
        first = document.year_from * 10_000 + 101
    if last is None and document.year_to is not None:
        last = document.year_to * 10_000 + 1231
    return first or last, last or first


def day_number(day: date) -> int:
    """5 March 2019 as 20190305."""
    return day.year * 10_000 + day.month * 100 + day.day


def _years(document: IndexDocument) -> range:
    first, last = day_interval(document)
    if first is None or last is None:
        return range(0)
    return range(first // 10_000, min(last // 10_000, first // 10_000 + _LONGEST_INTERVAL) + 1)
