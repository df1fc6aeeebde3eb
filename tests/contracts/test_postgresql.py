"""What PostgreSQL promises beyond the contract: nobody waits for ever, and its troubles are sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive_service.settings import Settings
from archive_service.wiring import Archive, build
from storage.database.batches import Batch, Item, ItemState, lease_items
from storage.database.engine import Sessions
from storage.database.organisations import Village
from storage.errors import CutOff, NotReady
from tests.conftest import NOON

pytestmark = pytest.mark.needs("postgresql")
VILLAGE, BATCH = "v" * 32, "b" * 32
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def archive(settings: Settings, postgresql_url: str) -> Iterator[Archive]:
    """An archive over an empty PostgreSQL: a process holds three connections, a statement takes a second."""
    chosen = {"database_url": postgresql_url, "database_pool": 3, "database_statement_seconds": 1}
    made = build(settings.model_copy(update=chosen))
    made.prepare()
    yield made
    made.sessions.engine.dispose()


@pytest.fixture
def sessions(archive: Archive) -> Sessions:
    return archive.sessions


def shown(session: Session, name: str) -> str:
    return str(session.scalar(text(f"SHOW {name}")))


def test_every_connection_has_its_limits_and_its_name(sessions: Sessions) -> None:
    with sessions.read() as session:
        assert shown(session, "statement_timeout") == "1s"
        assert shown(session, "lock_timeout") == "10s"
        assert shown(session, "idle_in_transaction_session_timeout") == "5min"
        assert shown(session, "application_name") == "village-archive"


def test_a_process_holds_no_more_connections_than_the_setting_says(sessions: Sessions) -> None:
    held = [sessions.engine.connect() for _ in range(3)]
    assert sessions.engine.pool.status().startswith("Pool size: 3  Connections in pool: 0 Current Overflow: 0")
    for connection in held:
        connection.close()


def test_a_long_job_is_given_its_time_and_leaves_the_limit_to_the_next(archive: Archive) -> None:
    patient = archive.unhurried().sessions
    for opened in (patient.begin(), patient.read()):
        with opened as session:
            assert shown(session, "statement_timeout") == "0"
            assert shown(session, "idle_in_transaction_session_timeout") == "0"
            assert shown(session, "lock_timeout") == "10s"
    with patient.engine.execution_options(unhurried=False).connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "1s"
    patient.engine.dispose()


def test_a_statement_that_takes_too_long_is_broken_off_with_the_setting_to_change(sessions: Sessions) -> None:
    with pytest.raises(NotReady, match="DATABASE_STATEMENT_SECONDS"), sessions.read() as session:
        session.execute(text("SELECT pg_sleep(30)"))
    with sessions.read() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_what_another_holds_is_not_waited_for_for_ever(sessions: Sessions) -> None:
    with sessions.begin() as session, sessions.begin() as second:
        session.execute(text("LOCK TABLE items"))
        second.execute(text("SET LOCAL lock_timeout = '20ms'"))
        with pytest.raises(NotReady, match="另一个操作正占着"):
            second.execute(text("SELECT * FROM items"))
        second.rollback()


def test_a_connection_that_is_cut_in_the_middle_is_a_sentence_and_the_next_one_works(sessions: Sessions) -> None:
    with pytest.raises(CutOff, match="中途断了"):
        _cut(sessions)
    with sessions.begin() as session:
        assert session.scalar(text("SELECT 1")) == 1


def _cut(sessions: Sessions) -> None:
    with sessions.begin() as session:
        own = session.scalar(text("SELECT pg_backend_pid()"))
        with sessions.read() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": own})
        session.execute(text("SELECT 1"))


def test_a_connection_that_died_while_nobody_used_it_is_not_noticed(sessions: Sessions) -> None:
    with sessions.read() as session:
        session.execute(text("SELECT 1"))
        with sessions.read() as other:
            idle = other.scalar(text("SELECT pg_backend_pid()"))
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": idle})
    held = [sessions.read() for _ in range(2)]
    assert [session.scalar(text("SELECT 1")) for session in held] == [1, 1]
    for session in held:
        session.close()


@pytest.mark.parametrize(("code", "says"), [("53100", "磁盘满了"), ("25006", "磁盘满了"), ("40P01", "另一个操作")])
def test_a_full_disk_and_a_deadlock_are_sentences(sessions: Sessions, code: str, says: str) -> None:
    raised = f"DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(NotReady, match=says), sessions.begin() as session:
        session.execute(text(raised))


def test_a_fault_of_ours_stays_visible(sessions: Sessions) -> None:
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.execute(text("INSERT INTO villages (id) VALUES (NULL)"))


def test_who_asks_while_another_is_taking_leases_gets_others_and_does_not_wait(sessions: Sessions) -> None:
    _receive(sessions, 5)
    with sessions.begin() as first, sessions.begin() as second:
        # Were the rows of the first waited for, the limit of a second would end this with NotReady.
        one = [item.path for item in lease_items(first, "one", NOON, NOON + A_MINUTE, 3)]
        two = [item.path for item in lease_items(second, "two", NOON, NOON + A_MINUTE, 3)]
    assert (one, two) == (["0.txt", "1.txt", "2.txt"], ["3.txt", "4.txt"])


def _receive(sessions: Sessions, number: int) -> None:
    with sessions.begin() as session:
        session.add(Village(id=VILLAGE, name="石门槛村", fonds="V012", township="", aliases=[]))
        session.flush()
        session.add(Batch(id=BATCH, village_id=VILLAGE, source="一", opened_by="li", opened_at=NOON))
        session.flush()
        for one in range(number):
            session.add(
                Item(
                    id=f"{one:032x}", batch_id=BATCH, village_id=VILLAGE, path=f"{one}.txt",
                    state=ItemState.RECEIVED, received_at=NOON,
                )
            )  # fmt: skip
