"""A search server that takes a question and never answers: the person gets a sentence; the question went out once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest

from storage.errors import NotReady
from storage.index import elastic
from storage.index.elastic import ElasticIndex
from storage.index.query import SearchRequest
from storage.scope import NOTHING


class Silent:
    """Listens, and keeps every caller waiting."""

    def __init__(self) -> None:
        self.callers: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self.callers.append(self._door.accept()[0])

    def stop(self) -> None:
        """Hang up."""
        for one in (*self.callers, self._door):
            one.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    """The server."""
    made = Silent()
    yield made
    made.stop()


def test_a_search_is_asked_once_and_then_said_to_be_away(silent: Silent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elastic, "ASKED", 0.3)
    index = ElasticIndex(f"http://127.0.0.1:{silent.port}")
    with pytest.raises(NotReady, match="检索服务连接不上"):
        index.search(SearchRequest("承包"), NOTHING)
    assert len(silent.callers) == 1
