"""Reading over Celery with one worker and with two, and what the queue itself costs a file.

    python -m bench.workers [files]

PostgreSQL, Redis (a database of its own there), bytes in a folder. The workers are there before the files are; the clock
runs from the first file read to the last, so that starting a process is not counted. Each worker has one reader. The
same files are read without any queue too, and messages are timed that find nothing to do. Prints; asserts nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pypdfium2
from redis import Redis

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.queue import READING, lengths, make_queue, waker
from archive_service.settings import PREFIX, Settings
from archive_service.tasks.owners import owner_name
from archive_service.tasks.reading import make_readers, read_received
from archive_service.tasks.receiving import receive_folder
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from bench.ingest import RULES
from bench.servers import address, database, load
from storage.database.batches import ItemState, counts_by_state

REDIS_DATABASE = 9
TIMES = 12
MESSAGES = 500
Figure = TypeVar("Figure")


def make_files(folder: Path, number: int) -> None:
    """Papers whose reading is the work: PDFs of as many pages as a book of rules and minutes has, no two alike."""
    folder.mkdir()
    with closing(pypdfium2.PdfDocument.new()) as made, closing(pypdfium2.PdfDocument(RULES)) as once:
        for _ in range(TIMES):
            made.import_pages(once)
        written = BytesIO()
        made.save(written)
    for count in range(number):
        (folder / f"{count:05}村规民约.pdf").write_bytes(written.getvalue() + f"\n%{count}\n".encode())


def prepared(folder: Path, database_url: str, queue_url: str) -> Archive:
    """An archive with one village."""
    archive = build(Settings(data=folder, ocr=False, readers=1, database_url=database_url, queue_url=queue_url))
    set_up(archive)
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
    return archive


def left(archive: Archive) -> int:
    """Files that wait to be read."""
    with archive.sessions.read() as session:
        return counts_by_state(session).get(ItemState.RECEIVED, 0)


def emptied(archive: Archive) -> float:
    """Milliseconds a file, from the first that is read to the last."""
    at_first = left(archive)
    while left(archive) == at_first:
        time.sleep(0.02)
    begun, rest = time.perf_counter(), left(archive)
    while left(archive):
        time.sleep(0.02)
    return (time.perf_counter() - begun) / rest * 1000


def by_messages(archive: Archive) -> float:
    """Milliseconds for a message that finds nothing to do: sent, fetched, looked, acknowledged."""
    queue = make_queue(archive)
    wake = waker(queue)
    begun = time.perf_counter()
    for _ in range(MESSAGES):
        wake()
    while lengths(queue)[READING]:
        time.sleep(0.02)
    return (time.perf_counter() - begun) / MESSAGES * 1000


def by_workers(archive: Archive, papers: Path, number: int) -> tuple[float, float]:
    """The same, and what a message costs, with so many worker processes, which are there before the files are."""
    told = archive.settings.model_dump(mode="json", include={"data", "ocr", "readers", "database_url", "queue_url"})
    environment = {**os.environ, **{f"{PREFIX}{name.upper()}": str(value) for name, value in told.items()}}
    command = [sys.executable, "-W", "ignore", "-m", "archive_service.cli", "worker"]
    started = [
        subprocess.Popen(
            [*command, *(["--queues", READING] if beside else [])],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for beside in range(number)
    ]
    try:
        queue = make_queue(archive)
        while len(queue.control.ping(timeout=2)) < number:
            time.sleep(0.5)
        receive_folder(archive, OPERATOR, "石门槛村", papers)
        waker(queue)()
        return emptied(archive), by_messages(archive)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


def without_queue(archive: Archive, papers: Path) -> float:
    """The same by one reader of this process."""
    receive_folder(archive, OPERATOR, "石门槛村", papers)
    with make_readers(archive) as readers, ThreadPoolExecutor(1) as beside:
        reading = beside.submit(read_received, archive, readers, owner_name("bench"))
        spent = emptied(archive)
        reading.result()
    return spent


def measured(way: Callable[[Archive, Path], Figure], number: int) -> Figure:
    """The figures of one way, in places of its own that are empty."""
    server = urlsplit(address("redis"))._replace(path=f"/{REDIS_DATABASE}").geturl()
    with tempfile.TemporaryDirectory(prefix="workers-bench-") as folder, Redis.from_url(server) as queue:
        queue.flushdb()
        make_files(Path(folder) / "papers", number)
        with database() as url:
            archive = prepared(Path(folder) / "data", url, server)
            try:
                return way(archive, Path(folder) / "papers")
            finally:
                archive.sessions.engine.dispose()
                queue.flushdb()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    alone = measured(without_queue, number)
    one, message = measured(lambda archive, papers: by_workers(archive, papers, 1), number)
    two, _ = measured(lambda archive, papers: by_workers(archive, papers, 2), number)
    print(f"{number} PDFs, ms a file: no queue {alone:.1f}, one worker {one:.1f}, two workers {two:.1f}")
    print(f"two of one {one / two:.2f}; a message {message:.2f} ms, and there is at most one for a file")
    print(load())


if __name__ == "__main__":
    main()
