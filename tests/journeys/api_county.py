"""A small invented county behind the HTTP API, as several tests need it: two villages, five people, real stores."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import uvicorn
from fastapi import FastAPI

from archive_service.actions.accounts import add_account
from archive_service.actions.granting import give
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from archive_service.worker import drain

PASSWORD = "足够长的口令一二三"
NOTICE = "石门槛村关于开展土地承包经营权确权登记的通知\n石村〔2019〕3号\n各村民小组：请按时登记。\n二〇一九年三月五日\n"
"""The text of a paper that is easy to file."""


@dataclass(frozen=True)
class County:
    """The archive and its application."""

    archive: Archive
    web: httpx.Client
    stone: str
    green: str

    def token(self, login: str, password: str = PASSWORD) -> str:
        """A bearer token for this person."""
        answer = self.web.post("/api/v1/session", json={"login": login, "password": password})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    def as_(self, login: str) -> dict[str, str]:
        """The header of this person."""
        return {"Authorization": f"Bearer {self.token(login)}"}

    def hand_in(self, login: str, village: str, files: dict[str, bytes]) -> str:
        """Send files one by one and close the batch; returns it."""
        who = self.as_(login)
        opened = self.web.post("/api/v1/batches", json={"village": village, "source": "新建文件夹"}, headers=who)
        assert opened.status_code == 201, opened.text
        batch = str(opened.json()["id"])
        for path, content in files.items():
            sent = self.web.put(f"/api/v1/batches/{batch}/files/{path}", content=content, headers=who)
            assert sent.status_code == 200, sent.text
        assert self.web.post(f"/api/v1/batches/{batch}/close", headers=who).status_code == 200
        return batch

    def record_of(self, login: str, batch: str, path: str) -> str:
        """The record that came of one file."""
        listed = self.web.get(f"/api/v1/batches/{batch}/items", headers=self.as_(login)).json()["items"]
        return next(str(one["record"]) for one in listed if one["path"] == path)


@contextmanager
def county(folder: Path, max_upload_mb: int = 64) -> Iterator[County]:
    """The county behind a real server on a free loopback port."""
    archive, stone, green = _make(folder, max_upload_mb)
    with serving(archive, create_app(archive)) as web:
        yield County(archive, web, stone, green)


@contextmanager
def serving(archive: Archive, app: FastAPI) -> Iterator[httpx.Client]:
    """An application behind a real server on a free loopback port; afterwards its database is closed."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", log_config=None, lifespan="on"))
    # Named by its protocol: only then does the event loop send small answers at once, and not after 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        thread = Thread(target=server.run, args=([door],))
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=60) as web:
                yield web
        finally:
            server.should_exit = True
            thread.join()
            archive.sessions.engine.dispose()


def _make(folder: Path, max_upload_mb: int) -> tuple[Archive, str, str]:
    """Two villages, and: admin, archivist (county), clerk and villager of 石门槛村, clerk of 青石坳村, researcher."""
    settings = Settings(data=folder, password_memory_kib=8, readers=1, ocr=False, max_upload_mb=max_upload_mb)
    archive = build(settings)
    set_up(archive)
    now = archive.now()
    with archive.sessions.begin() as session:
        stone = add_village(session, OPERATOR, now, "石门槛村", "V012", "望溪镇").id
        green = add_village(session, OPERATOR, now, "青石坳村", "V013", "望溪镇").id
        for login, role, village in (
            ("boss", Role.ADMINISTRATOR, None),
            ("archivist", Role.ARCHIVIST, None),
            ("stone", Role.CLERK, stone),
            ("green", Role.CLERK, green),
            ("villager", Role.VILLAGER, stone),
            ("researcher", Role.RESEARCHER, None),
        ):
            add_account(session, OPERATOR, archive.hasher, now, login, login, role, village, password=PASSWORD)
        for role in (Role.SECURITY, Role.AUDITOR, Role.ARCHIVIST):
            give(session, OPERATOR, now, "boss", role)
    return archive, stone, green


def read_all(county: County) -> None:
    """Let the worker do everything that waits."""
    drain(county.archive)
