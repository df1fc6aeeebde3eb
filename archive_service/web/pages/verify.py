"""Checking a certified copy: open to everybody, throttled, and it shows nothing but what proves the copy."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import using_copies
from archive_service.web.context import ArchiveDep, MaybeVisitorDep, address_of
from archive_service.web.rendering import answer, go
from storage.errors import Missing

router = APIRouter()
LONGEST = 40


@router.get("/verify")
def form(request: Request, visitor: MaybeVisitorDep, number: str = "") -> Response:
    """Type the number that stands on the copy."""
    typed = number.strip()[:LONGEST]
    return (
        go(f"/verify/{typed}")
        if typed.replace("-", "").isalnum()
        else answer(request, "verify.html", checked=None, number="")
    )


@router.get("/verify/{number}")
def verify(request: Request, archive: ArchiveDep, visitor: MaybeVisitorDep, number: str) -> Response:
    """Whether that copy was issued here, over which bytes, and whether it still counts."""
    request.app.state.verifying.take(address_of(request), archive.now())
    try:
        with archive.sessions.read() as session:
            checked = using_copies.checked(session, number[:LONGEST])
    except Missing:
        return answer(request, "verify.html", status=404, checked=None, number=number[:LONGEST])
    return answer(request, "verify.html", checked=checked, number=checked.number)
