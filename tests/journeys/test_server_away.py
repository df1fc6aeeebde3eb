"""A server is away: what does not need it goes on, and what needs it says so. Nothing listens at port 9."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import psutil
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from storage.database.batches import ItemState
from storage.database.organisations import Village
from storage.database.records import Record
from tests.journeys.server_archive import ServerArchive, until

NOTE = "石门槛村村民代表会议记录\n时间：2019年3月5日\n内容：讨论灌溉渠维修。\n".encode()


@contextmanager
def served(folder: Path, stores: dict[str, str]) -> Iterator[ServerArchive]:
    """The archive with its web over these stores."""
    made = ServerArchive(folder, stores)
    made.set_up()
    try:
        made.start("serve")
        made.log_in()
        yield made
    finally:
        made.stop()


def test_without_elasticsearch_papers_are_read_and_catalogued_and_search_says_that_it_is_away(tmp_path: Path) -> None:
    with served(tmp_path, {"elasticsearch": "http://127.0.0.1:9"}) as archive:
        batch = archive.open_batch()
        sent = archive.web.put(f"/api/v1/batches/{batch}/files/会议.txt", content=NOTE)
        assert sent.json()["items"][0]["state"] == "received"
        until("it is read", lambda: archive.number_in(ItemState.PROPOSED) == 1, says=archive.logs)
        (item,) = archive.web.get(f"/api/v1/batches/{batch}/items").json()["items"]
        changed = archive.web.patch(f"/api/v1/records/{item['record']}", json={"title": "会议记录"})
        assert changed.status_code == 200, changed.text
        answer = archive.web.get("/api/v1/search", params={"q": "灌溉渠"})
        assert answer.status_code == 503
        assert "Elasticsearch" in answer.json()["detail"]


def test_without_the_object_store_nothing_is_accepted(tmp_path: Path) -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    with served(tmp_path, {"s3": f"s3://key:secret@{host}:{port}/archive"}) as archive:
        batch = archive.open_batch()
        server.stop()
        refused = archive.web.put(f"/api/v1/batches/{batch}/files/会议.txt", content=NOTE)
        assert refused.status_code == 503
        assert "档案库连不上" in refused.json()["detail"]
        assert archive.web.get(f"/api/v1/batches/{batch}").json()["sum"]["found"] == 0


@contextmanager
def store_away(folder: Path) -> Iterator[tuple[ServerArchive, Callable[[], None]]]:
    """The archive whose web was started while its object store was away; call to bring the store back."""
    first = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    first.start()
    host, port = first.get_host_and_port()
    first.stop()
    later = ThreadedMotoServer(ip_address="127.0.0.1", port=port)
    bucket = f"b{secrets.token_hex(8)}"
    made = ServerArchive(folder, {"s3": f"s3://key:secret@{host}:{port}/{bucket}"})
    made.set_up()
    back = Event()

    def bring_back() -> None:
        later.start()
        back.set()

    try:
        yield made, bring_back
    finally:
        made.stop()
        if back.is_set():
            later.stop()


def test_the_web_starts_without_the_object_store_says_so_and_works_once_it_is_there(tmp_path: Path) -> None:
    with store_away(tmp_path) as (archive, bring_back):
        archive.start("serve")
        archive.log_in()
        answer = archive.web.get("/health/ready")
        assert (answer.status_code, answer.json()["state"]) == (503, "not ready")
        assert "档案库连不上" in answer.json()["dependencies"]["objects"]["says"]
        assert "恢复后自动继续" in archive.logs()
        bring_back()
        until("it is ready", lambda: archive.web.get("/health/ready").status_code == 200, says=archive.logs)
        sent = archive.web.put(f"/api/v1/batches/{archive.open_batch()}/files/会议.txt", content=NOTE)
        assert sent.json()["items"][0]["state"] == "received"
        until("it is read", lambda: archive.number_in(ItemState.PROPOSED) == 1, says=archive.logs)


def test_a_worker_started_without_the_object_store_waits_for_it_and_then_reads(tmp_path: Path) -> None:
    with store_away(tmp_path) as (archive, bring_back):
        archive.start("worker")
        until("it says what it waits for", lambda: "恢复后自动开始" in archive.logs(), says=archive.logs)
        bring_back()
        archive.start("serve")
        archive.log_in()
        sent = archive.web.put(f"/api/v1/batches/{archive.open_batch()}/files/会议.txt", content=NOTE)
        assert sent.json()["items"][0]["state"] == "received"
        until("it is read", lambda: archive.number_in(ItemState.PROPOSED) == 1, says=archive.logs)
        assert archive.process("worker").status() != psutil.STATUS_ZOMBIE


def test_when_the_store_that_comes_back_is_another_nothing_runs(tmp_path: Path) -> None:
    with store_away(tmp_path) as (archive, bring_back):
        with archive.archive.sessions.begin() as session:
            village, now = session.scalars(select(Village)).one(), archive.archive.now()
            record = Record(
                id="r1",
                village_id=village.id,
                state="archived",
                title="会议",
                version=1,
                created_at=now,
                changed_at=now,
            )
            session.add(record)
        archive.start("serve")
        bring_back()
        # Whoever has ended stays in the list of the system until its starter asks.
        serving = archive.process("serve")
        until("it has ended", lambda: serving.status() == psutil.STATUS_ZOMBIE, seconds=60, says=archive.logs)
        assert "请核对桶名或文件夹" in archive.logs()


def test_a_redis_that_is_away_delays_and_refuses_nothing(tmp_path: Path) -> None:
    with served(tmp_path, {"redis": "redis://127.0.0.1:9/0"}) as archive:
        batch = archive.open_batch()
        sent = archive.web.put(f"/api/v1/batches/{batch}/files/会议.txt", content=NOTE)
        assert sent.status_code == 200, sent.text
        assert archive.number_in(ItemState.RECEIVED) == 1
