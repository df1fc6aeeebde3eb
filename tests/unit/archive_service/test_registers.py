"""Registers: frozen, chained, kept apart by people and by the database; and nothing skips a signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from archive_service.actions import appraisal, holds, registers
from archive_service.permissions import OPERATOR, Forbidden, Permission
from archive_service.wiring import Archive
from classification.appraisal import Act
from classification.appraisal_seats import Seat
from classification.errors import RuleError
from storage.database import physical
from storage.database.appraisal import Round, Verdict, open_in
from storage.database.register_chain import Person, append, faults
from storage.database.registers import (
    Register,
    approved_rows,
    entries_of,
    removal_allowed,
    removal_refusal,
    rows_of,
)
from storage.errors import Conflict, Missing
from tests.conftest import NOON
from tests.unit.archive_service.appraisal_village import TODAY, Place, hold, make_place, number


@pytest.fixture
def place(archive: Archive) -> Place:
    return make_place(archive)


def begun(place: Place, *records: int) -> str:
    found = place.counted(*records)
    place.act(found, "ban", "begin")
    return found


def refusal(place: Place, register: str, record: int) -> str | None:
    with place.archive.sessions.read() as session:
        return removal_refusal(session, register, number(record), place.now)


def test_a_register_goes_its_way_step_by_step(place: Place) -> None:
    found = place.register()
    assert place.state(found) == "submitted"
    place.act(found, "zu", "sign", Seat.LEADER)
    place.act(found, "pi", "approve")
    assert place.state(found) == "approved"
    place.act(found, "jia", "count")
    assert place.state(found) == "approved"
    place.act(found, "yi", "count")
    assert place.state(found) == "counted"
    place.act(found, "ban", "begin")
    assert place.state(found) == "removing"
    assert [refusal(place, found, one) for one in (1, 2, 3)] == [None, None, None]
    with place.archive.sessions.read() as session:
        assert faults(session) == []
        assert [row.record_id for row in approved_rows(session, found)] == [number(one) for one in (1, 2, 3)]


def test_a_row_says_what_the_form_asks_and_what_it_rests_on(place: Place) -> None:
    found = place.register(2)
    with place.archive.sessions.read() as session:
        (row,) = rows_of(session, found)
        cover = session.get_one(Register, found).cover
    assert {name: row.said[name] for name in ("code", "title", "year", "term", "kept", "reason")} == {
        # From 2011-01-01 to 2026-03-01: fifteen whole years.
        "code": "V012-WS·2010-D10-0002", "title": "灌溉渠维修账 2", "year": 2010, "term": "定期10年", "kept": 15,
        "reason": "无继续保存价值",
    }  # fmt: skip
    assert (cover["fonds"], cover["quantity"], cover["years"]) == ("V012", 1, [2010, 2010])


@pytest.mark.parametrize("step", ["sign", "approve", "jia", "yi", "begin"])
def test_no_signature_can_be_left_out(place: Place, step: str) -> None:
    """Every step but one is tried in order; what comes after the missing one is refused, and nothing may be removed."""
    found = place.register()
    way = [
        ("sign", "zu", "sign", (Seat.LEADER,)), ("approve", "pi", "approve", ()), ("jia", "jia", "count", ()),
        ("yi", "yi", "count", ()), ("begin", "ban", "begin", ()),
    ]  # fmt: skip
    for name, login, act, said in way:
        if name != step:
            try:
                place.act(found, login, act, *said)
            except (Conflict, RuleError):
                continue
    assert place.state(found) != "removing"
    assert refusal(place, found, 1) is not None


@pytest.mark.parametrize(
    ("login", "act", "said"),
    [
        ("wang", "approve", ()),
        ("yuan", "approve", ()),
        ("jia", "approve", ()),
        ("pi", "count", ()),
        ("pi", "sign", (Seat.LEADER,)),
        ("liu", "sign", (Seat.LEADER,)),
    ],
)
def test_only_who_has_the_role_and_the_seat_may_act(
    place: Place, login: str, act: str, said: tuple[object, ...]
) -> None:
    found = place.register()
    with pytest.raises(Forbidden):
        place.act(found, login, act, *said)
    assert place.state(found) == "submitted"


def give(place: Place, login: str, role: str) -> None:
    """The same person gets another role too."""
    with place.archive.sessions.begin() as session:
        account = session.execute(text("SELECT id FROM accounts WHERE login = :login"), {"login": login}).scalar_one()
        session.execute(
            text(
                "INSERT INTO role_grants (id, account_id, role, granted_by, granted_at)"
                " VALUES (:id, :account, :role, 'operator', :at)"
            ),
            {"id": f"{login}{role}"[:32], "account": account, "role": role, "at": "2026-03-01 04:00:00"},
        )


@pytest.mark.parametrize("login", ["wang", "zu", "yuan"])
def test_who_proposed_led_or_judged_cannot_approve_even_with_the_role(place: Place, login: str) -> None:
    give(place, login, "approver")
    found = place.register()
    place.act(found, "zu", "sign", Seat.LEADER)
    with pytest.raises(Forbidden, match="不能又是批准人"):
        place.act(found, login, "approve")


def test_one_person_cannot_witness_twice_nor_approve_and_witness_nor_witness_and_remove(place: Place) -> None:
    give(place, "pi", "witness")
    give(place, "jia", "operator")
    found = place.approved()
    with pytest.raises(Forbidden, match="批准人"):
        place.act(found, "pi", "count")
    place.act(found, "jia", "count")
    with pytest.raises(Conflict):
        place.act(found, "jia", "count")
    place.act(found, "yi", "count")
    with pytest.raises(Forbidden, match="监销人甲"):
        place.act(found, "jia", "begin")


def test_the_database_refuses_two_seats_of_one_person_whatever_the_program_does(place: Place) -> None:
    found = place.approved()
    with place.archive.sessions.read() as session:
        pi = place.who(session, "pi")
        register = session.get_one(Register, found)
    same = Person(pi.id, pi.login, pi.name)
    with pytest.raises(IntegrityError, match="both seats"), place.archive.sessions.begin() as session:
        append(session, register, Act.COUNTED, NOON, same, Seat.WITNESS_FIRST)


def test_a_county_can_keep_more_seats_apart(place: Place) -> None:
    more = frozenset({(Seat.LEADER, Seat.WITNESS_FIRST), (Seat.LEADER, Seat.WITNESS_SECOND)})
    place.rules = replace(place.rules, apart=place.rules.apart | more)
    give(place, "zu", "witness")
    found = place.approved()
    with pytest.raises(Forbidden, match="鉴定小组负责人"):
        place.act(found, "zu", "count")


def test_a_script_cannot_sign_and_neither_can_the_machine(place: Place) -> None:
    found = place.register()
    place.act(found, "zu", "sign", Seat.LEADER)
    with place.archive.sessions.begin() as session:
        scripted = replace(place.who(session, "pi"), only=frozenset(Permission))
        for actor in (scripted, OPERATOR):
            with pytest.raises(Forbidden):
                registers_approve(session, actor, found)
    assert place.state(found) == "submitted"


def registers_approve(session: object, actor: object, register: str) -> None:
    from archive_service.actions.register_acts import approve

    approve(session, actor, register, NOON)  # type: ignore[arg-type]  # both kinds of actor, one call


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_rows SET said = '{}' WHERE number = 1",
        "DELETE FROM register_rows WHERE number = 1",
        "INSERT OR REPLACE INTO register_rows SELECT register_id, number, record_id, '{}', hash FROM register_rows",
        "UPDATE register_entries SET login = 'pi'",
        "DELETE FROM register_entries",
        "UPDATE registers SET rows = 1",
        "UPDATE registers SET cover = '{}'",
        "DELETE FROM registers",
        "UPDATE register_forbidden_pairs SET other = 'nobody'",
        "DELETE FROM register_forbidden_pairs",
        "UPDATE appraisal_opinions SET verdict = 'destroy'",
        "DELETE FROM appraisal_opinions",
        "DELETE FROM appraisal_opinion_records",
    ],
)
def test_the_database_refuses_to_change_or_drop_what_is_frozen(place: Place, statement: str) -> None:
    place.register()
    with pytest.raises(IntegrityError, match="never"), place.archive.sessions.begin() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("triggers", "statement", "named"),
    [
        (["register_rows_unchanged"], "UPDATE register_rows SET said = '{}' WHERE number = 2", "第 2 行"),
        (["register_rows_undropped"], "DELETE FROM register_rows WHERE number = 3", "应有 3 行"),
        (["register_entries_unchanged"], "UPDATE register_entries SET login = 'li' WHERE number = 2", "第 2 条附记"),
        (["registers_unchanged"], "UPDATE registers SET cover = '{}'", "封面"),
        ([], "UPDATE registers SET state = 'counted'", "没有走到这一步"),
        (
            [],
            "INSERT INTO register_rows SELECT register_id, 4, 'f', said, hash FROM register_rows WHERE number = 3",
            "第 4 行",
        ),
    ],
)
def test_whoever_gets_around_the_database_is_named(
    place: Place, triggers: list[str], statement: str, named: str
) -> None:
    place.register()
    with place.archive.sessions.begin() as session:
        for one in triggers:
            session.execute(text(f"DROP TRIGGER {one}"))
        session.execute(text(statement))
    with place.archive.sessions.read() as session:
        found = faults(session)
    assert any(named in one for one in found), found


def test_a_missing_register_breaks_the_chain_of_the_fonds(place: Place) -> None:
    first, second = place.register(1), place.register(2)
    with place.archive.sessions.begin() as session:
        assert session.get_one(Register, second).previous == session.get_one(Register, first).hash
        for table in ("register_entries", "register_rows", "register_forbidden_pairs", "registers"):
            session.execute(text(f"DROP TRIGGER {table}_undropped"))
            column = "id" if table == "registers" else "register_id"
            session.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": first})
    with place.archive.sessions.read() as session:
        assert any("缺第 1 本" in one for one in faults(session))


@pytest.mark.parametrize("until", ["register", "approved", "counted", "begun"])
def test_a_hold_wins_at_every_step_and_its_row_stays_noted(place: Place, until: str) -> None:
    found = begun(place) if until == "begun" else getattr(place, until)()
    hold(place, 2)
    with place.archive.sessions.read() as session:
        assert [row.record_id for row in approved_rows(session, found)] == [number(1), number(3)]
        (noted,) = entries_of(session, found, Act.HELD)
        assert (noted.record_id, noted.reason, noted.login) == (number(2), "法院要用", "liu")
        assert not removal_allowed(session, found, number(2), place.now)
        assert len(rows_of(session, found)) == 3
        assert open_in(session, [number(2)]) == {}
        assert faults(session) == []


def test_a_released_hold_does_not_bring_the_row_back(place: Place) -> None:
    found = begun(place)
    hold(place, 2)
    with place.archive.sessions.begin() as session:
        (only,) = holds.listed(session, place.who(session, "liu"))[0]
        holds.release(session, place.who(session, "liu"), only.hold.id, "结案", place.now)
    assert "退出清册" in (refusal(place, found, 2) or "")


def test_what_is_lent_is_not_removed(place: Place) -> None:
    found = begun(place)
    with place.archive.sessions.begin() as session:
        session.add(
            physical.Loan(
                record_id=number(1), borrower="石大山", purpose="查阅", lent_by="wang", lent_on=TODAY, due_on=TODAY,
            )
        )  # fmt: skip
    assert "借出" in (refusal(place, found, 1) or "")
    assert refusal(place, found, 2) is None


def test_refused_rows_are_noted_the_rest_is_approved_and_they_can_be_judged_again(place: Place) -> None:
    found = place.register()
    place.act(found, "zu", "sign", Seat.LEADER)
    place.act(found, "pi", "refuse_rows", [number(3)], "还有用")
    place.act(found, "pi", "approve")
    with place.archive.sessions.read() as session:
        assert [row.record_id for row in approved_rows(session, found)] == [number(1), number(2)]
        assert len(rows_of(session, found)) == 3
        assert open_in(session, [number(one) for one in (1, 2, 3)]).keys() == {number(1), number(2)}
    place.register(3)


@pytest.mark.parametrize(("login", "act"), [("pi", "refuse"), ("wang", "withdraw")])
def test_a_register_refused_or_withdrawn_lets_everything_go(place: Place, login: str, act: str) -> None:
    found = place.register()
    with pytest.raises(RuleError, match="理由"):
        place.act(found, login, act, " ")
    place.act(found, login, act, "手续不全")
    with pytest.raises(Conflict):
        place.act(found, "zu", "sign", Seat.LEADER)
    assert place.register() != found


def test_within_the_cooling_off_nobody_counts_and_it_can_be_aborted(place: Place) -> None:
    place.rules = replace(place.rules, cooling_days=30)
    found = place.approved()
    place.later(29)
    with pytest.raises(RuleError, match="缓期"):
        place.act(found, "jia", "count")
    place.later(1)
    place.act(found, "jia", "count")
    place.act(found, "pi", "abort", "县里另有安排")
    assert place.state(found) == "aborted"
    assert refusal(place, found, 1) is not None


def test_a_cooling_off_that_was_shortened_by_hand_is_named(place: Place) -> None:
    place.rules = replace(place.rules, cooling_days=30)
    found = place.approved()
    with place.archive.sessions.begin() as session:
        session.get_one(Register, found).not_before = place.now - timedelta(days=1)
    with place.archive.sessions.read() as session:
        assert any("缓期" in one for one in faults(session))


def test_where_the_county_asks_the_register_is_filed_above_before_anybody_counts(place: Place) -> None:
    place.rules = replace(place.rules, filing="before")
    found = place.approved()
    with pytest.raises(RuleError, match="备案"):
        place.act(found, "jia", "count")
    place.act(found, "wang", "file_above", "云岭县档案局", "备2026-3", date(2026, 3, 2))
    place.act(found, "jia", "count")


def test_what_a_witness_does_not_find_goes_back(place: Place) -> None:
    found = place.approved()
    place.act(found, "jia", "miscount", [number(1)], "少两页")
    place.act(found, "jia", "count")
    place.act(found, "yi", "count")
    with place.archive.sessions.read() as session:
        counted = entries_of(session, found, Act.COUNTED)
        assert [(one.seat, one.details["rows"]) for one in counted] == [("witness_first", 2), ("witness_second", 2)]


def test_accounting_records_have_a_register_and_signers_of_their_own(place: Place) -> None:
    place.put(4, class_id="KU-01", title="记账凭证")
    place.put(5, class_id="KUX", title="不是会计")
    group = [
        (Seat.LEADER, "zu"), (Seat.ARCHIVIST, "wang"), (Seat.MEMBER, "yuan"), (Seat.ARCHIVES_HEAD, "liu"),
        (Seat.ACCOUNTING_HEAD, "zhang"), (Seat.ARCHIVES_HANDLER, "wang"), (Seat.ACCOUNTING_HANDLER, "yuan"),
    ]  # fmt: skip
    batch = place.open(group=group)
    place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "zhang", Verdict.DESTROY, turn=Round.SECOND)
    place.close(batch)
    other, accounting = place.submit(batch)
    with place.archive.sessions.read() as session:
        assert [row.record_id for row in rows_of(session, accounting)] == [number(4)]
        assert [row.record_id for row in rows_of(session, other)] == [number(one) for one in (1, 2, 3, 5)]
    place.act(accounting, "zu", "sign", Seat.LEADER)
    with pytest.raises(RuleError, match="会计管理机构负责人"):
        place.act(accounting, "pi", "approve")
    for seat, login in ((one, login) for one, login in group if one in place.rules.accounting_signers[1:]):
        place.act(accounting, login, "sign", seat)
    place.act(accounting, "pi", "approve")
    place.act(other, "zu", "sign", Seat.LEADER)
    place.act(other, "pi", "approve")


def test_without_the_signers_of_accounting_no_register_of_accounting_is_submitted(place: Place) -> None:
    place.put(4, class_id="KU-01", title="记账凭证")
    batch = place.open()
    place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
    place.close(batch)
    with pytest.raises(RuleError, match="会计"):
        place.submit(batch)
    with place.archive.sessions.begin() as session:
        wang = place.who(session, "wang")
        for seat, login in (
            (Seat.ARCHIVES_HEAD, "liu"), (Seat.ACCOUNTING_HEAD, "zhang"), (Seat.ARCHIVES_HANDLER, "wang"),
            (Seat.ACCOUNTING_HANDLER, "yuan"),
        ):  # fmt: skip
            appraisal.seat_one_more(session, wang, batch, seat, login, place.now, place.today)
        with pytest.raises(RuleError, match="一位鉴定小组负责人"):
            appraisal.seat_one_more(session, wang, batch, Seat.LEADER, "zu", place.now, place.today)
        with pytest.raises(RuleError, match="权限"):
            appraisal.seat_one_more(session, wang, batch, Seat.MEMBER, "jia", place.now, place.today)
    assert len(place.submit(batch)) == 2


def test_a_register_needs_a_report_and_is_submitted_once(place: Place) -> None:
    batch = place.open()
    place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
    place.close(batch)
    with pytest.raises(RuleError, match="报告"), place.archive.sessions.begin() as session:
        registers.submit(session, place.who(session, "wang"), batch, place.rules, place.now, place.today)
    place.submit(batch)
    with pytest.raises(Conflict):
        place.submit(batch)


def test_who_may_not_see_a_record_of_the_register_cannot_sign_it_and_does_not_see_its_row(place: Place) -> None:
    place.put(9, access="personal", title="伤残补助名册")
    with place.archive.sessions.begin() as session:
        session.execute(
            text("UPDATE accounts SET clearances = '[\"personal\"]' WHERE login IN ('wang', 'zu', 'yuan')")
        )  # fmt: skip
    found = place.register(1, 9)
    place.act(found, "zu", "sign", Seat.LEADER)
    with pytest.raises(Forbidden, match="不能查看"):
        place.act(found, "pi", "approve")
    with place.archive.sessions.read() as session:
        register = session.get_one(Register, found)
        shown = {
            login: [row.record_id for row in registers.rows_seen(session, place.who(session, login), register)[0]]
            for login in ("wang", "pi")
        }
    assert shown == {"wang": [number(1), number(9)], "pi": [number(1)]}


def test_another_township_sees_nothing_of_it(place: Place) -> None:
    found = place.register()
    with place.archive.sessions.begin() as session:
        stranger = replace(place.who(session, "pi"), held=())
        with pytest.raises(Missing):
            registers.seen(session, stranger, found)
