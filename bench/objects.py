"""How fast small objects go into a bucket through our door, against the raw client; and one large object both ways.

    python -m bench.objects [objects] [threads] [gigabytes]

The raw client puts bytes whose length it knows; our door takes a stream and makes both digests. The large object goes in and comes
out in a process whose growth of memory is watched. Prints rates, the ratio and megabytes.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO, cast
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.deleteobjects import DeleteObject

from bench.ingest import Watch
from bench.servers import bucket, load
from storage.objects.opening import open_store
from storage.objects.store import BLOCK, ObjectStore, digests

SMALL = 20_000
"""Bytes: a short paper."""
TURNS = 5


class Zeros(io.RawIOBase):
    """So many bytes that nobody has to keep."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        """The next ones."""
        given = min(self._left, size if size >= 0 else self._left)
        self._left -= given
        return bytes(given)


def raw_client(url: str) -> Minio:
    """The client as its documentation makes it."""
    parts = urlsplit(url)
    pool = urllib3.PoolManager(maxsize=32)
    return Minio(
        parts.netloc.rpartition("@")[2], parts.username, parts.password, secure=False, region="us-east-1",
        http_client=pool,
    )  # fmt: skip


@contextmanager
def emptied(url: str) -> Iterator[str]:
    """The bucket of that URL, taken away at the end with all that is in it."""
    client, name = raw_client(url), urlsplit(url).path.strip("/")
    try:
        yield name
    finally:
        keys = (DeleteObject(str(one.object_name)) for one in client.list_objects(name, recursive=True))
        for error in client.remove_objects(name, keys):
            print(error)
        client.remove_bucket(name)


def rate(put: Callable[[str], object], number: int, threads: int, prefix: str) -> float:
    """Objects a second."""
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(put, (f"{prefix}/{count:06}" for count in range(number))))
    return number / (time.perf_counter() - start)


def small(store: ObjectStore, client: Minio, name: str, number: int, threads: int) -> None:
    """In turns, so that what else the machine does meets both; the median says."""
    content = os.urandom(SMALL)

    def ours(key: str) -> None:
        store.put(key, io.BytesIO(content))

    def raw(key: str) -> None:
        client.put_object(name, key, io.BytesIO(content), len(content))

    rates: dict[str, list[float]] = {"raw": [], "ours": []}
    for turn in range(TURNS):
        rates["raw"].append(rate(raw, number, threads, f"raw{turn}"))
        rates["ours"].append(rate(ours, number, threads, f"ours{turn}"))
    middle = {way: statistics.median(some) for way, some in rates.items()}
    pairs = [ours / raw for raw, ours in zip(rates["raw"], rates["ours"], strict=True)]
    print(
        f"{number} objects of {SMALL} bytes, {threads} threads: raw {middle['raw']:.0f}/s, ours {middle['ours']:.0f}/s"
    )
    print(f"ratio {middle['ours'] / middle['raw']:.2f}; turn by turn {' '.join(f'{one:.2f}' for one in pairs)}")


def large(store: ObjectStore, size: int) -> None:
    """Growth of memory while one large object goes in, and comes out."""

    def comes_out() -> None:
        with store.open("large") as stream:
            digests(stream)

    ways = {"in": lambda: store.put("large", cast(BinaryIO, Zeros(size))), "out": comes_out}
    for way, work in ways.items():
        with Watch() as watched:
            work()
        print(
            f"{size / (1 << 30):.1f} GB {way}: {size / watched.seconds / BLOCK:.0f} MB/s, memory grew {watched.grown >> 20} MB",
            flush=True,
        )


def main() -> None:
    number, threads, gigabytes = (*(int(one) for one in sys.argv[1:]), *(300, 4, 2)[len(sys.argv) - 1 :])
    url = bucket()
    store = open_store(url)
    with emptied(url) as name:
        large(store, gigabytes << 30)
        small(store, raw_client(url), name, number, threads)
    print(load())


if __name__ == "__main__":
    main()
