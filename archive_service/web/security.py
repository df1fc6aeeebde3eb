"""What guards every answer: headers, names of cookies, refusals at the door. Who may do what is asked elsewhere."""

from __future__ import annotations

import hmac

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "session"
LANGUAGE_COOKIE = "lang"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set where the answer does not say otherwise. What is shown here belongs on no shared machine's disk."""


class NotLoggedIn(Exception):
    """Nobody is logged in, or the session has run out."""


class PasswordIsFirst(Exception):
    """The first password has to be changed before anything else."""


class ForeignForm(Exception):
    """The request does not carry the secret of the session it came with: another site may have sent it."""


class TooMuch(Exception):
    """What was sent is larger than this installation takes; the message says how large that is."""


def same_secret(given: str | None, wanted: str) -> bool:
    """Compare in a time that tells nothing."""
    return given is not None and hmac.compare_digest(given.encode(), wanted.encode())


class SecurityHeaders:
    """Adds the headers to every answer. Plain ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the head of the answer."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, complete if scope["type"] == "http" else send)
