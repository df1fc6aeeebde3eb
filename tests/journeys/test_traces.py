"""Traces, where a collector is set: each request and each job that did something, and nothing of what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from storage.database.batches import ItemState
from tests.journeys.server_archive import ServerArchive, until

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


class Collector:
    """Takes what is sent to /v1/traces, as the OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.parcels: list[bytes] = []
        kept = self.parcels

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """A parcel of spans."""
                assert self.path == "/v1/traces"
                kept.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def spans(self) -> list[Span]:
        """Every span that came."""
        whole = [ExportTraceServiceRequest.FromString(parcel) for parcel in self.parcels]
        return [span for one in whole for of in one.resource_spans for by in of.scope_spans for span in by.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_requests_and_jobs_are_traced_and_no_word_of_their_contents(collector: Collector, tmp_path: Path) -> None:
    archive = ServerArchive(tmp_path, {"collector": collector.url})
    archive.set_up()
    archive.start("serve")
    archive.log_in()
    batch = archive.open_batch()
    archive.web.put(f"/api/v1/batches/{batch}/files/保密的名字.txt", content="灌溉渠维修记录。".encode())
    until("it is read", lambda: archive.number_in(ItemState.PROPOSED) == 1, says=archive.logs)
    answer = archive.web.get("/api/v1/search", params={"q": "灌溉渠"}, headers={"traceparent": PARENT})
    assert answer.status_code == 200
    archive.stop()

    spans = {span.name: span for span in collector.spans()}
    searched = spans["GET /api/v1/search"]
    assert searched.trace_id.hex() == TRACE
    facts = {one.key: one.value.string_value or one.value.int_value for one in searched.attributes}
    assert facts["http.response.status_code"] == 200
    assert facts["request_id"] == answer.headers["X-Request-ID"]
    assert "reading" in spans
    sent = b"".join(collector.parcels)
    assert not [word for word in ("灌溉渠", "保密的名字", batch) if word.encode() in sent]


def test_a_collector_that_is_away_stops_nothing(tmp_path: Path) -> None:
    archive = ServerArchive(tmp_path, {"collector": "http://127.0.0.1:9"})
    archive.set_up()
    archive.start("serve")
    archive.log_in()
    assert archive.web.get("/api/v1/search", params={"q": "灌溉渠"}).status_code == 200
    archive.stop()
