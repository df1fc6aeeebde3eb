"""From a due list to a register of so many records: seconds of each step, and of its PDF and workbook.

.venv/bin/python -m bench.appraisal [records]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import update

from archive_service.actions import accounts, appraisal, appraisal_opinions, appraisal_report, registers
from archive_service.actions.appraisal import BatchWish
from archive_service.actions.appraisal_opinions import OpinionWish
from archive_service.actions.printing_appraisal import register_printed
from archive_service.exchange.appraisal_files import county_rules
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.tasks.appraising import close_batch
from archive_service.tasks.printing import print_made
from archive_service.wiring import COUNTY_TIME, Archive
from bench.list_import import NOON, prepared
from bench.printing import fill
from classification.appraisal_seats import Seat
from storage.database.appraisal import Round, Verdict
from storage.database.records import Record

PEOPLE = {"keeper": Role.ARCHIVIST, "chief": Role.APPRAISAL_LEADER, "member": Role.REVIEWER}
GROUP = ((Seat.ARCHIVIST, "keeper"), (Seat.LEADER, "chief"), (Seat.MEMBER, "member"))


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took."""
    clock, start = time.perf_counter(), time.process_time()
    yield
    waited, spent = time.perf_counter() - clock, time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:44s} {waited:6.2f} s ({spent:.2f} s of processor time), peak {peak} MB")


def people(archive: Archive) -> dict[str, Actor]:
    """Three people with their roles."""
    with archive.sessions.begin() as session:
        for login, role in PEOPLE.items():
            accounts.add_account(session, OPERATOR, archive.hasher, NOON, login, login, role, password="long enough 1")
    with archive.sessions.read() as session:
        return {login: accounts.actor_named(session, login, archive.today()) for login in PEOPLE}


def run_out(archive: Archive, number: int) -> None:
    """So many records of ten years whose term is over."""
    fill(archive, number)
    over = {"retention": "10", "starts_on": date(2010, 1, 1), "due_on": date(2019, 12, 31), "version": 1}
    with archive.sessions.begin() as session:
        session.execute(update(Record).values(**over))


def main() -> None:
    """One line a step."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        archive, rules = prepared(Path(folder)), county_rules()
        run_out(archive, number)
        acting = people(archive)
        today, at = archive.today(), archive.now()
        give = partial(appraisal_opinions.give, rules=rules, at=at, today=today)
        destroy = OpinionWish(Verdict.DESTROY, "期满，无继续保存价值", rest=True)
        second = OpinionWish(Verdict.DESTROY, "同意", rest=True, round=Round.SECOND)
        with timed(f"batch of {number} from the due list"), archive.sessions.begin() as session:
            wish = BatchWish("v1", "期满鉴定", GROUP)
            batch = appraisal.open_batch(session, archive.index, acting["keeper"], wish, rules, at, today).id
        with timed("opinion on all of them"), archive.sessions.begin() as session:
            give(session, acting["member"], batch, destroy)
        with timed("second opinion on all of them"), archive.sessions.begin() as session:
            give(session, acting["chief"], batch, second)
        with timed("closed"):
            close_batch(archive, acting["chief"], batch, rules)
        with timed("report and register, rows chained"), archive.sessions.begin() as session:
            appraisal_report.save(session, acting["keeper"], batch, "鉴定工作报告", at)
            [made] = registers.submit(session, acting["keeper"], batch, rules, at, today)
            assert made.rows == number
        make = lambda session, foot: register_printed(session, acting["keeper"], made.id, rules, foot, COUNTY_TIME)  # noqa: E731  one form
        for format in ("pdf", "xlsx"):
            with timed(f"register as {format}"):
                print_made(archive, acting["keeper"], made.id, make, format, Path(folder) / f"register.{format}")


if __name__ == "__main__":
    main()
