"""The commands as a clerk and a script use them: exit codes, JSON, the sum, a kill in the middle, a second run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive_service.settings import Settings
from archive_service.wiring import build
from storage.database.batches import counts_by_state

ENVIRONMENT = {**os.environ, "VILLAGE_ARCHIVE_PASSWORD_MEMORY_KIB": "8", "VILLAGE_ARCHIVE_OCR": "false"}
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def words(data: Path, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "archive_service.cli", *map(str, arguments), "--data", str(data)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    """Run one command to its end."""

    def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words(data, *arguments), capture_output=True, text=True, env=ENVIRONMENT, check=False)

    command("init")
    command("village", "add", "石门槛村", "--fonds", "V012")
    return command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files of a village: a notice, its copy, and an empty one."""
    made = tmp_path / "新建文件夹(2)"
    made.mkdir()
    notice = "关于召开村民代表会议的通知\n定于2024年3月12日召开村民代表会议。\n石门槛村村民委员会\n2024年3月10日\n"
    (made / "通知.txt").write_text(notice, encoding="gb18030")
    (made / "通知（副本）.txt").write_text(notice, encoding="gb18030")
    (made / "空.docx").touch()
    return made


def sheet(run: Run) -> list[dict[str, Any]]:
    printed = run("sheet", "--format", "jsonl", "--text")
    assert printed.returncode == 0, printed.stderr
    return [json.loads(line) for line in printed.stdout.splitlines()]


def test_a_folder_is_accounted_for_to_the_last_file(run: Run, folder: Path) -> None:
    said = run("ingest", folder, "--village", "石门槛村", "--json")
    assert json.loads(said.stdout)["sum"] == {"found": 3, "archived": 0, "waiting": 1, "rejected": 1, "duplicate": 1}
    rows = {row["path"]: row for row in sheet(run)}
    assert rows["通知（副本）.txt"]["duplicate_of"] == "通知.txt"
    assert rows["通知.txt"]["earliest"] == "2024-03-10"
    assert "村民代表会议" in rows["通知.txt"]["pages"][0]["text"]


def test_what_was_handed_in_is_found_at_once(run: Run, folder: Path) -> None:
    run("ingest", folder, "--village", "石门槛村")
    found = json.loads(run("search", "村民代表会议", "--json").stdout)
    assert [(hit["path"], hit["page"]) for hit in found["hits"]] == [("通知.txt", 1)]


def test_the_same_folder_again_is_all_duplicates(run: Run, folder: Path) -> None:
    run("ingest", folder, "--village", "石门槛村")
    again = json.loads(run("ingest", folder, "--village", "石门槛村", "--json").stdout)
    assert again["sum"] == {"found": 3, "archived": 0, "waiting": 0, "rejected": 1, "duplicate": 2}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ingest", "{folder}", "--village", "没有的村"), 4),
        (("ingest", "{folder}/没有", "--village", "石门槛村"), 2),
        (("village", "add", "另一村", "--fonds", "V012"), 5),
        (("search", "通知", "--as", "nobody"), 4),
    ],
)
def test_a_refusal_has_its_exit_code_and_a_sentence(
    run: Run, folder: Path, arguments: tuple[str, ...], code: int
) -> None:
    refused = run(*(argument.format(folder=folder) for argument in arguments))
    assert refused.returncode == code
    assert refused.stderr.strip()
    assert "Traceback" not in refused.stderr
    assert sheet(run) == []


def test_archived_records_are_verified_and_can_be_rebuilt(run: Run, folder: Path) -> None:
    run("ingest", folder, "--village", "石门槛村")
    archived = run("archive", "--accept-confident", "--json")
    assert archived.returncode == 0, archived.stderr
    assert run("verify").returncode == 0
    assert run("rebuild", "index").returncode == 0
    assert json.loads(run("search", "通知", "--json").stdout)["total"] == 1


def received(data: Path) -> int:
    archive = build(Settings(data=data))
    with archive.sessions.read() as session:
        return sum(counts_by_state(session).values())


@pytest.fixture
def many(tmp_path: Path) -> Path:
    made = tmp_path / "很多"
    made.mkdir()
    for number in range(150):
        text = f"值班记录第{number}号\n2024年8月{number % 28 + 1}日值班无事。\n"
        (made / f"{number:03d}.txt").write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def ingesting(run: Run, data: Path, many: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        words(data, "ingest", many, "--village", "石门槛村", "--json"),
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    yield process
    process.wait()


def test_a_kill_in_the_middle_loses_nothing_and_doubles_nothing(
    run: Run, data: Path, many: Path, ingesting: subprocess.Popen[bytes]
) -> None:
    while received(data) < 50 and ingesting.poll() is None:
        pass
    os.killpg(ingesting.pid, signal.SIGKILL)
    ingesting.wait()
    run("ingest", many, "--village", "石门槛村")
    run("worker", "--drain")
    rows = sheet(run)
    firsts = [row for row in rows if row["state"] != "duplicate"]
    assert sorted(row["path"] for row in firsts) == [f"{number:03d}.txt" for number in range(150)]
    assert {row["state"] for row in firsts} == {"proposed"}


SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "county"


def test_the_demonstration_files_the_sample_county_once(run: Run) -> None:
    expected = [json.loads(line) for line in (SAMPLES.parent / "manifest.jsonl").read_text("utf-8").splitlines()]
    refused = sum(paper["expected"] == "rejected" for paper in expected)
    assert run("village", "add", "青石坳村", "--fonds", "V013").returncode == 0
    for _ in range(2):
        said = run("demo", "--no-serve", "--samples", SAMPLES)
        assert said.returncode == 0, said.stderr
        rows = sheet(run)
        # The zip is a container of two leaves, so the leaves are one more than the files.
        assert len(rows) == len(expected) + 1
        states = [row["state"] for row in rows]
        assert (states.count("rejected"), states.count("duplicate")) == (refused, 1)
        assert states.count("proposed") >= 10
        assert states.count("archived") + states.count("proposed") == len(rows) - refused - 1
