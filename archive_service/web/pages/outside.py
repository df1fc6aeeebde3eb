"""The door to the county's own log-in service: away, and back."""

from __future__ import annotations

from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from archive_service.actions.outside import account_of
from archive_service.permissions import Refused
from archive_service.web.context import ArchiveDep
from archive_service.web.pages.sign_in import door_again, let_in
from archive_service.web.rendering import local
from archive_service.wiring import Archive
from storage.errors import NotReady

router = APIRouter()
COOKIE, ONWARD = "oidc", "oidc-next"
TEN_MINUTES = 600


@router.get("/oidc")
def away(request: Request, archive: ArchiveDep, next: str = "/") -> Response:
    """Send the browser to the service."""
    # Loaded when somebody comes this way: signatures and ciphers take a while, and most counties have no such service.
    from archive_service.tasks import oidc

    try:
        there, journey = oidc.begin(archive, _back(request, archive))
    except (Refused, NotReady) as refused:
        return door_again(request, str(refused), local(next))
    response = RedirectResponse(there, status_code=303)
    for name, value in ((COOKIE, journey.packed()), (ONWARD, quote(local(next)))):
        response.set_cookie(
            name, value, max_age=TEN_MINUTES, httponly=True, samesite="lax", secure=request.url.scheme == "https"
        )
    return response


@router.get("/oidc/back")
def back(request: Request, archive: ArchiveDep, state: str = "", code: str = "") -> Response:
    """Whoever comes back with a good code is let in."""
    from archive_service.tasks import oidc

    onward = local(unquote(request.cookies.get(ONWARD, "/")))
    try:
        journey = oidc.unpacked(request.cookies.get(COOKIE, ""))
        who = oidc.finish(archive, journey, state, code, _back(request, archive))
        with archive.sessions.begin() as session:
            account = account_of(session, archive.hasher, who, archive.now())
        response = let_in(request, archive, account, onward)
    except (Refused, NotReady) as refused:
        response = door_again(request, str(refused), onward)
    for name in (COOKIE, ONWARD):
        # A way back is gone once, whether it led anywhere or not.
        response.delete_cookie(name)
    return response


def _back(request: Request, archive: Archive) -> str:
    """The address the service sends people back to: the same both times, and known to the service."""
    base = archive.settings.public_url or str(request.base_url)
    return base.rstrip("/") + "/oidc/back"
