"""Batches and opinions: who may judge what, and what closing a batch does; what has not run out is never destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from archive_service.actions import appraisal, appraisal_opinions, appraisal_report, holdings
from archive_service.actions.accounts import add_account
from archive_service.actions.appraisal import Chosen, Source
from archive_service.actions.appraisal_leader import replace_leader
from archive_service.actions.appraisal_opinions import OpinionWish, count_judged
from archive_service.actions.due import Asked, due_list
from archive_service.actions.holdings import inside
from archive_service.permissions import OPERATOR, Forbidden, Role, scope_of
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.verifying_registers import faults
from archive_service.wiring import Archive
from classification.appraisal_opinions import Agreement
from classification.appraisal_seats import Seat
from classification.errors import RuleError
from storage.database.appraisal import AppraisedRecord, Opinion, Round, Verdict, covered_by, members_of, opinions_of
from storage.database.holds import holds_on
from storage.database.journal import JournalEntry
from storage.database.records import Record, RecordState
from storage.database.registers import Register, rows_of
from storage.errors import Conflict, Missing
from storage.scope import RESTRICTED
from tests.unit.archive_service.appraisal_village import GROUP, Place, hold, make_place, number


@pytest.fixture
def place(archive: Archive) -> Place:
    return make_place(archive)


def named(*records: int, why: str = "") -> Chosen:
    return Chosen(Source.RECORDS, records=tuple(map(number, records)), why=why)


def test_a_record_is_in_one_open_batch_only_and_the_due_list_passes_it_over(place: Place) -> None:
    place.open(named(1))
    with pytest.raises(Conflict):
        place.open(named(1, 2))
    second = place.open()
    with place.archive.sessions.read() as session:
        rows = session.query(AppraisedRecord).filter_by(batch_id=second)
        assert sorted(row.record_id for row in rows) == [number(2), number(3)]


def test_the_database_too_keeps_a_record_in_one_open_batch(place: Place) -> None:
    place.open(named(1))
    other = place.open(named(2))
    with pytest.raises(IntegrityError), place.archive.sessions.begin() as session:
        session.add(AppraisedRecord(batch_id=other, record_id=number(1)))


@pytest.mark.parametrize(
    ("retention", "due"),
    [("permanent", None), (None, None), (10, date(2026, 3, 1)), ({"event": "E1", "plus_years": 3}, None)],
)
def test_what_has_not_run_out_comes_in_with_a_reason_only_and_is_never_proposed_for_destruction(
    place: Place, retention: object, due: date | None
) -> None:
    place.put(7, retention, due)
    with pytest.raises(RuleError, match="写明理由"):
        place.open(named(7))
    batch = place.open(named(7, why="县里统一复核"))
    with pytest.raises(RuleError, match="不能拟销毁"):
        place.say(batch, "yuan", Verdict.DESTROY, [7])
    place.say(batch, "yuan", Verdict.TRANSFER, [7])
    # Even when its term has run out since.
    place.later(400)
    with pytest.raises(RuleError, match="不能拟销毁"):
        place.say(batch, "yuan", Verdict.DESTROY, [7])


def test_the_last_day_of_a_term_is_not_past_and_the_next_day_is(place: Place) -> None:
    place.put(7, 10, date(2026, 3, 1))
    place.put(8, 10, date(2026, 2, 28))
    batch = place.open()
    with place.archive.sessions.read() as session:
        rows = session.query(AppraisedRecord).filter_by(batch_id=batch)
        assert {row.record_id for row in rows} == {number(one) for one in (1, 2, 3, 8)}


@pytest.mark.parametrize(
    "group",
    [
        GROUP[1:],
        (GROUP[0], GROUP[2], (Seat.MEMBER, "zhang")),
        GROUP[:2],
        ((Seat.LEADER, "yuan"), *GROUP[1:]),
        (*GROUP, (Seat.APPROVER, "pi")),
        (*GROUP, (Seat.LEADER, "zu"), (Seat.LEADER, "liu")),
    ],
)
def test_a_group_has_one_leader_with_the_role_an_archivist_and_three_people(
    place: Place, group: tuple[tuple[Seat, str], ...]
) -> None:
    with pytest.raises(RuleError):
        place.open(group=group)


def test_only_the_group_judges_the_second_is_another_person_and_the_leader_alone_decides(place: Place) -> None:
    batch = place.open()
    with pytest.raises(Forbidden):
        place.say(batch, "zhang", Verdict.DESTROY)
    with pytest.raises(Forbidden):
        place.say(batch, "pi", Verdict.DESTROY)
    with pytest.raises(RuleError, match="第一人"):
        place.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
    place.say(batch, "yuan", Verdict.DESTROY)
    with pytest.raises(Forbidden, match="另一个人"):
        place.say(batch, "yuan", Verdict.DESTROY, [1], turn=Round.SECOND)
    place.say(batch, "wang", Verdict.EXTEND, [1], turn=Round.SECOND, years=10)
    with pytest.raises(Forbidden, match="另一个人"):
        place.say(batch, "wang", Verdict.EXTEND, [1], years=10)
    with pytest.raises(Forbidden):
        place.say(batch, "yuan", Verdict.DESTROY, [1], turn=Round.DECIDING)
    with place.archive.sessions.read() as session:
        counts = count_judged(session, batch, place.rules)
    assert (counts[Agreement.DISAGREED], counts[Agreement.SECOND_MISSING]) == (1, 2)
    with pytest.raises(RuleError, match="1 件两人意见不一"):
        place.close(batch)
    place.say(batch, "zu", Verdict.EXTEND, [1], turn=Round.DECIDING, years=10)
    place.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
    assert place.close(batch) == {"extend": 1, "destroy": 2}


def test_what_a_donor_restricted_since_counts_for_nobody_whom_he_did_not_name(place: Place) -> None:
    batch = place.open()
    with place.archive.sessions.begin() as session:
        session.get_one(Record, number(3)).access = RESTRICTED
    with place.archive.sessions.read() as session:
        actor = place.who(session, "zu")
        (line,), _ = appraisal.listed(session, actor)
        mine = count_judged(session, batch, place.rules, inside(scope_of(actor)))
        every = count_judged(session, batch, place.rules)
    assert (line.records, line.open) == (2, 2)
    assert (sum(mine.values()), sum(every.values())) == (2, 3)


def test_a_changed_mind_is_a_new_opinion_and_the_old_one_stays(place: Place) -> None:
    batch = place.open()
    first = place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "yuan", Verdict.PERMANENT, [2], reason="村史要用")
    with place.archive.sessions.read() as session:
        assert [one.verdict for one in opinions_of(session, batch)] == ["destroy", "permanent"]
        assert covered_by(session, first) == [number(1), number(2), number(3)]
        assert session.get_one(Opinion, first).records == 3


def test_an_extension_sets_a_new_term_marks_why_and_leaves_the_code(place: Place) -> None:
    batch = place.open(named(1))
    place.say(batch, "yuan", Verdict.EXTEND, years=5, reason="还要查")
    assert place.close(batch) == {"extend": 1}
    with place.archive.sessions.read() as session:
        found = session.get_one(Record, number(1))
        # Closed on 2026-03-01: from 1 January after it, five years.
        assert (found.retention, found.starts_on, found.due_on) == (5, date(2027, 1, 1), date(2031, 12, 31))
        assert (found.code, found.state) == ("V012-WS·2010-D10-0001", RecordState.ARCHIVING)
        why = holdings.view(session, place.who(session, "wang"), found.id).why
    assert any("续存" in step.text and "还要查" in step.text and "yuan" in step.text for step in why)


def test_a_term_extended_twice_counts_from_the_second_time(place: Place) -> None:
    batch = place.open(named(1))
    place.say(batch, "yuan", Verdict.EXTEND, years=5)
    place.close(batch)
    with place.archive.sessions.begin() as session:
        session.get_one(Record, number(1)).state = RecordState.ARCHIVED
    # 2031-12-31 is the last day: on the day after, it is due again.
    place.later((date(2032, 1, 1) - place.today).days)
    again = place.open(named(1))
    place.say(again, "yuan", Verdict.EXTEND, years=10)
    place.close(again)
    with place.archive.sessions.read() as session:
        found = session.get_one(Record, number(1))
        assert (found.starts_on, found.due_on) == (date(2033, 1, 1), date(2042, 12, 31))


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("next_year", (date(2029, 1, 1), date(2038, 12, 31))),
        # Closed on a leap day: the term ends on the day before, ten years on.
        ("appraisal_day", (date(2028, 2, 29), date(2038, 2, 28))),
        ("term_end", (date(2021, 1, 1), date(2030, 12, 31))),
    ],
)
def test_where_a_new_term_starts_is_the_countys_to_say(place: Place, start: str, expected: tuple[date, date]) -> None:
    place.rules = replace(place.rules, extension_start=start)  # type: ignore[arg-type]  # one of the three choices
    place.later((date(2028, 2, 29) - place.today).days)
    batch = place.open(named(1))
    place.say(batch, "yuan", Verdict.EXTEND, years=10)
    place.close(batch)
    with place.archive.sessions.read() as session:
        found = session.get_one(Record, number(1))
        assert (found.starts_on, found.due_on) == expected


def test_no_term_is_shortened_and_what_has_none_is_not_extended(place: Place) -> None:
    place.put(7, 30, date(2050, 12, 31))
    place.put(8, "permanent", None)
    batch = place.open(named(7, 8, why="复核"))
    with pytest.raises(RuleError, match="不比现在晚"):
        place.say(batch, "yuan", Verdict.EXTEND, [7], years=10)
    with pytest.raises(RuleError, match="没有期满日"):
        place.say(batch, "yuan", Verdict.EXTEND, [8], years=10)


def test_permanent_is_never_due_again_hold_holds_and_transfer_waits(place: Place) -> None:
    batch = place.open()
    place.say(batch, "yuan", Verdict.PERMANENT, [1])
    place.say(batch, "yuan", Verdict.HOLD, [2], ground="case", review_on=date(2026, 9, 1))
    place.say(batch, "yuan", Verdict.TRANSFER, [3])
    assert place.close(batch) == {"permanent": 1, "hold": 1, "transfer": 1}
    with place.archive.sessions.read() as session:
        found = session.get_one(Record, number(1))
        assert (found.retention, found.due_on) == ("permanent", None)
        (held,) = holds_on(session, [number(2)])[number(2)]
        assert (held.ground, held.review_on, held.placed_by) == ("case", date(2026, 9, 1), "zu")
        rest = due_list(session, place.who(session, "wang"), Asked(), place.today)
    assert [line.record.id for line in rest.lines] == [number(3)]


def test_what_is_held_after_it_was_said_is_left_out_when_the_batch_is_closed(place: Place) -> None:
    batch = place.open()
    place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
    hold(place, 2)
    assert place.close(batch) == {"destroy": 2, "stopped": 1}


def test_what_is_held_after_the_batch_was_closed_is_left_out_of_the_register(place: Place) -> None:
    batch = place.open()
    place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
    place.close(batch)
    hold(place, 2)
    (register,) = place.submit(batch)
    with place.archive.sessions.read() as session:
        assert [row.record_id for row in rows_of(session, register)] == [number(1), number(3)]


def test_a_thousand_opinions_take_as_many_statements_as_two(place: Place) -> None:
    for one in range(4, 1001):
        place.put(one)
    few, many = place.open(named(1, 2)), place.open()
    counts = []
    for batch in (few, many):
        seen: list[str] = []

        def note(*said: object, into: list[str] = seen) -> None:
            into.append(str(said[2]))

        event.listen(place.archive.sessions.engine, "before_cursor_execute", note)
        place.say(batch, "yuan", Verdict.DESTROY)
        event.remove(place.archive.sessions.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    with place.archive.sessions.read() as session:
        (opinion,) = opinions_of(session, many)
        assert (opinion.records, len(covered_by(session, opinion.id))) == (998, 998)


def test_the_report_counts_names_who_judged_and_gives_the_reasons(place: Place) -> None:
    place.now = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)  # an hour past midnight in the county
    batch = place.open()
    place.say(batch, "yuan", Verdict.DESTROY, [1, 2])
    place.say(batch, "wang", Verdict.DESTROY, [1, 2], turn=Round.SECOND)
    place.say(batch, "yuan", Verdict.PERMANENT, [3], reason="村史要用")
    with place.archive.sessions.read() as session:
        said = appraisal_report.draft(session, place.who(session, "zu"), batch, place.rules)
    for words in (
        "共 3 件，2010 年。",
        "文书 · 村务管理 3 件",
        "2026年3月1日立批",
        "鉴定小组负责人 zu某",
        "改为永久 1 件；拟销毁 2 件",
        "村史要用（1 件）",
    ):
        assert words in said


def test_a_report_is_edited_until_a_register_goes_out_with_it(place: Place) -> None:
    register = place.register()
    with place.archive.sessions.begin() as session:
        batch = session.get_one(Register, register).batch_id
        with pytest.raises(Conflict, match="不再改"):
            appraisal_report.save(session, place.who(session, "wang"), batch, "另一份", place.now)


def test_a_record_of_another_fonds_or_hidden_answers_as_if_it_were_not_there(place: Place) -> None:
    place.put(7, access="personal")
    with pytest.raises(Missing):
        place.open(named(7))
    batch = place.open()
    wish = OpinionWish(Verdict.DESTROY, "无用", (number(99),))
    with pytest.raises(Missing), place.archive.sessions.begin() as session:
        appraisal_opinions.give(session, place.who(session, "yuan"), batch, wish, place.rules, place.now, place.today)


def test_an_entry_cut_off_at_the_end_is_named_by_the_copy_in_the_store(place: Place) -> None:
    register = place.register()
    place.act(register, "zu", "sign", Seat.LEADER)
    keep_documents(place.archive)
    assert faults(place.archive) == []
    with place.archive.sessions.begin() as session:
        session.execute(text("DROP TRIGGER register_entries_undropped"))
        session.execute(text("DELETE FROM register_entries WHERE act = 'signed'"))
    assert any("档案库里的副本不同" in one for one in faults(place.archive))


def test_another_leads_when_the_leader_is_ill_and_who_led_still_may_not_approve(archive: Archive) -> None:
    place = make_place(archive)
    batch = place.open()
    place.say(batch, "zu", Verdict.DESTROY)
    with archive.sessions.begin() as session:
        wang = place.who(session, "wang")
        add_account(session, OPERATOR, archive.hasher, place.now, "xin", "新组长", Role.APPRAISAL_LEADER, None)
        with pytest.raises(RuleError, match="理由"):
            replace_leader(session, wang, batch, "xin", " ", place.now, place.today)
        with pytest.raises(RuleError, match="权限"):
            replace_leader(session, wang, batch, "jia", "病休", place.now, place.today)
        with pytest.raises(Forbidden):
            replace_leader(session, place.who(session, "yuan"), batch, "xin", "病休", place.now, place.today)
        replace_leader(session, wang, batch, "xin", "病休", place.now, place.today)
    with archive.sessions.begin() as session:
        seats = {(one.seat, one.login) for one in members_of(session, batch)}
        assert seats == {("leader", "xin"), ("member", "zu"), ("archivist", "wang"), ("member", "yuan")}
        # What was judged stays judged, and it is in the journal who led and why another does.
        assert [one.account_id for one in opinions_of(session, batch)] == [place.who(session, "zu").id]
        said = session.scalars(select(JournalEntry).where(JournalEntry.act == "appraisal_leader")).one()
        assert said.details == {"leader": ["zu", "xin"], "reason": "病休"}
        with pytest.raises(Conflict, match="已经是"):
            replace_leader(session, place.who(session, "wang"), batch, "xin", "病休", place.now, place.today)
