"""What is remembered of a county is what would be computed, whatever was done to it meanwhile, and by whom asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from archive_service.actions.cadres import NewMatter, NewPost, add_matter, add_post, take_back
from archive_service.actions.calendars import set_values
from archive_service.actions.completeness import village_years
from archive_service.actions.completeness_county import added, county, remember
from archive_service.actions.completeness_statements import Absence, state_absence, take_back_statement
from archive_service.actions.villages import add_village
from archive_service.exchange.calendar_files import county_calendar, county_document
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.calendar.settling import State
from classification.calendar.tally import tally
from classification.errors import RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.cadres import CadrePost, VillageMatter
from storage.database.calendars import CalendarVersion
from storage.database.governance import RememberedYear, Statement
from storage.database.journal import JournalEntry
from storage.database.organisations import Village
from storage.database.records import File, OcrState, Record, RecordState
from storage.errors import Conflict

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
CALENDAR, DOCUMENT = county_calendar(), county_document()
YEARS = (2026, 2027)
NAMES = ("石门槛村", "枫树坪村")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Two villages without papers."""
    made = build(Settings(data=tmp_path_factory.mktemp("county"), ocr=False), lambda: NOW)
    set_up(made)
    with made.sessions.begin() as session:
        for number, name in enumerate(NAMES):
            add_village(session, OPERATOR, NOW, name, f"V{number}", "望溪镇")
    yield made
    made.sessions.engine.dispose()


def homes(session: Any) -> dict[str, str]:
    return {one.name: one.id for one in session.scalars(select(Village))}


