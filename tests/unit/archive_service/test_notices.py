"""What waits for a person: counted from the rows, only what is this person's work, and gone when it is done."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from archive_service.actions import holds, opening_review, physical, transferring
from archive_service.actions.holds import Wish as HoldWish
from archive_service.actions.notices import notices
from archive_service.actions.notices_registers import TITLES, waiting
from archive_service.actions.transferring import Wish
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.tasks.transferring import make_packages
from archive_service.wiring import Archive
from classification.appraisal import Act, RegisterState
from classification.appraisal_seats import LEAST
from classification.opening import Opening, Opinion
from storage.database.appraisal import (
    AppraisalBatch,
    AppraisedRecord,
    BatchState,
    GroupMember,
    OpinionRecord,
    Verdict,
)
from storage.database.appraisal import (
    Opinion as Said,
)
from storage.database.holds import HoldKind
from storage.database.organisations import village_named
from storage.database.registers import ForbiddenPair, Register, RegisterEntry
from tests.conftest import NOON
from tests.unit.archive_service.transfer_county import ONE, THREE, TODAY, TWO, filed_county, keeper


def told(archive: Archive, actor: Actor, today: date = TODAY) -> dict[str, int]:
    with archive.sessions.read() as session:
        return {one.key: one.number for one in notices(session, actor, NOON, today)}


def person(archive: Archive, login: str, role: Role) -> Actor:
    return keeper(archive, login, role)


def test_a_person_is_told_of_his_own_work_and_of_no_other(archive: Archive) -> None:
    filed_county(archive)
    clerk, villager = told(archive, person(archive, "chen", Role.CLERK)), person(archive, "zhou", Role.VILLAGER)
    assert set(clerk) == {"to_catalogue", "loans_overdue"}
    assert told(archive, villager) == {}
    witness = told(archive, person(archive, "sun", Role.WITNESS))
    assert {key for key in witness if key.startswith("registers_")} == {"registers_count", "registers_witness"}


def test_days_that_came_are_counted_and_not_those_to_come(archive: Archive) -> None:
    filed_county(archive)
    wang = keeper(archive)
    with archive.sessions.begin() as session:
        physical.lend(session, wang, ONE, "顾采薇", "核对", date(2026, 4, 1), NOON, TODAY)
        wish = HoldWish(HoldKind.RECORDS, "case", "法院要用", records=(TWO,), review_on=date(2026, 5, 1))
        holds.place(session, archive.index, wang, wish, NOON, TODAY)
        kept_back = Opinion(Opening.CONTROLLED, "C1", "", date(2026, 6, 1))
        opening_review.propose(session, wang, [THREE], kept_back, NOON, TODAY)
    now = told(archive, wang)
    assert (now["loans_overdue"], now["holds_to_review"], now["openings_again"], now["openings_second"]) == (0, 0, 0, 0)
    assert told(archive, keeper(archive, "li"))["openings_second"] == 1
    with archive.sessions.begin() as session:
        opening_review.second(session, keeper(archive, "li"), [THREE], True, "", NOON)
    # Lent until 1 April: overdue from the day after; the other days count themselves.
    assert told(archive, wang, date(2026, 4, 1))["loans_overdue"] == 0
    then = told(archive, wang, date(2026, 6, 1))
    assert (then["loans_overdue"], then["holds_to_review"], then["openings_again"]) == (1, 1, 1)


def test_a_package_waits_for_its_receipt_and_an_opinion_for_its_transfer(archive: Archive) -> None:
    filed_county(archive)
    wang = keeper(archive)
    with archive.sessions.begin() as session:
        home = village_named(session, "石门槛村").id
        _batch(session, home, BatchState.CLOSED)
        rows = [(ONE, Verdict.TRANSFER), (TWO, Verdict.TRANSFER), (THREE, Verdict.EXTEND)]
        session.add_all(
            AppraisedRecord(batch_id="b" * 32, record_id=one, why="", open=False, outcome=what) for one, what in rows
        )
    assert (told(archive, wang)["to_transfer"], told(archive, wang)["receipts"]) == (2, 0)
    with archive.sessions.begin() as session:
        found = transferring.open_transfer(session, wang, Wish(home, "云岭县档案馆", (ONE,)), NOON)
        transferring.ask_package(session, wang, found.id, NOON)
    make_packages(archive)
    assert (told(archive, wang)["to_transfer"], told(archive, wang)["receipts"]) == (1, 1)


def _batch(session: Session, home: str, state: BatchState) -> None:
    session.add(
        AppraisalBatch(
            id="b" * 32, village_id=home, purpose="年度鉴定", state=state, opened_by="wang", opened_at=NOON,
            closed_by="", report="", report_by="", report_final=False, kept=True,
        )
    )  # fmt: skip
    session.flush()


def test_a_member_of_the_group_is_asked_for_what_he_has_not_judged(archive: Archive) -> None:
    filed_county(archive)
    li, sun = person(archive, "li", Role.REVIEWER), person(archive, "sun", Role.REVIEWER)
    with archive.sessions.begin() as session:
        _batch(session, village_named(session, "石门槛村").id, BatchState.OPEN)
        session.add(GroupMember(batch_id="b" * 32, seat="member", account_id=li.id, login="li", name="李"))
        session.add_all(
            AppraisedRecord(batch_id="b" * 32, record_id=one, why="", open=True, outcome="") for one in (ONE, TWO)
        )
    assert (told(archive, li)["opinions"], told(archive, sun)["opinions"]) == (2, 0)
    with archive.sessions.begin() as session:
        session.add(
            Said(
                id="o" * 32, batch_id="b" * 32, round="first", verdict="extend", reason="有用", years=10, ground="",
                account_id=li.id, login="li", name="李", at=NOON, records=1, records_sha256="0" * 64, kept=True,
            )
        )  # fmt: skip
        session.flush()
        session.add(OpinionRecord(opinion_id="o" * 32, record_id=ONE))
    assert told(archive, li)["opinions"] == 1


def registers(archive: Archive, state: RegisterState, *entries: tuple[Act, str, str]) -> None:
    """One register in this state, with these entries: act, seat, log-in."""
    cover = {
        "group": [{"seat": "leader", "login": "zhao"}],
        "rules": {"signers": ["leader"], "accounting_signers": ["leader"]},
    }
    with archive.sessions.begin() as session:
        home = village_named(session, "石门槛村").id
        _batch(session, home, BatchState.CLOSED)
        session.add(
            Register(
                id="r" * 32, village_id=home, batch_id="b" * 32, number=1, accounting=False, cover=cover, rows=0,
                rows_root="", previous="", hash="0" * 64, submitted_by="wang", submitted_at=NOON, state=state,
                not_before=NOON + timedelta(days=1) if state == RegisterState.APPROVED else None, kept=True,
            )
        )  # fmt: skip
        session.flush()
        session.add_all(ForbiddenPair(register_id="r" * 32, one=one, other=other) for one, other in LEAST)
        session.flush()
        session.add_all(
            RegisterEntry(
                register_id="r" * 32, number=number, act=act, seat=seat, account_id=login, login=login, name=login,
                reason="", details={}, at=NOON, hash="0" * 64,
            )
            for number, (act, seat, login) in enumerate(entries, 1)
        )  # fmt: skip


def wanted(archive: Archive, login: str, role: Role, days: int = 0) -> set[str]:
    with archive.sessions.read() as session:
        found = waiting(session, person(archive, login, role), NOON + timedelta(days=days))
    return {key.removeprefix("registers_") for key, number, _, _ in found if number}


def test_a_register_waits_for_its_leader_then_for_an_approver_who_was_not_in_it(archive: Archive) -> None:
    filed_county(archive)
    registers(archive, RegisterState.SUBMITTED, (Act.PART, "member", "wei"))
    assert wanted(archive, "zhao", Role.APPRAISAL_LEADER) == {"sign"}
    assert wanted(archive, "qian", Role.APPRAISAL_LEADER) == set()
    assert wanted(archive, "wu", Role.APPROVER) == set()
    with archive.sessions.begin() as session:
        session.add(
            RegisterEntry(
                register_id="r" * 32, number=2, act=Act.SIGNED, seat="leader", account_id="zhao", login="zhao",
                name="赵", reason="", details={}, at=NOON, hash="0" * 64,
            )
        )  # fmt: skip
    assert wanted(archive, "zhao", Role.APPRAISAL_LEADER) == set()
    assert wanted(archive, "wu", Role.APPROVER) == {"approve"}
    assert wanted(archive, "wei", Role.APPROVER) == set()


def test_witnesses_count_when_the_cooling_is_over_and_each_of_them_once(archive: Archive) -> None:
    filed_county(archive)
    approved, counted = (Act.APPROVED, "approver", "wu"), (Act.COUNTED, "witness_first", "sun")
    registers(archive, RegisterState.APPROVED, approved, counted)
    assert wanted(archive, "zhou", Role.WITNESS) == set()
    assert wanted(archive, "zhou", Role.WITNESS, days=1) == {"count"}
    assert wanted(archive, "sun", Role.WITNESS, days=1) == set()
    assert wanted(archive, "wu", Role.WITNESS, days=1) == set()


def test_what_was_counted_waits_for_an_operator_and_what_was_removed_for_its_witnesses(archive: Archive) -> None:
    filed_county(archive)
    counted = ((Act.COUNTED, "witness_first", "sun"), (Act.COUNTED, "witness_second", "zhou"))
    registers(archive, RegisterState.COUNTED, *counted)
    assert wanted(archive, "he", Role.OPERATOR) == {"remove"}
    assert wanted(archive, "sun", Role.OPERATOR) == set()
    with archive.sessions.begin() as session:
        session.get_one(Register, "r" * 32).state = RegisterState.REMOVED
    assert wanted(archive, "sun", Role.WITNESS) == {"witness"}
    assert wanted(archive, "qian", Role.WITNESS) == set()
    with archive.sessions.begin() as session:
        session.get_one(Register, "r" * 32).state = RegisterState.WITNESSED
    assert wanted(archive, "wang", Role.TOWNSHIP_ARCHIVIST) == {"file"}
    assert set(TITLES) == {"sign", "approve", "count", "remove", "witness", "file"}


def test_the_operator_of_the_machine_sees_every_kind_of_work(archive: Archive) -> None:
    filed_county(archive)
    assert {"due", "requests", "registers_approve", "openings_second", "receipts"} <= set(told(archive, OPERATOR))
