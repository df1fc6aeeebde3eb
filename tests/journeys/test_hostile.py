"""Bad input, as a clerk hands it in: each file gets a sentence and what to do, the rest goes on, nothing half kept."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.tasks.reading import read_received
from archive_service.tasks.receiving import receive_folder
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive, build
from ingest.sandbox import Readers
from storage.database.batches import Item
from storage.database.records import File
from storage.objects.areas import STAGING
from tests.journeys.hostile_papers import hostile_folder, letters

VILLAGE = "石门槛村"
ENVIRONMENT = {**os.environ, "VILLAGE_ARCHIVE_PASSWORD_MEMORY_KIB": "8", "VILLAGE_ARCHIVE_OCR": "false"}
SENTENCE = re.compile(r"[\u4e00-\u9fff].*[。]$", re.DOTALL)
Rows = dict[str, dict[str, Any]]


class County:
    """An archive in a folder, spoken to by the command line."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._archive = build(Settings(data=data, password_memory_kib=8))
        set_up(self._archive)
        with self._archive.sessions.begin() as session:
            add_village(session, OPERATOR, self._archive.now(), VILLAGE, "V012")

    def words(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "archive_service.cli", *map(str, arguments), "--data", str(self.data)]

    def run(
        self, *arguments: str | Path, before: tuple[str, ...] = (), code: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one command, which ends with that code, and never with a traceback."""
        said = subprocess.run(
            [*before, *self.words(*arguments)], capture_output=True, text=True, env={**ENVIRONMENT, **environment}
        )
        assert "Traceback" not in said.stderr, said.stderr
        assert said.returncode == code, said.stderr
        return said

    def hand_in(self, folder: Path, **how: Any) -> Any:
        return json.loads(self.run("ingest", folder, "--village", VILLAGE, "--json", **how).stdout)

    def refused(self, folder: Path, **how: Any) -> str:
        """Hand in what the archive is not ready for; returns what it says."""
        return self.run("ingest", folder, "--village", VILLAGE, "--json", code=6, **how).stderr.strip()

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("sheet", "--format", "jsonl").stdout.splitlines()]

    def is_whole(self, after_kills: bool = False) -> None:
        """The store holds what has a row and nothing else, and everything agrees.

        A kill between bytes and row leaves the bytes; whatever they are, a person decides about them.
        """
        with self._archive.sessions.read() as session:
            known = set(session.scalars(select(File.storage_key).where(File.storage_key.startswith(STAGING))))
        held = set(self._archive.objects.list(STAGING))
        assert known <= held if after_kills else known == held
        assert list((self.data / "store" / ".incoming").iterdir()) == []
        assert verify(self._archive).faults == []


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "移交"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def bad_day(tmp_path_factory: pytest.TempPathFactory) -> tuple[County, Path, dict[str, str], Any]:
    """Every bad file in one folder, handed in once."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "移交").mkdir()
    expected = hostile_folder(root / "移交")
    county = County(root / "data")
    return county, root / "移交", expected, county.hand_in(root / "移交")


def outcomes(items: list[dict[str, Any]]) -> dict[str, str]:
    return {row["path"]: row["reason_code"] or row["state"] for row in items}


def test_every_bad_file_has_its_reason_and_every_good_one_is_read(bad_day: Any) -> None:
    _, _, expected, said = bad_day
    assert outcomes(said["items"]) == expected


def test_every_reason_is_a_sentence_and_says_what_to_do(bad_day: Any) -> None:
    _, _, _, said = bad_day
    bad = [row for row in said["items"] if row["reason_code"]]
    assert len(bad) > 40
    assert [
        row["path"] for row in bad if not SENTENCE.search(row["reason"]) or not SENTENCE.search(row["remedy"])
    ] == []


def test_a_package_that_nobody_opens_asks_to_be_unpacked(bad_day: Any) -> None:
    _, _, _, said = bad_day
    [tape] = [row for row in said["items"] if row["path"] == "逃逸/逃.tar"]
    assert tape["warnings"] == [
        "这是一个没有打开的压缩包，里面的文件没有逐个登记。请先解压，再移交里面的文件；压缩包本身可以不归档。"
    ]


def test_the_sum_holds_and_the_store_holds_what_has_a_row(bad_day: Any) -> None:
    county, _, expected, said = bad_day
    good = sum(outcome == "proposed" for outcome in expected.values())
    total = {"found": len(expected), "archived": 0, "waiting": good, "rejected": len(expected) - good, "duplicate": 0}
    assert said["sum"] == total
    county.is_whole()


def test_nothing_was_written_outside_and_nothing_in_the_folder_was_touched(bad_day: Any) -> None:
    county, folder, _, _ = bad_day
    assert sorted(path.name for path in county.data.parent.iterdir()) == ["data", "移交"]
    assert not (folder / "逃逸" / "out.txt").exists()
    assert (folder / "坏的" / "空.txt").stat().st_size == 0


def test_text_of_other_files_does_not_come_in_by_an_entity(bad_day: Any) -> None:
    county, _, _, _ = bad_day
    assert json.loads(county.run("search", "root:x:0", "--json").stdout)["total"] == 0


def test_the_same_bad_folder_again_doubles_nothing(bad_day: Any) -> None:
    county, folder, expected, _ = bad_day
    good = sum(outcome == "proposed" for outcome in expected.values())
    again = county.hand_in(folder)["sum"]
    assert (again["found"], again["duplicate"], again["waiting"]) == (len(expected), good, 0)


def test_a_file_without_permission_costs_only_itself(county: County, folder: Path) -> None:
    (folder / "不许看.txt").write_text("石门槛村的文件\n", encoding="utf-8")
    (folder / "好.txt").write_text("石门槛村的通知\n2024年5月1日\n", encoding="utf-8")
    (folder / "不许看.txt").chmod(0)
    # The administrator may read everything unless told otherwise.
    before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.getuid() == 0 else ()
    assert outcomes(county.hand_in(folder, before=before)["items"]) == {
        "不许看.txt": "no_permission",
        "好.txt": "proposed",
    }
    (folder / "不许看.txt").chmod(0o644)
    again = county.hand_in(folder)
    assert outcomes(again["items"]) == {"不许看.txt": "proposed", "好.txt": "duplicate"}
    county.is_whole()


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """Somebody writes to the file all the time."""
    over = Event()

    def write() -> None:
        with path.open("ab", buffering=0) as out:
            while not over.is_set():
                out.write("又一行\n".encode())

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()


def test_a_file_that_is_written_to_while_it_is_read_is_not_taken(county: County, folder: Path) -> None:
    path = folder / "还在写.txt"
    path.write_text("石门槛村的台账\n2024年5月1日\n" * 1000, encoding="utf-8")
    with written_to(path):
        assert outcomes(county.hand_in(folder)["items"]) == {"还在写.txt": "changed"}
    county.is_whole()
    assert outcomes(county.hand_in(folder)["items"]) == {"还在写.txt": "proposed"}


def test_a_parser_that_hangs_or_dies_costs_its_own_file(archive: Archive, folder: Path) -> None:
    set_up(archive)
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, archive.now(), VILLAGE, "V012")
    for order in ("hang", "die", "eat", "好"):
        (folder / f"{order}.txt").write_text(order, encoding="utf-8")
    receive_folder(archive, OPERATOR, VILLAGE, folder)
    with Readers(1, 1 << 30, 1, "tests.unit.ingest.misbehaving:read") as readers:
        read_received(archive, readers, "test:0:test")
    with archive.sessions.read() as session:
        found = {item.path: item for item in session.scalars(select(Item))}
    assert {path: item.reason_code or item.state for path, item in found.items()} == {
        "hang.txt": "timeout",
        "die.txt": "crashed",
        "eat.txt": "out_of_memory",
        "好.txt": "proposed",
    }
    assert all(SENTENCE.search(item.reason + item.remedy) for item in found.values() if item.reason_code)


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path, int], None]]:
    """Mounts a disk of so many megabytes, or changes its size."""
    mounted: list[Path] = []

    def mount(at: Path, megabytes: int) -> None:
        at.mkdir(parents=True, exist_ok=True)
        how = f"remount,size={megabytes}m" if at in mounted else f"size={megabytes}m"
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", str(at)], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"a small disk cannot be mounted here, so a full one cannot be tried: {done.stderr.strip()}")
        if at not in mounted:
            mounted.append(at)

    yield mount
    for at in mounted:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def recordings(folder: Path, number: int, size: int) -> None:
    """Files that do not pack and are kept without being read."""
    for one in range(number):
        (folder / f"{one:02d}.dat").write_bytes(random.Random(one).randbytes(size))


