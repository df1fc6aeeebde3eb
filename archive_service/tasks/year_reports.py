"""The report of a village's year on paper or as a workbook. Who may have it is asked in the action."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from archive_service.actions.completeness_report import Report, report, to_ask
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.completeness_rows import total
from archive_service.forms.printed import year_report as printed
from archive_service.forms.printed.listing import Cell
from archive_service.forms.printed.writing import Printed, write
from archive_service.permissions import Actor
from archive_service.wiring import COUNTY_TIME, Archive
from classification.calendar.model import MARKS
from classification.calendar.settling import NAMES, State
from classification.calendar.tally import share
from storage.database import journal


def print_year_report(
    archive: Archive, actor: Actor, village_id: str, year: int, format: str, target: Path | BinaryIO
) -> str:
    """Write the report; returns its title. That it was printed is journaled.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        Missing: there is no such village.
    """
    at, today = archive.now(), archive.today()
    with archive.sessions.read() as session:
        made = report(session, actor, county_calendar(archive.settings.calendar), village_id, year, today)
        home, calendar = made.shown.village, made.shown.calendar
        title = f"{home.name}{year}年齐全情况报告"
        heading = [f"全宗号：{home.fonds}", f"依据：{calendar.title} {calendar.version}", f"截至：{today}"]
        listings = (
            printed.systems(title, heading, {state.value: NAMES[state] for state in State}, list(_systems(made))),
            printed.to_ask([
                (whom, f"{one.name}{f'（{one.of}）' if one.of else ''}", one.period.name, str(one.due or ""))
                for whom, one in to_ask(made.shown)
            ]),
            printed.statutory([
                (one.series.name, one.of_year, one.ever, MARKS[one.series.mark]) for one in made.statutory
            ]),
        )  # fmt: skip
    foot = "　".join((archive.settings.county, f"{at.astimezone(COUNTY_TIME):%Y-%m-%d} 打印", calendar.banner))
    rows = write(Printed("matters", title, listings, foot=foot), format, target, at)
    with archive.sessions.begin() as session:
        said = {"form": title, "format": format, "rows": rows}
        journal.write(session, at, actor.login, "form_printed", "form", "completeness", home.id, said)
    return title


def _systems(made: Report) -> Iterator[tuple[Sequence[Cell], bool]]:
    cells = made.shown.cells
    empty = dict.fromkeys(State, 0)
    for system in made.shown.calendar.systems:
        cell = cells.get(system.id, empty)
        yield (system.name, _percent(share(cell)), *(cell[state] for state in State)), False
    whole = total(cells.values())
    yield ("合计", _percent(share(whole)), *(whole[state] for state in State)), True


def _percent(found: int | None) -> str:
    return "–" if found is None else str(found)
