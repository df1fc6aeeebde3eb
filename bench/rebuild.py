"""How fast records are archived into the store, verified, and brought back from it alone. Prints rates.

    .venv/bin/python -m bench.rebuild 2000

Each record has one small file and 500 characters of text. The index is not part of it: see the search bench.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import insert

from archive_service.actions.outlines import import_outline
from archive_service.actions.villages import add_village
from archive_service.exchange import outline_files
from archive_service.permissions import NAMED_CLASSES, OPERATOR, Actor, Role
from archive_service.rulebook import rule_book
from archive_service.settings import Settings
from archive_service.tasks.filing import file_records
from archive_service.tasks.rebuilding import rebuild_database
from archive_service.tasks.setting_up import model_outline
from archive_service.tasks.upkeep import seal_journal
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive, build
from storage.database.base import new_id
from storage.database.batches import Batch, Item, ItemState
from storage.database.records import File, PageText, Record, RecordState
from storage.objects.areas import staging_key

ARCHIVIST = Actor("bench", "bench", "测量", Role.ARCHIVIST, None, NAMED_CLASSES)
TEXT = "石门槛村村民会议讨论通过本年度灌溉渠维修方案，" * 22


def fill(archive: Archive, number: int) -> list[str]:
    """Accepted records that wait to be archived."""
    archive.prepare()
    at = archive.now()
    with archive.sessions.begin() as session:
        import_outline(session, OPERATOR, outline_files.read(model_outline()), at)
        village = add_village(session, OPERATOR, at, "石门槛村", "V012").id
        batch = new_id()
        session.add(Batch(id=batch, village_id=village, source="bench", opened_by="bench", opened_at=at, walked_at=at))
    ids, pages = [], []
    with archive.sessions.begin() as session:
        rules = rule_book(session)
        for count in range(number):
            record = Record(
                id=new_id(), village_id=village, batch_id=batch, state=RecordState.ACCEPTED, title=f"会议记录{count}",
                year=2019, earliest=date(2019, 3, 5), latest=date(2019, 3, 5), created_at=at, changed_at=at,
            )  # fmt: skip
            session.add(record)
            rules.assign(record, "WS-DQ-01")
            pages.append(add_file(archive, session.add, record, count))
            ids.append(record.id)
            if count % 500 == 499:
                session.flush()
        session.flush()
        session.execute(insert(PageText), pages)
    return ids


def add_file(archive: Archive, add: Callable[[object], None], record: Record, count: int) -> dict[str, object]:
    """One small file with its item; returns its page."""
    file_id = new_id()
    content = f"{count}\n{TEXT}"
    stored = archive.objects.put(staging_key(file_id), io.BytesIO(content.encode()))
    add(
        File(
            id=file_id, record_id=record.id, village_id=record.village_id, name=f"{count}.txt", path=f"{count}.txt",
            size=stored.size, sha256=stored.sha256, sha512=stored.sha512, storage_key=staging_key(file_id),
            page_count=1, received_at=record.created_at,
        )
    )  # fmt: skip
    add(
        Item(
            id=new_id(), batch_id=record.batch_id, village_id=record.village_id, path=f"{count}.txt", size=stored.size,
            state=ItemState.PROPOSED, file_id=file_id, record_id=record.id, received_at=record.created_at,
        )
    )  # fmt: skip
    return {"file_id": file_id, "number": 1, "text": content}


def timed(what: str, number: int, work: Callable[[], object]) -> None:
    """Run it and print its rate."""
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    print(f"{what:<32} {number / took:10,.0f} records/s   {took:8.1f} s")


def measure(folder: Path, number: int) -> None:
    """The four rates."""
    archive = build(Settings(data=folder))
    ids: list[str] = []
    timed("received into staging, rows", number, lambda: ids.extend(fill(archive, number)))
    timed("archived", number, lambda: file_records(archive, ARCHIVIST, ids))
    seal_journal(archive)
    timed("verified with digests", number, lambda: verify(archive))
    archive.sessions.engine.dispose()
    for left in folder.glob("archive.db*"):
        left.unlink()
    again = build(Settings(data=folder))
    timed("database rebuilt from the store", number, lambda: rebuild_database(again))


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="village-archive-bench-"))
    try:
        measure(folder, int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
    finally:
        shutil.rmtree(folder)
