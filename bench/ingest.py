"""Hand in mixed files (no scans): time against the same readers alone, cores used, memory of the process tree.

On a machine that does other work only the ratio of processor time says something.

.venv/bin/python -m bench.ingest [files]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event, Thread

import docx
import openpyxl
import psutil

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.reading import make_readers
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build

COUNTY = Path(__file__).resolve().parent.parent / "tests" / "samples" / "county"
RULES = COUNTY / "青石坳村/村规民约/青石坳村规民约（2022年修订）.pdf"


def make_files(folder: Path, number: int) -> list[Path]:
    """Mixed files, no two alike: 4 in 10 text, 3 DOCX, 2 XLSX, 1 PDF."""
    return [WRITERS[count % 10](folder, count) for count in range(number)]


def _said(count: int) -> str:
    return (
        f"石门槛村第{count}次村民代表会议记录\n时间：2019年3月{count % 28 + 1}日\n"
        + f"讨论第{count}件事，同意。\n" * 60
    )


def _text(folder: Path, count: int) -> Path:
    path = folder / f"{count:05d}会议记录.txt"
    path.write_text(_said(count), encoding="gb18030")
    return path


def _word(folder: Path, count: int) -> Path:
    path = folder / f"{count:05d}会议记录.docx"
    document = docx.Document()
    for line in _said(count).splitlines():
        document.add_paragraph(line)
    document.save(str(path))
    return path


def _sheet(folder: Path, count: int) -> Path:
    path = folder / f"{count:05d}补贴清册.xlsx"
    book = openpyxl.Workbook()
    for row in range(80):
        book.active.append([row, f"农户{count}-{row}", 4.2, 453.6])
    book.save(path)
    return path


def _pdf(folder: Path, count: int) -> Path:
    path = folder / f"{count:05d}村规民约.pdf"
    path.write_bytes(RULES.read_bytes() + f"\n%{count}\n".encode())
    return path


WRITERS: list[Callable[[Path, int], Path]] = [*[_text] * 4, *[_word] * 3, *[_sheet] * 2, _pdf]


class Watch:
    """Peak memory and processor time of a process (this one) and its children, sampled while the block runs."""

    def __init__(self, process: psutil.Process | None = None, with_children: bool = True) -> None:
        self._process, self._with_children = process or psutil.Process(), with_children

    def __enter__(self) -> Watch:
        self.peak, self.begun, self._over = 0, time.perf_counter(), Event()
        self._at_first = self._process.memory_info().rss
        self._before = _processor_seconds()
        self._thread = Thread(target=self._look)
        self._thread.start()
        return self

    def _look(self) -> None:
        while not self._over.wait(0.05):
            sizes = 0
            for process in (self._process, *self._children()):
                try:
                    sizes += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, sizes)

    @property
    def grown(self) -> int:
        """Bytes above what this process had at the start."""
        return max(self.peak - self._at_first, 0)

    def _children(self) -> list[psutil.Process]:
        return self._process.children(recursive=True) if self._with_children else []

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self.begun
        self.processor = _processor_seconds() - self._before
        self._over.set()
        self._thread.join()


def _processor_seconds() -> float:
    """Of this process and of those of its children that have ended, as all do within a block."""
    return sum(os.times()[:4])


def read_alone(archive: Archive, paths: list[Path]) -> None:
    """The same child processes, nothing kept."""
    with make_readers(archive) as readers:
        futures = [readers.submit(path, path.name, path.name, received=date(2026, 3, 1)) for path in paths]
        for future in futures:
            future.result()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "材料"
        folder.mkdir()
        paths = make_files(folder, number)
        archive = build(Settings(data=Path(work) / "data", ocr=False))
        set_up(archive)
        with archive.sessions.begin() as session:
            add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
        with Watch() as alone:
            read_alone(archive, paths)
        with Watch() as whole:
            hand_in(archive, OPERATOR, "石门槛村", folder)
    for what, one in (("readers alone", alone), ("handed in", whole)):
        cores = one.processor / one.seconds
        print(f"{number} files, {what}: {one.seconds:.1f} s on {cores:.2f} cores, {one.processor:.1f} s of processor")
    print(f"ratio {whole.seconds / alone.seconds:.2f}, of processor {whole.processor / alone.processor:.2f}")
    print(f"peak {whole.peak >> 20} MB")


if __name__ == "__main__":
    main()
