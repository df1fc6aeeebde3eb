"""One archive over servers as its people run it: web and worker are processes of their own, the rest is the command.

The test looks at the database with the archive's own stores; it changes nothing by them once the archive is set up.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from elasticsearch import Elasticsearch
from redis import Redis

from archive_service.actions.accounts import add_account
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import build
from storage.database.batches import ItemState, counts_by_state
from storage.database.outbox import backlog

PASSWORD = "足够长的口令一二三"
SETTINGS = {"postgresql": "database_url", "s3": "objects_url", "elasticsearch": "search_url", "redis": "queue_url",
            "tika": "tika_url", "collector": "traces_url"}  # fmt: skip
PATIENCE = 300.0
"""Seconds until what must come is taken for never coming."""


class ServerArchive:
    """An archive set up in an empty place, one village, one archivist; its processes by name."""

    def __init__(self, folder: Path, stores: Mapping[str, str]) -> None:
        self.folder = folder
        chosen: dict[str, Any] = {
            "data": folder / "data", "ocr": False, "readers": 1, "password_memory_kib": 8, "port": _free_port(),
            "search_name": f"t{secrets.token_hex(8)}",
            **{SETTINGS[name]: url for name, url in stores.items()},
        }  # fmt: skip
        self.archive = build(Settings(**chosen))
        self._environment = {f"VILLAGE_ARCHIVE_{name.upper()}": str(value) for name, value in chosen.items()}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.web = httpx.Client(base_url=f"http://127.0.0.1:{chosen['port']}", timeout=30)

    def set_up(self) -> None:
        """Tables, outline, 石门槛村 and its archivist."""
        set_up(self.archive)
        with self.archive.sessions.begin() as session:
            now = self.archive.now()
            add_village(session, OPERATOR, now, "石门槛村", "V012")
            hasher = self.archive.hasher
            add_account(session, OPERATOR, hasher, now, "li", "李档案", Role.ARCHIVIST, None, password=PASSWORD)

    def start(self, name: str) -> None:
        """Start `serve` or `worker`; the web is there when this returns."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(_command(name), env=self._all(), stdout=log, stderr=log)
        if name == "serve":
            until("the web answers", lambda: self._answers())

    def kill(self, name: str) -> None:
        """End a process as the kernel does when memory is short."""
        self._processes[name].kill()
        self._processes.pop(name).wait()

    def process(self, name: str) -> psutil.Process:
        """What the system knows of a process that was started."""
        return psutil.Process(self._processes[name].pid)

    def stop(self) -> None:
        """Stop every process, and say it when one does not stop by itself."""
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self._processes.values():
            process.wait(timeout=60)
        self._processes.clear()
        self.web.close()
        self.archive.sessions.engine.dispose()

    def run(self, *arguments: str | Path, **changed: str) -> Any:
        """Run one command; returns what it printed, from JSON where it was asked for."""
        words = _command(*map(str, arguments))
        done = subprocess.run(words, capture_output=True, text=True, env={**self._all(), **changed}, check=False)
        assert done.returncode == 0, done.stdout + done.stderr + self.logs()
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    def log_in(self) -> None:
        """The archivist comes in; every later call is hers."""
        answer = self.web.post("/api/v1/session", json={"login": "li", "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        self.web.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    def open_batch(self) -> str:
        """A batch for files that come one by one."""
        opened = self.web.post("/api/v1/batches", json={"village": "石门槛村", "source": "新建文件夹"})
        assert opened.status_code == 201, opened.text
        return str(opened.json()["id"])

    def number_in(self, state: ItemState) -> int:
        """How many files stand in this state."""
        with self.archive.sessions.read() as session:
            return counts_by_state(session).get(state, 0)

    def settled(self) -> bool:
        """Whether nothing waits to be read or indexed."""
        with self.archive.sessions.read() as session:
            return counts_by_state(session).get(ItemState.RECEIVED, 0) == backlog(session) == 0

    def logs(self) -> str:
        """The last words of each process, for the one who looks why a test failed."""
        return "".join(f"\n== {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.folder.glob("*.log")))

    def _all(self) -> dict[str, str]:
        return {**os.environ, **self._environment}

    def _answers(self) -> bool:
        assert self._processes["serve"].poll() is None, self.logs()
        try:
            return self.web.get("/").status_code < 500
        except httpx.TransportError:
            return False


def until(what: str, holds: Callable[[], bool], seconds: float = PATIENCE, says: Callable[[], str] = str) -> None:
    """Look again and again until it holds: other processes do the work."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"in {seconds:.0f} seconds it did not come to this: {what}{says()}"
        time.sleep(0.1)


@contextmanager
def running(folder: Path, stores: Mapping[str, str]) -> Iterator[ServerArchive]:
    """The archive with its web, and a worker where there is a queue; everything is stopped at the end."""
    if "redis" in stores:
        with Redis.from_url(stores["redis"]) as queue:
            queue.flushdb()
    made = ServerArchive(folder, stores)
    made.set_up()
    try:
        made.start("serve")
        if "redis" in stores:
            made.start("worker")
        made.log_in()
        yield made
    finally:
        made.stop()
        if "elasticsearch" in stores:
            forget_index(stores["elasticsearch"], made.archive.settings.search_name)


def forget_index(url: str, alias: str) -> None:
    """Remove what the archive made on the server."""
    with Elasticsearch(url, request_timeout=30) as client:
        for name in client.indices.get(index=f"{alias}-*").body:
            client.indices.delete(index=name)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "archive_service.cli", *arguments]
