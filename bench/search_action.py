"""Search through the action: the embedded index and the database's part, records, villages, pages, marks. Prints only.

    python -m bench.search_action [records] [characters] [folder]

A folder that holds such records already is used again.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from archive_service.actions.searching import find
from archive_service.permissions import NAMED_CLASSES, Actor, Role
from archive_service.settings import Settings
from archive_service.wiring import Archive, build
from bench.archive_rows import filled
from bench.search_corpus import LENGTH
from bench.search_speed import queries, show
from bench.servers import load
from storage.index import sync
from storage.index.query import SearchRequest

ACTORS = {
    "archivist": Actor("bench", "bench", "测量", Role.ARCHIVIST, None, NAMED_CLASSES),
    "clerk": Actor("bench", "bench", "测量", Role.CLERK, "v017"),
    "researcher": Actor("bench", "bench", "测量", Role.RESEARCHER, None),
}


def through(archive: Archive, actor: Actor, asked: list[str]) -> list[float]:
    """Milliseconds of each, in order; of this thread's processor, which other work on the machine does not lengthen."""
    times = []
    for text in asked:
        start = time.thread_time()
        with archive.sessions.read() as session:
            find(session, archive.index, actor, SearchRequest(text))
        times.append((time.thread_time() - start) * 1000)
    return sorted(times)


def opened(folder: Path, number: int, length: int) -> Archive:
    """An archive with so many records, all indexed."""
    archive = build(Settings(data=folder, ocr=False))
    archive.prepare()
    filled(archive.sessions, number, length)
    if archive.index.count() != number:
        start = time.perf_counter()
        sync.rebuild(archive.sessions, archive.index)
        print(f"index from {number:,} rows: {number / (time.perf_counter() - start):,.0f}/s", flush=True)
    size = sum(path.stat().st_size for path in archive.settings.index_folder().rglob("*") if path.is_file())
    print(f"{number:,} records of {length} characters, index {size / 1e6:,.0f} MB", flush=True)
    return archive


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    length = int(sys.argv[2]) if len(sys.argv) > 2 else LENGTH
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(tempfile.mkdtemp(prefix="search-action-bench-"))
    archive = opened(folder, number, length)
    asked = queries(number, length)
    for who, actor in ACTORS.items():
        everything = []
        for kind, texts in asked.items():
            through(archive, actor, texts[:5])
            times = through(archive, actor, texts)
            everything += times
            show(f"{who}, {kind}", times)
        show(f"{who}, ALL", sorted(everything))
    print(load())


if __name__ == "__main__":
    main()
