"""The second reader over a server that misbehaves: each fault has its own meaning, and the batch goes on."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.errors import Protected, ReaderAway, ReaderDied, Timeout, TooLarge, Unsupported
from ingest.extract import tika, tika_calls
from ingest.extract.source import Server, Source
from ingest.identify import identify
from ingest.reading import Reading
from ingest.sandbox import Readers
from tests.unit.ingest.files_to_read import DOC

DAY = date(2026, 3, 1)
HTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
Act = Callable[["FakeTika"], None]


class FakeTika(BaseHTTPRequestHandler):
    """Says that it is there, then does with a file what the test says."""

    server: FakeServer

    def do_GET(self) -> None:
        self.answer(self.server.health, b"Apache Tika 3.3.2")

    def do_PUT(self) -> None:
        self.server.asked.append((self.headers["Content-Disposition"], self.headers["Authorization"]))
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.act(self)

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def say(self, content: str, **more: str) -> None:
        parts = [{"X-TIKA:content": HTML.format(content), **more}]
        self.answer(200, json.dumps(parts).encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


class FakeServer(ThreadingHTTPServer):
    """A Tika server of the test's own making."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeTika)
        self.act: Act = lambda one: one.say("<p>会议记录</p>")
        self.health = 200
        self.asked: list[tuple[str | None, str | None]] = []
        self.bodies: list[bytes] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    with FakeServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


def works(folder: Path, name: str = "旧文件.wps") -> Path:
    """Bytes of no known kind under the name of an old WPS file."""
    path = folder / name
    path.write_bytes(b"\x01\xfe\x00\x8f" * 200)
    return path


def second(path: Path, url: str, seconds: float = 10) -> list[str]:
    source = Source(path, path.name, identify(path, path.name), server=Server(url, seconds))
    return [page.text for page in tika.extract(source).pages]


def reading(path: Path, url: str | None) -> Reading:
    server = Server(url, 10) if url else None
    return pipeline.read(path, path.name, f"村/{path.name}", received=DAY, server=server)


def test_a_file_that_nobody_here_reads_is_read_by_the_server(fake: FakeServer, tmp_path: Path) -> None:
    fake.act = lambda one: one.say("<p>关于修路的\n会议记录</p>", **{"Content-Type": "application/vnd.ms-works"})
    read = reading(works(tmp_path), fake.url)
    assert [page.text for page in read.extraction.pages] == ["关于修路的\n会议记录"]
    assert read.extraction.warnings == (tika.SAID,)
    assert fake.bodies == [works(tmp_path).read_bytes()]


def test_a_file_that_we_read_never_leaves_the_process(fake: FakeServer) -> None:
    assert reading(DOC, fake.url).failure is None
    assert fake.asked == []


def test_without_a_server_the_fault_stays_what_it_was(tmp_path: Path) -> None:
    failure = reading(works(tmp_path), None).failure
    assert failure is not None
    assert failure.code == "corrupt"


def test_unknown_bytes_go_without_a_name_and_guesses_about_them_do_not_count(fake: FakeServer, tmp_path: Path) -> None:
    fake.act = lambda one: one.say("<p>þ\x8f</p>", **{"Content-Type": "text/plain; charset=ISO-8859-1"})
    with pytest.raises(Unsupported):
        second(works(tmp_path), fake.url)
    assert fake.asked == [(None, None)]


def test_known_kinds_go_with_their_ending_only(fake: FakeServer) -> None:
    second(DOC, fake.url)
    assert fake.asked == [('attachment; filename="file.doc"', None)]


def test_the_password_in_the_address_is_sent_as_basic_authentication(fake: FakeServer) -> None:
    second(DOC, fake.url.replace("//", "//clerk:p%40ss@"))
    # printf 'clerk:p@ss' | base64
    assert fake.asked[0][1] == "Basic Y2xlcms6cEBzcw=="


def test_pages_are_parted_where_the_server_parts_them(fake: FakeServer) -> None:
    fake.act = lambda one: one.say('<div class="page"><p>一</p></div><div class="page"><p>二</p><p>三</p></div>')
    assert second(DOC, fake.url) == ["一", "二\n三"]


def test_chinese_taken_for_latin_is_mended_and_latin_is_left_alone(fake: FakeServer, tmp_path: Path) -> None:
    # The server reads old data tables byte by byte as Latin-1.
    fake.act = lambda one: one.say(f"<p>{'王德厚，会计'.encode('gbk').decode('latin-1')}</p>")
    assert second(DOC, fake.url) == ["王德厚，会计"]
    fake.act = lambda one: one.say("<p>Procès-verbal de la réunion</p>")
    assert second(DOC, fake.url) == ["Procès-verbal de la réunion"]


