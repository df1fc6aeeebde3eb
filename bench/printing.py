"""Print a catalogue of so many filed records: rows a second of processor time, pages, and the peak of memory.

.venv/bin/python -m bench.printing [rows …]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy import insert

from archive_service.actions.printing_rows import Asked
from archive_service.permissions import OPERATOR
from archive_service.tasks.printing import print_form
from archive_service.wiring import Archive
from bench.list_import import NOON, prepared
from storage.database.base import new_id
from storage.database.records import Record

LONG = "关于“四议两公开”决定修建石门槛至青石坳通组公路（K0+000—K3+200段）、征用集体土地及青苗补偿标准的通知"
TOGETHER = 5000


def fill(archive: Archive, rows: int) -> None:
    """So many filed records; every fourth has a title of several lines."""
    common = {
        "village_id": "v1", "state": "archived", "kind": "document", "class_id": "WS-MZ", "retention": "permanent",
        "year": 2019, "earliest": date(2019, 3, 5), "latest": date(2019, 3, 5), "responsible": "石门槛村村民委员会",
        "access": "public", "page_count": 3, "archived_at": NOON, "created_at": NOON, "changed_at": NOON,
    }  # fmt: skip
    made = [
        {
            **common, "id": new_id(), "code": f"V001-WS·2019-Y-MZ-{number:05d}", "doc_number": f"石村〔2019〕{number}号",
            "title": f"石门槛村{number}号{LONG if number % 4 == 0 else '农村土地承包合同'}",
        }
        for number in range(1, rows + 1)
    ]  # fmt: skip
    with archive.sessions.begin() as session:
        for start in range(0, rows, TOGETHER):
            session.execute(insert(Record), made[start : start + TOGETHER])


def main() -> None:
    """One line for each format and number of rows."""
    for rows in map(int, sys.argv[1:] or ("1000", "20000")):
        with tempfile.TemporaryDirectory() as folder:
            archive = prepared(Path(folder))
            fill(archive, rows)
            for format in ("pdf", "xlsx"):
                start, clock = time.process_time(), time.perf_counter()
                target = Path(folder) / f"list.{format}"
                assert print_form(archive, OPERATOR, Asked("catalogue"), format, target) == rows
                spent, waited = time.process_time() - start, time.perf_counter() - clock
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(
                    f"{format}: {rows} rows, {target.stat().st_size // 1024} kB, {waited:.1f} s, "
                    f"{rows / spent:.0f} rows/s of processor time, peak {peak} MB"
                )


if __name__ == "__main__":
    main()
