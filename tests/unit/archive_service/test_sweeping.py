"""The sweep that both workers call: what nobody asks for any more goes, what is recent stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from archive_service.tasks.sweeping import sweep
from archive_service.wiring import Archive
from storage.database.work import WorkMinute, note_work


def test_minutes_of_work_older_than_a_day_are_forgotten(archive: Archive) -> None:
    now = archive.now()
    with archive.sessions.begin() as session:
        note_work(session, "reading", "old", now - timedelta(hours=25), 3)
        note_work(session, "reading", "new", now - timedelta(hours=23), 3)
    sweep(archive)
    with archive.sessions.read() as session:
        assert session.scalars(select(WorkMinute.owner)).all() == ["new"]
