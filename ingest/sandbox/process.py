"""One child process as seen from the parent: started when first needed, ended when it hangs, dies or has grown.

Knows nothing of files; a job is a function by name. Every way to fail is one of `ingest.errors`.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock

import ingest
from ingest.errors import Crashed, OutOfMemory, Timeout, Unreadable
from ingest.sandbox.line import Answer, Job, load

ROOT = Path(next(iter(ingest.__path__))).resolve().parent
"""Where the child is started, so that it imports the same code as its parent."""
START_SECONDS = 60.0
GROWN = 200 << 20
"""Resident bytes from which a child is replaced after its job: what large files leave behind does not add up."""


class ChildProcess:
    """A process for one job at a time. `stop` may be called from another thread: a running job fails then."""

    def __init__(self, memory: int, grown: int = GROWN) -> None:
        self._memory, self._grown = memory, grown
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._closed = False
        self._starting = Lock()

    def run(self, job: Job) -> object:
        """What the function of the job returns.

        Raises:
            Unreadable: as the function raised it, or Timeout, OutOfMemory, Crashed; the next job gets a new process.
        """
        line = self._running()
        try:
            line.send(job)
            if not line.poll(job.seconds):
                self._end()
                raise Timeout
            answer = load(line.recv_bytes())
        except pickle.UnpicklingError as error:
            self._end()
            raise Crashed from error
        except (EOFError, OSError) as error:
            raise self._cause_of_death() from error
        return self._accept(answer)

    def start(self) -> None:
        """Start the process now, so that the first job need not wait for it.

        Raises:
            Crashed: it did not come up; the next job tries again.
        """
        self._running()

    def stop(self) -> None:
        """Kill the process, and take no more jobs."""
        with self._starting:
            self._closed = True
        self._kill()

    def close(self) -> None:
        """Stop, and free what belonged to the process. Not while a job runs."""
        self.stop()
        self._end()

    def _accept(self, answer: Answer) -> object:
        if answer.resident > self._grown:
            self._end()
        if answer.failure is not None:
            raise Unreadable(answer.failure.code, answer.failure.reason, answer.failure.remedy)
        return answer.value

    def _running(self) -> Connection:
        with self._starting:
            if self._closed:
                raise Crashed
            if self._process is None or self._line is None or self._process.poll() is not None:
                self._end()
                self._line = self._start()
            return self._line

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "ingest.sandbox.child", str(theirs.fileno()), str(self._memory)]
            # A session of its own: Ctrl-C reaches only the parent, and what the child starts ends with it.
            self._process = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[theirs.fileno()], start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        line = Connection(ours.detach())
        try:
            ready = line.poll(START_SECONDS) and line.recv_bytes() == b"ready"
        except (EOFError, OSError):
            ready = False
        if not ready:
            line.close()
            self._kill()
            raise Crashed
        return line

    def _cause_of_death(self) -> Unreadable:
        """SIGKILL that did not come from here is the kernel's, for want of memory."""
        process = self._process
        with contextlib.suppress(subprocess.TimeoutExpired):
            if process is not None and process.wait(5) == -signal.SIGKILL and not self._closed:
                self._end()
                return OutOfMemory()
        self._end()
        return Crashed()

    def _end(self) -> None:
        self._kill()
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.wait()
        self._process = self._line = None

    def _kill(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
