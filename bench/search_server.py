"""Search over HTTP with the index in Elasticsearch, against what the engine itself takes for the same searches.

    python -m bench.search_server [records] [folder]

The web is a process of its own, with a database of so many rows; a folder that holds them already is used again. Each search is
asked of the engine by its client, and then over HTTP with page, marks and JSON; both times with the counts that HTTP gives
unless it is told not to. Each kind was asked once before. Prints p50 and p99 and their ratios.
"""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from archive_service.actions.accounts import add_account
from archive_service.cli.running import run
from archive_service.permissions import NAMED_CLASSES, OPERATOR, Actor, Role, scope_of
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from bench.archive_rows import filled
from bench.search_speed import queries, show
from bench.servers import address, load
from storage.index import sync
from storage.index.elastic import ElasticIndex
from storage.index.query import SearchRequest

LOGIN, PASSWORD = f"bench-{secrets.token_hex(4)}", secrets.token_urlsafe(12)
ARCHIVIST = Actor("bench", "bench", "测量", Role.ARCHIVIST, None, NAMED_CLASSES)
LENGTH = 500
PASTED = "200 characters"


def opened(folder: Path, name: str, port: int = 8000) -> Archive:
    """The archive of that folder, its index on the server under a name of its own."""
    archive = build(Settings(data=folder, ocr=False, port=port))
    # The name is no setting: an archive has a server for itself, which a measurement has not.
    vars(archive)["index"] = ElasticIndex(address("elasticsearch"), name=name)
    return archive


@contextmanager
def served(folder: Path, name: str) -> Iterator[httpx.Client]:
    """A web process over that archive, and a client that has logged in."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
    web = subprocess.Popen([sys.executable, "-m", "bench.search_server", "--serve", folder, name, str(port)])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            while not _answers(client):
                if web.poll() is not None:
                    raise SystemExit("the web did not start")
                time.sleep(0.2)
            told = client.post("/api/v1/session", json={"login": LOGIN, "password": PASSWORD}).raise_for_status()
            client.headers["Authorization"] = f"Bearer {told.json()['token']}"
            yield client
    finally:
        web.terminate()
        web.wait()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health/live").status_code < 500
    except httpx.TransportError:
        return False


def compare(index: ElasticIndex, web: httpx.Client, kind: str, texts: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds by the engine's client and over HTTP, each in order of size."""
    own: list[float] = []
    over: list[float] = []
    for text in texts[:5] + texts:
        start = time.perf_counter()
        index.search(SearchRequest(text, facets=True), scope_of(ARCHIVIST))
        between = time.perf_counter()
        web.get("/api/v1/search", params={"q": text}).raise_for_status()
        own.append((between - start) * 1000)
        over.append((time.perf_counter() - between) * 1000)
    own, over = own[5:], over[5:]
    show(f"engine, {kind}", sorted(own))
    show(f"HTTP, {kind}", sorted(over))
    return own, over


def measure(index: ElasticIndex, web: httpx.Client, number: int) -> None:
    """The table, and the ratios over all kinds of search."""
    own: list[float] = []
    over: list[float] = []
    for kind, texts in queries(number, LENGTH).items():
        engine, http = compare(index, web, kind, texts)
        own += engine
        over += http
    own.sort()
    over.sort()
    show("engine, ALL", own)
    show("HTTP, ALL", over)
    ratios = [over[int(len(over) * share)] / own[int(len(own) * share)] for share in (0.5, 0.99)]
    print(f"HTTP of engine: p50 {ratios[0]:.2f}, p99 {ratios[1]:.2f}")
    print(load())


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="search-server-bench-"))
    name = f"bench-{secrets.token_hex(4)}"
    archive = opened(folder, name)
    index = ElasticIndex(address("elasticsearch"), name=name)
    set_up(archive)
    filled(archive.sessions, number, LENGTH)
    with archive.sessions.begin() as session:
        add_account(
            session, OPERATOR, archive.hasher, archive.now(), LOGIN, "测量", Role.ARCHIVIST, None,
            clearances=tuple(sorted(NAMED_CLASSES)), password=PASSWORD,
        )  # fmt: skip
    try:
        start = time.perf_counter()
        sync.rebuild(archive.sessions, index)
        print(f"index made from {number:,} rows: {number / (time.perf_counter() - start):,.0f}/s", flush=True)
        with served(folder, name) as web:
            measure(index, web, number)
    finally:
        index.drop()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        run(opened(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])), with_worker=False)
    else:
        main()
