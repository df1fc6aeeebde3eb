"""Import a directory of 10,000 rows: rows a second and growth of memory, with the series listed and without.

.venv/bin/python bench/list_import.py [rows]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from archive_service.actions.lists import import_list
from archive_service.actions.outlines import import_outline
from archive_service.exchange import outline_files
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.settings import Settings
from archive_service.wiring import Archive, build
from storage.database.organisations import Village

MODEL = Path(__file__).parent.parent / "classification" / "outlines" / "yunling-model.yaml"
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
HEADER = ("题名", "日期", "责任者", "文号", "条目", "页数")


def prepared(folder: Path) -> Archive:
    """An embedded archive with the model outline and one village."""
    archive = build(Settings(data=folder), lambda: NOON)
    archive.prepare()
    with archive.sessions.begin() as session:
        import_outline(session, OPERATOR, outline_files.read(MODEL), NOON)
        session.add(Village(id="v1", fonds="V001", name="石门槛村", township="望溪镇", aliases=[]))
    return archive


def directory(path: Path, rows: int, series: str) -> Path:
    """A directory of so many contracts, all with this series."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("归档目录")
    sheet.append(HEADER)
    for number in range(rows):
        title = f"石门槛村{number % 9 + 1}组第{number}号农村土地承包合同"
        sheet.append(
            (
                title,
                f"{1984 + number % 40}年{number % 12 + 1}月",
                "石门槛村民委员会",
                f"望石承字第{number}号",
                series,
                2,
            )
        )
    book.save(path)
    return path


def run(name: str, rows: int, series: str) -> None:
    """Import once and print the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        archive = prepared(folder / "data")
        path = directory(folder / "目录.xlsx", rows, series)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        with archive.sessions.begin() as session:
            done = import_list(session, OPERATOR, "v1", path, None, rule_book(session), NOON)
        seconds = time.perf_counter() - start
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"{name}: {done.records} rows, {seconds:.1f} s, {done.records / seconds:.0f} rows/s, +{grown:.0f} MB")
        archive.sessions.engine.dispose()


def main() -> None:
    """Both cases."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    run("series listed", rows, "WS-TD-02")
    run("series suggested", rows, "")


if __name__ == "__main__":
    main()
