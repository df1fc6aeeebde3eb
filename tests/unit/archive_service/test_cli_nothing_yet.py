"""Where no archive was made yet, a command says so and what to do; it does not speak of a broken disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [("user", "list"), ("status",), ("search", "土地")])
def test_a_folder_without_an_archive_is_called_that_and_stays_as_it_is(tmp_path: Path, words: tuple[str, ...]) -> None:
    there = tmp_path / "elsewhere"
    done = subprocess.run(
        [sys.executable, "-m", "archive_service.cli", *words, "--data", str(there)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = "".join(done.stderr.split())
    assert (done.returncode, "里还没有建库" in said, "village-archiveinit" in said) == (6, True, True)
    assert not there.exists()
