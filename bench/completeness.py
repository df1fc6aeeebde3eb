"""Completeness of a county: 300 villages × 10 years × 58 records, first computed, then remembered, one village changed.

Prints each figure beside its target. The papers are made by the calendar itself: of each village and year 58 kinds, one
in eight left out, one in ten late; titles as villages write them. Nothing here is a test: `tests/` compares what is
remembered with what is computed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from archive_service.actions.completeness import village_years
from archive_service.actions.completeness_county import County, county, remember
from archive_service.exchange.calendar_files import county_calendar
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.calendar.model import Calendar
from classification.calendar.recognition import Paper, Recogniser
from storage.database import journal
from storage.database.journal import JournalEntry
from storage.database.organisations import Village
from storage.database.records import Record, RecordState

NOW = datetime(2035, 12, 1, 4, 0, tzinfo=UTC)
TODAY = date(2035, 12, 1)
FIRST_YEAR = 2026
LEFT_OUT, LATE = 8, 10


def rows(calendar: Calendar, villages: int, years: int) -> Iterator[dict[str, Any]]:
    """One record of each kind, village and year."""
    for home in range(villages):
        for year in range(FIRST_YEAR, FIRST_YEAR + years):
            for number, kind in enumerate(calendar.records):
                if (home + year + number) % LEFT_OUT == 0:
                    continue
                month = number % 12 + 1
                late = timedelta(days=200 if (home * 7 + number) % LATE == 0 else 5)
                made = date(year, month, 20) + late
                yield {
                    "id": f"{home:06x}{year:04x}{number:022x}", "village_id": f"{home:032x}",
                    "state": RecordState.ACCEPTED, "title": f"{year}年{month}月{kind.name.split('（')[0]}",
                    "series_id": kind.series[0], "year": year, "earliest": made, "latest": made,
                    "access": "internal", "created_at": NOW, "changed_at": NOW,
                }  # fmt: skip


def fill(archive: Archive, calendar: Calendar, villages: int, years: int) -> int:
    """Put the county into the database; returns how many records."""
    with archive.sessions.begin() as session:
        session.execute(
            insert(Village),
            [
                {
                    "id": f"{n:032x}",
                    "name": f"第{n}村",
                    "fonds": f"V{n:04}",
                    "township": f"第{n // 20}镇",
                    "aliases": [],
                }
                for n in range(villages)
            ],
        )
    made = list(rows(calendar, villages, years))
    for start in range(0, len(made), 5000):
        some = made[start : start + 5000]
        acts = [
            {
                "id": one["id"], "at": NOW, "actor": "system", "act": "record_proposed", "object_type": "record",
                "object_id": one["id"], "village_id": one["village_id"], "details": {}, "hash": "0" * 64,
            }
            for one in some
        ]  # fmt: skip
        with archive.sessions.begin() as session:
            session.execute(insert(Record), some)
            session.execute(insert(JournalEntry), acts)
    return len(made)


def timed(what: str, most: float, act: Callable[[], Any]) -> Any:
    """Do it, print how long it took beside what is asked, in milliseconds."""
    start = time.perf_counter()
    found = act()
    took = (time.perf_counter() - start) * 1000
    print(f"{what:<44} {took:>10.1f} ms   asked ≤ {most:>8.1f} ms   {took / most:.0%}")
    return found


def whole(archive: Archive, calendar: Calendar, years: range) -> County:
    """The county as its page asks for it, and what was computed remembered."""
    with archive.sessions.begin() as session:
        found = county(session, OPERATOR, calendar, years, TODAY)
        remember(session, found)
    return found


def change(archive: Archive) -> None:
    """One village gets another paper."""
    with archive.sessions.begin() as session:
        home = f"{7:032x}"
        session.add(
            Record(
                id="f" * 32, village_id=home, state=RecordState.ACCEPTED, title="2030年3月值班表", series_id="WS-GB-01",
                year=2030, created_at=NOW, changed_at=NOW,
            )
        )  # fmt: skip
        journal.write(session, NOW, "system", "record_proposed", "record", "f" * 32, home, {})


def recognition(calendar: Calendar, number: int = 2000) -> None:
    """How long one document takes to be recognised."""
    recogniser = Recogniser(calendar)
    made = [
        Paper(one["id"], one["title"], "会议时间 地点 主持人 记录人 出席人员" * 6, one["series_id"], one["year"])
        for one, _ in zip(rows(calendar, 40, 1), range(number), strict=False)
    ]
    start = time.perf_counter()
    for paper in made:
        recogniser.recognise(paper)
    each = (time.perf_counter() - start) * 1000 / len(made)
    print(f"{'recognition of one document':<44} {each:>10.3f} ms   asked ≤ {2.0:>8.1f} ms   {each / 2:.0%}")


def main() -> None:
    """Make the county, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, default=300)
    parser.add_argument("--years", type=int, default=10)
    asked = parser.parse_args()
    calendar, years = county_calendar(), range(FIRST_YEAR, FIRST_YEAR + asked.years)
    with tempfile.TemporaryDirectory(prefix="village-archive-") as folder:
        archive = build(Settings(data=Path(folder)), lambda: NOW)
        set_up(archive)
        print(f"{fill(archive, calendar, asked.villages, asked.years)} records, {len(calendar.records)} kinds")
        timed("county, first", 60_000, lambda: whole(archive, calendar, years))
        timed("county, again", 1000, lambda: whole(archive, calendar, years))
        change(archive)
        timed("county, one village changed: all", 1100, lambda: whole(archive, calendar, years))
        with archive.sessions.read() as session:
            home = f"{7:032x}"
            years_of = lambda: village_years(session, OPERATOR, calendar, 2030, TODAY, home)  # noqa: E731  said once
            timed("one village page, first", 100, years_of)
            timed("one village page, again", 100, years_of)
    recognition(calendar)


if __name__ == "__main__":
    main()