def test_when_the_disk_of_the_store_is_full_nothing_is_half_kept_and_the_batch_goes_on_later(
    tmp_path: Path, folder: Path, small_disk: Callable[[Path, int], None]
) -> None:
    small_disk(tmp_path / "data" / "store", 8)
    county = County(tmp_path / "data")
    recordings(folder, 12, 1 << 20)
    assert "磁盘满了" in county.refused(folder)
    assert list((county.data / "store" / ".incoming").iterdir()) == []
    assert 0 < len(county.rows()) < 12
    small_disk(tmp_path / "data" / "store", 32)
    assert county.hand_in(folder)["sum"] == {"found": 12, "archived": 0, "waiting": 12, "rejected": 0, "duplicate": 0}
    county.is_whole()


def test_when_the_disk_of_the_database_is_full_it_is_said_and_the_batch_goes_on_later(
    tmp_path: Path, folder: Path, small_disk: Callable[[Path, int], None]
) -> None:
    small_disk(tmp_path / "data", 32)
    county = County(tmp_path / "data")
    recordings(folder, 120, 3000)
    filler = county.data / "filler"
    free = os.statvfs(county.data)
    filler.write_bytes(bytes(free.f_bavail * free.f_bsize - (300 << 10)))
    said = county.refused(folder)
    assert "磁盘" in said
    filler.unlink()
    total = county.hand_in(folder)["sum"]
    assert (total["found"], total["waiting"], total["duplicate"]) == (120, 120, 0)
    county.is_whole()


