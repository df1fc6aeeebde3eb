"""A tree as a tantivy query."""

from __future__ import annotations

import tantivy
from tantivy import Occur, Query

from storage.index.analysis import pairs
from storage.index.documents import AREAS
from storage.index.nodes import All, Between, Everything, Holds, Node, Not, OneOf, Some, Worth

_BEGINNING = 0.1


def to_query(schema: tantivy.Schema, node: Node) -> Query:
    """The query of a tree."""
    match node:
        case Everything():
            return Query.all_query()
        case OneOf(field, values):
            return _one_of(schema, field, values)
        case Between(field, low, high) if low is not None and low == high:
            # The postings of one number: a range looks through the column of all documents.
            return Query.term_query(schema, field, low)
        case Between(field, low, high):
            return Query.range_query(schema, field, tantivy.FieldType.Unsigned, low, high)
        case Worth(part, score):
            return Query.const_score_query(to_query(schema, part), score)
        case Not(part):
            without = [(Occur.Must, Query.all_query()), (Occur.MustNot, to_query(schema, part))]
            return Query.boolean_query(without)
        case Some(parts, least):
            return _some([to_query(schema, part) for part in parts], least)
        case All(parts, extra):
            return _all(schema, parts, extra)
        case Holds():
            return _some([_in_area(schema, area, node) for area in node.areas])


def _all(schema: tantivy.Schema, parts: tuple[Node, ...], extra: tuple[Node, ...]) -> Query:
    """Nested conjunctions become one, which lets the rarest part lead; what may not match is kept out directly."""
    clauses = []
    for part in parts:
        if isinstance(part, Not):
            clauses.append((Occur.MustNot, to_query(schema, part.part)))
        else:
            clauses.append((Occur.Must, to_query(schema, part)))
    if parts and all(isinstance(part, Not) for part in parts):
        clauses.append((Occur.Must, Query.all_query()))
    clauses += [(Occur.Should, to_query(schema, part)) for part in extra]
    return Query.boolean_query(clauses)


def _some(queries: list[Query], least: int = 1) -> Query:
    if not queries:
        return Query.empty_query()
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries], least if least > 1 else None)


def _one_of(schema: tantivy.Schema, field: str, values: tuple[str, ...]) -> Query:
    if len(values) == 1:
        return Query.term_query(schema, field, values[0], "basic")
    return Query.term_set_query(schema, field, values) if values else Query.empty_query()


def _in_area(schema: tantivy.Schema, area: str, node: Holds) -> Query:
    exact = _row(schema, area, node.tokens)
    found = [exact] if not node.open_end else [exact, _beginning(schema, area, node.tokens)]
    query = _some(found)
    return query if AREAS[area] == 1.0 else Query.boost_query(query, AREAS[area])


def _row(schema: tantivy.Schema, area: str, tokens: tuple[str, ...]) -> Query:
    """One token: it is there. More: every other pair at its place, which says the same as all pairs."""
    if len(tokens) == 1:
        return Query.term_query(schema, f"{area}_1", tokens[0], "basic")
    cut = pairs(tokens)
    if len(cut) == 1:
        return Query.term_query(schema, area, cut[0], "freq")
    places = sorted({*range(0, len(cut), 2), len(cut) - 1})
    return Query.phrase_query(schema, area, [(place, cut[place]) for place in places])


def _beginning(schema: tantivy.Schema, area: str, tokens: tuple[str, ...]) -> Query:
    if len(tokens) == 1:
        query = Query.regex_query(schema, f"{area}_1", tokens[0] + ".*")
    elif len(tokens) == 2:
        query = Query.regex_query(schema, area, pairs(tokens)[0] + "[0-9a-z]*")
    else:
        query = Query.phrase_prefix_query(schema, area, [*pairs(tokens)])
    return Query.const_score_query(query, _BEGINNING)
