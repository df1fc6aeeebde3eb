"""Asking a Tika server by the `tika` client: one question, one answer, within a time and a size.

The client's own sending waits for ever on a server that trickles, holds an answer of any size in memory, checks no
certificate and follows the environment's proxies. So the sending is replaced behind the client's call: streamed both
ways by urllib3. The client would also download and start a server; it is told not to. What answers mean is not known.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, LocationValueError, NewConnectionError, ReadTimeoutError
from urllib3.util import make_headers

from ingest.errors import ReaderAway, ReaderDied, Timeout, TooLarge

# The client writes a log file into the shared temporary folder when it is imported, and dies where it may not.
os.environ["TIKA_LOG_FILE"] = ""  # noqa: TID251  the client has no other switch, and reads it when it is imported
from tika import tika as client

client.TikaClientOnly = True

MOST_ANSWERED = 128 << 20
KNOCK_SECONDS = 5.0
"""For connecting, and for the server to say that it is there."""
BLOCK = 1 << 16


@dataclass
class Answer:
    """An answer as the client looks at it: it sets `encoding`."""

    status_code: int
    content: bytes
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.content.decode("utf-8", "replace")


def version(url: str) -> str:
    """The name and version of the server: "Apache Tika 3.3.2". Raises ReaderAway when it does not say so at once."""
    try:
        answer = ask(url, "/version", None, {"Accept": "text/plain"}, KNOCK_SECONDS)
    except (ReaderDied, Timeout, TooLarge) as error:
        raise ReaderAway from error
    if answer.status_code != 200:
        raise ReaderAway
    return answer.text.strip()[:80]


def ask(url: str, service: str, body: BinaryIO | None, headers: dict[str, str], seconds: float) -> Answer:
    """GET a service, or PUT the rest of a file to it.

    Raises:
        ReaderAway: nobody is there, or it is not the server that was meant.
        ReaderDied, Timeout, TooLarge: the answer broke off, came too late, or is too long.
    """
    parts = urlsplit(url)
    if parts.username:
        headers = headers | make_headers(basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}")
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    verb = "get" if body is None else "put"
    status, content = client.callServer(
        verb, url.rstrip("/"), service, body, headers, rawResponse=True,
        httpVerbs={verb: _sender(verb.upper())}, requestOptions={"timeout": seconds},
    )  # fmt: skip
    if status == 503 or (400 <= status < 500 and status not in {415, 422}):
        # It is going down, or it is not the server that was meant.
        raise ReaderAway
    if status >= 500:
        raise ReaderDied
    return Answer(status, content)


def _sender(verb: str) -> Callable[..., Answer]:
    def send(url: str, body: BinaryIO | None, *, headers: dict[str, str], timeout: float, verify: bool) -> Answer:
        deadline = time.monotonic() + timeout
        length = {} if body is None else {"Content-Length": str(os.fstat(body.fileno()).st_size)}
        limits = urllib3.Timeout(connect=KNOCK_SECONDS, read=timeout)
        try:
            with (
                urllib3.PoolManager(retries=False, timeout=limits) as pool,
                pool.request(verb, url, body=body, headers=headers | length, preload_content=False) as answer,
            ):
                return Answer(answer.status, _within(answer, deadline))
        except ReadTimeoutError as error:
            raise Timeout from error
        except (NewConnectionError, ConnectTimeoutError, LocationValueError) as error:
            raise ReaderAway from error
        except (HTTPError, OSError) as error:
            raise ReaderDied from error

    return send


def _within(answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The body, unless it is too long or too slow."""
    blocks, size = [], 0
    for block in answer.stream(BLOCK):
        size += len(block)
        if size > MOST_ANSWERED:
            raise TooLarge
        if time.monotonic() > deadline:
            raise Timeout
        blocks.append(block)
    return b"".join(blocks)
