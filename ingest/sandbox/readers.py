"""Several child processes that read files at once: a thread for each, which waits for its child and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self, cast

from ingest.errors import Unreadable
from ingest.extract.source import Server
from ingest.kinds import KINDS, UNKNOWN
from ingest.reading import FileFormat, Reading
from ingest.sandbox.line import Job
from ingest.sandbox.process import ChildProcess

READ = "ingest.pipeline:read"
IDENTIFY = "ingest.identify:identify"
SHARE = 0.8
"""Of a file's time that the second reader may take: the first has had its try before."""


class Readers:
    """Reads files in `processes` children; each file may take `seconds` and `memory` bytes of address space.

    `tika` is the address of a second reader, for what ours cannot read. `read` names the function that runs in the
    child; it is `ingest.pipeline.read` for everybody but tests.
    """

    def __init__(self, processes: int, memory: int, seconds: float, read: str = READ, tika: str | None = None) -> None:
        self._seconds, self._read = seconds, read
        self._more = {"server": Server(tika, seconds * SHARE)} if tika else {}
        self._all = [ChildProcess(memory) for _ in range(processes)]
        self._free: SimpleQueue[ChildProcess] = SimpleQueue()
        for child in self._all:
            self._free.put(child)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="reader")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in self._all:
            child.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for child in self._all:
            child.close()

    def start(self) -> None:
        """Start the children at once, while there is nothing to read yet; one that does not come up is tried again."""
        for child in self._all:
            self._threads.submit(child.start)

    def submit(
        self, path: Path, name: str, shown_path: str, *, villages: tuple[str, ...] = (), home: str = "", received: date
    ) -> Future[Reading]:
        """Read the file at `path`, called `name`, handed in as `shown_path`. The future never raises for a bad file."""
        options = {"villages": villages, "home": home, "received": received, **self._more}
        return self._threads.submit(self._one, (path.resolve(), name, shown_path), options)

    def _one(self, arguments: tuple[Path, str, str], options: Mapping[str, object]) -> Reading:
        child = self._free.get()
        try:
            return cast(Reading, child.run(Job(self._read, arguments, options, self._seconds)))
        except Unreadable as bad:
            return Reading(self._format(child, arguments), failure=bad.failure)
        finally:
            self._free.put(child)

    def _format(self, child: ChildProcess, arguments: tuple[Path, str, str]) -> FileFormat:
        """What the file is, asked on its own, as the reading that would have said so was stopped."""
        try:
            return cast(FileFormat, child.run(Job(IDENTIFY, arguments[:2], {}, self._seconds)))
        except Unreadable:
            return FileFormat(UNKNOWN, KINDS[UNKNOWN].label, "")
