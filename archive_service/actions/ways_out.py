"""When a search finds nothing: what was understood of it, and which of its conditions stood in the way.

Each way out is one more question to the index within the same scope, so that it tells nothing a search would not.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from archive_service.permissions import Actor, scope_of
from storage.index.door import SearchIndex
from storage.index.parsing import parse
from storage.index.query import SearchRequest
from storage.index.wordings import DateWord
from storage.index.words import parts_of

MOST = 8
"""Ways that are tried; each costs a question."""
_NO_CONDITIONS = ("text", "sort", "size", "cursor", "facets", "counted")


@dataclass(frozen=True, slots=True)
class Understood:
    """What the words were read as. `days`: first and last day of each date, as 19580301."""

    words: tuple[str, ...]
    exact: tuple[str, ...]
    excluded: tuple[str, ...]
    dates: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class WayOut:
    """One condition without which there is something. `name`: of the field, or excluded, quotes, all.

    `value`: what was excluded; `words`: what to ask instead, where it is the words that change.
    """

    name: str
    number: int
    value: str = ""
    words: str = ""


def understood(text: str) -> Understood:
    """How a question is read, before anything is looked for."""
    wish = parse(text)
    free = [part for run in wish.wanted if not run.quoted for part in parts_of(run.text)]
    dates = [part for part in free if isinstance(part, DateWord)]
    return Understood(
        words=tuple(dict.fromkeys(part for part in free if isinstance(part, str))),
        exact=tuple(run.text for run in wish.wanted if run.quoted),
        excluded=tuple(run.text for run in wish.excluded),
        dates=tuple((one.wordings[0], one.first, one.last) for one in dates),
    )


def ways_out(index: SearchIndex, actor: Actor, request: SearchRequest) -> list[WayOut]:
    """The conditions without any one of which something is found, the most telling first."""
    scope, plain = scope_of(actor), replace(request, size=0, cursor=None, facets=False, counted=())
    empty = SearchRequest()

    def number(changed: SearchRequest) -> int:
        return index.search(changed, scope).total

    set_ = [one.name for one in fields(plain) if one.name not in _NO_CONDITIONS]
    set_ = [name for name in set_ if getattr(plain, name) != getattr(empty, name)]
    tried = [(name, "", replace(plain, **{name: getattr(empty, name)})) for name in set_]
    tried += [("excluded", word, replace(plain, text=text)) for word, text in _without_excluded(plain.text)]
    tried += [("quotes", "", replace(plain, text=_unquoted(plain.text)))] if _unquoted(plain.text) != plain.text else []
    if len(set_) > 1:
        tried.append(("all", "", SearchRequest(text=plain.text, size=0)))
    ways = (WayOut(name, number(changed), word, changed.text) for name, word, changed in tried[:MOST])
    return [way for way in ways if way.number]


def _unquoted(text: str) -> str:
    return text.translate({ord(sign): " " for sign in '“”"「」『』'})


def _without_excluded(text: str) -> list[tuple[str, str]]:
    """Each excluded word, with the question without any."""
    wish = parse(text)
    if not wish.excluded:
        return []
    kept = " ".join(f"“{run.text}”" if run.quoted else run.text for run in wish.wanted)
    return [("、".join(run.text for run in wish.excluded), kept)]
