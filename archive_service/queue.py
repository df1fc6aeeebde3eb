"""Work over Celery: what is carried is a word that something waits, never what. The rows in the database say what.

Used when `queue_url` is set. A lost message costs half a minute, not a file: the beat asks again, and every task looks
for itself. What the tasks do is in `archive_service.tasks`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from socket import gethostname
from time import monotonic, time_ns
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from kombu.exceptions import OperationalError

from archive_service.actions.upkeep import anything_to_read, anything_to_recognise
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
from storage.errors import NotReady

NAME = "village_archive"
READING, RECOGNITION, INDEXING = "reading", "recognition", "indexing"
QUEUES = (READING, RECOGNITION, INDEXING)

SWEEP = 30.0
"""Seconds between two looks without a message: how long a lost message can delay a file."""
TURN = 60.0
"""Seconds that one task works before it makes room: the next message goes on, here or at another worker."""
TIME_LIMIT = 900
"""Seconds after which a task is killed: a turn, and the longest file that was begun in its last moment."""
PACKAGE_LIMIT = 6 * 3600
"""The same for the packages of transfers, which are made in one go; their leases keep two makers apart."""
VISIBILITY = 2 * TIME_LIMIT
"""Seconds until Redis hands out again what nobody acknowledged. Longer than any task lives, so that only what a dead
worker held comes back."""


@dataclass(frozen=True, slots=True)
class _Work:
    """One task: what it does, in which queue, and how often the beat asks for it."""

    do: Callable[[], int]
    queue: str
    every: float
    limit: int = TIME_LIMIT


def make_queue(archive: Archive) -> Celery:
    """The Celery application over one archive, with its tasks; each has its queue and its place in the beat."""
    queue = Celery(NAME, broker=archive.settings.queue_url, set_as_current=False)
    works = _works(archive, queue)
    queue.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_time_limit=TIME_LIMIT,
        task_routes={_full(name): {"queue": work.queue} for name, work in works.items()},
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": VISIBILITY, "socket_connect_timeout": 3, "socket_timeout": 10
        },
        beat_schedule={
            name: {"task": _full(name), "schedule": work.every, "options": {"expires": work.every}}
            for name, work in works.items()
        },
    )  # fmt: skip
    for name, work in works.items():
        queue.task(name=_full(name), bind=False, time_limit=work.limit)(_told(archive, name, work.do))
    return queue


def waker(queue: Celery) -> Callable[[], None]:
    """What the web calls after its commit. A queue that is away is left to the sweep: the rows are safe."""

    def wake() -> None:
        try:
            _ask(queue, "read")
        except OperationalError:
            return

    return wake


def lengths(queue: Celery) -> dict[str, int]:
    """How many messages wait in each queue.

    Raises:
        NotReady: the broker does not answer.
    """
    try:
        with queue.connection_for_read(connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1)
            channel = connection.default_channel
            return {name: channel.queue_declare(name, durable=True).message_count for name in QUEUES}
    except (OperationalError, OSError) as error:
        raise NotReady("任务队列连接不上，已收的文件都在；请确认 Redis 已启动，待办会自动继续。") from error


def answers(queue: Celery) -> bool:
    """Whether the worker of this machine (or container) is there and takes work."""
    try:
        return bool(queue.control.inspect(destination=[f"celery@{gethostname()}"], timeout=5).ping())
    except (OperationalError, OSError):
        return False


def run_worker(queue: Celery, archive: Archive, queues: Sequence[str], with_beat: bool) -> None:
    """Work until told to stop: one process of work, whose readers are processes of their own."""
    release_leases_of_the_dead(archive)
    words = ["worker", "--pool=prefork", "--concurrency=1", f"--queues={','.join(queues)}", "--loglevel=WARNING"]
    if with_beat:
        words += ["--beat", f"--schedule={_schedule(archive)}"]

    def start_afresh(**_: Any) -> None:
        # A connection must not be shared with the parent process it was forked from.
        archive.sessions.engine.dispose(close=False)

    worker_process_init.connect(start_afresh)
    queue.worker_main(words)


def run_scheduler(queue: Celery, archive: Archive) -> None:
    """Only the beat, until told to stop. One of them is enough; two do no harm."""
    queue.start(["beat", f"--schedule={_schedule(archive)}", "--pidfile=", "--loglevel=WARNING"])


def _schedule(archive: Archive) -> str:
    return str(archive.settings.data / "celerybeat")


def _full(name: str) -> str:
    return f"{NAME}.{name}"


def _ask(queue: Celery, name: str) -> None:
    queue.send_task(_full(name), retry=False, expires=SWEEP)


def _told(archive: Archive, name: str, do: Callable[[], int]) -> Callable[[], None]:
    def told() -> None:
        started = time_ns()
        job_span(archive.settings, name, started, do())

    return told


def _works(archive: Archive, queue: Celery) -> dict[str, _Work]:
    def waits(looked_for: Callable[[Any], bool]) -> bool:
        with archive.sessions.read() as session:
            return looked_for(session)

    def read() -> int:
        release_leases_of_the_dead(archive)
        if not waits(lambda session: anything_to_read(session, archive.now())):
            return 0
        # Whoever is free takes the next message and reads beside this one: the leases keep them apart.
        _ask(queue, "read")
        with make_readers(archive) as readers:
            number = read_received(archive, readers, owner_name("celery"), going_on=_for_a_turn())
        _ask(queue, "index")
        _ask(queue, "recognise")
        return number

    def recognise() -> int:
        if not archive.settings.ocr or not waits(anything_to_recognise):
            return 0
        _ask(queue, "recognise")
        number = recognise_pending(archive, going_on=_for_a_turn())
        _ask(queue, "index")
        return number

    def index() -> int:
        number = sync_index(archive)
        seal_journal(archive)
        return number

    def keep_up() -> int:
        resume_cut_off(archive)
        finish_cut_off(archive)
        return 0

    def check_fixity() -> int:
        return look_around(archive)

    def pack() -> int:
        return make_packages(archive)

    def put_in_order() -> int:
        sweep(archive)
        end_past(archive)
        return 0

    return {
        "read": _Work(read, READING, SWEEP),
        "recognise": _Work(recognise, RECOGNITION, SWEEP),
        "index": _Work(index, INDEXING, SWEEP),
        "keep_up": _Work(keep_up, READING, SWEEP),
        "pack": _Work(pack, RECOGNITION, SWEEP, PACKAGE_LIMIT),
        "check_fixity": _Work(check_fixity, INDEXING, SWEEP),
        "sweep": _Work(put_in_order, INDEXING, EVERY.total_seconds()),
    }


def _for_a_turn() -> Callable[[], bool]:
    end = monotonic() + TURN
    return lambda: monotonic() < end
