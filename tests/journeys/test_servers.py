"""One file by way of servers instead of folders, chosen by settings alone: handed in, accepted, archived, found.

Over what `--postgresql`, `--s3` and `--elasticsearch` give; what is not given has its embedded form,
except the bucket, which is then served in this process.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import create_engine, text

# Minutes of the representatives' meeting, dated: the outline has a series of that name, so the proposal is sure.
NAME = "村民代表会议记录.txt"
MINUTES = "石门槛村村民代表会议记录\n时间：2019年3月5日\n地点：村委会\n主持人：石大山\n内容：讨论灌溉渠维修。\n"

Run = Callable[..., Any]


@pytest.fixture
def bucket(request: pytest.FixtureRequest) -> Iterator[str]:
    """A bucket that nobody else has."""
    name = f"/b{secrets.token_hex(8)}"
    if given := request.config.getoption("--s3"):
        yield urlsplit(given)._replace(path=name).geturl()
        return
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"s3://key:secret@{host}:{port}{name}"
    server.stop()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """An empty PostgreSQL database, dropped afterwards; None for SQLite."""
    given = request.config.getoption("--postgresql")
    if not given:
        yield None
        return
    name = f"t{secrets.token_hex(8)}"
    engine = create_engine(given, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield urlsplit(given)._replace(path=f"/{name}").geturl()
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def run(request: pytest.FixtureRequest, tmp_path: Path, bucket: str, database: str | None) -> Run:
    """Run one command on an archive of servers; returns what it printed as JSON."""
    chosen = {
        "DATABASE_URL": database,
        "OBJECTS_URL": bucket,
        "SEARCH_URL": request.config.getoption("--elasticsearch"),
        "PASSWORD_MEMORY_KIB": "8",
        "OCR": "false",
    }
    environment = {**os.environ, **{f"VILLAGE_ARCHIVE_{name}": value for name, value in chosen.items() if value}}

    def command(*arguments: str | Path) -> Any:
        words = [sys.executable, "-m", "archive_service.cli", *map(str, arguments), "--data", str(tmp_path / "data")]
        done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    return command


def test_a_file_goes_from_hand_in_to_search_by_way_of_servers(run: Run, tmp_path: Path) -> None:
    handed_in = tmp_path / "会议记录"
    handed_in.mkdir()
    (handed_in / NAME).write_text(MINUTES, encoding="utf-8")
    run("init")
    run("village", "add", "石门槛村", "--fonds", "V012")
    summed = run("ingest", handed_in, "--village", "石门槛村", "--json")["sum"]
    assert summed == {"found": 1, "archived": 0, "waiting": 1, "rejected": 0, "duplicate": 0}
    archived = run("archive", "--accept-confident", "--json")
    assert [one["error"] for one in archived] == [None]
    assert "1 件、1 个文件" in run("verify")
    hits = run("search", "灌溉渠维修", "--json")["hits"]
    assert [hit["path"] for hit in hits] == [NAME]
    assert not (tmp_path / "data" / "store").exists()
