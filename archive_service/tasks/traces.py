"""Traces for OpenTelemetry: a span for each request and for each job that did something, sent to a collector (OTLP).

A span holds names, numbers and ids; never what people asked for, wrote or read. Nothing is loaded or sent where no
collector is set, and a collector that is away costs nobody anything: spans are sent in the background, and dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import time_ns
from typing import TYPE_CHECKING, Protocol

from archive_service.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Tracer

SEND_SECONDS = 5
"""How long one parcel of spans may take, and how long the end of a process may wait for the last."""


class Note(Protocol):
    """Says what a span was, once that is known."""

    def __call__(self, name: str, failed: bool, **facts: str | int) -> None:
        """`name` of the span, whether it ended badly, and facts without contents."""


@contextmanager
def request_span(settings: Settings, parent: str) -> Iterator[Note]:
    """The span of one request; `parent` is the `traceparent` (W3C Trace Context) that came with it, or nothing."""
    if settings.traces_url is None:
        yield _nothing
        return
    from opentelemetry.trace import SpanKind, Status, StatusCode

    tracer = _tracer(settings.traces_url)
    # What an exception says may hold what somebody wrote: the log has it, a trace does not.
    with tracer.start_as_current_span(
        "request", _context(parent), SpanKind.SERVER, record_exception=False, set_status_on_exception=False
    ) as span:

        def note(name: str, failed: bool, **facts: str | int) -> None:
            span.update_name(name)
            span.set_attributes(facts)
            if failed:
                span.set_status(Status(StatusCode.ERROR))

        yield note


def job_span(settings: Settings, name: str, started: int, done: int) -> None:
    """A job is over: when it started (`time_ns`), and how many things it did. One that did nothing is not told."""
    if settings.traces_url is None or not done:
        return
    span = _tracer(settings.traces_url).start_span(name, start_time=started, attributes={"done": done})
    span.end(time_ns())


def _nothing(name: str, failed: bool, **facts: str | int) -> None:
    """Nobody wants to know."""


def _context(parent: str) -> Context | None:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": parent}) if parent else None


@lru_cache(maxsize=1)
def _tracer(url: str) -> Tracer:
    # Takes a while to load, and few want it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "village-archive"}))
    exporter = OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces", timeout=SEND_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer("village-archive")
