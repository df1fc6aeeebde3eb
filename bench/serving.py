"""What the embedded service takes: time to its first answer, memory when idle, growth of memory while a large file comes.

    python -m bench.serving [gigabytes]

`village-archive serve` is a process of its own over a new archive, with its worker. The large file is sent raw and as a multipart form,
over loopback; the processes that read files afterwards are not the server. Prints; asserts nothing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil

from bench.ingest import Watch
from bench.servers import load
from tests.journeys.server_archive import ServerArchive

BLOCK = 1 << 20
QUIET = 5.0
"""Seconds after the first answers until the server is idle."""
EDGE = "bench-edge"
BEGIN = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="form.bin"\r\n\r\n'.encode()
END = f"\r\n--{EDGE}--\r\n".encode()


def blocks(gigabytes: int, mark: bytes) -> Iterator[bytes]:
    """So much content; the mark makes it another file."""
    yield mark.ljust(BLOCK, b".")
    for _ in range((gigabytes << 10) - 1):
        yield bytes(BLOCK)


def form(gigabytes: int) -> Iterator[bytes]:
    """The same as a form with one file."""
    yield BEGIN
    yield from blocks(gigabytes, b"form")
    yield END


def sent(what: str, server: psutil.Process, send: Callable[[], httpx.Response]) -> None:
    """Send it and print what the server grew by."""
    with Watch(server, with_children=False) as watched:
        send().raise_for_status()
    print(f"{what}: {watched.seconds:.1f} s, memory of the server grew {watched.grown >> 20} MB", flush=True)


def measure(archive: ServerArchive, gigabytes: int) -> None:
    """Start, idle, raw, form."""
    began = time.perf_counter()
    archive.start("serve")
    print(f"cold start to the first answer: {time.perf_counter() - began:.2f} s", flush=True)
    server = archive.process("serve")
    archive.log_in()
    time.sleep(QUIET)
    print(f"idle memory: {server.memory_info().rss >> 20} MB", flush=True)
    files = f"/api/v1/batches/{archive.open_batch()}/files"
    web = httpx.Client(base_url=archive.web.base_url, headers=archive.web.headers, timeout=600)
    as_form = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}
    sent("raw", server, lambda: web.put(f"{files}/raw.bin", content=blocks(gigabytes, b"raw")))
    sent("multipart", server, lambda: web.post(files, content=form(gigabytes), headers=as_form))
    web.close()


def main() -> None:
    gigabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    with tempfile.TemporaryDirectory(prefix="serving-bench-") as folder:
        archive = ServerArchive(Path(folder), {})
        archive.set_up()
        try:
            measure(archive, gigabytes)
        finally:
            archive.kill("serve")
            archive.stop()
    print(load())


if __name__ == "__main__":
    main()
