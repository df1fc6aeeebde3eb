"""A watched folder: files are taken as they come, once, into the batch of the day; the folder itself is not touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest
from sqlalchemy import select

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.tasks.receiving import resume_cut_off
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.watching import Round, Watch
from archive_service.wiring import Archive, build
from storage.database.batches import Batch, Item
from storage.errors import Missing, NotReady
from storage.objects.areas import STAGING
from storage.objects.store import ObjectStore, Stored

VILLAGE = "石门槛村"
ENVIRONMENT = {**os.environ, "VILLAGE_ARCHIVE_PASSWORD_MEMORY_KIB": "8", "VILLAGE_ARCHIVE_OCR": "false"}


class Clock:
    """The time of this machine, and as many days later as a test says."""

    def __init__(self) -> None:
        self.later = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later


class Stopping:
    """A real store that has somebody press Ctrl-C after so many files."""

    def __init__(self, store: ObjectStore, stopping: Event, after: int) -> None:
        self._store, self._stopping, self._left = store, stopping, after

    def put(self, key: str, stream: BinaryIO) -> Stored:
        self._left -= 1
        if self._left == 0:
            self._stopping.set()
        return self._store.put(key, stream)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def county(settings: Settings, now: Clock) -> Archive:
    made = build(settings, now)
    made.prepare()
    set_up(made)
    with made.sessions.begin() as session:
        add_village(session, OPERATOR, made.now(), VILLAGE, "V012")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "扫描件"
    made.mkdir()
    return made


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"石门槛村{text}\n2024年3月5日\n", encoding="utf-8")
    return path


def watch(county: Archive, folder: Path, settled: timedelta = timedelta()) -> Watch:
    return Watch(county, OPERATOR, VILLAGE, folder, settled, Event())


def numbers(seen: Round) -> tuple[int, int, int, int]:
    """Found, waiting, rejected, duplicate."""
    return seen.sum["found"], seen.sum["waiting"], seen.sum["rejected"], seen.sum["duplicate"]


def items(county: Archive) -> list[tuple[str, str]]:
    with county.sessions.read() as session:
        return sorted((item.path, item.state) for item in session.scalars(select(Item)))


def batches(county: Archive) -> list[Batch]:
    with county.sessions.read() as session:
        return list(session.scalars(select(Batch).order_by(Batch.id)))


def test_what_comes_is_taken_once_and_what_comes_later_too(county: Archive, folder: Path) -> None:
    put(folder, "通知.txt", "通知")
    watching = watch(county, folder)
    assert numbers(watching.round()) == (1, 1, 0, 0)
    assert numbers(watching.round()) == (0, 0, 0, 0)
    put(folder, "纪要.txt", "会议纪要")
    (folder / "Thumbs.db").write_bytes(b"x")
    seen = watching.round()
    assert numbers(seen) == (2, 1, 1, 0)
    assert [path for path, _, _ in seen.refused] == ["Thumbs.db"]
    assert items(county) == [("Thumbs.db", "rejected"), ("纪要.txt", "proposed"), ("通知.txt", "proposed")]
    assert len(batches(county)) == 1


def test_what_is_still_being_written_waits(county: Archive, folder: Path, now: Clock) -> None:
    put(folder, "大.txt", "大文件")
    (folder / "刚建的.docx").touch()
    watching = watch(county, folder, timedelta(minutes=1))
    assert numbers(watching.round()) == (0, 0, 0, 0)
    now.later = timedelta(minutes=2)
    assert numbers(watching.round()) == (2, 1, 1, 0)


def test_after_a_restart_nothing_comes_twice(county: Archive, folder: Path) -> None:
    put(folder, "通知.txt", "通知")
    put(folder, "机密★ 文件.txt", "密")
    (folder / "空.txt").touch()
    with zipfile.ZipFile(folder / "包.zip", "w") as package:
        package.writestr("里面.txt", "石门槛村里面的文件\n2024年3月5日\n")
    assert numbers(watch(county, folder).round()) == (4, 2, 2, 0)
    before = items(county)
    assert numbers(watch(county, folder).round()) == (0, 0, 0, 0)
    assert items(county) == before


def test_another_day_is_another_batch_and_holds_only_what_is_new(county: Archive, folder: Path, now: Clock) -> None:
    put(folder, "第一天.txt", "第一天")
    watching = watch(county, folder)
    watching.round()
    now.later = timedelta(days=1)
    assert numbers(watching.round()) == (0, 0, 0, 0)
    put(folder, "第二天.txt", "第二天")
    assert numbers(watching.round()) == (1, 1, 0, 0)
    assert numbers(watch(county, folder).round()) == (0, 0, 0, 0)
    first, second = batches(county)
    assert (first.opened_at.date() - second.opened_at.date()).days == -1


def test_a_changed_file_is_another_file_and_both_are_kept(county: Archive, folder: Path) -> None:
    path = put(folder, "名单.txt", "名单：甲")
    watching = watch(county, folder)
    watching.round()
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    put(folder, "名单.txt", "名单：乙")
    # As a copying program does that keeps the time: same size, same time, other bytes.
    os.utime(path, ns=times)
    assert numbers(watching.round()) == (1, 1, 0, 0)
    assert items(county) == [("名单 (2).txt", "proposed"), ("名单.txt", "proposed")]
    for _ in range(2):
        assert numbers(watch(county, folder).round()) == (0, 0, 0, 0)


def test_a_file_only_touched_is_no_new_file(county: Archive, folder: Path) -> None:
    path = put(folder, "通知.txt", "通知")
    watching = watch(county, folder)
    watching.round()
    path.touch()
    assert numbers(watching.round()) == (0, 0, 0, 0)
    assert numbers(watch(county, folder).round()) == (0, 0, 0, 0)


def test_a_round_cut_off_inside_a_zip_goes_on_inside_it(county: Archive, folder: Path) -> None:
    put(folder, "先来的.txt", "通知")
    watch(county, folder).round()
    with zipfile.ZipFile(folder / "包.zip", "w") as package:
        for number in range(4):
            package.writestr(f"{number}.txt", f"石门槛村第{number}份\n2024年3月5日\n")
    stopping = Event()
    vars(county)["objects"] = Stopping(county.objects, stopping, after=2)
    Watch(county, OPERATOR, VILLAGE, folder, timedelta(), stopping).round()
    assert [path for path, _ in items(county)] == ["先来的.txt", "包.zip/0.txt", "包.zip/1.txt"]
    assert numbers(watch(county, folder).round())[0] == 2
    assert items(county)[1:] == [(f"包.zip/{number}.txt", "proposed") for number in range(4)]


def test_the_folder_is_not_touched_and_the_walk_is_left_to_the_watch(county: Archive, folder: Path, now: Clock) -> None:
    put(folder, "通知.txt", "通知")
    before = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
    watch(county, folder).round()
    assert [path.name for path in sorted(folder.iterdir())] == [name for name, _ in before]
    assert [path.stat().st_mtime_ns for path in sorted(folder.iterdir())] == [seen.st_mtime_ns for _, seen in before]
    with county.sessions.begin() as session:
        session.scalars(select(Batch)).one().walked_at = None
    now.later = timedelta(hours=1)
    resume_cut_off(county)
    assert items(county) == [("通知.txt", "proposed")]


def test_a_folder_that_is_gone_is_said_and_comes_back(county: Archive, folder: Path, tmp_path: Path) -> None:
    put(folder, "通知.txt", "通知")
    watching = watch(county, folder)
    watching.round()
    folder.rename(tmp_path / "拔掉了")
    with pytest.raises(NotReady, match="不在了"):
        watching.round()
    (tmp_path / "拔掉了").rename(folder)
    assert numbers(watching.round()) == (0, 0, 0, 0)


def test_an_unknown_village_is_refused_before_anything_is_taken(county: Archive, folder: Path) -> None:
    with pytest.raises(Missing):
        Watch(county, OPERATOR, "没有的村", folder, timedelta(), Event())


@pytest.fixture
def command(county: Archive, folder: Path) -> Callable[..., list[str]]:
    def words(*more: str) -> list[str]:
        data = str(county.settings.data)
        start = [sys.executable, "-m", "archive_service.cli", "watch", str(folder), "--village", VILLAGE]
        return [*start, "--settled", "0", "--json", "--data", data, *more]

    return words


def test_once_looks_once(command: Callable[..., list[str]], folder: Path, county: Archive) -> None:
    put(folder, "通知.txt", "通知")
    for found in (1, 0):
        said = subprocess.run(command("--once"), capture_output=True, text=True, env=ENVIRONMENT, check=True)
        [line] = said.stdout.splitlines()
        assert json.loads(line)["sum"]["found"] == found
    assert list(county.objects.list(STAGING))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_until_told_to_stop_and_stops_in_order(
    command: Callable[..., list[str]], folder: Path, county: Archive, number: signal.Signals
) -> None:
    put(folder, "一.txt", "第一份")
    process = subprocess.Popen(command("--every", "0.2"), stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["sum"]["waiting"] == 1
    put(folder, "二.txt", "第二份")
    while not json.loads(process.stdout.readline())["sum"]["found"]:
        pass
    process.send_signal(number)
    process.communicate()
    assert process.returncode == 0
    assert items(county) == [("一.txt", "proposed"), ("二.txt", "proposed")]
