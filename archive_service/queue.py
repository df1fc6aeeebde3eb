"""Work over Celery: what is carried is a word that something waits, never what. The rows in the database say what.

Used when `queue_url` is set. A lost message costs half a minute, not a file: the beat asks again, and every task looks
for itself. What the tasks do is in `archive_service.tasks`.
"""

from __future__ import annotations

from collections.abc import Callable

from celery import Celery
from kombu.exceptions import OperationalError

from archive_service.actions.upkeep import anything_to_read
from archive_service.tasks.filing import finish_cut_off
from archive_service.tasks.reading import make_readers, owner_name, read_received, release_leases_of_the_dead
from archive_service.tasks.receiving import resume_cut_off
from archive_service.tasks.recognition import recognise_pending
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive

NAME = "village_archive"

SWEEP = 30.0
"""Seconds between two looks without a message: how long a lost message can delay a file."""


def make_queue(archive: Archive) -> Celery:
    """The Celery application over one archive, with its tasks: read, recognise and keep_up."""
    queue = Celery(NAME, broker=archive.settings.queue_url, set_as_current=False)
    queue.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_connect_timeout": 3, "socket_timeout": 10},
        beat_schedule={
            name: {"task": f"{NAME}.{name}", "schedule": SWEEP, "options": {"expires": SWEEP}}
            for name in _works(archive)
        },
    )
    for name, work in _works(archive).items():
        queue.task(name=f"{NAME}.{name}", bind=False)(work)
    return queue


def waker(queue: Celery) -> Callable[[], None]:
    """What the web calls after its commit. A queue that is away is left to the sweep: the rows are safe."""

    def wake() -> None:
        try:
            queue.send_task(f"{NAME}.read", retry=False, expires=SWEEP)
        except OperationalError:
            return

    return wake


def run_worker(queue: Celery, archive: Archive) -> None:
    """Work until told to stop, with the sweep in the same process. One thread: readers are processes of their own."""
    release_leases_of_the_dead(archive)
    schedule = archive.settings.data / "celerybeat"
    queue.worker_main(["worker", "--pool=solo", "--beat", f"--schedule={schedule}", "--loglevel=WARNING"])


def _works(archive: Archive) -> dict[str, Callable[[], None]]:
    def waits() -> bool:
        with archive.sessions.read() as session:
            return anything_to_read(session, archive.now())

    def read() -> None:
        if waits():
            with make_readers(archive) as readers:
                read_received(archive, readers, owner_name("celery"))
        keep_up()

    def recognise() -> None:
        if archive.settings.ocr:
            # Reading comes first: recognition is the slow work, and goes on at the next sweep.
            recognise_pending(archive, going_on=lambda: not waits())

    def keep_up() -> None:
        resume_cut_off(archive)
        finish_cut_off(archive)
        sync_index(archive)
        seal_journal(archive)

    return {"read": read, "recognise": recognise, "keep_up": keep_up}
