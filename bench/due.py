"""The due list over so many records: the first page, a page far behind, standings, forecast; openings; what waits.

One in 200 is held, one in 1,000 lent. As the operator, who sees everything, and as the archivist of one township.

.venv/bin/python -m bench.due [records]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert

from archive_service.actions import due, opening_lists
from archive_service.actions.due import STOPPED, Asked
from archive_service.actions.holdings import MANY
from archive_service.actions.notices import notices
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.permissions import Held as HeldRole
from archive_service.settings import Settings
from archive_service.wiring import Archive, build
from classification.disposal import Standing
from storage.database.holds import HeldRecord, Hold
from storage.database.organisations import Village
from storage.database.physical import Loan
from storage.database.records import Record

AT = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
VILLAGES, TOWNSHIP = 300, 15
A_TIME = 20_000
TURNS = 5
PERIODS: tuple[tuple[Any, int | None], ...] = ((10, 10), (30, 30), ("permanent", None), (None, None))
Row = dict[str, Any]


def rows(number: int) -> Iterator[list[Row]]:
    """Records of 1980 to 2025, a quarter of each period; those of 10 and 30 years have their days."""
    for start in range(0, number, A_TIME):
        yield [_row(one) for one in range(start, min(start + A_TIME, number))]


def _row(one: int) -> Row:
    year, (stored, years) = 1980 + one % 46, PERIODS[one % 4]
    return {
        "id": f"{one:032x}", "village_id": f"v{one % VILLAGES:03}", "state": "archived", "title": "会议记录",
        "code": f"C{one}", "class_id": f"WS-{one % 9}", "series_id": "WS-CW-02", "retention": stored, "year": year,
        "starts_on": date(year + 1, 1, 1) if years else None, "due_on": date(year + years, 12, 31) if years else None,
        "access": ("public", "village", "internal", "personal")[one % 4 if one % 10 else 3],
        "created_at": AT, "changed_at": AT,
    }  # fmt: skip


def filled(archive: Archive, number: int) -> None:
    """Records with their holds and loans."""
    homes = [
        {"id": f"v{n:03}", "name": f"村{n}", "fonds": f"V{n:03}", "township": "", "aliases": []}
        for n in range(VILLAGES)
    ]
    with archive.sessions.begin() as session:
        session.execute(insert(Village), homes)
    for some in rows(number):
        with archive.sessions.begin() as session:
            session.execute(insert(Record), some)
    lent = {"borrower": "顾采薇", "lent_on": TODAY, "due_on": TODAY}
    with archive.sessions.begin() as session:
        hold = Hold(kind="records", ground="case", reason="法院要用", placed_by="operator", placed_at=AT)
        session.add(hold)
        session.flush()
        session.execute(
            insert(HeldRecord), [{"hold_id": hold.id, "record_id": f"{n:032x}"} for n in range(0, number, 200)]
        )
        session.execute(
            insert(Loan),
            [{"id": f"l{n:031x}", "record_id": f"{n:032x}", **lent, "lent_by": "wang"} for n in range(0, number, 1000)],
        )


def timed(what: str, ask: Callable[[], object]) -> None:
    """The median and the worst of several turns, the first left out."""
    ask()
    taken = []
    for _ in range(TURNS):
        start = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - start)
    print(f"  {what:28s} median {median(taken) * 1000:6.0f} ms, worst {max(taken) * 1000:6.0f} ms")


def main() -> None:
    """One line a question."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        archive = build(Settings(data=Path(folder)), lambda: AT)
        archive.prepare()
        filled(archive, number)
        township = frozenset(f"v{n:03}" for n in range(TOWNSHIP))
        keeper = Actor("k", "k", "乡镇", Role.TOWNSHIP_ARCHIVIST, held=(HeldRole(Role.TOWNSHIP_ARCHIVIST, township),))
        for name, actor in (("operator", OPERATOR), ("archivist of a township", keeper)):
            print(name)
            ask_all(archive, actor)


def ask_all(archive: Archive, actor: Actor) -> None:
    """Every question of the due page and the pages beside it."""
    with archive.sessions.read() as session:
        behind = f"2019-12-31.{0:032x}"
        questions: dict[str, Callable[[], object]] = {
            "due list, first page": lambda: due.due_list(session, actor, Asked(), TODAY),
            "due list, a page far behind": lambda: due.due_list(session, actor, Asked(after=behind), TODAY),
            "stopped": lambda: due.due_list(session, actor, Asked(STOPPED), TODAY),
            "permanent": lambda: due.due_list(session, actor, Asked(Standing.PERMANENT), TODAY),
            "standings": lambda: due.standings(session, actor, TODAY),
            "forecast of ten years": lambda: due.forecast(session, actor, TODAY, 10),
            "opening review, first page": lambda: opening_lists.listed(
                session, actor, opening_lists.Asked(known=MANY + 1), TODAY, 25
            ),
            "opening review, numbers": lambda: opening_lists.numbers(session, actor, TODAY, 25, None, MANY),
            "what waits": lambda: notices(session, actor, AT, TODAY),
        }
        for what, ask in questions.items():
            timed(what, ask)


if __name__ == "__main__":
    main()
