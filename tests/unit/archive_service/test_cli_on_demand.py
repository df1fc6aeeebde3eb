"""The table of commands names each command's module, and no module has a command that is not in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import archive_service.cli
from archive_service.cli.on_demand import MODULES, commands_of

WITH_COMMANDS = sorted(
    path.stem
    for path in Path(archive_service.cli.__path__[0]).glob("*.py")
    if "def add_to(" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", WITH_COMMANDS)
def test_every_command_of_a_module_stands_in_the_table(module: str) -> None:
    assert set(commands_of(module)) == {name for name, of in MODULES.items() if of == module}


def test_the_table_names_no_other_module() -> None:
    assert set(MODULES.values()) == set(WITH_COMMANDS)


def test_the_frame_alone_loads_no_command() -> None:
    loaded = "import sys, archive_service.cli.main; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not {f"archive_service.cli.{module}" for module in WITH_COMMANDS} & set(done.stdout.split())


def test_a_slip_is_answered_with_the_name_that_was_meant() -> None:
    command = [sys.executable, "-m", "archive_service.cli", "serch"]
    slip = subprocess.run(command, capture_output=True, text=True, check=False)
    assert slip.returncode == 2
    assert "没有“serch”这个命令；是不是 search" in slip.stderr
