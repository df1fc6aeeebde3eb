"""A tree as the body of an Elasticsearch query. Uses the core of the query language only, and no scripts."""

from __future__ import annotations

from typing import Any

from storage.index.analysis import pairs
from storage.index.documents import AREAS, KEYWORDS, NUMBERS
from storage.index.nodes import All, Between, Everything, Holds, Node, Not, OneOf, Some, Worth

_BEGINNING = 0.1
_BEGINNINGS = 1000
Body = dict[str, Any]


def mapping() -> Body:
    """The fields. Strict: an unknown field is a mistake of ours. The source is not kept; the database has it."""
    fields: dict[str, Body] = {name: {"type": "keyword"} for name in KEYWORDS}
    fields |= {name: {"type": "long"} for name in NUMBERS}
    for area in AREAS:
        fields[area] = {"type": "text", "analyzer": "whitespace"}
        fields[f"{area}_1"] = {"type": "text", "analyzer": "whitespace", "index_options": "docs"}
    return {"dynamic": "strict", "_source": {"enabled": False}, "properties": fields}


def to_body(node: Node) -> Body:
    """The query of a tree."""
    match node:
        case Everything():
            return {"match_all": {}}
        case OneOf(field, values):
            return {"terms": {field: list(values)}}
        case Between(field, low, high):
            bounds = {"gte": low, "lte": high}
            return {"range": {field: {name: bound for name, bound in bounds.items() if bound is not None}}}
        case Worth(part, score):
            return {"constant_score": {"filter": to_body(part), "boost": score}}
        case Not(part):
            return {"bool": {"must_not": [to_body(part)]}}
        case Some(parts, least):
            return _some([to_body(part) for part in parts], least)
        case All(parts, extra):
            return {"bool": {"must": [to_body(one) for one in parts], "should": [to_body(one) for one in extra]}}
        case Holds():
            return _some([query for area in node.areas for query in _in_area(area, node)])


def _some(queries: list[Body], least: int = 1) -> Body:
    if not queries:
        return {"match_none": {}}
    return {"bool": {"should": queries, "minimum_should_match": least}}


def _in_area(area: str, node: Holds) -> list[Body]:
    """The row itself, and what begins with it where it may go on."""
    weight, tokens, line = AREAS[area], node.tokens, " ".join(pairs(node.tokens))
    low = weight * _BEGINNING
    if len(tokens) == 1:
        exact: Body = {"term": {f"{area}_1": {"value": tokens[0], "boost": weight}}}
        beginning: Body = {"prefix": {f"{area}_1": {"value": tokens[0], "boost": low}}}
    else:
        exact = {"match_phrase": {area: {"query": line, "boost": weight}}}
        beginning = {"match_phrase_prefix": {area: {"query": line, "boost": low, "max_expansions": _BEGINNINGS}}}
        if len(tokens) == 2:
            beginning = {"prefix": {area: {"value": line, "boost": low}}}
    return [exact, beginning] if node.open_end else [exact]
