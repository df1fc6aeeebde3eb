"""What is put in order now and then by whichever worker: bytes whose time is over, removals and uploads that were
cut off, old counts."""

from __future__ import annotations

from datetime import timedelta

from archive_service.tasks.letting_go import let_go_of_withdrawn, remove_left_over
from archive_service.tasks.removing import finish_begun, look_again
from archive_service.tasks.transferring import drop_packages
from archive_service.wiring import Archive
from storage.database.work import forget_work

EVERY = timedelta(hours=1)
"""Between two sweeps: each lists what lies in staging."""
A_DAY = timedelta(days=1)


def sweep(archive: Archive) -> None:
    """Do all of it; repeating it does no harm."""
    yesterday = archive.now() - A_DAY
    let_go_of_withdrawn(archive)
    remove_left_over(archive)
    finish_begun(archive)
    look_again(archive)
    drop_packages(archive)
    # Younger ones may be of somebody who is still sending.
    archive.objects.sweep(yesterday)
    with archive.sessions.begin() as session:
        forget_work(session, yesterday)
