"""The program of a child process: limits itself, then answers one job after the other until its line is cut.

A job names a function by module and name, so that the heavy modules are imported here and never in the parent.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.errors import Crashed, OutOfMemory, Unreadable
from ingest.sandbox.line import Answer, Job

MOST_WRITTEN = 1 << 30
"""Bytes of the largest temporary file a reader may write."""
GRACE = 10
"""Seconds after which a child ends itself when its parent did not end it: the parent may be gone."""


def main(handle: int, memory: int) -> None:
    """Serve on the inherited socket `handle`; `memory` is the address space allowed beyond what starting took."""
    limit(memory)
    with Connection(handle) as line:
        line.send_bytes(b"ready")
        while True:
            try:
                job: Job = line.recv()
            except EOFError:
                return
            signal.alarm(int(job.seconds) + GRACE)
            line.send(answer(job))
            signal.alarm(0)


def limit(memory: int) -> None:
    """No core files, no huge files, and no more address space than said."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    space = _pages(0) + memory
    resource.setrlimit(resource.RLIMIT_AS, (space, space))


def answer(job: Job) -> Answer:
    """The result of a job, or why there is none."""
    module, _, name = job.target.partition(":")
    try:
        value = getattr(import_module(module), name)(*job.arguments, **job.options)
    except Unreadable as bad:
        return Answer(None, bad.failure, _pages(1))
    except MemoryError:
        return Answer(None, OutOfMemory().failure, _pages(1))
    except Exception as error:
        return Answer(None, Crashed(f"读取程序出错（{type(error).__name__}），没有读出内容。").failure, _pages(1))
    return Answer(value, None, _pages(1))


def _pages(column: int) -> int:
    """Bytes of this process: column 0 is address space, column 1 is resident memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[column]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
