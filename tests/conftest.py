"""What every test may use. Choose the smallest: a value, a store in a folder, a whole archive.

Servers are given by URL (`--elasticsearch`, `--s3`, `--postgresql`, `--tika`, `--redis`); a server that is not given
leaves its variants out, and the last line of the run says which.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive_service.settings import Settings
from archive_service.wiring import Archive, build

SERVERS = ("elasticsearch", "s3", "postgresql", "tika", "redis")
BROWSER = Path("/usr/bin/chromium")
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
"""The clock of the tests: noon in the county."""


def pytest_addoption(parser: pytest.Parser) -> None:
    for name in SERVERS:
        parser.addoption(f"--{name}", default=None, metavar="URL", help=f"run the contracts over this {name} too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests need a browser, long ones are asked for by name; what is left out is said at the end."""
    left_out = [item for item in items if item.get_closest_marker("browser") and not BROWSER.exists()]
    if "long" not in config.option.markexpr:
        left_out += [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    absent = [name for name in SERVERS if not config.getoption(f"--{name}")]
    if not BROWSER.exists():
        absent.append("browser (chromium)")
    if absent:
        terminalreporter.write_line(f"left out, for want of a server: {', '.join(absent)}")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An embedded archive in a folder of its own, with cheap passwords."""
    return Settings(data=tmp_path / "data", password_memory_kib=8, readers=1, ocr=False)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOON


@pytest.fixture
def archive(settings: Settings, clock: Callable[[], datetime]) -> Archive:
    """An archive with its schema, and nothing in it."""
    made = build(settings, clock)
    made.prepare()
    return made
