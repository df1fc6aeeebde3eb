"""The worker of the embedded mode: threads that read, recognise and keep derived things true until stopped.

All of it works from rows in the database; a worker that dies leaves leases that run out, and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Event, Thread
from time import time_ns

import structlog

from archive_service.actions import upkeep as action
from archive_service.tasks.filing import finish_cut_off
from archive_service.tasks.fixity import look_around
from archive_service.tasks.owners import owner_name
from archive_service.tasks.reading import make_readers, read_received, release_leases_of_the_dead
from archive_service.tasks.receiving import resume_cut_off
from archive_service.tasks.recognition import recognise_pending
from archive_service.tasks.restricting import end_past
from archive_service.tasks.sweeping import EVERY, sweep
from archive_service.tasks.traces import job_span
from archive_service.tasks.transferring import make_packages
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive
from storage.errors import StorageError

log = structlog.get_logger()

READING_PAUSE = 1.0
RECOGNITION_PAUSE = 5.0
FIXITY_PAUSE = 30.0
UPKEEP_PAUSE = 2.0
"""Seconds between looks when nothing waits. A nudge (`wake`) ends the pause at once."""


class Worker:
    """Background threads over one archive. `start`, then `stop`, which waits until what is under way is safe."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._stopping = Event()
        self._nudges: list[Event] = []
        self._threads: list[Thread] = []
        self._swept_at: datetime | None = None

    def start(self) -> None:
        """Begin to work."""
        release_leases_of_the_dead(self._archive)
        loops = [("reading", self._read, READING_PAUSE), ("upkeep", self._keep_up, UPKEEP_PAUSE)]
        loops.append(("fixity", self._check_fixity, FIXITY_PAUSE))
        loops.append(("packages", partial(make_packages, self._archive), UPKEEP_PAUSE))
        if self._archive.settings.ocr:
            loops.append(("recognition", self._recognise, RECOGNITION_PAUSE))
        for name, once, pause in loops:
            nudged = Event()
            self._nudges.append(nudged)
            thread = Thread(target=self._loop, args=(name, once, pause, nudged), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop taking work, and wait for what is under way."""
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            thread.join(timeout=60)

    def wake(self) -> None:
        """Something new waits: look at once."""
        for nudged in self._nudges:
            nudged.set()

    def _loop(self, name: str, once: Callable[[], int], pause: float, nudged: Event) -> None:
        while not self._stopping.is_set():
            nudged.clear()
            started = time_ns()
            try:
                done = once()
            except StorageError as error:
                log.warning("store not ready", loop=name, reason=str(error))
                done = 0
            except Exception:
                log.exception("worker loop failed", loop=name)
                done = 0
            job_span(self._archive.settings, name, started, done)
            if not done:
                nudged.wait(pause)

    def _going_on(self) -> bool:
        return not self._stopping.is_set()

    def _read(self) -> int:
        with self._archive.sessions.read() as session:
            if not action.anything_to_read(session, self._archive.now()):
                return 0
        # Reader processes live only while there is work, so that an idle server stays small.
        with make_readers(self._archive) as readers:
            return read_received(self._archive, readers, owner_name("worker"), going_on=self._going_on)

    def _recognise(self) -> int:
        with self._archive.sessions.read() as session:
            if action.anything_to_read(session, self._archive.now()) or not action.anything_to_recognise(session):
                # Reading comes first: recognition is the slow work.
                return 0
        return recognise_pending(self._archive, going_on=self._going_on)

    def _check_fixity(self) -> int:
        look_around(self._archive)
        # A slice, then the pause in any case: reading everything again must not take the disk from people's work.
        return 0

    def _sweep(self) -> None:
        now = self._archive.now()
        if self._swept_at is None or now - self._swept_at >= EVERY:
            sweep(self._archive)
            end_past(self._archive)
            self._swept_at = now

    def _keep_up(self) -> int:
        self._sweep()
        resume_cut_off(self._archive)
        finish_cut_off(self._archive)
        number = sync_index(self._archive)
        seal_journal(self._archive)
        return number


def drain(archive: Archive, step: Callable[[str], None] = lambda _: None) -> None:
    """Do everything that waits, then return: for scripts and for tests."""
    release_leases_of_the_dead(archive)
    resume_cut_off(archive)
    with make_readers(archive) as readers:
        read_received(archive, readers, owner_name("drain"), step)
    recognise_pending(archive, step)
    finish_cut_off(archive)
    make_packages(archive)
    sync_index(archive)
    seal_journal(archive)
