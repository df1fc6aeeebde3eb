"""What every test may use. Choose the smallest: a value, a store in a folder, a whole archive, a server.

Servers are given by URL (`--elasticsearch`, `--s3`, `--postgresql`, `--tika`, `--redis`; `make services` starts them).
A test says with `@pytest.mark.needs("redis")` what it cannot do without. What is left out for want of something is
counted in the last lines of the run; with `--servers-required` a server that is not given fails the run.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from sqlalchemy import create_engine, text

from archive_service.settings import Settings
from archive_service.wiring import Archive, build

SERVERS = ("elasticsearch", "s3", "postgresql", "tika", "redis")
BROWSER = Path("/usr/bin/chromium")
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
"""The clock of the tests: noon in the county."""
# How long an example takes depends on the machine; no test asserts times.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
LEFT_OUT = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    for name in SERVERS:
        parser.addoption(f"--{name}", default=None, metavar="URL", help=f"run what needs {name} with this one")
    parser.addoption("--servers-required", action="store_true", help="fail when a server or the browser is not there")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*servers): cannot be run without these servers")
    config.stash[LEFT_OUT] = Counter()
    absent = [name for name in SERVERS if not config.getoption(name)] + (["chromium"] if not BROWSER.exists() else [])
    if config.getoption("--servers-required") and absent:
        raise pytest.UsageError(f"servers are required, and these are not there: {', '.join(absent)}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what lacks its server or browser, and what is long unless it is asked for by name."""
    wanting = {item: _want_of(item, config) for item in items}
    left_out = [item for item in items if wanting[item]]
    config.stash[LEFT_OUT].update(wanting[item] for item in left_out)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not wanting[item]]


def _want_of(item: pytest.Item, config: pytest.Config) -> str:
    if item.get_closest_marker("long") and "long" not in config.option.markexpr:
        return "time (make test-long)"
    if item.get_closest_marker("browser") and not BROWSER.exists():
        return "a browser (chromium)"
    needed = {name for marker in item.iter_markers("needs") for name in marker.args}
    return ", ".join(name for name in SERVERS if name in needed and not config.getoption(name))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of a parallel run hands its count to the one that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash[LEFT_OUT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each process collects everything, so that one count is the count."""
    node.config.stash[LEFT_OUT] |= Counter(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = config.stash[LEFT_OUT]
    # A parallel run does not count these by itself; with this its last line does.
    terminalreporter.stats.setdefault("deselected", [SimpleNamespace()] * left_out.total())
    for want, number in sorted(left_out.items()):
        terminalreporter.write_line(f"left out {number} tests, for want of {want}")


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


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards."""
    server = request.config.getoption("postgresql")
    name = f"t{secrets.token_hex(8)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def bucket_url(request: pytest.FixtureRequest) -> str:
    """A bucket that nobody else has, on the S3 server."""
    return f"{request.config.getoption('s3')}/b{secrets.token_hex(8)}"
