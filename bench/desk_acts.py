"""What the desk does to many records at once: a list out and back, and one change to all of them.

    python -m bench.desk_acts [records] [changed]

Of so many records those that are not filed yet are changed: through a list that was exported, had a note written into
every row, and comes back, and through a bulk edit. Rows a second of wall time, seconds, growth of memory, each in a
process of its own. Prints; asserts nothing.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select, update

from archive_service.actions import bulk_editing
from archive_service.actions.record_lists import Wanted
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.settings import Settings
from archive_service.tasks.listing import apply_list, export_list, preview_list
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from bench.archive_rows import filled
from bench.search_corpus import LENGTH
from bench.servers import load
from storage.database.records import Record, RecordState

NOTE = "备注"
ALL, OPEN = Wanted(), Wanted(state=RecordState.ACCEPTED)


def opened(folder: Path) -> Archive:
    """The archive in this folder."""
    archive = build(Settings(data=folder / "data", ocr=False, password_memory_kib=8))
    archive.prepare()
    return archive


def prepare(folder: Path, number: int, changed: int) -> None:
    """So many records, of them `changed` not filed yet."""
    archive = opened(folder)
    filled(archive.sessions, number, LENGTH)
    set_up(archive)
    with closing(sqlite3.connect(folder / "data" / "archive.db")) as rows:
        # A list knows records by ids as they are given, of 32 digits.
        rows.execute("UPDATE records SET id = printf('%032d', id)")
        rows.execute("UPDATE files SET record_id = printf('%032d', record_id)")
        rows.commit()
    with archive.sessions.begin() as session:
        session.execute(update(Record).values(state=RecordState.ARCHIVED))
        some = session.scalars(select(Record.id).order_by(Record.id).limit(changed)).all()
        session.execute(update(Record), [{"id": one, "state": RecordState.ACCEPTED, "code": None} for one in some])


def export(folder: Path) -> int:
    """All of them into a workbook."""
    return export_list(opened(folder), OPERATOR, ALL, folder / "all.xlsx")


def export_csv(folder: Path) -> int:
    """All of them into a table of text."""
    return export_list(opened(folder), OPERATOR, ALL, folder / "all.csv")


def rerun(folder: Path) -> int:
    """All of them back, unchanged."""
    done = preview_list(opened(folder), OPERATOR, folder / "all.xlsx")
    return done.rows - done.number


def annotated(folder: Path) -> None:
    """The list of what is not filed, with a note in every row."""
    archive = opened(folder)
    export_list(archive, OPERATOR, OPEN, folder / "open.csv")
    with (folder / "open.csv").open(encoding="utf-8-sig", newline="") as made:
        rows = list(csv.DictReader(made))
    with (folder / "noted.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows({**row, NOTE: f"核对过 {number}"} for number, row in enumerate(rows))


def come_back(folder: Path) -> int:
    """That list back."""
    return apply_list(opened(folder), OPERATOR, folder / "noted.csv").number


def edit_all(folder: Path) -> int:
    """One change to everything that is not filed."""
    archive = opened(folder)
    with archive.sessions.begin() as session:
        ids = session.scalars(select(Record.id).where(Record.state == RecordState.ACCEPTED)).all()
        changes = {"note": "一起改的", "box": "12"}
        return bulk_editing.edit(session, OPERATOR, ids, changes, rule_book(session), archive.now())


def _told(name: str, work: Callable[[Path], int], folder: Path) -> None:
    before, start = _peak(), time.perf_counter()
    number = work(folder)
    spent = time.perf_counter() - start
    print(f"{name:32} {number:7,} in {spent:6.1f} s   {number / spent:7,.0f}/s   +{_peak() - before} MB", flush=True)


def _peak() -> int:
    # Not getrusage: it counts what the process was before it became another program.
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(said.partition("VmHWM:")[2].split()[0]) >> 10


def main() -> None:
    """Prepare, then each in a process of its own."""
    number, changed = (int(one) for one in [*sys.argv[1:3], *("100000", "10000")[len(sys.argv[1:3]) :]])
    alone = get_context("spawn")
    acts = (
        ("list out, XLSX", export), ("list out, CSV", export_csv), ("list back, nothing changed", rerun),
        ("list back, all changed", come_back), ("bulk edit, note and box", edit_all),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        prepare(folder, number, changed)
        annotated(folder)
        for name, work in acts:
            process = alone.Process(target=_told, args=(name, work, folder))
            process.start()
            process.join()
    print(load())


if __name__ == "__main__":
    main()
