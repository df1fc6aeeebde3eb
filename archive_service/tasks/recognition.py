"""Recognising scans, page by page, in a child process of its own: slow work that nobody waits for.

Each page is kept as it is done, so that a crash repeats one page at most.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from archive_service.actions import recognition
from archive_service.rulebook import rule_book
from archive_service.tasks.keeping import keep_pages_of_filed
from archive_service.tasks.letting_go import remove
from archive_service.tasks.owners import owner_name
from archive_service.wiring import Archive
from ingest.sandbox import Recogniser
from storage.database.records import File, lease_for_ocr
from storage.database.work import note_work

LEASE = timedelta(minutes=5)
"""Longer than one page takes; each page that is kept makes it last from then on."""
RECOGNITION = "recognition"


def recognise_pending(
    archive: Archive, step: Callable[[str], None] = lambda _: None, going_on: Callable[[], bool] = lambda: True
) -> int:
    """Recognise until no file waits (or `going_on` says no); returns the number of pages."""
    pages = 0
    with Recogniser() as recogniser:
        while going_on():
            now = archive.now()
            with archive.sessions.begin() as session:
                file = lease_for_ocr(session, now, now + LEASE)
            if file is None:
                break
            pages += _recognise(archive, recogniser, file, step, going_on)
    return pages


def _recognise(
    archive: Archive,
    recogniser: Recogniser,
    file: File,
    step: Callable[[str], None],
    going_on: Callable[[], bool],
) -> int:
    with archive.sessions.read() as session:
        done = recognition.pages_done(session, file.id)
    number = 0
    with archive.objects.as_file(file.storage_key) as path:
        for page in recogniser.pages(path, file.mime, [n for n in range(1, file.page_count + 1) if n not in done]):
            with archive.sessions.begin() as session:
                recognition.keep_page(session, file.id, page, archive.now() + LEASE)
                note_work(session, RECOGNITION, owner_name(RECOGNITION), archive.now(), 1)
            number += 1
            step(f"{file.name} {page.number}")
            if not going_on():
                return number
        failure = recogniser.failure
    if failure is None and file.record_id:
        # Before the file counts as done: a crash in between repeats this.
        keep_pages_of_filed(archive, file.record_id)
    with archive.sessions.begin() as session:
        secret = recognition.close(session, file.id, failure, rule_book(session), archive.now())
    remove(archive, secret)
    return number
