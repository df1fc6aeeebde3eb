"""What a server of S3 may answer, by a server that answers just that: each trouble is one sentence, and ends."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import urllib3

from storage.errors import Missing, NotReady
from storage.objects import s3
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore

EMPTY_LIST = b"<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated></ListBucketResult>"


class _Answers(BaseHTTPRequestHandler):
    """Lists are empty; every other request gets what the server was told to say."""

    protocol_version = "HTTP/1.1"
    said: tuple[int, str] = (200, "")
    asked = 0

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        type(self).asked += 1
        status, code = self.said
        body = f"<Error><Code>{code}</Code><Message>m</Message></Error>".encode()
        self._send(status, body)

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        if "list-type=2" in self.path and self.said[1] != "InTheList":
            self._send(200, EMPTY_LIST)
        else:
            self._answer()

    do_PUT = do_DELETE = do_POST = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"s3://key:secret@127.0.0.1:{server.server_port}/bucket"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tries as always, without the pauses."""
    monkeypatch.setattr(s3, "TRIES", s3.TRIES.new(backoff_factor=0))


def put(store: ObjectStore) -> None:
    store.put("a/b", io.BytesIO(b"bytes"))


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (404, "NoSuchBucket", "没有这个桶.*核对地址里的桶名"),
        (403, "AccessDenied", "没有这个权限.*给账号加上"),
        (403, "SignatureDoesNotMatch", "不接受这个账号或口令.*key 和 secret"),
        (403, "InvalidAccessKeyId", "不接受这个账号或口令.*key 和 secret"),
        (403, "RequestTimeTooSkewed", "时钟.*校准"),
        (400, "EntityTooLarge", "太大.*分成几份"),
        (503, "SlowDown", "太忙.*过一会儿"),
        (507, "XMinioStorageFull", "满了.*清出空间"),
        (409, "OperationAborted", "OperationAborted.*检查档案库"),
    ],
)
def test_each_refusal_says_what_to_do(status: int, code: str, says: str) -> None:
    class Refusing(_Answers):
        said = (status, code)

    with answering(Refusing) as url:
        store = open_store(url)
        with pytest.raises(NotReady, match=says) as caught:
            put(store)
        assert str(caught.value).count("。") <= 2
        assert "secret@" not in str(caught.value)


def test_a_busy_server_is_asked_four_times_and_no_more() -> None:
    class Busy(_Answers):
        said = (503, "SlowDown")

    with answering(Busy) as url:
        store = open_store(url)
        with pytest.raises(NotReady, match="太忙"):
            put(store)
    assert Busy.asked == 4


def test_a_wrong_key_is_told_from_a_missing_right_when_the_store_is_opened() -> None:
    class Refusing(_Answers):
        said = (403, "SignatureDoesNotMatch")
        do_GET = _Answers._answer

    with answering(Refusing) as url, pytest.raises(NotReady, match="key 和 secret"):
        open_store(url)


def test_an_address_of_something_else_and_a_name_that_no_bucket_has_are_said() -> None:
    class WebSite(_Answers):
        def do_GET(self) -> None:
            self._send(200, b"<!doctype html><p>hello")

    with answering(WebSite) as url:
        for wrong in (url, url.replace("/bucket", "/A")):
            with pytest.raises(NotReady, match=r"不是 S3.*核对地址和桶名"):
                open_store(wrong)


def test_what_is_not_there_is_missing_and_no_trouble() -> None:
    class Empty(_Answers):
        said = (404, "NoSuchKey")

    with answering(Empty) as url, pytest.raises(Missing):
        open_store(url).open("a/b")


def test_a_server_that_breaks_off_in_the_middle_is_noticed() -> None:
    class BreakingOff(_Answers):
        def _answer(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"only this")
            self.close_connection = True

    with answering(BreakingOff) as url:
        stream = open_store(url).open("a/b")
        with stream, pytest.raises(NotReady, match="连不上"):
            stream.read()


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "READ", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"s3://key:secret@127.0.0.1:{silent.getsockname()[1]}/bucket"
        with pytest.raises(NotReady, match="太久没有应答"):
            open_store(url)


def test_no_request_can_last_for_ever() -> None:
    assert (s3.CONNECT, s3.READ) == (3.0, 60.0)
    assert isinstance(s3.TRIES, urllib3.Retry)
    assert (s3.TRIES.connect, s3.TRIES.read, s3.TRIES.status) == (2, 1, 3)