def test_what_lies_in_a_file_follows_under_its_name(fake: FakeServer) -> None:
    parts = [
        {"X-TIKA:content": HTML.format("<p>正文</p>")},
        {"X-TIKA:content": HTML.format("<p/>"), "resourceName": "图.png"},
        {"X-TIKA:content": HTML.format("<p>名单</p>"), "resourceName": "附表.xls"},
    ]
    fake.act = lambda one: one.answer(200, json.dumps(parts).encode())
    assert second(DOC, fake.url) == ["正文\n附件：附表.xls", "名单"]


def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ReaderAway):
            second(DOC, url)
        failure = reading(works(tmp_path), url).failure
    assert failure is not None
    assert (failure.code, failure.reason[:20]) == ("reader_away", "读这种格式要用的 Tika 服务现在连不上"[:20])


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_a_server_that_does_not_say_that_it_is_tika_is_away_and_gets_no_file(fake: FakeServer, status: int) -> None:
    fake.health = status
    with pytest.raises(ReaderAway):
        second(DOC, fake.url)
    assert fake.bodies == []


def test_a_server_that_is_going_down_is_away(fake: FakeServer) -> None:
    fake.act = lambda one: one.answer(503, b"")
    with pytest.raises(ReaderAway):
        second(DOC, fake.url)


def reset(one: FakeTika) -> None:
    """Cut the line as a killed process does."""
    one.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    one.connection.close()


@pytest.mark.parametrize(
    "act",
    [reset, lambda one: one.answer(500, b""), lambda one: one.answer(200, b'[{"X-TIKA:con')],
    ids=["cut off", "fault", "half"],
)
def test_a_server_that_breaks_off_over_a_file_died_of_it(fake: FakeServer, act: Act) -> None:
    fake.act = act
    with pytest.raises(ReaderDied):
        second(DOC, fake.url)


def hang(one: FakeTika) -> None:
    """Never answer."""
    one.server.over.wait(20)


def test_a_server_that_hangs_is_left_after_the_time(fake: FakeServer) -> None:
    fake.act = hang
    with pytest.raises(Timeout):
        second(DOC, fake.url, 0.2)


def trickle(one: FakeTika) -> None:
    """A byte now and then, for ever."""
    one.send_response(200)
    one.end_headers()
    while not one.server.over.wait(0.02):
        one.wfile.write(b" " * tika_calls.BLOCK)


def test_a_server_that_trickles_is_left_after_the_time(fake: FakeServer) -> None:
    fake.act = trickle
    with pytest.raises(Timeout):
        second(DOC, fake.url, 0.3)


def test_an_answer_without_end_is_not_held(fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tika_calls, "MOST_ANSWERED", 3 * tika_calls.BLOCK)
    fake.act = trickle
    with pytest.raises(TooLarge):
        second(DOC, fake.url, 20)


def test_a_file_too_large_to_send_stays_here(fake: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tika, "MOST_SENT", 100)
    with pytest.raises(TooLarge):
        second(DOC, fake.url)
    assert fake.bodies == []


def test_a_locked_document_is_told_from_a_damaged_one(fake: FakeServer) -> None:
    fault = "org.apache.tika.exception.EncryptedDocumentException: password"
    fake.act = lambda one: one.say("", **{"X-TIKA:EXCEPTION:container_exception": fault})
    with pytest.raises(Protected):
        second(DOC, fake.url)


@pytest.mark.parametrize("status", [204, 415, 422])
def test_what_the_server_cannot_read_either_keeps_our_fault(fake: FakeServer, status: int, tmp_path: Path) -> None:
    fake.act = lambda one: one.answer(status, b"")
    failure = reading(works(tmp_path), fake.url).failure
    assert failure is not None
    assert failure.code == "corrupt"


def test_readers_carry_the_address_into_their_children(fake: FakeServer, tmp_path: Path) -> None:
    fake.act = lambda one: one.say("<p>旧文件</p>", **{"Content-Type": "application/vnd.ms-works"})
    path = works(tmp_path)
    with Readers(1, 3 << 30, 60, tika=fake.url) as readers:
        read = readers.submit(path, path.name, f"村/{path.name}", received=DAY).result()
    assert [page.text for page in read.extraction.pages] == ["旧文件"]
