"""What machines ask of the service: alive, ready by dependency, figures, and one id for each request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from datetime import datetime
from io import StringIO
from threading import Event

import httpx
import pytest
import structlog

from archive_service.settings import Settings
from archive_service.tasks.health import Readiness
from archive_service.tasks.logs import set_up_logs
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from tests.journeys.api_county import serving


@pytest.fixture
def web(archive: Archive) -> Iterator[httpx.Client]:
    with serving(archive, create_app(archive)) as client:
        yield client


def test_alive_asks_nothing_and_ready_asks_each_dependency(web: httpx.Client) -> None:
    assert (web.get("/health/live").status_code, web.get("/health/live").text) == (200, "ok")
    answer = web.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["state"] == "ready"
    assert [(name, one["ready"]) for name, one in answer.json()["dependencies"].items()] == [
        ("database", True),
        ("objects", True),
        ("index", True),
    ]


@contextmanager
def away(settings: Settings, clock: Callable[[], datetime], **urls: str) -> Iterator[httpx.Client]:
    """The application with other settings."""
    archive = build(settings.model_copy(update=urls), clock)
    if "database_url" not in urls:
        archive.prepare()
    with serving(archive, create_app(archive)) as web:
        yield web


def test_without_index_and_queue_it_is_ready_and_says_what_is_away(
    settings: Settings, clock: Callable[[], datetime]
) -> None:
    urls = {"search_url": "http://elastic:geheim@127.0.0.1:9", "queue_url": "redis://:geheim@127.0.0.1:9/0"}
    with away(settings, clock, **urls) as web:
        answer = web.get("/health/ready")
        assert web.get("/health/live").status_code == 200
    assert (answer.status_code, answer.json()["state"]) == (200, "degraded")
    found = answer.json()["dependencies"]
    assert {name: one["ready"] for name, one in found.items()} == {
        "database": True, "objects": True, "index": False, "queue": False,
    }  # fmt: skip
    assert "geheim" not in answer.text
    assert "127.0.0.1" not in answer.text


@pytest.mark.parametrize(
    ("setting", "url", "name"),
    [
        ("objects_url", "s3://key:geheim@127.0.0.1:9/bucket", "objects"),
        ("database_url", "postgresql+psycopg://u:geheim@127.0.0.1:9/none", "database"),
    ],
)
def test_without_database_or_objects_it_is_not_ready(
    settings: Settings, clock: Callable[[], datetime], setting: str, url: str, name: str
) -> None:
    with away(settings, clock, **{setting: url}) as web:
        answer = web.get("/health/ready")
    assert (answer.status_code, answer.json()["state"]) == (503, "not ready")
    assert answer.json()["dependencies"][name]["ready"] is False
    assert "geheim" not in answer.text


def test_a_dependency_that_hangs_is_given_up_and_not_asked_by_a_second_thread(archive: Archive) -> None:
    readiness, asked, let_go = Readiness(archive), [], Event()

    def hang() -> None:
        asked.append(1)
        let_go.wait(30)

    readiness._looks["index"] = hang
    for _ in range(3):
        found = {one.name: one for one in readiness.look(patience=0.05)}
        assert (found["index"].good, found["index"].says) == (False, "no answer in time")
    assert len(asked) == 1
    let_go.set()


def test_figures_are_by_route_and_say_what_waits(web: httpx.Client) -> None:
    web.get("/records/one")
    web.get("/records/two")
    web.get("/no-such-page")
    said = web.get("/metrics").text
    assert re.search(r'requests_total\{method="GET",route="/records/\{record_id\}",status="303"\} 2\.0', said)
    assert 'route="(none)",status="404"} 1.0' in said
    for line in ("to_read 0.0", "index_backlog 0.0", "fixity_faults 0.0", "database_up 1.0"):
        assert f"village_archive_{line}" in said
    assert "no-such-page" not in said


@pytest.mark.parametrize(
    ("setting", "headers", "status"),
    [
        ("loopback", {}, 200),
        ("loopback", {"X-Forwarded-For": "10.0.0.7"}, 404),
        ("all", {"X-Forwarded-For": "10.0.0.7"}, 200),
        ("off", {}, 404),
    ],
)
def test_figures_are_for_this_machine_unless_a_setting_says_otherwise(
    settings: Settings, clock: Callable[[], datetime], setting: str, headers: dict[str, str], status: int
) -> None:
    with away(settings, clock, metrics=setting) as web:
        assert web.get("/metrics", headers=headers).status_code == status


def test_an_answer_carries_the_id_of_its_request_and_takes_over_a_sound_one(web: httpx.Client) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", web.get("/login").headers["X-Request-ID"])
    assert web.get("/login", headers={"X-Request-ID": "from-proxy.7"}).headers["X-Request-ID"] == "from-proxy.7"
    odd = web.get("/login", headers={"X-Request-ID": 'a"} b'}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", odd)


def test_events_are_lines_of_json_with_request_and_batch(archive: Archive) -> None:
    written = StringIO()
    try:
        with redirect_stderr(written):
            set_up_logs("json")
            with serving(archive, create_app(archive)) as web:
                web.get("/batches/b1", headers={"X-Request-ID": "r1"})
    finally:
        structlog.reset_defaults()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(one["event"], one["request_id"], one["batch"], one["route"]) for one in lines] == [
        ("answered", "r1", "b1", "/batches/{batch_id}")
    ]
