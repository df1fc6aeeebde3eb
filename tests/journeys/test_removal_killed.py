"""A removal is ended by signal 9 before its writes: afterwards a record is wholly there, or wholly gone.

Each child begins with the next record and dies at a later write; `make test-long` leaves no write out. What it left is
then carried through as any server does when it starts; nobody says what to do.
"""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text

from archive_service.settings import Settings
from archive_service.tasks.removing import finish_begun
from archive_service.tasks.verifying import verify
from archive_service.wiring import build
from storage.database.registers import Register
from tests.conftest import NOON
from tests.journeys.test_server_faults import SECOND_SET, SERVICES, servers, services
from tests.unit.archive_service.appraisal_village import Place
from tests.unit.archive_service.removal_village import begun, carry_out, is_gone, is_whole, make_stocked, settle

__all__ = ["servers"]

RECORDS = 70
"""More than one removal has writes."""
WRITES = (2, 5, 9, 14, 20)
"""At these a server ends: the beginning, the tombstone, the files, their rows, the index and the proof lie between."""
FEWEST = 8
"""Writes that a removal has at least: the beginning, a tombstone, files, the index, the row of the proof."""


def killed(settings: Settings, register: str, write: int) -> bool:
    """Whether a removal had so many writes that it died at this one."""
    words = [sys.executable, "-m", "tests.journeys.removal_child", settings.model_dump_json(), register, str(write)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def killed_at_its_writes(settings: Settings, apart: int) -> None:
    archive = build(settings, lambda: NOON)
    archive.prepare()
    place: Place = make_stocked(archive, RECORDS)
    everything = range(1, RECORDS + 1)
    register, write = begun(place, *everything), 1
    while killed(settings, register, write):
        finish_begun(archive)
        between = [one for one in everything if is_gone(archive, one) == is_whole(archive, one)]
        assert between == [], f"killed at write {write}"
        write += apart
        assert write < RECORDS
    assert write > FEWEST
    assert carry_out(place, register).faults == []
    assert all(is_gone(archive, one) for one in everything)
    with archive.sessions.read() as session:
        assert session.get_one(Register, register).state == "removed"
    settle(archive)
    assert verify(archive).faults == []
    archive.sessions.engine.dispose()


@pytest.mark.long
@pytest.mark.needs("postgresql", "s3", "elasticsearch")
@pytest.mark.parametrize("server", ["minio", "elasticsearch", "postgresql"])
def test_a_server_that_ends_in_the_middle(servers: dict[str, str], tmp_path: Path, server: str) -> None:
    name = f"t{secrets.token_hex(8)}"
    engine = create_engine(servers["postgresql"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    settings = Settings(
        data=tmp_path / "data", password_memory_kib=8, readers=1, ocr=False, objects_url=f"{servers['s3']}/{name}",
        database_url=urlsplit(servers["postgresql"])._replace(path=f"/{name}").geturl(),
        search_url=servers["elasticsearch"], search_name=name,
    )  # fmt: skip
    archive = build(settings, lambda: NOON)
    archive.prepare()
    everything = range(1, len(WRITES) + 2)
    place = make_stocked(archive, len(everything))
    register = begun(place, *everything)
    for write in WRITES:
        words = [sys.executable, "-m", "tests.journeys.removal_child", settings.model_dump_json(), register, str(write)]
        ending = [*words, str(SERVICES), "kill", server]
        done = subprocess.run(ending, env=SECOND_SET, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        services("up", server)
        archive.sessions.engine.dispose()
        finish_begun(archive)
        between = [one for one in everything if is_gone(archive, one) == is_whole(archive, one)]
        assert between == [], f"{server} ended at write {write}"
    carry_out(place, register)
    assert all(is_gone(archive, one) for one in everything)
    settle(archive)
    assert verify(archive).faults == []
    archive.sessions.engine.dispose()


@pytest.mark.parametrize("apart", [4, pytest.param(1, marks=pytest.mark.long)])
def test_on_the_embedded_stores(tmp_path: Path, apart: int) -> None:
    killed_at_its_writes(Settings(data=tmp_path / "data", password_memory_kib=8, readers=1, ocr=False), apart)


@pytest.mark.needs("postgresql", "s3", "elasticsearch")
@pytest.mark.parametrize("apart", [6, pytest.param(1, marks=pytest.mark.long)])
def test_on_real_servers(
    tmp_path: Path, request: pytest.FixtureRequest, postgresql_url: str, bucket_url: str, apart: int
) -> None:
    settings = Settings(
        data=tmp_path / "data", password_memory_kib=8, readers=1, ocr=False, database_url=postgresql_url,
        objects_url=bucket_url, search_url=request.config.getoption("elasticsearch"),
        search_name=bucket_url.rpartition("/")[2],
    )  # fmt: skip
    killed_at_its_writes(settings, apart)
