"""The sample county: two invented villages, handed in once, filed and journaled as a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, filing
from archive_service.actions.villages import add_village
from archive_service.permissions import NAMED_CLASSES, OPERATOR, Actor, Role
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive
from storage.database import journal
from storage.database.batches import Batch
from storage.database.organisations import village_named

SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "samples" / "county"

VILLAGES = (
    ("石门槛村", "V012", "望溪镇", ({"name": "石门大队", "from": 1958, "to": 1984},)),
    ("青石坳村", "V013", "望溪镇", ({"name": "红旗大队", "from": 1961, "to": 1983},)),
)

LEFT_IN_THE_INBOX = 12
"""Proposals left for a person, so that the inbox has something to show."""

ARCHIVIST = Actor("demonstration", "demonstration", "示范档案员", Role.ARCHIVIST, None, NAMED_CLASSES)


def register(session: Session, at: datetime) -> list[str]:
    """Register the sample villages; returns their names."""
    for name, fonds, township, aliases in VILLAGES:
        add_village(session, OPERATOR, at, name, fonds, township, list(aliases))
    return [name for name, *_ in VILLAGES]


def hand_in_once(archive: Archive, folder: Path, step: Callable[[str], None]) -> str:
    """Hand a sample folder in, unless it was handed in whole before; returns its batch."""
    with archive.sessions.read() as session:
        home = village_named(session, folder.name)
        whole = select(Batch.id).where(
            Batch.village_id == home.id, Batch.source_path == str(folder.resolve()), Batch.walked_at.is_not(None)
        )
        before = session.scalars(whole.limit(1)).one_or_none()
    if before:
        return before
    return hand_in(archive, ARCHIVIST, folder.name, folder, step=step)


def accept_and_archive(archive: Archive) -> int:
    """Accept the confident proposals but for some, and archive them; returns how many. Again: nothing to do."""
    with archive.sessions.begin() as session:
        if journal.acted(session, ARCHIVIST.login, "demonstration"):
            wanted: list[str] = []
        else:
            wanted = catalogue.confident(session, ARCHIVIST, rule_book(session))
            wanted = wanted[: max(0, len(wanted) - _to_keep_back(session, len(wanted)))]
            catalogue.accept(session, ARCHIVIST, wanted, rule_book(session), archive.now())
            said = {"note": "示范：由样例档案员批量采用有把握的建议"}
            journal.write(session, archive.now(), ARCHIVIST.login, "demonstration", "batch", "-", None, said)
        ready = filing.ready(session)
    file_records(archive, ARCHIVIST, ready)
    sync_index(archive)
    seal_journal(archive)
    return len(ready)


def _to_keep_back(session: Session, confident: int) -> int:
    waiting = catalogue.waiting(session)
    return max(0, LEFT_IN_THE_INBOX - (waiting - confident))
