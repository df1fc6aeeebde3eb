"""Requests for access: asked in words, decided by who keeps that village, open to one reader until a day, journaled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import requests
from archive_service.actions.accounts import add_account
from archive_service.actions.holdings import seen
from archive_service.actions.physical import give_back
from archive_service.actions.requests import Decision
from archive_service.actions.requests_reading import opened
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.accounts import account_named
from storage.database.journal import JournalEntry
from storage.database.organisations import village_named
from storage.database.physical import out
from storage.database.records import Record, RecordState
from storage.database.using import UseRequest, Wish
from storage.errors import Conflict, Missing
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
WEEK = TODAY + timedelta(days=7)
ONE, SECRET, ELSEWHERE, DRAFT = (f"{number:032x}" for number in range(1, 5))


@pytest.fixture
def desk(archive: Archive) -> Archive:
    """An internal and a personal record of one village, one of another, a draft; a villager and a second one."""
    set_up(archive)
    with archive.sessions.begin() as session:
        here = add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇").id
        there = add_village(session, OPERATOR, NOON, "远山村", "V031", "云顶乡").id
        for login, name in (("gu", "顾采薇"), ("shi", "石大山")):
            add_account(session, OPERATOR, archive.hasher, NOON, login, name, Role.VILLAGER, here)
        for record_id, home, code, access, state in (
            (ONE, here, "V012-1", "internal", RecordState.ARCHIVED),
            (SECRET, here, "V012-2", "personal", RecordState.ARCHIVED),
            (ELSEWHERE, there, "V031-1", "internal", RecordState.ARCHIVED),
            (DRAFT, here, None, "internal", RecordState.PROPOSED),
        ):
            session.add(
                Record(
                    id=record_id, village_id=home, title="承包地登记", code=code, access=access, state=state,
                    created_at=NOON, changed_at=NOON,
                )
            )  # fmt: skip
    return archive


def reader(session: Session, login: str = "gu") -> Actor:
    account = account_named(session, login)
    assert account is not None
    return Actor(account.id, login, account.name, Role.VILLAGER, account.village_id)


def keeper(session: Session, village: str = "石门槛村", clearances: frozenset[str] = frozenset()) -> Actor:
    home = village_named(session, village).id
    return Actor("k", "keeper", "乡镇", Role.TOWNSHIP_ARCHIVIST, home, clearances)


def asked(session: Session, wish: Wish = Wish.VIEW, login: str = "gu") -> UseRequest:
    home = village_named(session, "石门槛村").id
    made = requests.ask(session, reader(session, login), home, "1982 年的承包地", "确权", wish, NOON)
    session.flush()
    return made


def granted(session: Session, *codes: str, by: Actor | None = None, wish: Wish = Wish.VIEW) -> UseRequest:
    made = asked(session, wish)
    decision = Decision(grant=True, records=codes or ("V012-1",), until=WEEK)
    requests.decide(session, by or keeper(session), made.id, decision, NOON, TODAY)
    session.flush()
    return made


def test_what_was_opened_is_read_by_its_reader_until_its_last_day_and_changes_nothing_else(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        made, gu = granted(session), reader(session)
        assert opened(session, gu, made.id, ONE, WEEK).record.id == ONE
        with pytest.raises(Missing, match="期限已经过了"):
            opened(session, gu, made.id, ONE, WEEK + timedelta(days=1))
        with pytest.raises(Missing):
            opened(session, reader(session, "shi"), made.id, ONE, TODAY)
        with pytest.raises(Missing):
            opened(session, gu, made.id, SECRET, TODAY)
        # What a request opened is found in no list and on no page of its own.
        with pytest.raises(Missing):
            seen(session, gu, ONE)


def test_it_is_shut_when_the_reader_gives_it_back_or_the_keeper_says_why(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        back, shut = granted(session), granted(session)
        requests.end(session, reader(session), back.id, "", NOON)
        with pytest.raises(RuleError):
            requests.end(session, keeper(session), shut.id, " ", NOON)
        requests.end(session, keeper(session), shut.id, "给错了", NOON)
        for made in (back, shut):
            with pytest.raises(Missing):
                opened(session, reader(session), made.id, ONE, TODAY)
        with pytest.raises(Conflict):
            requests.end(session, reader(session), back.id, "", NOON)


def test_a_refusal_has_its_reason_and_is_told_to_the_reader(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        made = asked(session)
        with pytest.raises(RuleError):
            requests.decide(session, keeper(session), made.id, Decision(grant=False), NOON, TODAY)
        requests.decide(session, keeper(session), made.id, Decision(grant=False, reason="涉他人"), NOON, TODAY)
        line = requests.lines(session, reader(session), [made])[0]
        assert (line.standing(TODAY), line.request.reason, line.records) == ("refused", "涉他人", ())
        with pytest.raises(Conflict):
            requests.decide(session, keeper(session), made.id, Decision(grant=False, reason="再说"), NOON, TODAY)


def test_only_who_keeps_that_village_decides_and_nobody_on_his_own_request(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        made = asked(session)
        refusal = Decision(grant=False, reason="不给")
        for stranger in (keeper(session, "远山村"), reader(session, "shi")):
            with pytest.raises(Missing):
                requests.decide(session, stranger, made.id, refusal, NOON, TODAY)
        with pytest.raises(Forbidden):
            requests.decide(session, reader(session), made.id, refusal, NOON, TODAY)
        gu = reader(session)
        promoted = Actor(gu.id, gu.login, gu.name, Role.ARCHIVIST)
        with pytest.raises(Forbidden, match="自己的申请"):
            requests.decide(session, promoted, made.id, refusal, NOON, TODAY)


@pytest.mark.parametrize("code", ["V012-2", "V031-1", DRAFT, "V012-9"])
def test_what_the_decider_does_not_see_is_not_filed_or_of_another_village_is_refused_in_the_same_words(
    desk: Archive, code: str
) -> None:
    with desk.sessions.begin() as session, pytest.raises(Missing, match=f"本村已归档的档案里没有 {code}"):
        granted(session, "V012-1", code)


def test_a_personal_record_opened_by_an_officer_with_a_clearance_stays_hidden_from_one_without(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        cleared = keeper(session, clearances=frozenset({"personal"}))
        made = granted(session, "V012-1", "V012-2", by=cleared)
        told = {
            who.login + str(sorted(who.clearances)): [one.id for one in requests.lines(session, who, [made])[0].records]
            for who in (reader(session), cleared, keeper(session))
        }
        assert told == {"gu[]": [ONE, SECRET], "keeper['personal']": [ONE, SECRET], "keeper[]": [ONE]}


@pytest.mark.parametrize("until", [None, TODAY - timedelta(days=1), TODAY + timedelta(days=367)])
def test_a_day_that_is_missing_past_or_too_far_is_refused(desk: Archive, until: date | None) -> None:
    with desk.sessions.begin() as session:
        made = asked(session)
        decision = Decision(grant=True, records=("V012-1",), until=until)
        with pytest.raises(RuleError):
            requests.decide(session, keeper(session), made.id, decision, NOON, TODAY)
        assert made.state == "open"


def test_a_donor_s_restriction_wins_over_a_decision_before_and_after_it(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        made = granted(session)
        record = session.get_one(Record, ONE)
        record.access, record.restriction = "restricted", {"readers": ["shi"], "access": "internal"}
        with pytest.raises(Missing):
            opened(session, reader(session), made.id, ONE, TODAY)
        # Whoever the restriction names decides for nobody else.
        with pytest.raises(Missing):
            granted(session, "V012-1")
        record.restriction = {"readers": ["gu"], "access": "internal"}
        assert opened(session, reader(session), made.id, ONE, TODAY).record.id == ONE


def test_to_borrow_is_a_loan_of_the_original_in_the_reader_s_name(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        granted(session, wish=Wish.BORROW)
        loan = out(session, [ONE])[ONE]
        assert (loan.borrower, loan.purpose, loan.due_on) == ("顾采薇", "确权", WEEK)
        give_back(session, keeper(session), ONE, NOON, TODAY)


def test_every_act_is_in_the_journal_and_the_opened_record_knows_of_it(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        made = granted(session)
        requests.end(session, reader(session), made.id, "", NOON)
        requests.withdraw(session, reader(session), asked(session).id, NOON)
        session.flush()
        rows = session.execute(select(JournalEntry.act, JournalEntry.actor, JournalEntry.object_type))
        acts = {(act, actor, kind) for act, actor, kind in rows}
        of_use = {one for one in acts if one[0].startswith("access_") or one[0] == "record_opened"}
        assert of_use == {
            ("access_asked", "gu", "use_request"), ("access_granted", "keeper", "use_request"),
            ("access_ended", "gu", "use_request"), ("access_withdrawn", "gu", "use_request"),
            ("record_opened", "keeper", "record"),
        }  # fmt: skip


def test_lists_show_one_s_own_or_what_one_decides_on(desk: Archive) -> None:
    with desk.sessions.begin() as session:
        mine, other = asked(session), asked(session, login="shi")

        def shown(actor: Actor, show: str) -> list[str]:
            return [one.request.id for one in requests.listed(session, actor, TODAY, show)[0]]

        assert shown(reader(session), "mine") == [mine.id]
        assert shown(keeper(session), "waiting") == [other.id, mine.id]
        assert shown(keeper(session, "远山村"), "waiting") == []
        with pytest.raises(Forbidden):
            shown(reader(session), "all")
        assert (requests.waiting(session, keeper(session)), requests.waiting(session, reader(session))) == (2, None)
        pages = requests.listed(session, keeper(session), TODAY, "all", size=1)
        assert pages[1] is not None
        after = requests.listed(session, keeper(session), TODAY, "all", pages[1], 1)
        assert [one.request.id for one in (*pages[0], *after[0])] == [other.id, mine.id]
