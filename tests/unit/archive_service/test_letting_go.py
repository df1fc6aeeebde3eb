"""Bytes that should have gone and were left by a killed process go later; whatever else has no row stays."""

from __future__ import annotations

import io

from archive_service.tasks.letting_go import remove_left_over
from archive_service.wiring import Archive
from storage.database import journal
from storage.objects.areas import STAGING, staging_key

HOUR = 3600


def staged(archive: Archive, seconds_old: int, tail: str) -> str:
    """Bytes without a row, under an id made so long ago."""
    made = int((archive.now().timestamp() - seconds_old) * 1000)
    file_id = f"{made:012x}{tail:0>20}"
    archive.objects.put(staging_key(file_id), io.BytesIO(b"secret"))
    return file_id


def journaled(archive: Archive, file_id: str) -> None:
    with archive.sessions.begin() as session:
        said = {"path": "转发.txt", "file": file_id, "key": staging_key(file_id)}
        journal.write(session, archive.now(), "system", "bytes_removed", "item", "i", None, said)


def test_only_what_the_journal_says_was_removed_goes(archive: Archive) -> None:
    cut_off, unknown = staged(archive, 2 * HOUR, "a"), staged(archive, 2 * HOUR, "b")
    journaled(archive, cut_off)
    assert remove_left_over(archive) == 1
    assert list(archive.objects.list(STAGING)) == [staging_key(unknown)]
    assert remove_left_over(archive) == 0


def test_what_came_within_the_hour_is_left_to_the_process_that_removes_it(archive: Archive) -> None:
    fresh = staged(archive, HOUR // 2, "a")
    journaled(archive, fresh)
    assert remove_left_over(archive) == 0
    assert archive.objects.exists(staging_key(fresh))


def test_an_entry_that_names_no_key_is_passed_over(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        journal.write(session, archive.now(), "system", "bytes_removed", "item", "i", None, {"path": "转发.txt"})
    assert remove_left_over(archive) == 0
