"""A server is away: what does not need it goes on, and what needs it says so. Nothing listens at port 9."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moto.server import ThreadedMotoServer

from storage.database.batches import ItemState
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


def test_a_redis_that_is_away_delays_and_refuses_nothing(tmp_path: Path) -> None:
    with served(tmp_path, {"redis": "redis://127.0.0.1:9/0"}) as archive:
        batch = archive.open_batch()
        sent = archive.web.put(f"/api/v1/batches/{batch}/files/会议.txt", content=NOTE)
        assert sent.status_code == 200, sent.text
        assert archive.number_in(ItemState.RECEIVED) == 1
