"""The JSON API under /api/v1."""

from fastapi import APIRouter

DESCRIPTION = ""
TAGS: list[dict[str, str]] = []
router = APIRouter(prefix="/api/v1")
