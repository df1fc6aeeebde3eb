"""Many people at once: what each waits for a page of the running service, at p50 and p95.

    python -m bench.crowd [records] [folder] [people] [seconds between two pages of one person] [minutes]

The service is a process of its own, as `village-archive serve` starts it; the people are threads of this one. Each opens
a page by chance from those of `bench.pages`, reads for a while (exponential, the mean is given), and opens the next. Time
is what passes for the reader over loopback, queueing included. Prints; asserts nothing.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from bench.pages import PAGES, PEOPLE, a_record, prepared, visitor
from bench.servers import load
from tests.journeys.server_archive import until

SEARCH_MS, PAGE_MS = 200, 100
"""What a page may take at p95."""
Times = dict[str, list[float]]


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The service over this folder, alone."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    settings = {"DATA": folder, "PORT": port, "OCR": False, "PASSWORD_MEMORY_KIB": 8}
    environment = {**os.environ, **{f"VILLAGE_ARCHIVE_{name}": str(value) for name, value in settings.items()}}
    server = subprocess.Popen(
        [sys.executable, "-m", "archive_service.cli", "serve", "--no-worker"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until("the web answers", lambda: _answers(address))
        yield address, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(60)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).status_code < httpx.codes.INTERNAL_SERVER_ERROR
    except httpx.TransportError:
        return False


def read(
    web: httpx.Client, paths: list[str], between: float, until_: float, times: Times, chance: random.Random
) -> None:
    """One person: a page, a while, the next."""
    time.sleep(chance.uniform(0, between))
    while time.monotonic() < until_:
        path = chance.choice(paths)
        began = time.perf_counter()
        answer = web.get(path)
        if answer.status_code == httpx.codes.OK:
            times[path].append((time.perf_counter() - began) * 1000)
        time.sleep(chance.expovariate(1 / between))


def measure(address: str, paths: list[str], number: int, between: float, minutes: float) -> Times:
    """So many people for so long."""
    logins, times, end = list(PEOPLE), defaultdict[str, list[float]](list), time.monotonic() + minutes * 60
    people = [
        threading.Thread(
            target=read,
            args=(visitor(address, logins[n % len(logins)]), paths, between, end, times, random.Random(n)),
        )
        for n in range(number)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return times


def say(times: Times) -> None:
    """A line a page, and the whole."""
    for path, taken in times.items():
        most = SEARCH_MS if "search" in path else PAGE_MS
        high = _high(taken)
        over = "  over the limit" if high > most else ""
        print(f"{path:42} {len(taken):5} times  p50 {statistics.median(taken):6.1f} p95 {high:6.1f} ms{over}")
    pages = [one for path, taken in times.items() if "search" not in path for one in taken]
    searches = [one for path, taken in times.items() if "search" in path for one in taken]
    for what, taken in (("pages", pages), ("searches", searches)):
        print(f"all {what:38} {len(taken):5} times  p50 {statistics.median(taken):6.1f} p95 {_high(taken):6.1f} ms")


def _high(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


def main() -> None:
    """Fill, serve, read."""
    words = sys.argv[1:]
    number = int(words[0]) if words else 100_000
    people, between, minutes = (float(one) for one in [*words[2:5], *("50", "10", "5")[len(words[2:5]) :]])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(words[1]) if len(words) > 1 else Path(scratch)
        archive = prepared(folder, number)
        paths = [path.replace("{record}", a_record(archive)) for path in PAGES]
        archive.sessions.engine.dispose()
        with running(folder) as (address, server):
            measure(address, paths, 4, 0.1, 0.2)  # what is only slow once
            used = server.cpu_times()
            times = measure(address, paths, int(people), between, minutes)
            after = server.cpu_times()
            busy = (after.user + after.system - used.user - used.system) / (minutes * 60)
            print(f"{people:.0f} people, a page each {between:g} s: {busy:.2f} cores of the server; load {load()}")
            say(times)


if __name__ == "__main__":
    main()
