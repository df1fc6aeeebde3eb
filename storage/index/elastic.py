"""The index in Elasticsearch 8: the same tokens, trees and rungs as the embedded one.

An alias points at an index whose name carries the version of the analysis. The only module that knows the client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import uuid4

from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError, helpers

from storage.errors import NotReady
from storage.index.analysis import VERSION
from storage.index.documents import IndexDocument, keyword_fields, number_fields, token_fields
from storage.index.door import Look, Place, WrongPlace, climb
from storage.index.elastic_query import mapping, to_body
from storage.index.nodes import Node
from storage.index.query import SearchAnswer, SearchRequest, Sort
from storage.scope import Scope

TIMEOUT = 30
MOST_HITS = 10_000
"""Elasticsearch gives no more at once; a larger page comes in parts."""
_P = ParamSpec("_P")
_R = TypeVar("_R")


def _translated(
    call: Callable[Concatenate[ElasticIndex, _P], _R],
) -> Callable[Concatenate[ElasticIndex, _P], _R]:
    """Errors of the client become ours."""

    @wraps(call)
    def translated(self: ElasticIndex, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return call(self, *args, **kwargs)
        except TransportError as error:
            raise NotReady("检索服务连接不上，档案不受影响；请确认 Elasticsearch 已启动，再试一次。") from error
        except (ApiError, helpers.BulkIndexError) as error:
            raise NotReady("检索服务没有接受这次操作，档案不受影响；请查看 Elasticsearch 的日志，再试一次。") from error

    return translated


class ElasticIndex:
    """A SearchIndex on a server. `url` may carry user and password; `name` is the alias."""

    def __init__(self, url: str, name: str = "village-archive") -> None:
        self._name = f"{name}-v{VERSION}"
        self._client = _client(url)
        self._there = False

    @_translated
    def apply(self, documents: Sequence[IndexDocument], removed_ids: Sequence[str]) -> None:
        """See SearchIndex."""
        self._ready()
        helpers.bulk(self._client, self._actions(documents, removed_ids), refresh=True, ignore_status=(404,))

    @_translated
    def clear(self) -> None:
        """See SearchIndex. The alias moves to a new, empty index; the old ones go."""
        old = self._behind()
        new = f"{self._name}-{uuid4().hex[:8]}"
        self._client.indices.create(index=new, mappings=mapping(), settings={"number_of_shards": 1})
        moves: list[dict[str, Any]] = [{"remove_index": {"index": one}} for one in old]
        self._client.indices.update_aliases(actions=[*moves, {"add": {"index": new, "alias": self._name}}])
        self._there = True

    @contextmanager
    def anew(self) -> Iterator[ElasticIndex]:
        """See SearchIndex. Emptied first: others write at the same time, and that must be in the new one too."""
        self.clear()
        yield self

    @_translated
    def drop(self) -> None:
        """Remove alias and index from the server."""
        for index in self._behind():
            self._client.indices.delete(index=index)
        self._there = False

    @_translated
    def count(self) -> int:
        """See SearchIndex."""
        self._ready()
        return int(self._client.count(index=self._name)["count"])

    @_translated
    def search(self, request: SearchRequest, scope: Scope) -> SearchAnswer:
        """See SearchIndex."""
        self._ready()
        return climb(self, request, scope)

    def look(self, node: Node, size: int, sort: Sort, after: Place | None) -> Look:
        """See Engine. The place is the sort key of the last hit."""
        first = self._look(node, min(size, MOST_HITS), sort, after)
        hits, place, got = list(first.hits), first.place, len(first.hits)
        while got == MOST_HITS and len(hits) < size:
            more = self._look(node, min(size - len(hits), MOST_HITS), sort, place)
            hits, place, got = hits + more.hits, more.place, len(more.hits)
        return Look(first.total, hits, place)

    def _look(self, node: Node, size: int, sort: Sort, after: Place | None) -> Look:
        by = {Sort.RELEVANCE: {"_score": "desc"}, Sort.OLDEST: {"oldest": "asc"}, Sort.NEWEST: {"newest": "desc"}}[sort]
        try:
            found = self._client.search(
                index=self._name, query=to_body(node), size=size, sort=[by, {"id": "asc"}], search_after=after,
                track_total_hits=True, source=False,
            )  # fmt: skip
        except BadRequestError as error:
            raise WrongPlace if after is not None else error from error
        hits = found["hits"]["hits"]
        place = hits[-1]["sort"] if hits else after or []
        return Look(found["hits"]["total"]["value"], [(hit["_id"], hit["_score"] or 0.0) for hit in hits], place)

    def counts(self, node: Node, fields: Sequence[str], most: int) -> dict[str, list[tuple[str, int]]]:
        """See Engine."""
        wanted = {field: {"terms": {"field": field, "size": most}} for field in fields}
        found = self._client.search(index=self._name, query=to_body(node), size=0, aggs=wanted)["aggregations"]
        return {
            field: [(str(one["key"]), int(one["doc_count"])) for one in found[field]["buckets"]] for field in fields
        }

    def _ready(self) -> None:
        """Make the index at the first use."""
        if not self._there and not self._behind():
            self.clear()
        self._there = True

    def _behind(self) -> list[str]:
        """The indices behind the alias."""
        if not self._client.indices.exists_alias(name=self._name):
            return []
        return list(self._client.indices.get_alias(name=self._name).body)

    def _actions(self, documents: Sequence[IndexDocument], removed: Sequence[str]) -> Iterator[dict[str, Any]]:
        for record_id in removed:
            yield {"_op_type": "delete", "_index": self._name, "_id": record_id}
        for document in documents:
            keywords = {name: list(values) for name, values in keyword_fields(document).items()}
            fields = {**token_fields(document), **number_fields(document), **keywords}
            yield {"_op_type": "index", "_index": self._name, "_id": document.id, "_source": fields}


def _client(url: str) -> Elasticsearch:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    place = f"[{host}]" if ":" in host else host
    port = parts.port or (443 if parts.scheme == "https" else 9200)
    bare = urlunsplit((parts.scheme, f"{place}:{port}", parts.path, "", ""))
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Elasticsearch(bare, basic_auth=login, request_timeout=TIMEOUT, retry_on_timeout=True, max_retries=2)