def test_when_the_temporary_folder_is_full_the_zip_waits_and_is_taken_later(
    county: County, tmp_path: Path, folder: Path, small_disk: Callable[[Path, int], None]
) -> None:
    small_disk(tmp_path / "tmp", 4)
    with zipfile.ZipFile(folder / "大.zip", "w") as package:
        package.writestr("先.dat", b"small")
        package.writestr("大.dat", random.Random(1).randbytes(6 << 20))
    assert "临时文件夹已满" in county.refused(folder, TMPDIR=str(tmp_path / "tmp"))
    assert list((tmp_path / "tmp").iterdir()) == []
    assert county.hand_in(folder)["sum"]["waiting"] == 2
    county.is_whole()


@pytest.mark.long
def test_a_letter_with_ten_thousand_attachments_is_one_item(county: County, folder: Path) -> None:
    letters(folder, attachments=10_000)
    assert outcomes(county.hand_in(folder)["items"]) == {"套信.eml": "proposed", "多附件.eml": "proposed"}
    county.is_whole()


def killed(words: list[str], after: float) -> None:
    """Start a command and kill it and all it started after so many seconds, unless it is done before."""
    process = subprocess.Popen(
        words, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.long
def test_after_twenty_kills_at_random_moments_everything_is_there_once(county: County, folder: Path) -> None:
    dice = random.Random(20261125)
    expected = set()
    for number in range(20):
        part = folder / f"{number:02d}"
        part.mkdir()
        for one in range(15):
            text = f"石门槛村村民会议记录第{number}本第{one}页\n2024年8月{one + 1}日\n"
            (part / f"{number:02d}-{one:02d}.txt").write_text(text, encoding="utf-8")
            expected.add(f"{number:02d}-{one:02d}.txt")
        killed(county.words("ingest", part, "--village", VILLAGE), dice.uniform(0.8, 3))
        county.hand_in(part)
        if number % 4 == 3:
            killed(county.words("archive", "--accept-confident"), dice.uniform(0.8, 3))
            killed(county.words("rebuild", "index"), dice.uniform(0.8, 2))
    county.run("worker", "--drain")
    firsts = [row["path"] for row in county.rows() if row["state"] != "duplicate"]
    assert sorted(firsts) == sorted(expected)
    assert {row["state"] for row in county.rows()} <= {"proposed", "archived", "duplicate"}
    assert json.loads(county.run("search", "村民会议记录", "--json").stdout)["total"] == len(expected)
    county.is_whole(after_kills=True)
