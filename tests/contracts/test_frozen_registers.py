"""What both databases refuse of themselves: to change or drop what is frozen, and two seats that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from classification.appraisal import Act
from classification.appraisal_seats import LEAST, Seat
from storage.database.appraisal import AppraisalBatch, AppraisedRecord, Opinion, Round, Verdict, add_opinion
from storage.database.engine import Sessions, make_sessions, migrate
from storage.database.organisations import Village
from storage.database.register_chain import ZERO, Person, append, faults, write_register
from storage.database.registers import ForbiddenPair, Register

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
VILLAGE, BATCH, REGISTER, RECORD = "v" * 32, "b" * 32, "r" * 32, "e" * 32
FROZEN = (
    "appraisal_opinions", "appraisal_opinion_records", "registers", "register_rows", "register_entries",
    "register_forbidden_pairs",
)  # fmt: skip
PI, JIA = Person("p" * 32, "pi", "皮"), Person("j" * 32, "jia", "贾")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames and "emptied" not in metafunc.function.__name__:
        server = pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))
        metafunc.parametrize("kind", ["sqlite", server])


@pytest.fixture
def sessions(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sessions]:
    """A register with one row and one approval."""
    url = f"sqlite:///{tmp_path}/archive.db" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    made = make_sessions(url)
    migrate(made.engine)
    with made.begin() as session:
        session.add(Village(id=VILLAGE, name="石门槛村", fonds="V012", township="", aliases=[]))
        session.flush()
        session.add(AppraisalBatch(id=BATCH, village_id=VILLAGE, purpose="到期", opened_by="wang", opened_at=NOON))
        session.flush()
        opinion = Opinion(
            batch_id=BATCH, round=Round.FIRST, verdict=Verdict.DESTROY, reason="无用", account_id="w", login="wang",
            name="王", at=NOON, records=1, records_sha256="0" * 64,
        )  # fmt: skip
        add_opinion(session, opinion, [RECORD])
        cover = {"fonds": "V012", "rules": {}}
        register = Register(
            id=REGISTER, village_id=VILLAGE, batch_id=BATCH, number=1, cover=cover, previous=ZERO, submitted_by="wang",
            submitted_at=NOON,
        )  # fmt: skip
        write_register(session, register, [(RECORD, {"title": "收支表", "year": 2010})])
        session.add_all([ForbiddenPair(register_id=REGISTER, one=one, other=other) for one, other in LEAST])
        session.flush()
        append(session, register, Act.APPROVED, NOON, PI, Seat.APPROVER, details={"rows": 1, "not_before": ""})
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("table", FROZEN)
def test_nothing_frozen_is_dropped(sessions: Sessions, table: str) -> None:
    with pytest.raises(IntegrityError, match="never dropped"), sessions.begin() as session:
        session.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize(
    "change",
    [
        "appraisal_opinions SET verdict = 'extend'",
        "appraisal_opinion_records SET record_id = 'f'",
        "registers SET hash = 'f'",
        "registers SET rows = 0",
        "register_rows SET said = '{}'",
        "register_entries SET name = '别人'",
        "register_forbidden_pairs SET one = 'f'",
    ],
)
def test_nothing_frozen_is_changed(sessions: Sessions, change: str) -> None:
    with pytest.raises(IntegrityError, match="never changed"), sessions.begin() as session:
        session.execute(text(f"UPDATE {change}"))


def test_what_may_change_of_them_can(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(text("UPDATE registers SET state = 'approved', kept = true"))
        session.execute(text("UPDATE appraisal_opinions SET kept = true"))


def test_the_approver_cannot_witness_and_somebody_else_can(sessions: Sessions) -> None:
    with sessions.begin() as session:
        register = session.get_one(Register, REGISTER)
        append(session, register, Act.COUNTED, NOON, JIA, Seat.WITNESS_FIRST)
    for person, seat in ((PI, Seat.WITNESS_SECOND), (JIA, Seat.WITNESS_SECOND), (JIA, Seat.OPERATOR)):
        with pytest.raises(IntegrityError, match="both seats"), sessions.begin() as session:
            append(session, register, Act.COUNTED, NOON, person, seat)


def test_a_seat_approves_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        register = session.get_one(Register, REGISTER)
    with pytest.raises(IntegrityError), sessions.begin() as session:
        append(session, register, Act.APPROVED, NOON, Person("q" * 32, "qi", "齐"), Seat.APPROVER)


def test_a_record_is_open_in_one_batch_and_may_come_back_when_that_is_over(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(AppraisalBatch(id="c" * 32, village_id=VILLAGE, purpose="再", opened_by="wang", opened_at=NOON))
        session.add(AppraisedRecord(batch_id=BATCH, record_id=RECORD))
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add(AppraisedRecord(batch_id="c" * 32, record_id=RECORD))
    with sessions.begin() as session:
        session.execute(text("UPDATE appraised_records SET open = false"))
        session.add(AppraisedRecord(batch_id="c" * 32, record_id=RECORD))


def test_the_chain_holds_after_a_way_through_the_database(sessions: Sessions) -> None:
    with sessions.read() as session:
        assert faults(session) == []


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
@pytest.mark.parametrize("table", FROZEN)
def test_nothing_frozen_is_emptied(sessions: Sessions, table: str) -> None:
    with pytest.raises(IntegrityError, match="never dropped"), sessions.begin() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))
