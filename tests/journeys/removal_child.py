"""A removal that ends itself with signal 9, or ends a server, before one of its writes: into database, store or index.

python -m tests.journeys.removal_child SETTINGS-AS-JSON REGISTER NUMBER-OF-THE-WRITE [COMMAND …]

Without a command it ends itself; with one, which ends a server, it goes on as far as it comes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from archive_service.actions.accounts import actor_named
from archive_service.settings import Settings
from archive_service.tasks import removing
from archive_service.wiring import build
from storage.errors import StorageError
from tests.conftest import NOON


def main() -> None:
    """Remove one record; exit code 0 = there were fewer writes than that."""
    settings, register, number = Settings.model_validate_json(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    command = sys.argv[4:]
    archive = build(settings, lambda: NOON)
    left = [number]

    def one_more(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0 and command:
            subprocess.run(command, check=True, capture_output=True)
        elif left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(archive.sessions.engine, "commit", one_more)
    for place, names in ((archive.objects, ("put", "delete")), (archive.index, ("apply",))):
        for name in names:
            _before(place, name, one_more)
    with archive.sessions.read() as session:
        operator = actor_named(session, "ban", archive.today())
    try:
        removing.carry_out(archive, operator, register, 1)
    except StorageError as away:
        # What a worker does too: it says so, and tries again later.
        print(away)


def _before(place: object, name: str, act: Callable[[], None]) -> None:
    real = getattr(type(place), name)

    def with_act(*given: Any, **named: Any) -> Any:
        act()
        return real(*given, **named)

    setattr(type(place), name, with_act)


if __name__ == "__main__":
    main()
