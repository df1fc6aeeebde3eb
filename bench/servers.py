"""The servers that `make services` started, for the scripts that need them, and how busy the machine was."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from sqlalchemy import create_engine, text

SERVICES = Path(__file__).resolve().parent.parent / "tools" / "services.sh"


def address(name: str) -> str:
    """The URL of a server by the name of its pytest option.

    Raises:
        SystemExit: it does not answer.
    """
    words = subprocess.run([SERVICES, "options"], capture_output=True, text=True, check=True).stdout.split()
    found = dict(zip(words[::2], words[1::2], strict=True))
    if f"--{name}" not in found:
        raise SystemExit(f"{name} does not answer; start it with `make services`")
    return found[f"--{name}"]


def bucket() -> str:
    """A bucket of our own on the S3 server."""
    return f"{address('s3')}/bench-{secrets.token_hex(6)}"


@contextmanager
def database() -> Iterator[str]:
    """An empty PostgreSQL database, dropped at the end."""
    server, name = address("postgresql"), f"bench_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def load() -> str:
    """What else the machine did: figures of a busy one say little."""
    one, five, _ = psutil.getloadavg()
    return f"load {one:.1f} (1 min), {five:.1f} (5 min) on {psutil.cpu_count()} cores"
