"""Told to stop, a process ends what it has begun: requests are answered, leases let go, nothing is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.tasks.receiving import receive_folder
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from storage.database.batches import Item, ItemState, counts_by_state, lease_owners

LONGEST = 60.0
FILES = 40


@pytest.fixture
def waiting(tmp_path: Path) -> Archive:
    """Forty files received, none read."""
    archive = build(Settings(data=tmp_path / "data", password_memory_kib=8, readers=1, ocr=False))
    set_up(archive)
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, archive.now(), "石门槛村", "V012", "望溪镇")
    folder = tmp_path / "手稿"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:02d}.txt").write_text(f"石门槛村第 {number} 号通知，二〇一九年三月五日。", encoding="utf-8")
    receive_folder(archive, OPERATOR, "石门槛村", folder)
    return archive


@contextmanager
def running(archive: Archive, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real process of the command line over the same folder."""
    environment = {
        **os.environ,
        "VILLAGE_ARCHIVE_PASSWORD_MEMORY_KIB": "8",
        "VILLAGE_ARCHIVE_OCR": "false",
        "VILLAGE_ARCHIVE_READERS": "1",
    }
    command = [sys.executable, "-m", "archive_service.cli", *words, "--data", str(archive.settings.data)]
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until_some_are_read(archive: Archive) -> None:
    while True:
        with archive.sessions.read() as session:
            if counts_by_state(session).get(ItemState.PROPOSED, 0):
                return


def test_a_worker_that_is_told_to_stop_lets_its_leases_go_and_the_next_reads_the_rest(waiting: Archive) -> None:
    with running(waiting, "worker") as process:
        until_some_are_read(waiting)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST) == 0
    with waiting.sessions.read() as session:
        assert lease_owners(session) == []
        left = session.execute(select(Item.attempts, Item.lease_until).where(Item.state == ItemState.RECEIVED)).all()
        assert set(left) <= {(0, None)}
    with running(waiting, "worker", "--drain") as process:
        assert process.wait(LONGEST) == 0
    with waiting.sessions.read() as session:
        assert counts_by_state(session) == {ItemState.PROPOSED: FILES}


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            if httpx.get(f"{address}/health/live").status_code == 200:
                return
        except httpx.TransportError:
            continue
    raise AssertionError("it ended")


def until_the_door_is_closed(port: int) -> None:
    while True:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)):
                return


def test_a_request_that_is_under_way_is_answered_after_the_signal(waiting: Archive) -> None:
    port = free_port()
    with running(waiting, "serve", "--port", str(port)) as process:
        until_it_answers(f"http://127.0.0.1:{port}", process)
        body = b"login=nobody&password=none"
        head = (
            f"POST /login HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port), LONGEST) as line:
            line.sendall(head.encode() + body[:10])
            until_it_answers(f"http://127.0.0.1:{port}", process)
            process.send_signal(signal.SIGTERM)
            until_the_door_is_closed(port)
            line.sendall(body[10:])
            answer = b""
            while block := line.recv(65536):
                answer += block
        assert answer.startswith(b"HTTP/1.1 ")
        assert int(answer.split(b" ", 2)[1]) < 500
        assert process.wait(LONGEST) == 0
    with waiting.sessions.read() as session:
        assert lease_owners(session) == []
