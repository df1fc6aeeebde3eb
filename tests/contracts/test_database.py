"""What both databases promise: the schema is the models', leases keep workers apart, the outbox loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from storage.database import tables
from storage.database.base import Base, new_id
from storage.database.batches import Batch, Item, ItemState, lease_items, lease_owners, release_leases, renew_leases
from storage.database.engine import Sessions, check_schema, make_sessions, migrate
from storage.database.organisations import Township, Village
from storage.database.outbox import backlog, done, pending
from storage.database.records import Record, RecordState
from storage.errors import NotReady

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=30)
VILLAGE, BATCH = "v" * 32, "b" * 32


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        server = pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))
        metafunc.parametrize("kind", ["sqlite", server])


@pytest.fixture
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    """A database with nothing in it."""
    url = f"sqlite:///{tmp_path}/archive.db" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    made = make_sessions(url)
    yield made
    made.engine.dispose()


@pytest.fixture
def sessions(empty: Sessions) -> Sessions:
    """The schema, and one village with a batch."""
    migrate(empty.engine)
    with empty.begin() as session:
        session.add(Village(id=VILLAGE, name="石门槛村", fonds="V012", township="", aliases=[]))
        session.flush()
        session.add(Batch(id=BATCH, village_id=VILLAGE, source="一", opened_by="li", opened_at=NOON))
    return empty


def received(number: int) -> Item:
    return Item(
        id=f"{number:032x}", batch_id=BATCH, village_id=VILLAGE, path=f"{number}.txt", state=ItemState.RECEIVED,
        received_at=NOON,
    )  # fmt: skip


def leased(sessions: Sessions, owner: str, now: datetime = NOON, limit: int = 10) -> list[str]:
    with sessions.begin() as session:
        return [item.path for item in lease_items(session, owner, now, now + timedelta(minutes=30), limit)]


def test_the_migrations_make_what_the_models_say(sessions: Sessions) -> None:
    assert tables
    with sessions.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_townships_from_before_they_were_kept_get_an_id_and_the_code_of_then_still_writes(empty: Sessions) -> None:
    migrate(empty.engine, "0016")
    then = "INSERT INTO townships (name, aliases, merged_into, merged_on) VALUES (:name, '[]', :into, :on)"
    merged = {"name": "云顶乡", "into": "岩口镇", "on": "2024-07-01"}
    with empty.begin() as session:
        session.execute(text(then), merged)
    migrate(empty.engine)
    with empty.begin() as session:
        session.execute(text(then), {"name": "岩口镇", "into": None, "on": None})
        first, second = session.scalars(select(Township).order_by(Township.merged_into.is_(None))).all()
    assert (first.name, first.aliases, first.merged_into) == ("云顶乡", [], "岩口镇")
    assert (str(first.merged_on), first.kept, second.kept) == ("2024-07-01", False, False)
    assert len(first.id) == len(second.id) == 32
    assert first.id != second.id


def test_a_database_of_another_version_is_refused_with_the_remedy(sessions: Sessions) -> None:
    check_schema(sessions.engine)
    with sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotReady, match="9999"):
        check_schema(sessions.engine)


def test_a_leased_item_is_given_to_nobody_else_until_the_lease_runs_out(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add_all([received(number) for number in range(3)])
    assert leased(sessions, "one", limit=2) == ["0.txt", "1.txt"]
    assert leased(sessions, "two") == ["2.txt"]
    assert leased(sessions, "three", NOON + timedelta(minutes=29)) == []
    assert leased(sessions, "three", LATER + timedelta(seconds=1)) == ["0.txt", "1.txt", "2.txt"]


def test_a_lease_that_is_renewed_lasts_from_then_on(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add_all([received(number) for number in range(3)])
    assert leased(sessions, "one", limit=2) == ["0.txt", "1.txt"]
    with sessions.begin() as session:
        renew_leases(session, "one", LATER + timedelta(minutes=30))
    assert leased(sessions, "two", LATER + timedelta(seconds=1)) == ["2.txt"]


def test_a_lease_given_back_is_free_at_once_and_the_attempt_does_not_count(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(received(1))
    assert leased(sessions, "dead") == ["1.txt"]
    with sessions.begin() as session:
        assert list(lease_owners(session)) == ["dead"]
        release_leases(session, ["dead"])
    assert leased(sessions, "next") == ["1.txt"]
    with sessions.read() as session:
        assert session.get_one(Item, f"{1:032x}").attempts == 1


def test_workers_that_ask_at_the_same_moment_share_the_items_without_overlap(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add_all([received(number) for number in range(40)])
    start, got = Barrier(4), list[str]()

    def work(owner: str) -> None:
        start.wait()
        while some := leased(sessions, owner, limit=3):
            got.extend(some)

    workers = [Thread(target=work, args=(f"worker {number}",)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == sorted(f"{number}.txt" for number in range(40))


def test_one_path_is_in_a_batch_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(received(1))
    again = received(2)
    again.path = "1.txt"
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add(again)


def record(title: str) -> Record:
    return Record(
        id=new_id(), village_id=VILLAGE, batch_id=BATCH, state=RecordState.PROPOSED, kind="document", title=title,
        created_at=NOON, changed_at=NOON,
    )  # fmt: skip


def test_a_change_and_its_outbox_row_are_kept_or_taken_back_together(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(record("收支表"))
    with sessions.begin() as session:
        session.add(record("没有了"))
        session.flush()
        session.rollback()
    with sessions.read() as session:
        assert backlog(session) == 1
        assert session.query(Record).one().title == "收支表"


def test_a_change_made_while_the_outbox_is_emptied_is_not_lost(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(record("收支表"))
    with sessions.read() as session:
        jobs = [job.id for job in pending(session, 10)]
    with sessions.begin() as session:
        session.query(Record).one().title = "收支总表"
    with sessions.begin() as session:
        done(session, jobs)
    with sessions.read() as session:
        assert backlog(session) == 1


def test_a_moment_comes_back_as_it_went_in(sessions: Sessions) -> None:
    with sessions.read() as session:
        assert session.get_one(Batch, BATCH).opened_at == NOON
