"""What a reading that did not come to its end had leased is free at once, though its process lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.tasks import reading
from archive_service.tasks.reading import make_readers, read_received
from archive_service.tasks.receiving import receive_folder
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from storage.database.batches import ItemState, counts_by_state, lease_owners
from storage.errors import NotReady

NUMBER = 5


@pytest.fixture
def received(archive: Archive, tmp_path: Path) -> Iterator[Archive]:
    """Five short papers that wait to be read."""
    set_up(archive)
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
    folder = tmp_path / "手稿"
    folder.mkdir()
    for number in range(NUMBER):
        (folder / f"{number}.txt").write_text(f"石门槛村第{number}号渠道的维修记录。", encoding="utf-8")
    receive_folder(archive, OPERATOR, "石门槛村", folder)
    yield archive
    archive.sessions.engine.dispose()


def waiting(archive: Archive) -> tuple[int, list[str]]:
    """How many files are not read, and who holds a lease on one of them."""
    with archive.sessions.read() as session:
        return counts_by_state(session).get(ItemState.RECEIVED, 0), list(lease_owners(session))


def test_what_was_leased_when_the_store_went_away_is_read_once_it_is_back(
    received: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    present: Callable[..., Any] = type(received.objects).as_file
    asked = count()

    def away(store: Any, key: str) -> Any:
        if next(asked) == 2:
            raise NotReady("档案库连不上。")
        return present(store, key)

    monkeypatch.setattr(type(received.objects), "as_file", away)
    with make_readers(received) as readers:
        with pytest.raises(NotReady):
            read_received(received, readers, "worker")
        assert waiting(received) == (NUMBER, [])
        assert read_received(received, readers, "worker") == NUMBER
    assert waiting(received) == (0, [])


def test_what_was_leased_when_the_turn_was_over_is_free(received: Archive) -> None:
    looks = count()
    with make_readers(received) as readers:
        read_received(received, readers, "worker", going_on=lambda: next(looks) < 2)
    left, owners = waiting(received)
    assert left > 0
    assert owners == []


def test_papers_that_were_read_before_the_store_went_away_are_joined(
    received: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined: list[str] = []
    monkeypatch.setattr(reading, "join_proposed", lambda _session, batch_id, _at: joined.append(batch_id))
    present: Callable[..., Any] = type(received.objects).as_file
    looks = count()

    def away(store: Any, key: str) -> Any:
        if next(looks) == 4:
            raise NotReady("档案库连不上。")
        return present(store, key)

    monkeypatch.setattr(type(received.objects), "as_file", away)
    monkeypatch.setattr(reading, "IN_LINE", 2)
    with make_readers(received) as readers, pytest.raises(NotReady):
        read_received(received, readers, "worker")
    assert waiting(received)[0] < NUMBER
    assert len(set(joined)) == 1
