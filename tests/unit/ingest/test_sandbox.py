"""A parser that hangs, dies or eats memory costs its own file and nothing else."""

from __future__ import annotations

import json
import os
import pickle
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import Crashed, OutOfMemory, Timeout, Unreadable
from ingest.reading import Page, Reading
from ingest.sandbox import Readers, Recogniser
from ingest.sandbox.line import Job, load
from ingest.sandbox.process import ChildProcess

MEMORY = 1 << 30
DAY = date(2026, 3, 1)
SAMPLES = Path(__file__).parents[2] / "samples"
HERE = "tests.unit.ingest.misbehaving"


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    process = ChildProcess(MEMORY)
    yield process
    process.close()


def _order(folder: Path, words: str) -> Path:
    path = folder / f"{words}.txt"
    path.write_text(words, encoding="utf-8")
    return path


def _read(folder: Path, *orders: str, seconds: float = 30) -> list[Reading]:
    with Readers(1, MEMORY, seconds, f"{HERE}:read") as readers:
        futures = [
            readers.submit(
                _order(folder, order), f"{order}.txt", f"村/{order}.txt", villages=("石门槛村",), received=DAY
            )
            for order in orders
        ]
        return [future.result() for future in futures]


def _codes(readings: list[Reading]) -> list[str | None]:
    return [reading.failure.code if reading.failure else None for reading in readings]


def test_a_parser_that_hangs_is_stopped_and_the_next_file_is_read(tmp_path: Path) -> None:
    assert _codes(_read(tmp_path, "hang", "好", seconds=1)) == ["timeout", None]


def test_a_parser_that_dies_costs_one_file_only(tmp_path: Path) -> None:
    assert _codes(_read(tmp_path, "好", "die", "leave", "也好")) == [None, "crashed", "crashed", None]


def test_a_parser_that_eats_memory_is_told_apart_from_one_that_dies(tmp_path: Path) -> None:
    assert _codes(_read(tmp_path, "eat", "好")) == ["out_of_memory", None]


def test_a_bad_file_keeps_the_reason_that_its_reader_gave(tmp_path: Path) -> None:
    [reading] = _read(tmp_path, "lock")
    assert reading.failure is not None
    assert (reading.failure.code, reading.failure.reason) == ("encrypted", "文件设有打开密码，读不到内容。")


def test_a_fault_of_the_reader_is_named_and_not_blamed_on_the_file(tmp_path: Path) -> None:
    [reading] = _read(tmp_path, "stumble")
    assert reading.failure is not None
    assert reading.failure.code == "crashed"
    assert "KeyError" in reading.failure.reason


def test_the_format_is_known_even_when_the_reading_was_stopped(tmp_path: Path) -> None:
    [reading] = _read(tmp_path, "die")
    assert reading.format.mime == "text/plain"


def test_what_the_reader_is_told_arrives_in_the_child(tmp_path: Path) -> None:
    [reading] = _read(tmp_path, "好")
    assert reading.extraction.pages[0].text == "好 村/好.txt ('石门槛村',) 2026-03-01"


def test_an_answer_that_would_run_a_command_is_not_unpacked(tmp_path: Path) -> None:
    with Readers(1, MEMORY, 30, f"{HERE}:intrude") as readers:
        reading = readers.submit(_order(tmp_path, "好"), "好.txt", "好.txt", received=DAY).result()
    assert _codes([reading]) == ["crashed"]


def test_only_values_of_a_reading_are_unpacked() -> None:
    with pytest.raises(pickle.UnpicklingError):
        load(pickle.dumps(os.getcwd))
    with pytest.raises(pickle.UnpicklingError):
        load(pickle.dumps(Page(1, "")))


def test_every_sample_comes_back_from_its_child_as_the_kind_it_is() -> None:
    manifest = (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [sample for line in manifest if (sample := json.loads(line))["expected"] == "read"]
    with Readers(2, 3 << 30, 60) as readers:
        futures = [
            readers.submit(
                SAMPLES / "county" / path, path.rpartition("/")[2], path, villages=("石门槛村",), received=DAY
            )
            for path in (sample["path"] for sample in samples)
        ]
        readings = [future.result() for future in futures]
    for sample, reading in zip(samples, readings, strict=True):
        # The list of samples calls a letter a document; how it came is the reader's word.
        kind = "mail" if sample["path"].endswith(".eml") else sample.get("kind", reading.extraction.kind)
        got = (reading.failure, reading.extraction.kind, reading.extraction.needs_ocr)
        assert (sample["path"], *got) == (sample["path"], None, kind, sample.get("ocr", False))


def test_one_child_serves_many_files_and_a_grown_one_is_replaced() -> None:
    steady, hungry = ChildProcess(MEMORY), ChildProcess(MEMORY, grown=1)
    job = Job("os:getpid", ())
    try:
        assert steady.run(job) == steady.run(job)
        assert hungry.run(job) != hungry.run(job)
    finally:
        steady.close()
        hungry.close()


def test_a_child_killed_from_outside_is_taken_for_out_of_memory(child: ChildProcess) -> None:
    with pytest.raises(OutOfMemory):
        child.run(Job("os:kill", (0, signal.SIGKILL)))


def test_after_every_misfortune_the_next_job_gets_a_fresh_child(child: ChildProcess) -> None:
    first = child.run(Job("os:getpid", ()))
    with pytest.raises(Timeout):
        child.run(Job("time:sleep", (600,), seconds=0.2))
    with pytest.raises(Crashed):
        child.run(Job("os:abort", ()))
    assert child.run(Job("os:getpid", ())) not in {first, os.getpid()}


def test_a_child_leaves_no_core_file_and_no_huge_file(child: ChildProcess, tmp_path: Path) -> None:
    assert child.run(Job(f"{HERE}:core_size", ())) == 0
    with pytest.raises(Unreadable):
        child.run(Job(f"{HERE}:fill_disk", (tmp_path,)))


def test_a_closed_child_takes_no_more_jobs(child: ChildProcess) -> None:
    child.close()
    with pytest.raises(Crashed):
        child.run(Job("os:getpid", ()))


def test_a_page_that_kills_the_recogniser_is_left_out_and_the_rest_recognised(tmp_path: Path) -> None:
    with Recogniser(recognise=f"{HERE}:recognise") as recogniser:
        pages = list(recogniser.pages(tmp_path, "image/png", [1, 2, 3]))
        assert [page.number for page in pages] == [1, 3]
        assert recogniser.failure is not None
        assert recogniser.failure.code == "crashed"
        assert [page.text for page in recogniser.pages(tmp_path, "image/png", [4])] == ["第4页"]
        assert recogniser.failure is None


def test_a_file_whose_pages_hang_is_given_up_after_the_second(tmp_path: Path) -> None:
    with Recogniser(seconds=0.3, recognise=f"{HERE}:hang_recognising") as recogniser:
        assert list(recogniser.pages(tmp_path, "image/png", range(1, 1000))) == []
        assert recogniser.failure is not None
        assert recogniser.failure.code == "timeout"
