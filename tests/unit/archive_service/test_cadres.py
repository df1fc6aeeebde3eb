"""The registers: what follows from a line, refusals, files by row and column; kept in the store and rebuilt from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from archive_service.actions.cadres import NewMatter, NewPost, add_matter, add_post, end_post, registers, take_back
from archive_service.actions.cadres_import import import_register, template
from archive_service.actions.calendars import import_calendar
from archive_service.actions.completeness import village_years
from archive_service.actions.completeness_statements import Absence, state_absence, take_back_statement
from archive_service.actions.villages import add_village
from archive_service.cli.main import app
from archive_service.exchange.calendar_files import county_calendar, county_document
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.settings import Settings
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.rebuilding import rebuild_database
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.calendar.settling import State
from classification.errors import RuleError
from storage.database.cadres import CadrePost, VillageMatter
from storage.database.calendars import CalendarVersion
from storage.database.governance import Statement
from storage.database.organisations import Village
from storage.errors import Conflict, Missing

NOW = datetime(2027, 3, 20, 4, 0, tzinfo=UTC)
TODAY = date(2027, 3, 20)
CALENDAR = county_calendar()
D = date.fromisoformat


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """One village."""
    made = build(settings, lambda: NOW)
    set_up(made)
    with made.sessions.begin() as session:
        add_village(session, OPERATOR, NOW, "石门槛村", "V012", "望溪镇")
    yield made
    made.sessions.engine.dispose()


def home(session: Session) -> str:
    return session.scalars(select(Village.id)).one()


def asked_of(session: Session, record: str) -> list[tuple[str, str]]:
    (shown,) = village_years(session, OPERATOR, CALENDAR, 2026, TODAY, home(session))
    return [(one.of, one.period.name) for one in shown.lines if one.record == record]


def test_a_cadre_who_joined_in_june_owes_from_june(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        village = home(session)
        add_post(session, OPERATOR, NewPost(village, "高远", "村文书", D("2024-03-01")), NOW)
        joined = add_post(session, OPERATOR, NewPost(village, "林禾", "村民委员会委员", D("2026-06-01")), NOW)
        # Commitments are made in January and February; the yearly report is for who is in post at the end of the year.
        assert asked_of(session, "commitment") == [("高远", "全年")]
        assert asked_of(session, "eval_self_report") == [("高远", "全年"), ("林禾", "全年")]
        end_post(session, OPERATOR, joined.id, D("2026-11-30"), NOW)
        assert asked_of(session, "eval_self_report") == [("高远", "全年")]


def test_a_matter_asks_for_its_records_and_a_line_taken_back_for_none(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        village = home(session)
        wish = NewMatter(village, "committee_elected", D("2026-03-15"), "换届")
        made = add_matter(session, OPERATOR, CALENDAR, wish, NOW)
        assert asked_of(session, "vm_handover") == [("换届", "3月15日")]
        assert asked_of(session, "vm_ballots") == [("2026年换届", "3月15日")]
        with pytest.raises(Conflict):
            add_matter(session, OPERATOR, CALENDAR, wish, NOW)
        with pytest.raises(RuleError):
            take_back(session, OPERATOR, "matters", made.id, " ", NOW)
        take_back(session, OPERATOR, "matters", made.id, "记错了", NOW)
        assert asked_of(session, "vm_handover") == []
        assert registers(session, OPERATOR, village).matters[0].withdraw_reason == "记错了"
        with pytest.raises(Conflict):
            take_back(session, OPERATOR, "matters", made.id, "再撤", NOW)


def test_nothing_of_an_event_in_a_year_is_stated_and_taken_back(archive: Archive) -> None:
    absence = ("reception_register", D("2026-01-01"), D("2026-12-31"), "没有来访", "高远")
    with archive.sessions.begin() as session:
        made = state_absence(session, OPERATOR, CALENDAR, Absence(home(session), *absence), NOW, TODAY)
        (shown,) = village_years(session, OPERATOR, CALENDAR, 2026, TODAY, home(session))
        states = [one.state for one in shown.lines if one.record == "reception_register"]
        assert states == [State.DID_NOT_OCCUR]
        take_back_statement(session, OPERATOR, made.id, "有一次来访", NOW)
        assert asked_of(session, "reception_register") == []
        state_absence(session, OPERATOR, CALENDAR, Absence(home(session), *absence), NOW, TODAY)


def test_what_makes_no_sense_is_refused(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        village = home(session)
        add_post(session, OPERATOR, NewPost(village, "高远", "村文书", D("2024-03-01")), NOW)
        with pytest.raises(Conflict):
            add_post(session, OPERATOR, NewPost(village, "高远", "村文书", D("2025-03-01"), D("2025-04-01")), NOW)
        with pytest.raises(RuleError):
            add_post(session, OPERATOR, NewPost(village, "林禾", "村文书", D("2026-03-02"), D("2026-03-01")), NOW)
        with pytest.raises(RuleError):
            add_matter(session, OPERATOR, CALENDAR, NewMatter(village, "nothing", TODAY, "修渠"), NOW)
        other = Actor("c", "clerk", "文书", Role.CLERK, "another")
        with pytest.raises(Forbidden):
            add_post(session, other, NewPost(village, "林禾", "村文书", TODAY), NOW)
        with pytest.raises(Missing):
            take_back(session, other, "posts", session.scalars(select(CadrePost.id)).one(), "记错了", NOW)


def test_a_workbook_is_taken_whole_or_not_at_all(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    template("posts", CALENDAR, path)
    book = load_workbook(path)
    rows = [
        ["", "高远", "村文书", "2024年3月1日"], ["没有的村", "林禾", "委员", "2026-06-01"], ["", "石磊", "", "六月"],
    ]  # fmt: skip
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    with archive.sessions.begin() as session, pytest.raises(ListInvalid) as refused:
        import_register(session, OPERATOR, CALENDAR, "posts", path, home(session), NOW)
    assert [(one.place, one.column) for one in refused.value.problems] == [("第 3 行", "村"), ("第 4 行", "任职日期")]
    book.worksheets[0].delete_rows(3, 2)
    book.save(path)
    done = CliRunner().invoke(
        app, ["cadres", "import", str(path), "--village", "V012", "--data", str(archive.settings.data)]
    )
    assert done.exit_code == 0, done.output
    with archive.sessions.read() as session:
        assert [(one.person, one.since) for one in session.scalars(select(CadrePost))] == [("高远", D("2024-03-01"))]


def test_all_of_it_is_in_the_store_and_comes_back(archive: Archive, tmp_path: Path) -> None:
    with archive.sessions.begin() as session:
        village = home(session)
        import_calendar(session, OPERATOR, county_document(), NOW)
        add_post(session, OPERATOR, NewPost(village, "高远", "村文书", D("2024-03-01")), NOW)
        made = add_matter(
            session, OPERATOR, CALENDAR, NewMatter(village, "matter_opened", D("2026-05-01"), "修渠"), NOW
        )
        take_back(session, OPERATOR, "matters", made.id, "记错了", NOW)
        absence = Absence(village, "disc_village", D("2026-04-01"), D("2026-06-30"), "道路中断", "高远")
        state_absence(session, OPERATOR, CALENDAR, absence, NOW, TODAY)
    assert (keep_documents(archive), keep_documents(archive)) == (5, 0)  # the village is one of them
    with archive.sessions.begin() as session:
        end_post(session, OPERATOR, session.scalars(select(CadrePost.id)).one(), D("2027-01-31"), NOW)
    assert keep_documents(archive) == 1
    again = build(Settings(data=archive.settings.data, database_url=f"sqlite:///{tmp_path}/again.db"), lambda: NOW)
    assert rebuild_database(again).faults == []
    with again.sessions.read() as session:
        assert session.scalars(select(CalendarVersion.version)).all() == ["2026.1"]
        assert session.scalars(select(CadrePost.until)).one() == D("2027-01-31")
        assert session.scalars(select(VillageMatter.withdraw_reason)).one() == "记错了"
        assert session.scalars(select(Statement.reason)).one() == "道路中断"
    again.sessions.engine.dispose()
