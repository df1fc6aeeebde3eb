"""Is what this process depends on there: database, objects, index, queue; each asked at the same time, and briefly.

The answers hold no address and no password. What is stored in the stores is not looked at; that is `verify`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic

from archive_service.wiring import Archive
from storage.errors import Away

PATIENCE = 2.0
"""Seconds in which a dependency has to answer."""

NEEDED = frozenset({"database", "objects"})
"""Without these nothing is taken in or shown. Without the index cataloguing goes on, without the queue handing in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One dependency: whether it answered, and in how many milliseconds. `says`: a sentence, or the kind of error."""

    name: str
    good: bool
    milliseconds: int
    says: str = ""


class Readiness:
    """Asks again and again, with one thread a dependency at most: one that hangs is not asked a second time."""

    def __init__(self, archive: Archive) -> None:
        self._looks = looks(archive)
        self._asked: dict[str, Future[None]] = {}
        self._lock = Lock()

    def look(self, patience: float = PATIENCE) -> list[Answer]:
        """Ask everything at once; nothing is waited for longer than `patience` seconds in all."""
        started = monotonic()
        asked = {name: self._ask(name) for name in self._looks}
        return [_answer(name, future, started, patience) for name, future in asked.items()]

    def _ask(self, name: str) -> Future[None]:
        with self._lock:
            before = self._asked.get(name)
            if before is not None and not before.done():
                return before
            future = self._asked[name] = Future()
        # A daemon: a store that never answers must not keep the process from ending.
        Thread(target=_run, args=(future, self._looks[name]), name=f"asking {name}", daemon=True).start()
        return future


def looks(archive: Archive) -> dict[str, Callable[[], object]]:
    """One cheap question to each dependency; each raises when it is not well."""
    found: dict[str, Callable[[], object]] = {
        "database": archive.check,
        "objects": lambda: archive.objects.exists("archive/0=ocfl_1.1"),
        "index": lambda: archive.index.count(),
    }
    if url := archive.settings.queue_url:
        found["queue"] = lambda: _ping(url)
    return found


def _ping(url: str) -> None:
    # Loaded only where it is used: the embedded service starts without it.
    from redis import Redis

    with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
        client.ping()


def _run(future: Future[None], look: Callable[[], object]) -> None:
    try:
        look()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(None)


def _answer(name: str, future: Future[None], started: float, patience: float) -> Answer:
    says = ""
    try:
        future.result(max(0.0, started + patience - monotonic()))
    except TooLate:
        says = "no answer in time"
    except Away as error:
        says = str(error)
    except Exception as error:
        # What else it says may name an address.
        says = type(error).__name__
    return Answer(name, not says, round((monotonic() - started) * 1000), says)
