"""Saved searches, suggestions, ways out of an empty search, what is related, one village: all within the scope."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from archive_service.actions import saved_searches
from archive_service.actions.accounts import add_account
from archive_service.actions.suggesting import suggest
from archive_service.actions.using_related import SAME_NUMBER, SAME_PEOPLE, SAME_SERIES, related
from archive_service.actions.using_village import gaps, held_by_village, village_page
from archive_service.actions.villages import add_village
from archive_service.actions.ways_out import understood, ways_out
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import sync_index
from archive_service.web.asked import read
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.accounts import account_named
from storage.database.organisations import village_named
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing
from storage.index.query import SearchRequest
from tests.conftest import NOON

ONE, TWO, THREE, SECRET = (f"{number:032x}" for number in range(1, 5))
BOSS = OPERATOR
RESEARCHER = Actor("r", "r", "研究者", Role.RESEARCHER)
LATER = NOON + timedelta(days=1)


def put(session: Session, id_: str, title: str, **more: object) -> None:
    home = village_named(session, "石门槛村").id
    whole = {"access": "public", "state": RecordState.ARCHIVED, "kind": "document", "created_at": NOON} | more
    session.add(Record(id=id_, village_id=home, title=title, changed_at=NOON, **whole))


@pytest.fixture
def county(archive: Archive) -> Archive:
    set_up(archive)
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇")
        add_village(session, OPERATOR, NOON, "远山村", "V031", "云顶乡")
        for login in ("gu", "shi"):
            add_account(session, OPERATOR, archive.hasher, NOON, login, login, Role.RESEARCHER, None)
        year = {"year": 1982, "earliest": date(1982, 1, 1), "latest": date(1982, 12, 31)}
        put(session, ONE, "灌溉渠承包合同", people=["王满仓"], places=["王家沟"], doc_number="石村〔1982〕3号",
            series_id="WS-CW-02", class_id="WS-CW", **year)  # fmt: skip
        put(session, TWO, "灌溉渠分水协议", people=["王满仓", "李四海"], **year)
        put(session, THREE, "观音桥庙会", kind="customs", year=1986, series_id="WS-CW-02",
            earliest=date(1986, 1, 1), latest=date(1986, 1, 1))  # fmt: skip
        put(session, SECRET, "灌溉渠困难户名册", people=["王得福"], access="personal", year=1983, series_id="WS-CW-02",
            earliest=date(1983, 1, 1), latest=date(1983, 1, 1))  # fmt: skip
    sync_index(archive)
    return archive


def told(county: Archive, typed: str, actor: Actor = RESEARCHER) -> list[tuple[str, str]]:
    with county.sessions.read() as session:
        return [(one.kind, one.text) for one in suggest(session, county.index, actor, typed)]


@pytest.mark.parametrize("typed", ["王满", "wangman", "wmc"])
def test_a_name_is_suggested_as_written_by_sound_and_by_first_letters(county: Archive, typed: str) -> None:
    assert ("person", "王满仓") in told(county, typed)


def test_suggestions_name_places_villages_and_titles(county: Archive) -> None:
    assert ("place", "王家沟") in told(county, "王家")
    assert told(county, "yuanshan") == [("village", "远山村")]
    assert ("record", "观音桥庙会") in told(county, "观音桥")
    assert told(county, "  ") == told(county, "，") == told(county, "王" * 61) == []


def test_a_suggestion_tells_nothing_that_a_search_would_not(county: Archive) -> None:
    assert told(county, "王得福") == []
    assert ("person", "王得福") in told(county, "王得福", BOSS)


def gu(session: Session) -> Actor:
    account = account_named(session, "gu")
    assert account is not None
    return Actor(account.id, "gu", "gu", Role.RESEARCHER)


def test_a_saved_search_counts_what_is_new_since_the_last_look_and_is_its_person_s_own(county: Archive) -> None:
    with county.sessions.begin() as session:
        saved = saved_searches.keep(session, gu(session), "水渠", "q=灌溉渠", NOON + timedelta(hours=1))

    def counted(session: Session) -> list[tuple[int, int]]:
        return [(line.total, line.new) for line in saved_searches.listed(session, county.index, gu(session), read)]

    with county.sessions.begin() as session:
        assert counted(session) == [(2, 0)]
        put(session, f"{5:032x}", "灌溉渠清淤", created_at=LATER)
        put(session, f"{6:032x}", "灌溉渠罚款名册", created_at=LATER, access="internal")
    sync_index(county)
    with county.sessions.begin() as session:
        assert counted(session) == [(3, 1)]
        with pytest.raises(Missing):
            saved_searches.looked(session, RESEARCHER, saved.id, LATER)
        saved_searches.looked(session, gu(session), saved.id, LATER + timedelta(hours=1))
        session.flush()
        assert counted(session) == [(3, 0)]
        with pytest.raises(Conflict):
            saved_searches.keep(session, gu(session), "水渠", "q=别的", LATER)
        saved_searches.forget(session, gu(session), saved.id, LATER)
        session.flush()
        assert counted(session) == []


@pytest.mark.parametrize(("name", "query"), [("", "q=渠"), ("渠", ""), ("渠" * 81, "q=渠"), ("渠", "q=" + "渠" * 2000)])
def test_a_search_without_name_or_condition_is_not_saved(county: Archive, name: str, query: str) -> None:
    with county.sessions.begin() as session, pytest.raises(RuleError):
        saved_searches.keep(session, gu(session), name, query, NOON)


def test_an_empty_search_says_how_it_was_read() -> None:
    read_as = understood("水库 -大坝 “四至分明” 1958年3月")
    assert read_as.words == ("水库",)
    assert (read_as.exact, read_as.excluded) == (("四至分明",), ("大坝",))
    assert [(first, last) for _, first, last in read_as.dates] == [(19580301, 19580331)]


def test_each_condition_that_stands_in_the_way_is_named_with_what_is_found_without_it(county: Archive) -> None:
    with county.sessions.read() as session:
        home = village_named(session, "石门槛村").id
    request = SearchRequest("灌溉渠", villages=(home,), kinds=("photo",))
    assert [(way.name, way.number) for way in ways_out(county.index, RESEARCHER, request)] == [("kinds", 2), ("all", 2)]
    assert [(way.name, way.number) for way in ways_out(county.index, BOSS, request)] == [("kinds", 3), ("all", 3)]
    both = SearchRequest("“灌溉渠 分水” -协议", years=(1990, 1999))
    assert ways_out(county.index, RESEARCHER, both) == []
    excluded = ways_out(county.index, RESEARCHER, SearchRequest("庙会 -观音桥"))
    assert [(way.name, way.value, way.words, way.number) for way in excluded] == [("excluded", "观音桥", "庙会", 1)]
    quoted = ways_out(county.index, RESEARCHER, SearchRequest("“渠灌溉”"))
    assert [(way.name, way.words.strip()) for way in quoted] in ([("quotes", "渠灌溉")], [])


def test_related_records_have_the_same_number_people_or_series_and_stay_within_the_scope(county: Archive) -> None:
    with county.sessions.begin() as session:
        put(session, f"{7:032x}", "附图", doc_number="石村〔1982〕3号")
        put(session, f"{8:032x}", "灌溉渠账目", series_id="WS-CW-02", year=1983, earliest=date(1983, 5, 1),
            latest=date(1983, 5, 1))  # fmt: skip
    sync_index(county)
    with county.sessions.read() as session:
        found = session.get_one(Record, ONE)
        near = {one.record.id: one.why for one in related(session, county.index, RESEARCHER, found)}
        assert near == {f"{7:032x}": SAME_NUMBER, TWO: SAME_PEOPLE, f"{8:032x}": SAME_SERIES}
        assert SECRET in {one.record.id for one in related(session, county.index, BOSS, found)}


def test_a_village_s_page_counts_what_this_person_sees_and_names_the_years_without(county: Archive) -> None:
    with county.sessions.read() as session:
        home = village_named(session, "石门槛村").id
        page = village_page(session, county.index, RESEARCHER, home)
        assert (page.total, [one.id for one in page.customs]) == (3, [THREE])
        assert dict(page.counts["people"]) == {"王满仓": 2, "李四海": 1}
        assert list(page.gaps) == [(1983, 1985)]
        assert list(village_page(session, county.index, BOSS, home).gaps) == [(1984, 1985)]
        assert held_by_village(county.index, RESEARCHER) == {home: 3}
        with pytest.raises(Missing):
            village_page(session, county.index, RESEARCHER, "0" * 32)


def test_gaps_lie_between_the_first_and_the_last_year() -> None:
    assert gaps([1990, 1982, 1984, 1990]) == [(1983, 1983), (1985, 1989)]
    assert gaps([]) == gaps([1990]) == []
