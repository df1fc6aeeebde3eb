"""While a batch is received and read, one thing after another is killed and started again, and nobody does anything.

Started again is what a supervisor does (`restart:` in the compose file); sending a file again that was not accepted
is what a client does. The servers are a second set beside that of the other tests, so that those go on undisturbed.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shlex
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import create_engine, select, text

from storage.database.batches import Item, ItemState, counts_by_state, sum_of
from storage.database.records import PageText, Record
from tests.journeys.server_archive import ServerArchive, running, until

SERVICES = Path(__file__).resolve().parents[2] / "tools" / "services.sh"
SECOND_SET = {**os.environ, "SERVICES_SHIFT": "1"}
NEEDED = ("postgresql", "redis", "minio", "elasticsearch")
BOOKS = 120
PAPERS = 500
"""Of these every fiftieth is empty, and every fortieth is the one before it again."""

pytestmark = [pytest.mark.long, pytest.mark.needs("postgresql", "redis", "s3", "elasticsearch", "tika")]


def services(word: str, *names: str) -> str:
    """Start or end servers of the second set."""
    done = subprocess.run([SERVICES, word, *names], env=SECOND_SET, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    """The addresses of a set of servers that may be killed."""
    words = shlex.split(services("up", *NEEDED))
    yield {option.removeprefix("--"): url for option, url in zip(words[::2], words[1::2], strict=True)}
    services("down")


@pytest.fixture
def archive(servers: dict[str, str], tmp_path: Path) -> Iterator[ServerArchive]:
    """An archive of its own on these servers."""
    name = f"t{secrets.token_hex(8)}"
    engine = create_engine(servers["postgresql"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    stores = {
        **servers,
        "postgresql": urlsplit(servers["postgresql"])._replace(path=f"/{name}").geturl(),
        "s3": f"{servers['s3']}/{name}",
    }
    with running(tmp_path, stores) as made:
        yield made


def paper(number: int) -> bytes:
    """A short text of its own; see PAPERS."""
    if number % 50 == 49:
        return b""
    if number % 40 == 39:
        number -= 1
    return f"石门槛村村民会议记录\n时间：2019年3月5日\n内容：讨论第{number}号渠道的维修。\n".encode()


class Sender(Thread):
    """Sends the papers one by one and each again until it is accepted; keeps what was answered."""

    def __init__(self, archive: ServerArchive) -> None:
        super().__init__(name="sender", daemon=True)
        self.accepted: dict[str, str] = {}
        self.refused = 0
        self.failure: BaseException | None = None
        self._archive = archive

    def run(self) -> None:
        """Send everything, then close the batch."""
        try:
            batch = self._archive.open_batch()
            for number in range(PAPERS):
                answer = self._insist("PUT", f"/api/v1/batches/{batch}/files/会议/{number:04d}.txt", paper(number))
                (taken,) = answer.json()["items"]
                self.accepted[taken["item"]] = taken["path"]
            self._insist("POST", f"/api/v1/batches/{batch}/close", b"")
        except BaseException as error:
            self.failure = error

    def _insist(self, method: str, address: str, content: bytes) -> httpx.Response:
        answers: list[httpx.Response] = []

        def accepted() -> bool:
            try:
                answers.append(self._archive.web.request(method, address, content=content))
            except httpx.TransportError:
                self.refused += 1
                return False
            self.refused += answers[-1].status_code >= 500
            return answers[-1].status_code < 500

        until(f"{address} is accepted", accepted, says=lambda: answers[-1].text if answers else "")
        assert answers[-1].status_code == 200, answers[-1].text
        return answers[-1]


def strike(archive: ServerArchive, victim: str) -> None:
    """Kill it, and start it again as a supervisor would."""
    if victim in ("serve", "worker"):
        archive.kill(victim)
        archive.start(victim)
    elif victim == "redis with its data lost":
        services("kill", "redis")
        services("down", "redis")
        services("up", "redis")
    else:
        services("kill", victim)
        services("up", victim)


@pytest.mark.parametrize(
    "victim",
    ["worker", "serve", "redis", "redis with its data lost", "elasticsearch", "minio", "postgresql"],
)
def test_everything_accepted_is_there_once_after_a_kill(archive: ServerArchive, victim: str) -> None:
    sender = Sender(archive)
    sender.start()
    until("a fifth is read", lambda: archive.number_in(ItemState.PROPOSED) >= PAPERS // 5, says=archive.logs)
    strike(archive, victim)
    sender.join(timeout=600)
    assert sender.failure is None
    assert not sender.is_alive()
    until("everything is read and indexed", archive.settled, says=archive.logs)
    is_complete(archive, sender.accepted)
    # What is sure is archived, and the archive is as sound as before.
    filed = archive.run("archive", "--accept-confident", "--json")
    assert {one["error"] for one in filed} == {None}
    until("what was archived is indexed", archive.settled, says=archive.logs)
    is_complete(archive, sender.accepted)


def book(number: int) -> bytes:
    """An e-book: of the readers that are set, only Tika reads it."""
    page = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>石门槛村村史第{number}章</p></body></html>"
    package = (
        "<package xmlns='http://www.idpf.org/2007/opf' version='3.0' unique-identifier='i'>"
        "<metadata xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:identifier id='i'>b</dc:identifier>"
        "<dc:title>村史</dc:title><dc:language>zh</dc:language></metadata>"
        "<manifest><item id='c' href='c.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='c'/></spine></package>"
    )
    container = (
        "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container' version='1.0'><rootfiles>"
        "<rootfile full-path='b.opf' media-type='application/oebps-package+xml'/></rootfiles></container>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, content in (
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", container),
            ("b.opf", package),
            ("c.xhtml", page),
        ):
            packed.writestr(name, content)
    return made.getvalue()


def test_a_batch_that_needs_tika_is_read_whole_after_its_kill(servers: dict[str, str], tmp_path: Path) -> None:
    words = shlex.split(services("up", "tika"))
    with running(tmp_path, {"tika": words[words.index("--tika") + 1]}) as archive:
        batch = archive.open_batch()
        for number in range(BOOKS):
            sent = archive.web.put(f"/api/v1/batches/{batch}/files/{number:03d}.epub", content=book(number))
            assert sent.status_code == 200, sent.text
        until("a fifth is read", lambda: archive.number_in(ItemState.PROPOSED) >= BOOKS // 5, says=archive.logs)
        services("kill", "tika")
        assert archive.number_in(ItemState.REJECTED) == 0
        services("up", "tika")
        until("everything is read", lambda: archive.number_in(ItemState.PROPOSED) == BOOKS, says=archive.logs)
        with archive.archive.sessions.read() as session:
            texts = set(session.scalars(select(PageText.text)))
        assert len(texts) == BOOKS


def is_complete(archive: ServerArchive, accepted: dict[str, str]) -> None:
    """Each accepted file has its item, each content one holder with one record, the sum holds, verify finds nothing."""
    expected = {hashlib.sha256(paper(number)).hexdigest() for number in range(PAPERS) if paper(number)}
    with archive.archive.sessions.read() as session:
        items = list(session.scalars(select(Item)))
        records = list(session.scalars(select(Record.id)))
        total = sum_of(counts_by_state(session))
    assert {item.id: item.path for item in items} == accepted
    assert len(accepted) == PAPERS
    holders = [item for item in items if item.state in (ItemState.PROPOSED, ItemState.ARCHIVED)]
    assert Counter(item.sha256 for item in holders) == Counter(expected)
    assert sorted(str(item.record_id) for item in holders) == sorted(records)
    empty = sum(not paper(number) for number in range(PAPERS))
    assert (total["found"], total["rejected"], total["duplicate"]) == (PAPERS, empty, PAPERS - empty - len(expected))
    assert total["archived"] + total["waiting"] == len(expected)
    assert archive.run("verify", "--json")["faults"] == []
