"""How operations say which problems they may answer with, and the OpenAPI document that says it to programs."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from archive_service.web.api.schemas import ProblemOut
from archive_service.web.problems import KINDS, MEDIA_TYPE, PLAIN, UNEXPECTED, Kind

Responses = dict[int | str, dict[str, Any]]
"""As the framework wants it."""


def _kind(status: int) -> Kind:
    known = (*KINDS.values(), *PLAIN.values(), UNEXPECTED)
    return next(kind for kind in known if kind.status == status)


def refusals(*statuses: int) -> Responses:
    """The problems an operation may answer with, each with an example."""
    return {status: _refusal(_kind(status)) for status in statuses}


def _refusal(kind: Kind) -> dict[str, Any]:
    example = {
        "type": f"urn:village-archive:problem:{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.says or kind.title,
        "safe": kind.safe,
        "next": kind.next,
        "instance": "/api/v1/…",
        "problems": [],
    }
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    return {"description": kind.title, "content": content}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once. Problems have one schema, ours."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            tags=app.openapi_tags,
            routes=app.routes,
        )
        schemas = made["components"]["schemas"]
        for framework in ("HTTPValidationError", "ValidationError"):
            schemas.pop(framework, None)
        schemas["Problem"] = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        made["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "POST /api/v1/session 得到的 token"},
            "cookie": {
                "type": "apiKey",
                "in": "cookie",
                "name": "session",
                "description": "网页登录；改动要带 X-CSRF-Token",
            },
        }
        made["security"] = [{"token": []}, {"cookie": []}]
        app.openapi_schema = made
    return app.openapi_schema
