"""The whole journey by way of servers, chosen by settings alone: handed in, read, archived, found, verified, rebuilt.

Web and worker are real processes. Mixtures stand for all of them: each store is chosen on its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from storage.database.batches import ItemState
from tests.journeys.server_archive import ServerArchive, running, until

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "county" / "青石坳村"
# Minutes of the representatives' meeting, dated: the outline has a series of that name, so the proposal is sure.
NAME = "会议/村民代表会议记录.txt"
MINUTES = "石门槛村村民代表会议记录\n时间：2019年3月5日\n地点：村委会\n主持人：石大山\n内容：讨论灌溉渠维修。\n"
EVERY_SERVER = ("postgresql", "s3", "elasticsearch", "redis")
MIXTURES = {
    "every server": EVERY_SERVER,
    "SQLite and folder, Elasticsearch": ("elasticsearch",),
    "PostgreSQL and folder, embedded index": ("postgresql",),
    "SQLite, MinIO, a worker over Redis": ("s3", "redis"),
    "SQLite, another S3 server": ("another s3",),
}

# They share one queue.
pytestmark = pytest.mark.xdist_group("servers")


def mixture(names: tuple[str, ...]) -> pytest.MarkDecorator:
    return pytest.mark.needs(*(name for name in names if name in EVERY_SERVER))


@pytest.fixture
def another_s3() -> Iterator[str]:
    """A bucket on a server in this process that is not MinIO."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"s3://key:secret@{host}:{port}/b{secrets.token_hex(8)}"
    server.stop()


@pytest.fixture
def stores(names: tuple[str, ...], request: pytest.FixtureRequest) -> dict[str, str]:
    """The address of each store of the mixture that is not embedded."""
    given = {"postgresql": "postgresql_url", "s3": "bucket_url", "another s3": "another_s3"}
    return {
        name.removeprefix("another "): request.getfixturevalue(given[name])
        if name in given
        else str(request.config.getoption(name))
        for name in names
    }


@pytest.fixture
def archive(stores: dict[str, str], tmp_path: Path) -> Iterator[ServerArchive]:
    with running(tmp_path, stores) as made:
        yield made


def hand_in(archive: ServerArchive, files: dict[str, bytes]) -> str:
    batch = archive.open_batch()
    for path, content in files.items():
        sent = archive.web.put(f"/api/v1/batches/{batch}/files/{path}", content=content)
        assert sent.status_code == 200, sent.text
    assert archive.web.post(f"/api/v1/batches/{batch}/close").status_code == 200
    until("everything is read and indexed", archive.settled, says=archive.logs)
    return batch


def papers() -> dict[str, bytes]:
    """The text papers of the sample village, one of them twice, and an empty one."""
    found = [path for path in sorted(SAMPLES.rglob("*")) if path.suffix in (".txt", ".docx", ".csv", ".odt", ".md")]
    assert len(found) >= 10
    sent = {path.relative_to(SAMPLES).as_posix(): path.read_bytes() for path in found}
    return {**sent, NAME: MINUTES.encode(), "会议/又一份.txt": MINUTES.encode(), "空.txt": b""}


@pytest.mark.parametrize(
    "names", [pytest.param(names, id=name, marks=mixture(names)) for name, names in MIXTURES.items()]
)
def test_papers_go_from_hand_in_to_search_and_back_from_the_store_alone(
    archive: ServerArchive, stores: dict[str, str], tmp_path: Path
) -> None:
    sent = papers()
    batch = hand_in(archive, sent)
    summed = archive.web.get(f"/api/v1/batches/{batch}").json()["sum"]
    assert summed == {"found": len(sent), "archived": 0, "waiting": len(sent) - 2, "rejected": 1, "duplicate": 1}
    filed = archive.run("archive", "--accept-confident", "--json")
    assert len(filed) >= 3
    assert {one["error"] for one in filed} == {None}
    until("what was archived is indexed", archive.settled, says=archive.logs)
    summed = archive.web.get(f"/api/v1/batches/{batch}").json()["sum"]
    assert summed == {
        "found": len(sent), "archived": len(filed), "waiting": len(sent) - 2 - len(filed), "rejected": 1, "duplicate": 1
    }  # fmt: skip
    assert archive.run("verify", "--json")["faults"] == []
    assert paths_found(archive) == [NAME]
    archive.run("rebuild", "index")
    assert paths_found(archive) == [NAME]
    assert archive.run("verify", "--json")["faults"] == []
    # The database and the index are lost: from here on both are embedded, in another folder.
    elsewhere = {
        "VILLAGE_ARCHIVE_DATA": str(tmp_path / "elsewhere"),
        "VILLAGE_ARCHIVE_SEARCH_URL": "",
        "VILLAGE_ARCHIVE_OBJECTS_URL": archive.archive.settings.objects(),
        "VILLAGE_ARCHIVE_DATABASE_URL": f"sqlite:///{tmp_path}/elsewhere/archive.db",
    }
    assert f"数据库里重建了 {len(filed)} 件" in archive.run("rebuild", "all", **elsewhere)
    assert paths_found(archive, **elsewhere) == [NAME]


def paths_found(archive: ServerArchive, **changed: str) -> list[str]:
    return [hit["path"] for hit in archive.run("search", "灌溉渠维修", "--json", **changed)["hits"]]


@pytest.mark.needs("redis")
@pytest.mark.parametrize("names", [("redis",)])
def test_only_the_worker_reads_and_it_hears_of_work_through_redis(archive: ServerArchive) -> None:
    archive.kill("worker")
    batch = archive.open_batch()
    sent = archive.web.put(f"/api/v1/batches/{batch}/files/{NAME}", content=MINUTES.encode())
    assert sent.json()["items"][0]["state"] == "received"
    waiting = archive.run("status", "--json")
    assert waiting["sum"]["waiting"] == 1
    assert archive.number_in(ItemState.RECEIVED) == 1
    archive.start("worker")
    until("the worker has read it", lambda: archive.number_in(ItemState.PROPOSED) == 1, says=archive.logs)
