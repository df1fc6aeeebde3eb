"""Who holds a lease or a turn: a name by which another process of the same machine can see whether they still live."""

from __future__ import annotations

import os
from pathlib import Path
from socket import gethostname


def owner_name(kind: str) -> str:
    """Machine, process and what it is doing. The start of the process tells it from a later one of the same number."""
    return f"{_machine()}:{os.getpid()}-{_started(os.getpid())}:{kind}"


def is_dead(owner: str) -> bool:
    """Whether the process was one of this machine and is no more. Of other machines nothing is known."""
    machine, _, rest = owner.partition(":")
    number, _, started = rest.partition(":")[0].partition("-")
    if machine != _machine() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return started != _started(int(number))


def _machine() -> str:
    return gethostname()[:20]


def _started(process: int) -> str:
    """Ticks since the machine started; empty where the system does not say."""
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    # The name, in brackets, may hold anything; the start is the twentieth word after it.
    return said.rpartition(")")[2].split()[19]
