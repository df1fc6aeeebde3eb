"""The index in Elasticsearch 8: the same tokens, trees and rungs as the embedded one.

An alias points at an index whose name carries the version of the analysis. The only module that knows the client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import uuid4

from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError

from storage.errors import NotReady
from storage.index import elastic_bulk
from storage.index.analysis import VERSION
from storage.index.documents import IndexDocument
from storage.index.door import MOST_VALUES, Look, Place, WrongPlace, climb
from storage.index.elastic_query import mapping, to_body
from storage.index.nodes import Node, OneOf
from storage.index.query import SearchAnswer, SearchRequest, Sort
from storage.scope import Scope

TIMEOUT = 30
ASKED = 15
"""Seconds for one question of a search. It is not asked again by itself: somebody waits, and can ask once more."""
ABREAST = 4
"""Requests under way at once: while the server works on some, the bodies of the next are made."""
MOST_HITS = 10_000
"""Elasticsearch gives no more at once; a larger page comes in parts."""
_MOMENT = "5m"
"""How long the server keeps a moment for the next page."""
_S = TypeVar("_S")
_P = ParamSpec("_P")
_R = TypeVar("_R")


def _translated(call: Callable[Concatenate[_S, _P], _R]) -> Callable[Concatenate[_S, _P], _R]:
    """Errors of the client become ours."""

    @wraps(call)
    def translated(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return call(self, *args, **kwargs)
        except TransportError as error:
            raise NotReady("检索服务连接不上，档案不受影响；请确认 Elasticsearch 已启动，再试一次。") from error
        except elastic_bulk.IndexGone as error:
            raise NotReady("检索库在服务器上不见了，档案不受影响；请运行 village-archive rebuild index。") from error
        except ApiError as error:
            raise NotReady("检索服务没有接受这次操作，档案不受影响；请查看 Elasticsearch 的日志，再试一次。") from error

    return translated


class ElasticIndex:
    """A SearchIndex on a server. `url` may carry user and password; `name` is the alias without the version."""

    abreast = ABREAST

    def __init__(self, url: str, name: str = "village-archive", shards: int = 1, replicas: int = 0) -> None:
        self._name = f"{name}-v{VERSION}"
        self._client = _client(url)
        self._asking = self._client.options(request_timeout=ASKED, max_retries=0)
        self._made_with = {"number_of_shards": shards, "number_of_replicas": replicas}
        self._there = False

    @_translated
    def apply(
        self, documents: Sequence[IndexDocument], removed_ids: Sequence[str], more: bool = False
    ) -> Mapping[str, str]:
        """See SearchIndex. Should the last load never come, the server shows the others within a second."""
        self._ready()
        refused = elastic_bulk.apply(self._client, documents, removed_ids, self._name, by_alias=True)
        if not more:
            self._client.indices.refresh(index=self._name)
        return refused

    @_translated
    def clear(self) -> None:
        """See SearchIndex. The alias moves to a new, empty index; the old ones go."""
        self._switch_to(self._create())
        self._there = True

    @contextmanager
    def anew(self, go_on: bool = False) -> Iterator[_Beside]:
        """See SearchIndex. The alias moves in one step when the block has ended; until then the old index answers."""
        half = self._half_made() if go_on else None
        self._remove_left_over(half)
        fresh = _Beside(self._client, half or self._begin())
        yield fresh
        self._take_over(fresh.index)

    @_translated
    def drop(self) -> None:
        """Remove alias and index from the server."""
        self._remove(self._behind())
        self._there = False

    @_translated
    def count(self) -> int:
        """See SearchIndex."""
        self._ready()
        return int(self._client.count(index=self._name)["count"])

    @_translated
    def marks(self, ids: Sequence[str]) -> Mapping[str, str]:
        """See SearchIndex."""
        self._ready()
        return _marks(self._client, self._name, ids)

    @_translated
    def search(self, request: SearchRequest, scope: Scope) -> SearchAnswer:
        """See SearchIndex."""
        self._ready()
        return climb(self, request, scope)

    def look(self, node: Node, size: int, sort: Sort, after: Place | None, counted: Sequence[str] = ()) -> Look:
        """See Engine. The place is the sort key of the last hit. Hits and counts come in one answer."""
        first = self._look(node, min(size, MOST_HITS), sort, after, counted)
        hits, place, got = list(first.hits), first.place, len(first.hits)
        while got == MOST_HITS and len(hits) < size:
            more = self._look(node, min(size - len(hits), MOST_HITS), sort, place)
            hits, place, got = hits + more.hits, more.place, len(more.hits)
        return Look(first.total, hits, place, first.counts)

    def _look(self, node: Node, size: int, sort: Sort, after: Place | None, counted: Sequence[str] = ()) -> Look:
        way = "desc" if sort == Sort.NEWEST else "asc"
        by: list[dict[str, str]] = [{field: way} for field in sort.fields] or [{"_score": "desc"}]
        # A page's end is told by what was sorted by, and the id.
        told = len(by) + 1
        keys, moment = (after[:told], after[told:]) if after else (after, [])
        try:
            found = self._at_one_moment(
                moment[0] if moment else None, later_page=after is not None, query=to_body(node), size=size,
                sort=[*by, {"id": "asc"}], search_after=keys, track_total_hits=True, source=False,
                aggs={field: {"terms": {"field": field, "size": MOST_VALUES}} for field in counted},
            )  # fmt: skip
        except BadRequestError as error:
            raise WrongPlace if after is not None else error from error
        hits = found["hits"]["hits"]
        place = [*(hits[-1]["sort"][:told] if hits else keys or []), *([found["pit_id"]] if "pit_id" in found else [])]
        counts = {field: _values(found["aggregations"][field]) for field in counted}
        scored = [(hit["_id"], hit["_score"] or 0.0) for hit in hits]
        return Look(found["hits"]["total"]["value"], scored, place, counts)

    def _at_one_moment(self, moment: Any, later_page: bool, **asked: Any) -> Any:
        """The first page costs one question; from the second on the pages are of one moment (point in time).

        A moment that the server has forgotten is replaced: the sort keys still say where the page ended.
        """
        if not later_page:
            return self._asking.search(index=self._name, **asked)
        if isinstance(moment, str):
            try:
                return self._asking.search(pit=_kept(moment), **asked)
            except BadRequestError:
                raise
            except ApiError:
                pass
        opened = self._asking.open_point_in_time(index=self._name, keep_alive=_MOMENT)
        return self._asking.search(pit=_kept(opened["id"]), **asked)

    def _ready(self) -> None:
        """Make the index at the first use."""
        if not self._there and not self._asking.indices.exists_alias(name=self._name):
            self._make_first()
        self._there = True

    def _make_first(self) -> None:
        """Index and alias in one step and under a fixed name, so that two who come first at once make one."""
        with suppress(BadRequestError):
            self._client.indices.create(
                index=f"{self._name}-first", mappings=mapping(), settings=self._made_with, aliases={self._name: {}}
            )

    def _behind(self) -> list[str]:
        """The indices behind the alias."""
        if not self._client.indices.exists_alias(name=self._name):
            return []
        return list(self._client.indices.get_alias(name=self._name).body)

    def _create(self, **more: Any) -> str:
        new = f"{self._name}-{uuid4().hex[:8]}"
        self._client.indices.create(index=new, mappings=mapping(), settings={**self._made_with, **more})
        return new

    @_translated
    def _begin(self) -> str:
        # Copies and refreshes only once it is whole: both would be work for each part.
        return self._create(refresh_interval="-1", number_of_replicas=0)

    @_translated
    def _take_over(self, new: str) -> None:
        usual = {"refresh_interval": None, "number_of_replicas": self._made_with["number_of_replicas"]}
        self._client.indices.put_settings(index=new, settings=usual)
        self._client.indices.refresh(index=new)
        self._switch_to(new)
        self._there = True

    def _switch_to(self, new: str) -> None:
        """One step for everybody who searches; then the old ones go."""
        old = self._behind()
        moves: list[dict[str, Any]] = [{"remove": {"index": one, "alias": self._name}} for one in old]
        self._client.indices.update_aliases(actions=[*moves, {"add": {"index": new, "alias": self._name}}])
        self._remove(old)

    @_translated
    def indices(self) -> int:
        """How many indices there are on the server, the one behind the alias and what was left half made."""
        return len(self._made())

    @_translated
    def _half_made(self) -> str | None:
        """The newest of those that a killed process left, with as many parts as the settings ask for now."""
        parts = str(self._made_with["number_of_shards"])
        made = {name: about["settings"]["index"] for name, about in self._made().items() if not about["aliases"]}
        begun = {name: int(one["creation_date"]) for name, one in made.items() if one["number_of_shards"] == parts}
        return max(begun, key=lambda name: begun[name], default=None)

    @_translated
    def _remove_left_over(self, needed: str | None) -> None:
        """What a killed process left half made."""
        self._remove(self._made().keys() - {*self._behind(), needed})

    def _made(self) -> dict[str, Any]:
        return dict(self._client.indices.get(index=f"{self._name}-*", expand_wildcards="all").body)

    def _remove(self, indices: Iterable[str]) -> None:
        for index in indices:
            self._client.indices.delete(index=index, ignore_unavailable=True)


def _marks(client: Elasticsearch, index: str, ids: Sequence[str]) -> dict[str, str]:
    found = client.search(
        index=index, query=to_body(OneOf("id", tuple(ids))), size=max(len(ids), 1),
        docvalue_fields=[{"field": "mark"}], source=False,
    )  # fmt: skip
    return {hit["_id"]: hit["fields"]["mark"][0] for hit in found["hits"]["hits"]}


def _values(counted: Any) -> list[tuple[str, int]]:
    return [(str(one["key"]), int(one["doc_count"])) for one in counted["buckets"]]


def _kept(moment: str) -> dict[str, str]:
    return {"id": moment, "keep_alive": _MOMENT}


class _Beside:
    """An index that is being made and that nobody asks yet: documents go in, and that is all."""

    abreast = ABREAST

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self._client, self.index = client, index

    @_translated
    def apply(
        self, documents: Sequence[IndexDocument], removed_ids: Sequence[str], more: bool = False
    ) -> Mapping[str, str]:
        """See Fillable. Seen once it is whole."""
        return elastic_bulk.apply(self._client, documents, removed_ids, self.index, by_alias=False)

    @_translated
    def count(self) -> int:
        """See Begun. Here and nowhere else what was put in is made visible."""
        self._client.indices.refresh(index=self.index)
        return int(self._client.count(index=self.index)["count"])

    @_translated
    def marks(self, ids: Sequence[str]) -> Mapping[str, str]:
        """See Begun."""
        return _marks(self._client, self.index, ids)


def _client(url: str) -> Elasticsearch:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    place = f"[{host}]" if ":" in host else host
    port = parts.port or (443 if parts.scheme == "https" else 9200)
    bare = urlunsplit((parts.scheme, f"{place}:{port}", parts.path, "", ""))
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Elasticsearch(bare, basic_auth=login, request_timeout=TIMEOUT, retry_on_timeout=True, max_retries=2)
