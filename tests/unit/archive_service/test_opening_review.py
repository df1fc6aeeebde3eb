"""Opening review: who comes of age, two different people, reasons, a second look, what the database refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from archive_service.actions import opening_lists, opening_review
from archive_service.actions.opening_lists import Asked, Show
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Permission, Role, can
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.rebuilding import rebuild_database
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import seal_journal
from archive_service.wiring import Archive, build
from classification.errors import RuleError
from classification.opening import Opening, Opinion
from storage.database.journal import JournalEntry
from storage.database.openings import ReviewedRecord, ReviewState, openings_of, reviews_ever_of
from storage.database.organisations import village_named
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
OLD, EDGE, YOUNG, OLD_YEAR, YOUNG_YEAR, PERSONAL, THERE = (f"{number:032x}" for number in range(1, 8))
OPEN = Opinion(Opening.OPEN, "K1")
KEPT_BACK = Opinion(Opening.CONTROLLED, "C1", "名册", date(2031, 3, 1))


@pytest.fixture
def aged(archive: Archive) -> Archive:
    """Seven archived records: by day, by year alone, a personal one, and one of another village."""
    set_up(archive)
    with archive.sessions.begin() as session:
        for name, fonds in (("石门槛村", "V012"), ("远山村", "V031")):
            add_village(session, OPERATOR, NOON, name, fonds, "望溪镇")
        session.flush()
        here, there = (village_named(session, name).id for name in ("石门槛村", "远山村"))
        for record_id, home, year, latest, access in (
            (OLD, here, 1988, date(1988, 5, 1), "internal"),
            (EDGE, here, 2001, date(2001, 3, 1), "internal"),
            (YOUNG, here, 2001, date(2001, 3, 2), "internal"),
            (OLD_YEAR, here, 2000, None, "internal"),
            (YOUNG_YEAR, here, 2001, None, "internal"),
            (PERSONAL, here, 1990, date(1990, 1, 1), "personal"),
            (THERE, there, 1990, date(1990, 1, 1), "internal"),
        ):
            session.add(
                Record(
                    id=record_id, village_id=home, title="旧档", year=year, latest=latest, access=access,
                    people=["石大山"] if record_id == OLD else [], state=RecordState.ARCHIVED, created_at=NOON,
                    changed_at=NOON, fields={"agreement": "十年内不公开"} if record_id == EDGE else {},
                )
            )  # fmt: skip
    return archive


def person(archive: Archive, login: str, role: Role = Role.TOWNSHIP_ARCHIVIST) -> Actor:
    with archive.sessions.read() as session:
        return Actor(login * 4, login, login, role, village_named(session, "石门槛村").id)


def shown(archive: Archive, actor: Actor, show: str, today: date = TODAY) -> list[str]:
    with archive.sessions.read() as session:
        return [one.record.id for one in opening_lists.listed(session, actor, Asked(show), today, 25).lines]


def said(archive: Archive, actor: Actor, records: list[str], opinion: Opinion = OPEN) -> int:
    with archive.sessions.begin() as session:
        return opening_review.propose(session, actor, records, opinion, NOON, TODAY)


def agreed(archive: Archive, actor: Actor, records: list[str], agree: bool = True, why: str = "") -> int:
    with archive.sessions.begin() as session:
        return opening_review.second(session, actor, records, agree, why, NOON)


def standing(archive: Archive, record_id: str) -> str | None:
    with archive.sessions.read() as session:
        found = openings_of(session, [record_id]).get(record_id)
        return found[0].outcome if found else None


def test_the_list_has_what_was_formed_25_years_ago_within_the_reach_of_who_asks(aged: Archive) -> None:
    assert shown(aged, person(aged, "wang"), Show.AGED) == [OLD, EDGE, OLD_YEAR]
    # With the year over, what has only a year may have been formed on its last day.
    assert shown(aged, person(aged, "wang"), Show.AGED, date(2026, 12, 30)) == [OLD, EDGE, YOUNG, OLD_YEAR]
    assert YOUNG_YEAR in shown(aged, person(aged, "wang"), Show.AGED, date(2027, 1, 1))
    assert shown(aged, OPERATOR, Show.AGED) == [OLD, EDGE, OLD_YEAR, PERSONAL, THERE]


def test_pages_follow_each_other_and_count_the_whole(aged: Archive) -> None:
    with aged.sessions.read() as session:
        first = opening_lists.listed(session, OPERATOR, Asked(size=3), TODAY, 25)
        rest = opening_lists.listed(session, OPERATOR, Asked(size=3, after=first.after or ""), TODAY, 25)
    assert ([one.record.id for one in first.lines], first.total, first.after) == ([OLD, EDGE, OLD_YEAR], 5, OLD_YEAR)
    assert ([one.record.id for one in rest.lines], rest.after) == ([PERSONAL, THERE], None)


def test_counting_stops_behind_the_most_that_a_page_tells(aged: Archive) -> None:
    with aged.sessions.read() as session:
        page = opening_lists.listed(session, OPERATOR, Asked(size=3, known=4), TODAY, 25)
        some = opening_lists.numbers(session, OPERATOR, TODAY, 25, most=3)
        whole = opening_lists.numbers(session, OPERATOR, TODAY, 25)
    assert page.total == some[Show.AGED] == 4
    assert whole[Show.AGED] == 5


def test_a_reviewer_is_shown_people_and_what_a_donor_asked_for(aged: Archive) -> None:
    with aged.sessions.begin() as session:
        session.add(
            JournalEntry(
                id="j" * 32, at=NOON, actor="system", act="secrecy_found", object_type="record", object_id=OLD_YEAR,
                details={}, hash="0" * 64,
            )
        )  # fmt: skip
    with aged.sessions.read() as session:
        lines = opening_lists.listed(session, OPERATOR, Asked(), TODAY, 25).lines
    assert {one.record.id: one.hints for one in lines} == {
        OLD: ("写有 1 人姓名",),
        EDGE: ("有捐赠、寄存或授权约定",),
        OLD_YEAR: ("原文有密级标志",),
        PERSONAL: ("利用范围只对个人开放",),
        THERE: (),
    }


def test_nothing_counts_until_a_second_person_agrees(aged: Archive) -> None:
    wang, li = person(aged, "wang"), person(aged, "li", Role.REVIEWER)
    assert said(aged, wang, [OLD, EDGE]) == 2
    assert standing(aged, OLD) is None
    assert shown(aged, wang, Show.WAITING) == [OLD, EDGE]
    assert OLD not in shown(aged, wang, Show.AGED)
    with pytest.raises(RuleError, match="不能是同一个人"):
        agreed(aged, wang, [OLD])
    assert agreed(aged, li, [OLD]) == 1
    assert (standing(aged, OLD), standing(aged, EDGE)) == ("open", None)
    assert shown(aged, wang, Show.OPEN) == [OLD]
    with aged.sessions.read() as session:
        # The access class is not touched by it.
        assert session.get_one(Record, OLD).access == "internal"
        acts = session.scalars(select(JournalEntry).where(JournalEntry.object_id == OLD).order_by(JournalEntry.id))
        assert [(one.act, one.actor) for one in acts] == [("opening_proposed", "wang"), ("opening_decided", "li")]


def test_the_database_itself_refuses_one_person_in_both_places(aged: Archive) -> None:
    wang = person(aged, "wang")
    said(aged, wang, [OLD])
    with pytest.raises(IntegrityError), aged.sessions.begin() as session:
        session.execute(update(ReviewedRecord).values(second_id=wang.id, state=ReviewState.AGREED))


def test_who_does_not_agree_says_why_and_the_record_is_unreviewed_again(aged: Archive) -> None:
    wang, li = person(aged, "wang"), person(aged, "li")
    said(aged, wang, [OLD])
    with pytest.raises(RuleError, match="写明理由"):
        agreed(aged, li, [OLD], agree=False)
    agreed(aged, li, [OLD], agree=False, why="里面有身份证号")
    assert OLD in shown(aged, wang, Show.AGED)
    said(aged, wang, [OLD], KEPT_BACK)
    agreed(aged, li, [OLD])
    with aged.sessions.read() as session:
        ever = [(one.outcome, row.state, row.second_said) for one, row in reviews_ever_of(session, OLD)]
    assert ever == [("controlled", "agreed", ""), ("open", "refused", "里面有身份证号")]


def test_a_first_opinion_is_taken_back_by_its_own_author_only(aged: Archive) -> None:
    wang, li = person(aged, "wang"), person(aged, "li")
    said(aged, wang, [OLD])
    with aged.sessions.begin() as session, pytest.raises(RuleError, match="只能撤回自己的"):
        opening_review.take_back(session, li, [OLD], "写错", NOON)
    with aged.sessions.begin() as session:
        assert opening_review.take_back(session, wang, [OLD], "写错", NOON) == 1
    assert OLD in shown(aged, wang, Show.AGED)
    with pytest.raises(Conflict, match="没有等着复核"):
        agreed(aged, li, [OLD])


def test_the_day_of_the_second_look_brings_it_back_and_a_new_decision_takes_its_place(aged: Archive) -> None:
    wang, li = person(aged, "wang"), person(aged, "li")
    said(aged, wang, [OLD], KEPT_BACK)
    agreed(aged, li, [OLD])
    assert shown(aged, wang, Show.AGAIN, date(2031, 2, 28)) == []
    assert shown(aged, wang, Show.AGAIN, date(2031, 3, 1)) == [OLD]
    with aged.sessions.read() as session:
        assert opening_lists.number_for(session, wang, date(2031, 3, 1), Show.AGAIN) == 1
    said(aged, li, [OLD])
    agreed(aged, wang, [OLD])
    assert shown(aged, wang, Show.AGAIN, date(2031, 3, 1)) == []
    assert standing(aged, OLD) == "open"


def test_a_second_opinion_waits_for_everybody_but_who_gave_the_first(aged: Archive) -> None:
    wang, li = person(aged, "wang"), person(aged, "li")
    said(aged, wang, [OLD, EDGE])
    with aged.sessions.read() as session:
        numbers = [opening_lists.number_for(session, one, TODAY, Show.WAITING) for one in (wang, li)]
        clerk = opening_lists.number_for(session, person(aged, "chen", Role.CLERK), TODAY, Show.WAITING)
    assert (numbers, clerk) == ([0, 2], None)


def test_what_opens_by_name_only_is_not_opened_even_when_it_became_so_in_between(aged: Archive) -> None:
    wang, li = person(aged, "wang"), person(aged, "li")
    with pytest.raises(RuleError, match="先更正利用范围"):
        said(aged, OPERATOR, [PERSONAL])
    said(aged, replace(wang, clearances=frozenset({"personal"})), [PERSONAL], KEPT_BACK)
    said(aged, wang, [OLD])
    with aged.sessions.begin() as session:
        session.get_one(Record, OLD).access = "party"
    with pytest.raises(RuleError, match="先更正利用范围"):
        agreed(aged, replace(li, clearances=frozenset({"party"})), [OLD])
    assert standing(aged, OLD) is None


def test_who_may_not_see_or_review_is_refused(aged: Archive) -> None:
    wang = person(aged, "wang")
    with pytest.raises(Missing):
        said(aged, wang, [OLD, THERE])
    with pytest.raises(Missing):
        said(aged, wang, [PERSONAL], KEPT_BACK)
    with pytest.raises(Forbidden):
        said(aged, person(aged, "chen", Role.CLERK), [OLD])
    # What two people decide is not decided by a script.
    assert not can(replace(wang, only=frozenset({Permission.REVIEW_OPENING})), Permission.REVIEW_OPENING)
    with pytest.raises(RuleError, match="没有选中"):
        said(aged, wang, [])
    said(aged, wang, [OLD])
    with pytest.raises(Conflict, match="正等着复核"):
        said(aged, person(aged, "li"), [OLD, EDGE])
    assert shown(aged, wang, Show.WAITING) == [OLD]


def test_a_lost_database_comes_back_with_every_review(aged: Archive) -> None:
    wang, li = person(aged, "wang"), person(aged, "li")
    said(aged, wang, [OLD, EDGE], KEPT_BACK)
    agreed(aged, li, [OLD])
    keep_documents(aged)
    agreed(aged, li, [EDGE], agree=False, why="可以开放")
    seal_journal(aged)
    with aged.sessions.read() as session:
        before = [
            (row.record_id, row.state, row.second_by, row.current) for row in session.scalars(select(ReviewedRecord))
        ]
    fresh = build(aged.settings.model_copy(update={"database_url": f"sqlite:///{aged.settings.data / 'fresh.db'}"}))
    assert rebuild_database(fresh).faults == []
    with fresh.sessions.read() as session:
        after = [
            (row.record_id, row.state, row.second_by, row.current) for row in session.scalars(select(ReviewedRecord))
        ]
        review, row = openings_of(session, [OLD])[OLD]
    assert after == before == [(OLD, "agreed", "li", True), (EDGE, "refused", "li", False)]
    assert (review.outcome, review.review_on, row.second_at) == ("controlled", date(2031, 3, 1), NOON)
