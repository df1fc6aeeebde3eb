"""Removal with proof: every copy goes and is looked for, a hold wins until the end, one bad item stops no other."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from archive_service.actions import holds, removing, transferring
from archive_service.actions.holds import Wish
from archive_service.permissions import OPERATOR
from archive_service.tasks import removing as task
from archive_service.tasks.removing import finish_begun
from archive_service.tasks.removing_copies import folder_of
from archive_service.tasks.tombstones import PROOFS, PROOFS_NAME, TOMBSTONE, TOMBSTONE_NAME
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive
from storage.database import physical
from storage.database.batches import Item, ItemState, first_with_digests, sum_of
from storage.database.codes import GivenCode
from storage.database.holds import HoldKind
from storage.database.journal import history
from storage.database.records import File, Record
from storage.database.registers import Register, entries_of
from storage.database.removals import Removal
from storage.errors import Conflict, Missing, NotReady
from storage.index.query import SearchRequest
from storage.objects.areas import derivative_key
from storage.objects.ocfl import record_urn
from storage.objects.removal import Proof
from storage.scope import RESTRICTED
from tests.unit.archive_service.appraisal_village import Place, number
from tests.unit.archive_service.removal_village import (
    ALL,
    begun,
    carry_out,
    copies,
    file_id,
    is_gone,
    is_whole,
    make_stocked,
    settle,
    word_of,
)


@pytest.fixture
def place(archive: Archive) -> Place:
    return make_stocked(archive)


def removal(place: Place, one: int) -> Removal | None:
    with place.archive.sessions.read() as session:
        return session.get(Removal, number(one))


def hold(place: Place, one: int) -> None:
    with place.archive.sessions.begin() as session:
        wish = Wish(HoldKind.RECORDS, "case", "法院要用", records=(number(one),))
        holds.place(session, place.archive.index, OPERATOR, wish, place.now, place.today)


def test_every_copy_goes_and_is_proved_absent_and_the_neighbour_stays(place: Place) -> None:
    assert copies(place.archive, 1) == {
        # Declaration, two inventories with sidecars, description, file; page text and a picture.
        "object": 7, "derivative": 2, "staging": 0, "files": 1, "pages": 1, "kin": 1, "index": 1,
    }  # fmt: skip
    found = begun(place, 1, 2)
    done = carry_out(place, found)
    assert (done.begun, done.proved, done.closed, done.stopped, done.faults) == (2, 2, True, [], [])
    assert [is_gone(place.archive, one) for one in (1, 2)] == [True, True]
    assert is_whole(place.archive, 3)
    assert place.state(found) == "removed"
    settle(place.archive)
    assert verify(place.archive).faults == []


def test_the_proof_names_every_copy_with_what_was_found_and_what_is_left(place: Place) -> None:
    carry_out(place, begun(place, 1))
    one = removal(place, 1)
    assert one is not None
    found = {what: sum(c["found"] for c in one.copies if c["what"] == what) for what in {c["what"] for c in one.copies}}
    assert found == {"object": 7, "derivative": 2, "staging": 0, "rows": 3, "index": 1, "queue": 0}
    assert {c["left"] for c in one.copies} == {0}
    assert [c["until"] for c in one.backups] == ["没有设置备份地址；另外做过的备份里如有，要由人删除"]


def test_the_description_stays_in_the_database_and_in_the_store_without_text_or_people(place: Place) -> None:
    found = begun(place, 1)
    carry_out(place, found)
    with place.archive.sessions.read() as session:
        record = session.get_one(Record, number(1))
        assert (record.state, record.title, record.code) == ("destroyed", "灌溉渠维修账 1", "V012-WS·2010-D10-0001")
        assert [one.act for one in history(session, number(1))][-2:] == ["removal_begun", "record_destroyed"]
    held = place.archive.root.read(f"{TOMBSTONE}{number(1)}")
    kept = place.archive.root.content(held, TOMBSTONE_NAME).decode()
    assert "灌溉渠维修账 1" in kept
    assert found in kept
    assert word_of(1) not in kept
    assert "石大山" not in kept
    proofs = place.archive.root.read(f"{PROOFS}{found}")
    assert number(1) in place.archive.root.content(proofs, PROOFS_NAME).decode()


def test_a_search_finds_it_as_destroyed_by_its_title_and_not_by_its_text(place: Place) -> None:
    carry_out(place, begun(place, 1))
    found = place.archive.index.search(SearchRequest(text="灌溉渠维修账", states=("destroyed",)), ALL)
    assert [hit.id for hit in found.hits] == [number(1)]
    assert place.archive.index.search(SearchRequest(text=f"“{word_of(1)}”"), ALL).hits == ()


def test_the_digest_of_a_destroyed_record_refuses_nothing_and_the_sum_holds(place: Place) -> None:
    with place.archive.sessions.read() as session:
        digest = session.get_one(File, file_id(1)).sha256
        assert list(first_with_digests(session, place.village, [digest])) == [digest]
    carry_out(place, begun(place, 1))
    with place.archive.sessions.read() as session:
        assert first_with_digests(session, place.village, [digest]) == {}
        items = session.scalars(select(Item.state).where(Item.record_id == number(1))).all()
    assert items == [ItemState.DESTROYED]
    assert sum_of({"destroyed": 1}) == {"found": 1, "archived": 1, "waiting": 0, "rejected": 0, "duplicate": 0}


def test_nothing_is_removed_before_the_operator_has_begun(place: Place) -> None:
    found = place.counted(1)
    with pytest.raises(Conflict, match="已清点"):
        carry_out(place, found)
    assert is_whole(place.archive, 1)


def test_who_may_not_see_the_register_removes_nothing(place: Place) -> None:
    found = begun(place, 1)
    with place.archive.sessions.begin() as session:
        session.execute(update(Record).where(Record.id == number(1)).values(access="personal"))
        actor = place.who(session, "wang")
    with pytest.raises((Missing, Conflict)), place.archive.sessions.read() as session:
        removing.check_begun(session, actor, "0" * 32)
    assert found


def test_a_hold_that_comes_before_the_removal_of_its_record_wins(place: Place) -> None:
    found = begun(place)
    hold(place, 2)
    done = carry_out(place, found)
    assert (done.proved, done.closed) == (2, True)
    assert [is_gone(place.archive, 1), is_whole(place.archive, 2), is_gone(place.archive, 3)] == [True, True, True]


def test_a_transfer_under_way_stops_the_removal_of_its_record_until_it_is_given_up(place: Place) -> None:
    found = begun(place)
    with place.archive.sessions.begin() as session:
        home = session.get_one(Record, number(2)).village_id
        wish = transferring.Wish(home, "云岭县档案馆", (number(2),))
        moving = transferring.open_transfer(session, OPERATOR, wish, place.now).id
    done = carry_out(place, found)
    assert [(one["record"], "正在移交" in one["why"]) for one in done.stopped] == [(number(2), True)]
    assert [is_gone(place.archive, 1), is_whole(place.archive, 2), is_gone(place.archive, 3)] == [True, True, True]
    with place.archive.sessions.begin() as session:
        assert [one.why for one in removing.status(session, OPERATOR, found, place.now).stopped] == [removing.MOVING]
        transferring.cancel(session, OPERATOR, moving, "县档案馆暂不接收", place.now)
    assert carry_out(place, found).closed
    assert is_gone(place.archive, 2)


def test_a_hold_that_comes_while_the_copies_are_being_found_wins(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    found, real = begun(place), task.find

    def found_late(places: object, session: object, record_id: str, files: object) -> object:
        copies_found = real(places, session, record_id, files)  # type: ignore[arg-type]  # handed through
        if record_id == number(2):
            hold(place, 2)
        return copies_found

    monkeypatch.setattr(task, "find", found_late)
    done = carry_out(place, found)
    assert [one["record"] for one in done.stopped] == [number(2)]
    assert [is_gone(place.archive, 1), is_whole(place.archive, 2), is_gone(place.archive, 3)] == [True, True, True]


def test_a_hold_that_comes_after_the_point_of_no_return_is_refused_in_words(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, real = begun(place, 1), task.remove

    def too_late(*said: object) -> None:
        with pytest.raises((Missing, Conflict)):
            hold(place, 1)
        real(*said)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(task, "remove", too_late)
    carry_out(place, found)
    assert is_gone(place.archive, 1)


def test_what_is_lent_waits_and_goes_on_when_it_is_back(place: Place) -> None:
    found = begun(place)
    with place.archive.sessions.begin() as session:
        session.add(
            physical.Loan(
                id="l" * 32,
                record_id=number(1),
                borrower="石大山",
                lent_on=place.today,
                due_on=place.today,
                lent_by="li",
            )
        )
    done = carry_out(place, found)
    assert (done.proved, done.closed, [one["record"] for one in done.stopped]) == (2, False, [number(1)])
    assert is_whole(place.archive, 1)
    with place.archive.sessions.read() as session:
        said = removing.status(session, place.who(session, "ban"), found, place.now)
    assert (said.waiting, said.proved, [one.why for one in said.stopped]) == (1, 2, [removing.LENT])
    assert [one.title for one in said.stopped] == ["灌溉渠维修账 1"]
    with place.archive.sessions.begin() as session:
        session.get_one(Record, number(1)).access = RESTRICTED
        hidden = removing.status(session, place.who(session, "ban"), found, place.now)
        session.rollback()
    assert [one.title for one in hidden.stopped] == ["第 1 行"]
    with place.archive.sessions.begin() as session:
        session.get_one(physical.Loan, "l" * 32).returned_on = place.today
    assert carry_out(place, found).closed
    assert is_gone(place.archive, 1)


def test_one_record_that_cannot_be_removed_stops_no_other_and_is_finished_later(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, objects, real = begun(place), place.archive.objects, place.archive.objects.delete

    def refusing(key: str, proof: Proof | None = None) -> None:
        if key.startswith(folder_of(number(2))) and key.endswith("2.txt"):
            raise NotReady("盘坏了。")
        real(key, proof)

    monkeypatch.setattr(objects, "delete", refusing)
    done = carry_out(place, found)
    assert (done.proved, done.closed, done.faults) == (2, False, [{"record": number(2), "fault": "盘坏了。"}])
    assert not is_whole(place.archive, 2)
    one = removal(place, 2)
    assert one is not None
    assert (one.state, one.fault) == ("begun", "盘坏了。")
    monkeypatch.setattr(objects, "delete", real)
    assert finish_begun(place.archive) == 1
    assert is_gone(place.archive, 2)
    assert place.state(found) == "removed"


def test_what_appears_again_is_found_and_not_proved(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    found, real = begun(place, 1), task.sync_index

    def drawn_meanwhile(archive: Archive) -> int:
        key = derivative_key(number(1), file_id(1), "page-1-2000.jpg")
        archive.objects.put(key, io.BytesIO(b"late"))
        return real(archive)

    monkeypatch.setattr(task, "sync_index", drawn_meanwhile)
    done = carry_out(place, found)
    assert done.proved == 0
    assert "page-1-2000.jpg" in done.faults[0]["fault"]
    monkeypatch.setattr(task, "sync_index", real)
    assert carry_out(place, found).closed
    assert is_gone(place.archive, 1)


def test_a_picture_that_comes_after_the_proof_goes_with_the_next_sweep(place: Place) -> None:
    carry_out(place, begun(place, 1))
    place.archive.objects.put(derivative_key(number(1), file_id(1), "page-1-2000.jpg"), io.BytesIO(b"late"))
    assert task.look_again(place.archive) == 1
    assert is_gone(place.archive, 1)


def test_pictures_drawn_under_another_record_go_too(place: Place) -> None:
    stray = derivative_key(number(3), file_id(1), "page-1-320.jpg")
    place.archive.objects.put(stray, io.BytesIO(b"picture"))
    carry_out(place, begun(place, 1))
    assert not place.archive.objects.exists(stray)
    assert is_whole(place.archive, 3)


def test_while_the_index_is_made_anew_nothing_is_proved(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    found = begun(place, 1)
    monkeypatch.setattr(task, "PATIENCE", 0.0)
    with task.turn(
        place.archive.sessions, task.INDEXING, "elsewhere:1-1:rebuilding", place.archive.now, task.TURN
    ) as have_it:
        assert have_it()
        done = carry_out(place, found)
    assert (done.proved, done.faults) == (0, [{"record": number(1), "fault": task.INDEX_BUSY}])
    assert carry_out(place, found).closed


def test_a_second_run_beside_the_first_does_nothing(place: Place) -> None:
    found = begun(place, 1)
    with task.turn(
        place.archive.sessions, task.REMOVING, "elsewhere:1-1:removing", place.archive.now, task.TURN
    ) as have_it:
        assert have_it()
        with pytest.raises(NotReady, match="另一个程序正在按清册销毁"):
            carry_out(place, found)
    assert is_whole(place.archive, 1)


def test_a_run_may_be_cut_into_slices(place: Place) -> None:
    found = begun(place)
    done = [carry_out(place, found, 1) for _ in range(3)]
    assert [(one.begun, one.closed) for one in done] == [(1, False), (1, False), (1, True)]


def test_the_register_says_each_row_and_that_all_is_done(place: Place) -> None:
    found = begun(place, 1, 2)
    carry_out(place, found)
    with place.archive.sessions.read() as session:
        entries = entries_of(session, found)
    assert [(one.act, one.record_id) for one in entries][-3:] == [
        ("removed_row", number(1)), ("removed_row", number(2)), ("removed", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE removals SET copies = '[]'",
        "DELETE FROM removals",
        "INSERT OR REPLACE INTO removals SELECT * FROM removals",
    ],
)
def test_a_proof_is_never_changed_or_dropped(place: Place, statement: str) -> None:
    carry_out(place, begun(place, 1))
    with pytest.raises(IntegrityError), place.archive.sessions.begin() as session:
        session.execute(text(statement))


def test_the_code_of_a_destroyed_record_stays_given(place: Place) -> None:
    with place.archive.sessions.begin() as session:
        session.add(GivenCode(normalised="x", code="V012-WS·2010-D10-0001", record_id=number(1), at=place.now))
    carry_out(place, begun(place, 1))
    with place.archive.sessions.read() as session:
        assert session.get_one(GivenCode, "x").record_id == number(1)


def test_verify_names_a_destroyed_record_whose_object_is_there_again(place: Place) -> None:
    carry_out(place, begun(place, 1))
    place.archive.root.create(number(1), [], {"title": "又来了"}, "归档", "li", place.now)
    settle(place.archive)
    (fault,) = verify(place.archive).faults
    assert "已销毁" in fault
    assert number(1) in fault


def test_the_object_of_a_record_without_a_signed_row_stays(place: Place) -> None:
    found = begun(place, 1)
    with place.archive.sessions.begin() as session:
        copies_found = [{"what": "object", "where": "x", "found": 1, "left": None}]
        assert removing.begin_one(session, found, number(2), 1, copies_found, place.now) is not None
    with place.archive.sessions.read() as session:
        assert session.get(Removal, number(2)) is None
        assert session.get_one(Register, found).state == "removing"
    assert place.archive.root.read(record_urn(number(2))).version == 1
