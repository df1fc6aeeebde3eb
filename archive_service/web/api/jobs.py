"""What waits, and the operations of this API as a plain page."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from archive_service.actions.upkeep import overview, stages
from archive_service.permissions import Permission, check
from archive_service.web.api.schemas import Jobs, StageOut
from archive_service.web.context import ActorDep, ArchiveDep

router = APIRouter(tags=["jobs"])


@router.get("/jobs", summary="后台在等什么")
def jobs(archive: ArchiveDep, actor: ActorDep) -> Jobs:
    """What waits to be read, recognised, indexed and sealed, in the whole county."""
    check(actor, Permission.MAINTAIN)
    with archive.sessions.read() as session:
        seen = overview(session)
        now_doing = [
            StageOut.model_validate(stage, from_attributes=True) for stage in stages(session, seen, archive.now())
        ]
        return Jobs(**seen, stages=now_doing)


@router.get("/", include_in_schema=False)
def operations(request: Request) -> HTMLResponse:
    """Every operation with its summary; the document itself is openapi.json."""
    document = request.app.openapi()
    rows = "".join(
        f"<tr><td>{method.upper()}</td><td>{escape(path)}</td><td>{escape(operation.get('summary', ''))}</td></tr>"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    )
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><link rel="stylesheet" href="/static/archive.css">'
        f"<title>{escape(document['info']['title'])}</title><main><h1>{escape(document['info']['title'])} API</h1>"
        f'<p><a href="/api/v1/openapi.json">openapi.json</a></p><table>{rows}</table></main></html>'
    )
    return HTMLResponse(page)
