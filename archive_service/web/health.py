"""What machines ask: is the process alive, can it work, and how much of what it does. No address, name or password."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from archive_service.tasks.health import NEEDED, Readiness
from archive_service.web.context import ArchiveDep

router = APIRouter(include_in_schema=False)

LOOPBACK = ("127.0.0.1", "::1")


@router.get("/health/live")
def live() -> PlainTextResponse:
    """Whether this process answers at all; nothing else is asked."""
    return PlainTextResponse("ok")


@router.get("/health/ready")
def ready(request: Request) -> JSONResponse:
    """Whether it can work: 503 without database or objects; without index or queue it says what is away."""
    readiness: Readiness = request.app.state.readiness
    answers = readiness.look()
    good = all(one.good for one in answers if one.name in NEEDED)
    said = {
        one.name: {"ready": one.good, "milliseconds": one.milliseconds, **({"says": one.says} if one.says else {})}
        for one in answers
    }
    state = "ready" if all(one.good for one in answers) else "degraded" if good else "not ready"
    return JSONResponse({"state": state, "dependencies": said}, 200 if good else 503)


@router.get("/metrics")
def metrics(request: Request, archive: ArchiveDep) -> Response:
    """Figures for Prometheus; for this machine only, unless the setting METRICS says otherwise."""
    if not _may_see(request, archive.settings.metrics):
        raise HTTPException(404)
    return Response(generate_latest(request.app.state.observed.registry), media_type=CONTENT_TYPE_LATEST)


def _may_see(request: Request, who: str) -> bool:
    if who != "loopback":
        return who == "all"
    # Through a proxy on this machine everybody comes from this machine.
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return request.client is not None and request.client.host in LOOPBACK and not forwarded
