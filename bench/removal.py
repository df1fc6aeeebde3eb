"""Removal with proof of so many records on the embedded stores: seconds, records a second, memory.

`.venv/bin/python -m bench.removal [records]`. Each record has a file, its text, a picture, a person and a place in the index, as after
handing in, reading and archiving. All are approved on one register and counted by two witnesses before the clock runs.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from archive_service.settings import Settings
from archive_service.wiring import build
from bench.servers import load
from tests.conftest import NOON
from tests.unit.archive_service.removal_village import begun, carry_out, is_gone, make_stocked


def peak() -> int:
    """The most memory this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """One line for the whole, one for what is left."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        archive = build(Settings(data=Path(folder), password_memory_kib=8), lambda: NOON)
        place = make_stocked(archive, number)
        register = begun(place, *range(1, number + 1))
        before, clock, start = peak(), time.perf_counter(), time.process_time()
        done = carry_out(place, register)
        waited, spent = time.perf_counter() - clock, time.process_time() - start
        print(
            f"{done.proved} of {number} removed and proved in {waited:.1f} s ({number / waited:.0f} a second, "
            f"{spent:.1f} s of processor time), memory grew {peak() - before} MB"
        )
        asked = range(1, number + 1, max(1, number // 50))
        gone = sum(is_gone(archive, one) for one in asked)
        print(f"looked up again without the code that removes: {gone} of {len(asked)} gone")
        archive.sessions.engine.dispose()
    print(load())


if __name__ == "__main__":
    main()
