"""The web application: API, pages, static files, and what guards them. It answers over HTTP and decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles

from archive_service.tasks.drawing import Painter
from archive_service.tasks.health import Readiness
from archive_service.web import api, health, pages
from archive_service.web.context import ArchiveDep
from archive_service.web.observing import Observed, Observing
from archive_service.web.problems import add_problems
from archive_service.web.security import SecurityHeaders
from archive_service.web.throttling import Throttle
from archive_service.wiring import Archive

STATIC = Path(__file__).with_name("static")
CHECKS, CHECKED_WITHIN = 30, timedelta(minutes=1)
"""How many certified copies one address may check, and in which time."""


def create_app(archive: Archive, wake: Callable[[], None] = lambda: None) -> FastAPI:
    """The application over one archive. `wake` is called when something new waits for the worker."""
    app = FastAPI(
        title="村级档案服务",
        version="1",
        summary="移交、整理、归档、查档：网页能做的，这里都能做。",
        description=api.DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        openapi_tags=api.TAGS,
        # Both pages of the framework load scripts from another host; /api/v1 has a list of its own.
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.archive, app.state.wake, app.state.painter = archive, wake, Painter()
    app.openapi = partial(api.document, app)  # type: ignore[method-assign]  # the way the framework documents
    app.state.readiness, app.state.observed = Readiness(archive), Observed(archive)
    app.state.verifying = Throttle(CHECKS, CHECKED_WITHIN)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observing, observed=app.state.observed, settings=archive.settings)
    add_problems(app)
    app.include_router(health.router)
    api.add_to(app)
    pages.add_to(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/healthz", healthz, include_in_schema=False)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.painter.close()


def healthz(archive: ArchiveDep) -> PlainTextResponse:
    """Whether this process can do its work: the database is there and fits this code."""
    archive.check()
    return PlainTextResponse("ok")
