"""How often each value of a keyword field occurs among the hits of a tree, remembered as long as the commit counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import tantivy

from storage.index.door import MOST_VALUES, Counts
from storage.index.nodes import Node
from storage.index.tantivy_query import to_query

REMEMBERED = 64
"""Questions; the values of one take up to some 200 kB."""

Counter = Callable[[Node, tuple[str, ...]], Counts]


def counter(schema: tantivy.Schema, searcher: tantivy.Searcher) -> Counter:
    """Counts over one commit. It never changes, and the scope is in the tree: what was asked before comes out alike."""

    @lru_cache(maxsize=REMEMBERED)
    def counted(node: Node, fields: tuple[str, ...]) -> Counts:
        wanted = {field: {"terms": {"field": field, "size": MOST_VALUES}} for field in fields}
        found = searcher.aggregate(to_query(schema, node), wanted)
        return {
            field: [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in found[field]["buckets"]]
            for field in fields
        }

    return counted
