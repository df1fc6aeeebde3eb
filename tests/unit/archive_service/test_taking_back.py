"""An acceptance is taken back whole until something is archived, and what it taught is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive_service.actions import catalogue, taking_back
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.rulebook import rule_book
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from storage.database import learning
from storage.database.base import new_id
from storage.database.records import Record, RecordState
from storage.errors import Conflict
from tests.conftest import NOON


def accepted(archive: Archive, *titles: str) -> list[str]:
    """Records accepted in one act at noon."""
    set_up(archive)
    with archive.sessions.begin() as session:
        village = add_village(session, OPERATOR, NOON, "石门槛村", "V012")
        made = [
            Record(
                id=new_id(), village_id=village.id, state=RecordState.PROPOSED, title=title, year=2022,
                proposals={}, fields={}, created_at=NOON, changed_at=NOON,
            )
            for title in titles
        ]  # fmt: skip
        session.add_all(made)
        rules = rule_book(session)
        for one in made:
            rules.assign(one, "WS-MZ-02")
        session.flush()
        return [one.id for one in catalogue.accept(session, OPERATOR, [one.id for one in made], rules, NOON)]


def states(archive: Archive, ids: list[str]) -> list[str]:
    with archive.sessions.read() as session:
        return [session.get_one(Record, one).state for one in ids]


def test_one_act_is_taken_back_whole_and_what_it_taught_is_forgotten(archive: Archive) -> None:
    ids = accepted(archive, "村民代表会议记录", "村民大会记录")
    with archive.sessions.begin() as session:
        assert learning.counts_of(session, [""])["WS-MZ-02"][""] == 2
        assert sorted(taking_back.accepted_at(session, OPERATOR, NOON)) == sorted(ids)
        taking_back.take_back(session, OPERATOR, ids, NOON)
    assert states(archive, ids) == ["proposed", "proposed"]
    with archive.sessions.read() as session:
        assert learning.counts_of(session, [""])["WS-MZ-02"][""] == 0


def test_what_is_archived_meanwhile_stays_and_another_moment_is_another_act(archive: Archive) -> None:
    first, second = accepted(archive, "甲", "乙")
    with archive.sessions.begin() as session:
        session.get_one(Record, first).state = RecordState.ARCHIVED
        session.flush()
        assert taking_back.accepted_at(session, OPERATOR, NOON) == [second]
        assert taking_back.accepted_at(session, OPERATOR, NOON + timedelta(seconds=1)) == []


def test_what_is_not_accepted_is_refused_and_nothing_is_changed(archive: Archive) -> None:
    first, second = accepted(archive, "甲", "乙")
    with archive.sessions.begin() as session:
        session.get_one(Record, second).state = RecordState.ARCHIVED
    with pytest.raises(Conflict, match="没有改动"), archive.sessions.begin() as session:
        taking_back.take_back(session, OPERATOR, [first, second], NOON)
    assert states(archive, [first, second]) == ["accepted", "archived"]


def test_a_clerk_of_another_village_takes_nothing_back(archive: Archive) -> None:
    ids = accepted(archive, "甲")
    stranger = Actor("9", "x", "x", Role.CLERK, "another")
    with pytest.raises(Forbidden), archive.sessions.begin() as session:
        taking_back.take_back(session, stranger, ids, NOON)
    assert states(archive, ids) == ["accepted"]
