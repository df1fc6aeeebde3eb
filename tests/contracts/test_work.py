"""Turns and rates, over both databases: one at a time, never for ever, and counted without waiting for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.database.engine import Sessions, make_sessions, migrate
from storage.database.work import end_turn, forget_work, note_work, rates, take_turn, turn, turns
from tests.conftest import NOON

A_MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    url = f"sqlite:///{tmp_path}/a.db" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    made = make_sessions(url)
    migrate(made.engine)
    yield made
    made.engine.dispose()


def takes(sessions: Sessions, owner: str, now: datetime = NOON) -> bool:
    with sessions.begin() as session:
        return take_turn(session, "indexing", owner, now, now + A_MINUTE)


def test_a_turn_is_had_by_one_owner_until_it_is_given_back(sessions: Sessions) -> None:
    assert takes(sessions, "a")
    assert not takes(sessions, "b")
    assert takes(sessions, "a")
    with sessions.begin() as session:
        end_turn(session, "indexing", "b")
    assert not takes(sessions, "b")
    with sessions.begin() as session:
        end_turn(session, "indexing", "a")
    assert takes(sessions, "b")


def test_a_turn_that_nobody_renewed_goes_to_the_next(sessions: Sessions) -> None:
    assert takes(sessions, "a")
    assert takes(sessions, "a", NOON + A_MINUTE / 2)
    assert not takes(sessions, "b", NOON + A_MINUTE)
    assert takes(sessions, "b", NOON + 2 * A_MINUTE)
    assert not takes(sessions, "a", NOON + 2 * A_MINUTE)


def test_a_turn_ends_with_its_block_even_after_an_error(sessions: Sessions) -> None:
    with suppress(KeyError), turn(sessions, "indexing", "a", lambda: NOON, A_MINUTE) as have_it:
        assert have_it()
        with sessions.read() as session:
            assert turns(session) == [("indexing", "a")]
        raise KeyError
    assert takes(sessions, "b")


def test_a_rate_is_what_all_owners_did_in_the_minutes_in_which_they_worked(sessions: Sessions) -> None:
    with sessions.begin() as session:
        note_work(session, "reading", "a", NOON, 10)
        note_work(session, "reading", "a", NOON + timedelta(seconds=59), 5)
        note_work(session, "reading", "b", NOON, 15)
        note_work(session, "reading", "a", NOON + 3 * A_MINUTE, 10)
        note_work(session, "recognition", "a", NOON - timedelta(hours=1), 99)
        note_work(session, "indexing", "a", NOON, 0)
    with sessions.read() as session:
        # 30 in the first minute and 10 in the fourth; what lies an hour back says nothing about now.
        assert rates(session, NOON + 4 * A_MINUTE) == {"reading": 20.0}
    with sessions.begin() as session:
        forget_work(session, NOON + A_MINUTE)
        assert rates(session, NOON + 4 * A_MINUTE) == {"reading": 10.0}
