"""A search request and a scope become the trees to try, one rung after the other. Runs nothing.

Rungs: 1 every run as it was typed, 2 all its words, 3 all pieces of its words, 4 some of the words. The first two are
tried together, because a record with the run in it holds the words too; the rest only when nothing was found.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from storage.index.analysis import is_run, terms
from storage.index.documents import ACCESS, INITIALS, PEOPLE, SOUND, TEXT, TITLE, WRITTEN, seal_of
from storage.index.nodes import All, Between, Everything, Holds, Node, Not, OneOf, Some, Worth
from storage.index.parsing import Run, Wish, parse
from storage.index.sorting import PINYIN, STROKES
from storage.index.sounds import cuttings
from storage.index.wordings import DateWord
from storage.index.words import parts_of, pieces_of
from storage.scope import Grant, Scope

TIER = 1000.0
"""Added to what holds every run as typed: no sum of words reaches it."""
LONGEST = 1000
"""Characters of a query. A page pasted as a whole is more than anybody means."""
MOST_WORDS = 64
TELLING = 16
"""Of so many words, the longest ones, some have to be there on the last rung: more cost time and tell nothing. A run
of more words is a passage, pasted and not thought of: it is looked for as it stands, then by its telling words."""
_A_NAME = 3
_PEOPLE_FIRST = 50.0
_BY_DATE = 2.0


class Sort(StrEnum):
    """The order of the hits."""

    RELEVANCE = "relevance"
    OLDEST = "oldest"
    NEWEST = "newest"
    PINYIN = "pinyin"
    STROKES = "strokes"

    @property
    def fields(self) -> tuple[str, ...]:
        """The number fields it sorts by, the first before the second; none by relevance."""
        titles = {Sort.PINYIN: PINYIN, Sort.STROKES: STROKES, Sort.RELEVANCE: ()}
        return titles.get(self, (self.value,))


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is looked for. Empty filters do not filter; `years` is an interval a record has to touch."""

    text: str = ""
    villages: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    classes: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    decades: tuple[str, ...] = ()
    each_year: tuple[str, ...] = ()
    added_after: int | None = None
    """A minute counted from 1970, as in `IndexDocument.added`: only what is here since then."""
    sort: Sort | str = Sort.RELEVANCE
    size: int = 20
    cursor: str | None = None
    facets: bool = False
    counted: tuple[str, ...] = ()
    """Names of single counts, where not all of them are wanted."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found: how well, and on which rung."""

    id: str
    score: float
    rung: int


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What the engine found. `note` says in Chinese why there is nothing, where the request is the reason."""

    total: int = 0
    hits: tuple[Hit, ...] = ()
    rung: int = 0
    used_words: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    cursor: str | None = None
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One thing to try: the whole tree with the scope in it, the words it looks for, and each word's own tree."""

    number: int
    node: Node
    words: tuple[str, ...]
    each: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The rungs in order; `terms` are what is marked in the hits, beside the words of the rung."""

    rungs: tuple[Rung, ...]
    terms: tuple[str, ...] = ()
    note: str = ""


def build(request: SearchRequest, scope: Scope) -> Plan:
    """Everything to try for this request, each tree bound to the scope."""
    if len(request.text) > LONGEST:
        return Plan((), note=f"查找内容有 {len(request.text)} 字，太长了；请缩短到 {LONGEST} 字以内再查。")
    wish = parse(request.text)
    filters = filter_nodes(request)
    if not wish.wanted and not wish.excluded and (request.text or not filters):
        return Plan((), note="没有可以查找的字词；请输入汉字、字母或数字。")
    bound = Worth(All((scope_node(scope), *filters, *(Not(_run_node(run)) for run in wish.excluded))), 0.0)
    if not wish.wanted:
        return Plan((Rung(1, All((bound, Everything())), ()),))
    return Plan(tuple(_rungs(wish, bound)), _marked(wish))


def scope_node(scope: Scope) -> Node:
    """What the actor may see; an empty scope sees nothing."""
    everywhere = {seal for grant in scope.grants if grant.villages is None for seal in _seals(grant)}
    parts = _between_seals(everywhere)
    for grant in scope.grants:
        more = _seals(grant) - everywhere
        if grant.villages is not None and more:
            home = OneOf("village", tuple(sorted(grant.villages)))
            parts += [All((home, seals)) for seals in _between_seals(more)]
    if scope.person is not None:
        parts.append(OneOf("reader", (scope.person,)))
    return Some(tuple(parts))


def _seals(grant: Grant) -> set[int]:
    stages = (True, False) if grant.unarchived else (True,)
    return {seal_of(access, archived) for access in grant.access if access in ACCESS for archived in stages}


def _between_seals(seals: set[int]) -> list[Node]:
    """The numbers as intervals: an engine answers few intervals faster than many values."""
    firsts = sorted(seal for seal in seals if seal - 1 not in seals)
    lasts = sorted(seal for seal in seals if seal + 1 not in seals)
    return [Between("seal", first, last) for first, last in zip(firsts, lasts, strict=True)]


def filter_nodes(request: SearchRequest) -> tuple[Node, ...]:
    """The filters of a request."""
    chosen = {
        "village": request.villages, "classes": request.classes, "series": request.series, "kind": request.kinds,
        "period": request.periods, "access": request.access, "state": request.states, "batch": request.batches,
        "person": request.people, "place": request.places, "decades": request.decades, "years": request.each_year,
    }  # fmt: skip
    first, last = request.years
    found: list[Node] = [OneOf(name, tuple(values)) for name, values in chosen.items() if values]
    found += [Between("added", request.added_after + 1, None)] if request.added_after is not None else []
    found += [Between("year_to", first, None)] if first is not None else []
    found += [Between("year_from", None, last)] if last is not None else []
    return tuple(found)


def _rungs(wish: Wish, bound: Node) -> list[Rung]:
    runs = wish.wanted
    whole = All(tuple(_run_node(run, open_end=True) for run in runs))
    parts = [(run.quoted, part) for run in runs for part in ([run.text] if run.quoted else parts_of(run.text))]
    parts = list(dict.fromkeys(parts))[:MOST_WORDS]
    quoted = tuple(Holds(tuple(terms(part)), WRITTEN) for kept, part in parts if kept and isinstance(part, str))
    free = [part for kept, part in parts if not kept]
    typed = tuple(run.text for run in runs)
    if not free:
        return [Rung(1, All((bound, whole)), typed)]
    if len(free) > TELLING:
        return [Rung(1, All((bound, whole)), typed), *_rungs_of_passage(bound, quoted, free)]
    words = tuple(_part_node(part) for part in free)
    names = tuple(_name(part) for part in free)
    every = All((bound, *quoted, *words), _people_first(runs))
    if whole.parts == words:
        first = Rung(1, every, typed)
    else:
        first = Rung(2, replace(every, extra=(Worth(whole, TIER), *every.extra)), typed)
    return [first, *_lower_rungs(bound, quoted, free, words, names)]


def _lower_rungs(
    bound: Node, quoted: tuple[Node, ...], free: list[str | DateWord], words: tuple[Node, ...], names: tuple[str, ...]
) -> list[Rung]:
    pieces = list(dict.fromkeys(piece for part in free if isinstance(part, str) for piece in pieces_of(part)))
    dates = [word for word, part in zip(words, free, strict=True) if isinstance(part, DateWord)]
    rungs = []
    if len(pieces) > 1:
        apart = (*quoted, *dates, *(_part_node(piece) for piece in pieces))
        rungs.append(Rung(3, All((bound, *apart)), tuple(pieces)))
    each = tuple(All((bound, word)) for word in words)
    for least in dict.fromkeys(((len(words) + 1) // 2, 1)):
        if len(free) > 1:
            rungs.append(Rung(4, All((bound, *quoted, Some(words, least))), names, each))
    return rungs


def _rungs_of_passage(bound: Node, quoted: tuple[Node, ...], free: list[str | DateWord]) -> list[Rung]:
    """All, half, a quarter of its telling words. One of them alone, or the pieces of all words, tell nothing."""
    lengths = [len(_name(part)) for part in free]
    longest = sorted(range(len(free)), key=lambda place: -lengths[place])[:TELLING]
    telling = [free[place] for place in sorted(longest)]
    words, names = tuple(_part_node(part) for part in telling), tuple(_name(part) for part in telling)
    each = tuple(All((bound, word)) for word in words)
    every = Rung(2, All((bound, *quoted, *words)), names)
    return [every, *(Rung(4, All((bound, *quoted, Some(words, TELLING // share))), names, each) for share in (2, 4))]


def _name(part: str | DateWord) -> str:
    return part if isinstance(part, str) else part.wordings[0]


def _run_node(run: Run, open_end: bool = False) -> Node:
    tokens = tuple(terms(run.text))
    return Holds(tokens, WRITTEN, open_end and not run.quoted and _can_go_on(tokens))


def _part_node(part: str | DateWord) -> Node:
    """A word as written or, in Latin letters, as it sounds; a date as worded or as dated."""
    if isinstance(part, DateWord):
        worded = tuple(Holds(tuple(terms(wording)), (TITLE, TEXT)) for wording in part.wordings)
        dated = All((Between("day_from", part.first, None), Between("day_to", None, part.last)))
        return Some((*worded, Worth(dated, _BY_DATE)))
    tokens = tuple(terms(part))
    written = Holds(tokens, WRITTEN, _can_go_on(tokens))
    if len(tokens) > 1 or not tokens[0].isalpha() or not _can_go_on(tokens):
        return written
    sounds = [Holds(tuple(cut), (SOUND,)) for cut in cuttings(tokens[0])]
    return Some((written, *sounds, Holds(tuple(tokens[0]), (INITIALS,))))


def _can_go_on(tokens: tuple[str, ...]) -> bool:
    """A run of digits or Latin letters at the end may be the beginning of one; a single letter alone is too little."""
    return is_run(tokens[-1]) and (len(tokens) > 1 or len(tokens[-1]) > 1)


def _people_first(runs: tuple[Run, ...]) -> tuple[Node, ...]:
    names = [tuple(terms(run.text)) for run in runs]
    return tuple(Worth(Holds(name, (PEOPLE,)), _PEOPLE_FIRST) for name in names if len(name) <= _A_NAME)


def _marked(wish: Wish) -> tuple[str, ...]:
    """What is marked in the hits of every rung: the runs, their words, the wordings of their dates."""
    found = [run.text for run in wish.wanted]
    for run in wish.wanted:
        for part in [] if run.quoted else parts_of(run.text):
            found += [part] if isinstance(part, str) else part.wordings
    return tuple(dict.fromkeys(found))