def paper(session: Any, home: str, title: str, series: str) -> None:
    made = Record(
        id=new_id(), village_id=home, state=RecordState.PROPOSED, title=title, series_id=series, year=2026,
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    session.add(made)
    journal.write(session, NOW, "clerk", "record_proposed", "record", made.id, home, {})


def done(session: Any, act: str, home: str, day: date) -> None:
    """One act on a village, as its action does it; one that is refused changes nothing."""
    match act:
        case "paper":
            paper(session, home, f"2026年{day.month}月值班表", "WS-GB-01")
        case "post":
            add_post(session, OPERATOR, NewPost(home, "高远", "村文书", day), NOW)
        case "matter":
            add_matter(session, OPERATOR, CALENDAR, NewMatter(home, "matter_opened", day, "修渠"), NOW)
        case "state":
            absence = Absence(home, "disc_village", date(2026, 1, 1), date(2026, 3, 31), "停电", "高远")
            state_absence(session, OPERATOR, CALENDAR, absence, NOW, date(2026, 10, 20))
        case "unstate":
            held = session.scalars(select(Statement).where(Statement.withdrawn_at.is_(None))).first()
            if held:
                take_back_statement(session, OPERATOR, held.id, "记错了", NOW)
        case "unpost":
            line = session.scalars(select(CadrePost).where(CadrePost.withdrawn_at.is_(None))).first()
            if line:
                take_back(session, OPERATOR, "posts", line.id, "记错了", NOW)
        case "seal":
            journal.seal(session, NOW)
        case "setting":
            said = {"default_due_days": str(20 + day.day)}
            set_values(session, OPERATOR, CALENDAR, DOCUMENT, said, day, NOW)


ACTS = st.tuples(
    st.sampled_from(["paper", "post", "matter", "state", "unstate", "unpost", "setting", "seal", "nothing"]),
    st.sampled_from(NAMES),
    st.dates(date(2026, 1, 2), date(2026, 12, 31)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=1, max_size=6), today=st.dates(date(2026, 10, 20), date(2028, 3, 1)))
def test_what_is_remembered_is_what_would_be_computed(
    archive: Archive, acts: list[tuple[str, str, date]], today: date
) -> None:
    for act, name, day in acts:
        try:
            with archive.sessions.begin() as session:
                done(session, act, homes(session)[name], day)
        except (RuleError, Conflict):
            pass
        with archive.sessions.begin() as session:
            found = county(session, OPERATOR, CALENDAR, YEARS, today)
            remember(session, found)
            computed = {
                (one.village.id, one.year): tally(one.lines, one.year)
                for year in YEARS
                for one in village_years(session, OPERATOR, CALENDAR, year, today)
            }
            assert {(one.village.id, one.year): one.tallied for one in found.sums} == computed


@pytest.fixture
def clean(archive: Archive) -> Archive:
    """The same without anything that was done to it."""
    with archive.sessions.begin() as session:
        for table in (RememberedYear, File, Record, Statement, CadrePost, VillageMatter, CalendarVersion):
            session.execute(delete(table))
    return archive


def asked(archive: Archive, actor: Actor = OPERATOR, today: date = date(2026, 10, 20)) -> int:
    """How many village years had to be computed."""
    with archive.sessions.begin() as session:
        found = county(session, actor, CALENDAR, YEARS, today)
        remember(session, found)
        return len(found.fresh)


def test_only_what_changed_is_computed_again(clean: Archive) -> None:
    assert [asked(clean), asked(clean)] == [4, 0]
    with clean.sessions.begin() as session:
        paper(session, homes(session)["枫树坪村"], "2026年3月值班表", "WS-GB-01")
    assert [asked(clean), asked(clean)] == [2, 0]


def test_the_next_due_day_makes_only_the_years_that_it_touches_stale(clean: Archive) -> None:
    assert asked(clean, today=date(2026, 10, 20)) == 4
    # The week that ended on 20 September was due on 20 October: on the 21st it has become 未见, and nothing of 2027.
    assert asked(clean, today=date(2026, 10, 21)) == 2
    assert asked(clean, today=date(2026, 10, 20)) == 2


def test_whoever_sees_less_has_sums_of_their_own(clean: Archive) -> None:
    with clean.sessions.begin() as session:
        home = homes(session)["石门槛村"]
        paper(session, home, "2026年第一季度村务公开", "WS-GK-02")
    clerk = Actor("c", "clerk", "文书", Role.CLERK, home)
    assert [asked(clean), asked(clean, clerk), asked(clean, clerk), asked(clean)] == [4, 2, 0, 0]
    with clean.sessions.read() as session:
        mine = county(session, clerk, CALENDAR, (2026,), date(2026, 10, 20))
        assert {one.village.name for one in mine.sums} == {"石门槛村"}
        found = added(mine.sums)
    # Minutes of the Party branch open by name only, and are not called missing.
    assert found["branch_minutes", 12, State.NOT_CHECKED] == 1
    assert found["disc_village", 3, State.THERE] == 1


def test_what_is_opened_by_name_is_never_remembered(clean: Archive) -> None:
    with clean.sessions.read() as session:
        home = homes(session)["石门槛村"]
    named = Actor("n", "named", "文书", Role.CLERK, home, named=True)
    assert [asked(clean, named), asked(clean, named)] == [0, 0]
    with clean.sessions.read() as session:
        assert session.scalars(select(RememberedYear)).all() == []


def test_sealing_the_journal_changes_no_village(clean: Archive) -> None:
    assert asked(clean) == 4
    with clean.sessions.begin() as session:
        while journal.seal(session, NOW):
            pass
    assert asked(clean) == 0
    with clean.sessions.begin() as session:
        paper(session, homes(session)["石门槛村"], "2026年4月值班表", "WS-GB-01")
        journal.seal(session, NOW)
    assert [asked(clean), asked(clean)] == [2, 0]


def test_a_page_that_was_recognised_is_looked_at_without_an_act(clean: Archive) -> None:
    with clean.sessions.begin() as session:
        home = homes(session)["石门槛村"]
        made = scanned(session, home)
    assert [asked(clean), asked(clean)] == [4, 0]
    with clean.sessions.begin() as session:
        session.get_one(File, made).ocr_state = OcrState.DONE
    assert [asked(clean), asked(clean)] == [2, 0]


def scanned(session: Any, home: str) -> str:
    """A paper whose only page waits to be recognised; its file."""
    paper(session, home, "未定名", "WS-GB-01")
    record = session.scalars(select(Record)).one()
    made = File(
        id=new_id(), record_id=record.id, village_id=home, name="1.tif", path="1.tif", size=1, sha256="1", sha512="1",
        storage_key="1", received_at=NOW, ocr_state=OcrState.PENDING,
    )  # fmt: skip
    session.add(made)
    return made.id


def test_acts_are_counted_whether_sealed_or_not(clean: Archive) -> None:
    def counted() -> dict[str, int]:
        with clean.sessions.read() as session:
            said = journal.acts_by_village(session, set(homes(session).values()))
            rows = select(JournalEntry.village_id, func.count()).where(JournalEntry.village_id.is_not(None))
            assert said == {home: number for home, number in session.execute(rows.group_by(JournalEntry.village_id))}
            return said

    before = counted()
    for _ in range(2):
        with clean.sessions.begin() as session:
            for name in ("石门槛村", "石门槛村", "枫树坪村"):
                paper(session, homes(session)[name], "2026年5月值班表", "WS-GB-01")
        counted()
        with clean.sessions.begin() as session:
            journal.seal(session, NOW)
    assert sorted(number - before[home] for home, number in counted().items()) == [2, 4]
