"""How fast a ledger of ten thousand rows is brought in, again, and archived: `python -m bench.ledgers`."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from archive_service.actions.villages import add_village
from archive_service.exchange.ledger_files import columns_of
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.tasks.matters import archive_ledger, import_ledger
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import build
from classification.ledgers import BOOKS

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
DUTY = BOOKS["duty_log"]


def filled(path: Path) -> None:
    """A duty log of one year with so many rows, as a clerk's spreadsheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([one.name for one in columns_of(DUTY)])
    for number in range(ROWS):
        on = date(2025, 1, 1) + timedelta(days=number % 365)
        sheet.append([on.isoformat(), f"值班人{number % 9}", number % 20, f"咨询第 {number} 件事", "已告知", ""])
    book.save(path)


def main() -> None:
    """Print rows a second for each."""
    with tempfile.TemporaryDirectory() as folder:
        archive = build(Settings(data=Path(folder) / "data", password_memory_kib=8, readers=1, ocr=False))
        set_up(archive)
        with archive.sessions.begin() as session:
            home = add_village(session, OPERATOR, archive.now(), "石门槛村", "V012", "望溪镇").id
        path = Path(folder) / "duty.xlsx"
        filled(path)
        for what, work in (
            ("import", lambda: import_ledger(archive, OPERATOR, home, DUTY, path)),
            ("import again", lambda: import_ledger(archive, OPERATOR, home, DUTY, path)),
            ("archive as one record", lambda: archive_ledger(archive, OPERATOR, home, DUTY, 2025)),
        ):
            start = time.perf_counter()
            found = work()
            print(f"{what:24} {ROWS / (time.perf_counter() - start):8.0f} rows/s  {found}")


if __name__ == "__main__":
    main()
