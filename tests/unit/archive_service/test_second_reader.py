"""A server that reads and is away costs no file anything but time; a file over which it dies twice is set apart."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from archive_service.actions import reading as action
from archive_service.actions.upkeep import anything_to_read
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.doctor import examine
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from ingest.errors import ReaderAway, ReaderDied
from ingest.reading import Extraction, Failure, FileFormat, Page, Reading
from storage.database.base import new_id
from storage.database.batches import Batch, Item, ItemState, lease_items
from storage.database.records import File

WORKS = FileFormat("application/vnd.ms-works", "旧版 WPS 或 Works 文档", "wps")
LONGEST_PAUSE = timedelta(seconds=100)


@pytest.fixture
def items(archive: Archive) -> list[str]:
    """Two files of an old kind that wait to be read."""
    set_up(archive)
    with archive.sessions.begin() as session:
        village = add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
        batch = Batch(id=new_id(), village_id=village.id, source="旧盘", opened_by="operator", opened_at=archive.now())
        session.add(batch)
        session.flush()
        return [_item(session.add_all, batch, f"旧文件{number}.wps", archive.now()) for number in (1, 2)]


def _item(keep: Callable[[list[object]], None], batch: Batch, path: str, at: datetime) -> str:
    file = File(
        id=new_id(), village_id=batch.village_id, name=path, path=path, size=1, sha256="0" * 64, sha512="0" * 128,
        storage_key=f"staging/{path}", received_at=at,
    )  # fmt: skip
    item = Item(
        id=new_id(), batch_id=batch.id, village_id=batch.village_id, path=path, state=ItemState.RECEIVED,
        file_id=file.id, received_at=at,
    )  # fmt: skip
    keep([file, item])
    return item.id


def leased(archive: Archive, at: datetime) -> set[str]:
    with archive.sessions.begin() as session:
        return {item.id for item in lease_items(session, "one:1:worker", at, at + timedelta(minutes=30), 10)}


def take_in(archive: Archive, item_id: str, at: datetime, failure: Failure | None = None) -> Item:
    reading = Reading(WORKS, Extraction((Page(1, "会议记录"),)), failure=failure)
    with archive.sessions.begin() as session:
        action.take_in(session, item_id, reading, rule_book(session), at)
    with archive.sessions.read() as session:
        return session.get_one(Item, item_id)


def waits(archive: Archive, at: datetime) -> bool:
    with archive.sessions.read() as session:
        return anything_to_read(session, at)


def test_while_the_server_is_away_a_file_waits_and_says_why(archive: Archive, items: list[str]) -> None:
    at = archive.now()
    for _ in range(5):
        assert leased(archive, at) == set(items)
        for one in items:
            item = take_in(archive, one, at, ReaderAway().failure)
            assert (item.state, item.attempts) == (ItemState.RECEIVED, 0)
            assert item.reason == "读这种格式要用的 Tika 服务现在连不上，文件完好，还没有读。"
        assert not waits(archive, at)
        assert leased(archive, at) == set()
        at += LONGEST_PAUSE
        assert waits(archive, at)
    leased(archive, at)
    item = take_in(archive, items[0], at)
    assert (item.state, item.reason_code, item.reason, item.remedy) == (ItemState.PROPOSED, "", "", "")


def test_a_file_over_which_the_server_dies_twice_is_set_apart(archive: Archive, items: list[str]) -> None:
    at = archive.now()
    leased(archive, at)
    assert take_in(archive, items[0], at, ReaderDied().failure).state == ItemState.RECEIVED
    at += LONGEST_PAUSE
    leased(archive, at)
    item = take_in(archive, items[0], at, ReaderDied().failure)
    assert (ItemState(item.state).bucket, item.state) == ("waiting", ItemState.UNREADABLE)
    assert item.reason == "Tika 服务在读这个文件时中断，没有读出内容。"
    assert not leased(archive, at + LONGEST_PAUSE) & {items[0]}


def test_an_outage_between_the_two_does_not_count(archive: Archive, items: list[str]) -> None:
    at = archive.now()
    for failure in (ReaderAway(), ReaderDied(), ReaderAway(), ReaderAway()):
        leased(archive, at)
        assert take_in(archive, items[0], at, failure.failure).state == ItemState.RECEIVED
        at += LONGEST_PAUSE
    leased(archive, at)
    assert take_in(archive, items[0], at, ReaderDied().failure).state == ItemState.UNREADABLE


def test_files_that_were_with_the_server_come_back_apart(archive: Archive) -> None:
    waiting = [Item(id=f"item-{number}") for number in range(40)]
    for item in waiting:
        action._postpone(item, ReaderDied().failure, archive.now())
    moments = [item.lease_until - archive.now() for item in waiting if item.lease_until]
    assert len(set(moments)) >= 20
    assert timedelta(seconds=20) <= min(moments) <= max(moments) < timedelta(seconds=60)


def test_the_worker_passes_the_address_on(archive: Archive) -> None:
    from archive_service.tasks.reading import make_readers

    settings = archive.settings.model_copy(update={"tika_url": "http://tika.invalid:9998"})
    with make_readers(replace(archive, settings=settings)) as readers:
        assert readers._more["server"].url == "http://tika.invalid:9998"


def test_the_examination_says_what_its_absence_costs(archive: Archive) -> None:
    found = {finding.name: finding for finding in examine(archive)}["Tika"]
    assert (found.good, found.optional) == (False, True)
    assert "WordPerfect" in found.says


def test_a_server_that_is_set_and_away_is_a_fault(archive: Archive) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://clerk:secret@127.0.0.1:{unused.getsockname()[1]}"
        away = replace(archive, settings=archive.settings.model_copy(update={"tika_url": url}))
        found = {finding.name: finding for finding in examine(away)}["Tika"]
    assert (found.good, found.optional) == (False, False)
    assert "连不上" in found.says
    assert "secret" not in found.says
