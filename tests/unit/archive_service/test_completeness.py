"""Completeness over a real database: what a village should have, what the asker sees of it, and what is stated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import event
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from archive_service.actions.completeness import VillageYear, village_years
from archive_service.actions.completeness_statements import Absence, state_absence
from archive_service.actions.villages import add_village
from archive_service.cli.main import app
from archive_service.exchange.calendar_files import county_calendar
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.calendar.model import CalendarInvalid
from classification.calendar.settling import Line, State
from classification.errors import RuleError
from storage.database import journal
from storage.database.records import File, PageText, Record, RecordState
from storage.errors import Conflict

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 10, 20)
CALENDAR = county_calendar()


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """Two villages; the first has some papers of 2026."""
    made = build(settings, lambda: NOW)
    set_up(made)
    with made.sessions.begin() as session:
        for name, fonds in (("石门槛村", "V012"), ("枫树坪村", "V013")):
            add_village(session, OPERATOR, NOW, name, fonds, "望溪镇")
        home = village_id(session)
        put(session, home, 1, "2026年第一季度村务公开", "WS-GK-02", date(2026, 4, 10))
        put(session, home, 2, "2026年第二季度村务公开", "WS-GK-02", date(2026, 7, 16))
        put(session, home, 3, "扫描件0003", None, None, text="上半年谈心谈话记录\n时间：2026年6月")
        put(session, home, 4, "2026年财务公开", "WS-GK-03", None)
        put(session, home, 5, "2026年上半年党务公开", "WS-GK-01", None, access="party")
        put(session, home, 6, "2026年归档文件目录", "WS-DA-01", None, state=RecordState.WITHDRAWN)
    yield made
    made.sessions.engine.dispose()


def village_id(session: Session, name: str = "石门槛村") -> str:
    return next(one.village.id for one in years(session) if one.village.name == name)


def years(session: Session, actor: Actor = OPERATOR, village: str | None = None) -> list[VillageYear]:
    return village_years(session, actor, CALENDAR, 2026, TODAY, village)


def put(
    session: Session, home: str, number: int, title: str, series: str | None, made: date | None, text: str = "",
    access: str = "internal", state: RecordState = RecordState.PROPOSED,
) -> None:  # fmt: skip
    id_ = f"{number:032x}"
    session.add(
        Record(
            id=id_, village_id=home, state=state, title=title, series_id=series, year=2026, earliest=made, latest=made,
            access=access, created_at=NOW, changed_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    if text:
        session.add(
            File(
                id=id_, record_id=id_, village_id=home, name="a.txt", path="a.txt", size=1, sha256="0" * 64,
                sha512="0" * 128, storage_key=id_, received_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        session.add(PageText(file_id=id_, number=1, text=text))


def line(shown: VillageYear, record: str, period: str) -> Line:
    return next(one for one in shown.lines if (one.record, one.period.name) == (record, period))


def clerk(home: str) -> Actor:
    return Actor("c", "clerk", "文书", Role.CLERK, home)


def test_each_period_is_there_late_not_seen_or_not_due(archive: Archive) -> None:
    with archive.sessions.read() as session:
        shown = years(session, village=village_id(session))[0]
    quarters = [line(shown, "disc_village", f"第{n}季度") for n in "一二三四"]
    # Due fifteen days after the quarter: 15 April, 15 July, 15 October, 15 January.
    assert [one.state for one in quarters] == ["there", "late", "missing", "not_yet"]
    assert [one.settled_by for one in quarters[:2]] == [(f"{1:032x}",), (f"{2:032x}",)]
    assert quarters[1].reason == "形成于 2026-07-16，期限是 2026-07-15"


def test_a_scan_is_known_by_its_first_words(archive: Archive) -> None:
    with archive.sessions.read() as session:
        shown = years(session, village=village_id(session))[0]
    assert line(shown, "conversation_half", "上半年").settled_by == (f"{3:032x}",)


def test_a_paper_that_fits_no_period_is_listed_for_a_person(archive: Archive) -> None:
    with archive.sessions.read() as session:
        shown = years(session, village=village_id(session))[0]
    assert [one.paper.title for one in shown.unplaced] == ["2026年财务公开"]
    assert line(shown, "disc_finance", "3月").state is State.MISSING


def test_what_is_withdrawn_is_not_there(archive: Archive) -> None:
    with archive.sessions.read() as session:
        shown = years(session, village=village_id(session))[0]
    assert line(shown, "arch_catalogue", "全年").settled_by == ()


def test_a_clerk_sees_the_own_village_only_and_hidden_papers_are_not_called_missing(archive: Archive) -> None:
    with archive.sessions.read() as session:
        home, other = village_id(session), village_id(session, "枫树坪村")
        (shown,) = years(session, clerk(home))
        hidden = [one for one in shown.lines if "5".zfill(32) in one.settled_by]
        assert (shown.village.name, hidden) == ("石门槛村", [])
        # Minutes of the Party branch open by name only.
        assert line(shown, "branch_minutes", "全年").state is State.NOT_CHECKED
        with pytest.raises(Forbidden):
            years(session, clerk(home), other)
        with pytest.raises(Forbidden):
            years(session, Actor("v", "villager", "村民", Role.VILLAGER, home))


def absence(home: str, last: str = "2026-09-30", reason: str = "停电", name: str = "高远") -> Absence:
    return Absence(home, "disc_village", date(2026, 7, 1), date.fromisoformat(last), reason, name)


def test_a_statement_settles_the_period_and_is_in_the_journal(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        home = village_id(session)
        made = state_absence(session, clerk(home), CALENDAR, absence(home), NOW, TODAY)
        session.flush()
        shown = line(years(session, village=home)[0], "disc_village", "第三季度")
        assert (shown.state, shown.reason) == (State.DID_NOT_OCCUR, "高远 2026-10-20 说明：停电")
        (entry,) = journal.history(session, made.id)
        assert (entry.act, entry.actor, entry.details["reason"]) == ("absence_stated", "clerk", "停电")
        with pytest.raises(Conflict):
            state_absence(session, OPERATOR, CALENDAR, absence(home), NOW, TODAY)


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"name": ""}, {"last": "2026-10-31"}],
    ids=["no reason", "no name", "no such period"],
)
def test_a_statement_without_its_parts_is_refused(archive: Archive, wrong: dict[str, str]) -> None:
    with archive.sessions.begin() as session:
        home = village_id(session)
        with pytest.raises(RuleError):
            state_absence(session, OPERATOR, CALENDAR, absence(home, **wrong), NOW, TODAY)


def test_a_period_that_is_not_over_cannot_be_explained_yet(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        home = village_id(session)
        early = Absence(home, "disc_village", date(2026, 10, 1), date(2026, 12, 31), "停电", "高远")
        with pytest.raises(RuleError, match="还没有过完"):
            state_absence(session, OPERATOR, CALENDAR, early, NOW, TODAY)
        other = village_id(session, "枫树坪村")
        with pytest.raises(Forbidden):
            state_absence(session, clerk(home), CALENDAR, absence(other), NOW, TODAY)


def test_the_number_of_queries_does_not_depend_on_the_number_of_villages_or_papers(archive: Archive) -> None:
    assert asked(archive) == 10
    with archive.sessions.begin() as session:
        for number in range(20):
            home = add_village(session, OPERATOR, NOW, f"第{number}村", f"W{number:03}", "望溪镇").id
            put(session, home, 100 + number, "2026年3月值班表", "WS-GB-01", None)
    assert asked(archive) == 10


def asked(archive: Archive) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(archive.sessions.engine, "before_cursor_execute", note)
    try:
        with archive.sessions.read() as session:
            years(session)
    finally:
        event.remove(archive.sessions.engine, "before_cursor_execute", note)
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)


def test_the_command_answers_in_json_with_what_settles_each(archive: Archive) -> None:
    data = str(archive.settings.data)
    done = CliRunner().invoke(app, ["completeness", "--village", "V012", "--year", "2026", "--data", data, "--json"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    (first,) = [row for row in rows if (row["record"], row["period"]) == ("disc_village", "第一季度")]
    wanted = {"village": "石门槛村", "year": 2026, "state": "there", "records": [f"{1:032x}"], "due": "2026-04-15"}
    assert {name: first[name] for name in wanted} == wanted
    assert {"reason", "system", "from", "to"} <= first.keys()


def test_the_command_shows_tables_and_writes_a_workbook(archive: Archive, tmp_path: Path) -> None:
    data = ["--year", "2026", "--data", str(archive.settings.data)]
    county = CliRunner().invoke(app, ["completeness", *data])
    assert county.exit_code == 0
    assert "枫树坪村" in county.output
    target = tmp_path / "齐全.xlsx"
    written = CliRunner().invoke(app, ["completeness", "-v", "石门槛村", "-o", str(target), *data])
    assert written.exit_code == 0, written.output
    rows = list(load_workbook(target)["齐全情况"].iter_rows(values_only=True))
    assert rows[0][:4] == ("村", "年度", "制度", "记录")
    assert ("石门槛村", "第二季度", "已有，晚于期限") in [(row[0], row[5], row[9]) for row in rows]


def test_a_calendar_of_the_county_is_read_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "本县.yaml"
    file.write_text("document: {id: x}\n", encoding="utf-8")
    with pytest.raises(CalendarInvalid, match="没有采用"):
        county_calendar(file)
    file.write_text("a: [", encoding="utf-8")
    with pytest.raises(CalendarInvalid):
        county_calendar(file)
    with pytest.raises(CalendarInvalid):
        county_calendar(tmp_path / "没有.yaml")
