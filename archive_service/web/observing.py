"""Every request counted, timed and logged under one id, which the answer carries; figures go by route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import monotonic
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archive_service.actions.upkeep import overview
from archive_service.settings import Settings
from archive_service.tasks.traces import request_span
from archive_service.wiring import Archive
from storage.errors import StorageError

log = structlog.get_logger("request")

REQUEST_ID = "X-Request-ID"
SOUND = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""An id from outside goes into logs and headers: nothing else is taken over."""

API = "/api/v1"
QUIET = ("/health/live", "/health/ready", "/healthz", "/metrics", "/static")


class Observed:
    """The figures of one application."""

    def __init__(self, archive: Archive) -> None:
        self.registry = CollectorRegistry()
        names = ("method", "route", "status")
        self.requests = Counter(
            "village_archive_requests", "Requests by route and status", names, registry=self.registry
        )
        self.seconds = Histogram(
            "village_archive_request_seconds", "Seconds to the end of the answer", ("route",), registry=self.registry
        )
        self.registry.register(_Holdings(archive))


class _Holdings(Collector):
    """What waits and what is held, asked of the database when Prometheus asks."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing in advance: the database need not be there when the application is made."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The numbers of `village-archive status`."""
        up = GaugeMetricFamily("village_archive_database_up", "1 when the database answered")
        try:
            with self._archive.sessions.read() as session:
                seen = overview(session)
        except (SQLAlchemyError, StorageError):
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        yield _by_state("village_archive_items", "Files handed in, by state", seen["states"])
        yield _by_state("village_archive_records", "Records, by state", seen["records"])
        for name, says in (
            ("to_read", "Files that wait to be read"),
            ("to_recognise", "Scans that wait to be recognised"),
            ("pages_to_recognise", "Pages that wait to be recognised"),
            ("index_backlog", "Changes that are not in the index yet"),
            ("unsealed", "Journal entries that are not sealed yet"),
            ("fixity_faults", "Stored files known to be missing or changed"),
        ):
            yield GaugeMetricFamily(f"village_archive_{name}", says, value=seen[name])


def _by_state(name: str, says: str, numbers: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=("state",))
    for state, number in sorted(numbers.items()):
        family.add_metric((state,), number)
    return family


class Observing:
    """The outermost layer: gives each request its id, and counts it when its answer is over."""

    def __init__(self, app: ASGIApp, observed: Observed, settings: Settings) -> None:
        self._app, self._observed, self._settings = app, observed, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if SOUND.fullmatch(given) else uuid4().hex
        status, started = 500, monotonic()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        parent = Headers(scope=scope).get("traceparent", "")
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            request_span(self._settings, parent) as span,
        ):
            try:
                await self._app(scope, receive, noted)
            finally:
                self._note(scope, status, monotonic() - started)
                span(_named(scope), status >= 500, **_facts(scope, status, request_id))

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route_of(scope)
        self._observed.requests.labels(scope["method"], route, str(status)).inc()
        self._observed.seconds.labels(route).observe(seconds)
        if route not in QUIET:
            batch = scope.get("path_params", {}).get("batch_id")
            whose = {"batch": batch} if batch else {}
            log.info("answered", method=scope["method"], route=route, status=status, ms=round(seconds * 1000), **whose)


def _named(scope: Scope) -> str:
    return f"{scope['method']} {_route_of(scope)}"


def _facts(scope: Scope, status: int, request_id: str) -> dict[str, str | int]:
    """Of a span, in the words of OpenTelemetry. Not what was asked for: that may be somebody's name."""
    asked: dict[str, str | int] = {"http.request.method": scope["method"], "http.route": _route_of(scope)}
    return {**asked, "http.response.status_code": status, "request_id": request_id}


def _route_of(scope: Scope) -> str:
    """The template of the route, so that figures do not grow with what people ask for."""
    route = scope.get("route")
    if route is not None:
        # The framework names a route as its own module does: without what all of the API begins with.
        whole = scope["path"].startswith(API) and not route.path.startswith(API)
        return f"{API}{route.path}" if whole else str(route.path)
    return "/static" if scope["path"].startswith("/static/") else "(none)"
