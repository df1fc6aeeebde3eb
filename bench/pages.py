"""The pages: server time at p50 and p95, weight, and number of queries, by a mix of people over many records.

    python -m bench.pages [records] [folder]

The lists that need nothing but their address, and those of one record, one village and of searches, asked by an
archivist of the county, a clerk and a villager of one village, and a researcher; 500 villages. Counted is processor time,
which other work on the machine does not lengthen; the client's own part, 2 to 3 ms, is in it. Prints; asserts nothing.
A folder that holds such records already is used again.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from sqlalchemy import event, func, select

from archive_service.actions.accounts import add_account
from archive_service.actions.requests import ask
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from bench.archive_rows import filled
from bench.search_corpus import LENGTH
from bench.servers import load
from storage.database.accounts import account_named
from storage.database.organisations import Village
from storage.database.records import Record
from storage.database.using import Wish
from storage.index import sync

PASSWORD = "足够长的口令一二三"
PEOPLE = {"archivist": Role.ARCHIVIST, "clerk": Role.CLERK, "villager": Role.VILLAGER, "researcher": Role.RESEARCHER}
HOME = "v017"
COUNTY = 500
ROUNDS = 10
PAGES = (
    "/", "/search", "/search?q=土地承包", "/search?q=灌溉渠 1982年", "/search?q=王", "/search?sort=pinyin",
    "/search?sort=strokes", "/search?q=没有这样的词语甲乙", "/search?q=土地&village=v017&decade=1980",
    "/api/v1/suggest?q=wang", "/api/v1/suggest?q=土地", "/records/{record}", "/records/{record}?q=土地",
    "/villages", "/villages/v017", "/saved", "/requests", "/requests/new", "/inbox", "/due", "/completeness", "/loans",
    "/journal", "/list", "/filing", "/print", "/outline", "/batches", "/holds",
)  # fmt: skip


def prepared(folder: Path, number: int) -> Archive:
    """An archive with so many records, indexed; 500 villages; one person of each role; a request."""
    archive = build(Settings(data=folder, ocr=False, password_memory_kib=8))
    archive.prepare()
    with archive.sessions.read() as session:
        fresh = not session.scalar(select(func.count()).select_from(Village))
    filled(archive.sessions, number, LENGTH)
    if archive.index.count() != number:
        sync.rebuild(archive.sessions, archive.index)
    if fresh:
        set_up(archive)
        _county(archive)
    return archive


def _county(archive: Archive) -> None:
    now = archive.now()
    with archive.sessions.begin() as session:
        known = session.scalar(select(func.count()).select_from(Village)) or 0
        for place in range(known, COUNTY):
            session.add(
                Village(
                    id=f"w{place:03}",
                    name=f"第{place}村",
                    fonds=f"W{place:03}",
                    township=f"第{place % 20}镇",
                    aliases=[],
                )
            )
        session.flush()
        for login, role in PEOPLE.items():
            home = HOME if role in (Role.CLERK, Role.VILLAGER) else None
            add_account(session, OPERATOR, archive.hasher, now, login, login, role, home, password=PASSWORD)
        session.flush()
        reader = account_named(session, "villager")
        if reader is not None:
            ask(
                session,
                Actor(reader.id, reader.login, reader.name, Role.VILLAGER, HOME),
                HOME,
                "地契",
                "确权",
                Wish.VIEW,
                now,
            )


@contextmanager
def served(archive: Archive) -> Iterator[str]:
    """The application in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(create_app(archive), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    gc.freeze()  # as the service does when it starts
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def visitor(address: str, login: str) -> httpx.Client:
    """The browser of one person."""
    web = httpx.Client(base_url=address, timeout=60)
    token = web.post("/api/v1/session", json={"login": login, "password": PASSWORD}).json()["token"]
    web.headers["Cookie"] = f"session={token}"
    return web


def a_record(archive: Archive) -> str:
    """One that everybody may see."""
    with archive.sessions.read() as session:
        found = session.scalar(select(Record.id).where(Record.village_id == HOME, Record.access == "public").limit(1))
    return found or ""


def measure(archive: Archive, address: str) -> None:
    """Ask, and print a line a page: p50 and p95 of all people, the heaviest answer, the most queries."""
    record = a_record(archive)
    people = {login: visitor(address, login) for login in PEOPLE}
    paths = [path.replace("{record}", record) for path in PAGES]
    queries = {path: max(_queries(archive, web, path) for web in people.values()) for path in paths}
    times, weights = defaultdict[str, list[float]](list), defaultdict[str, int](int)
    for _ in range(ROUNDS):
        for path in paths:
            for web in people.values():
                began = time.process_time()
                answer = web.get(path)
                if answer.status_code == httpx.codes.OK:
                    times[path].append((time.process_time() - began) * 1000)
                    weights[path] = max(weights[path], len(answer.content))
    for path in paths:
        taken = sorted(times[path])
        if taken:
            middle, high = statistics.median(taken), taken[int(len(taken) * 0.95)]
            weight = f"{weights[path] / 1000:6.1f} kB  {queries[path]} queries"
            print(f"{path:42} p50 {middle:6.1f} p95 {high:6.1f} ms  {weight}")
    print(f"load {load()}", flush=True)


def _queries(archive: Archive, web: httpx.Client, path: str) -> int:
    said = list[str]()

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    web.get(path)
    event.listen(archive.sessions.engine, "before_cursor_execute", hear)
    web.get(path)
    event.remove(archive.sessions.engine, "before_cursor_execute", hear)
    return len(said)


def main() -> None:
    """Fill, serve, measure."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch)
        archive = prepared(folder, number)
        with served(archive) as address:
            measure(archive, address)


if __name__ == "__main__":
    main()
