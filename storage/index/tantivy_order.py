"""Hits in the order of several number fields, by an engine that sorts by one: what one leaves alike, the next parts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import tantivy

from storage.index.nodes import All, Between, Node
from storage.index.tantivy_query import to_query

Hits = list[tuple[float, tantivy.DocAddress]]


def in_order(
    schema: tantivy.Schema, searcher: tantivy.Searcher, node: Node, fields: Sequence[str], size: int, offset: int
) -> tuple[int, Hits]:
    """How many hits there are, and so many of them from `offset` on, the smallest first."""
    total, hits = by_field(schema, searcher, node, fields[0], tantivy.Order.Asc, size, offset)
    if len(fields) == 1 or total <= 1:
        return total, hits
    groups = [(value, len(list(group))) for value, group in groupby(hits, key=lambda hit: int(hit[0]))]
    parted: Hits = []
    for place, (value, number) in enumerate(groups):
        at_edge = place in (0, len(groups) - 1)
        if number == 1 and not at_edge:
            parted.append(hits[len(parted)])
            continue
        before = offset - _smaller(schema, searcher, node, fields[0], value) if place == 0 and offset else 0
        alike = All((node, Between(fields[0], value, value)))
        parted += in_order(schema, searcher, alike, fields[1:], number, before)[1]
    return total, parted


def by_field(
    schema: tantivy.Schema, searcher: tantivy.Searcher, node: Node, field: str, order: tantivy.Order, size: int,
    offset: int,
) -> tuple[int, Hits]:  # fmt: skip
    """The same by one field."""
    found = searcher.search(to_query(schema, node), max(size, 1), offset=offset, order_by_field=field, order=order)
    total: int = found.count  # type: ignore[attr-defined]  # the stub of the library leaves it out
    return total, found.hits[:size]


def _smaller(schema: tantivy.Schema, searcher: tantivy.Searcher, node: Node, field: str, value: int) -> int:
    """How many hits stand before a value; none before the smallest there can be."""
    if not value:
        return 0
    return by_field(schema, searcher, All((node, Between(field, None, value - 1))), field, tantivy.Order.Asc, 0, 0)[0]
