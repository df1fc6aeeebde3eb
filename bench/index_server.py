"""How fast the service writes into Elasticsearch, against the client's own `parallel_bulk` with the same documents.

    python -m bench.index_server [records]

Each way into an empty index of its own, until the next search would see it all: `parallel_bulk` with bodies that are ready, and
with bodies that are made on the way as ours are; the outbox of a database in its steps; the whole index from the rows of a
database. Prints rates and ratios; asserts nothing.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from elasticsearch import Elasticsearch, helpers

from bench.archive_rows import fill
from bench.servers import address, load
from storage.database import outbox
from storage.database.engine import Sessions, make_sessions, migrate
from storage.index import elastic_bulk, sync
from storage.index.documents import IndexDocument
from storage.index.elastic import ElasticIndex

Action = dict[str, object]


def bulk(client: Elasticsearch, index: str, actions: Iterable[Action]) -> None:
    """As the client's documentation does it: four threads, 500 documents a request."""
    deque(helpers.parallel_bulk(client, actions), maxlen=0)
    client.indices.refresh(index=index)


def timed(work: Callable[[ElasticIndex, str], object]) -> float:
    """Seconds of one way, into an empty index of its own, which is removed."""
    index = ElasticIndex(address("elasticsearch"), name=f"bench-{secrets.token_hex(4)}")
    index.clear()
    try:
        start = time.perf_counter()
        work(index, index._name)
        return time.perf_counter() - start
    finally:
        index.drop()


def ways(documents: list[IndexDocument], sessions: Sessions) -> dict[str, Callable[[ElasticIndex, str], object]]:
    """Each way by its name."""
    client = Elasticsearch(address("elasticsearch"), request_timeout=60)
    ready = list(elastic_bulk.actions(documents, [], ""))

    def by_steps(index: ElasticIndex, _: str) -> None:
        with sessions.begin() as session:
            outbox.mark(session, [document.id for document in documents])
        deque(sync.drain(sessions, index), maxlen=0)

    return {
        "parallel_bulk, ready": lambda _, name: bulk(client, name, ({**one, "_index": name} for one in ready)),
        "parallel_bulk, made on the way": lambda _, name: bulk(client, name, elastic_bulk.actions(documents, [], name)),
        "outbox, in steps": by_steps,
        "rebuild from the database": lambda index, _: sync.rebuild(sessions, index),
    }


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="index-bench-") as folder:
        sessions = make_sessions(f"sqlite:///{Path(folder) / 'archive.db'}")
        migrate(sessions.engine)
        documents = list(fill(sessions, number, 500))
        tried = ways(documents, sessions)
        # The engine is warm when the first is timed; the best of two, taken in turn, is least disturbed by others.
        timed(lambda index, _: index.apply(documents[:2000], []))
        seconds = {name: min(some) for name, some in _turns(tried, 2).items()}
    for name, spent in seconds.items():
        of_ready, of_made = (seconds[base] / spent for base in list(seconds)[:2])
        print(f"{name:32} {number / spent:8,.0f}/s   {of_ready:.2f} of ready, {of_made:.2f} of made on the way")
    print(load())


def _turns(tried: dict[str, Callable[[ElasticIndex, str], object]], times: int) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {name: [] for name in tried}
    for _ in range(times):
        for name, way in tried.items():
            spent[name].append(timed(way))
    return spent


if __name__ == "__main__":
    main()
