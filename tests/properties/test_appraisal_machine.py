"""Random people, holds, loans and days: nothing may be removed without every signature, and a hold always wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from archive_service.actions.due import Asked, due_list
from archive_service.permissions import Forbidden
from archive_service.settings import Settings
from archive_service.wiring import build
from classification.appraisal import Act
from classification.appraisal_seats import LEAST, Seat, pair
from classification.errors import RuleError
from storage.database.register_chain import faults
from storage.database.registers import Register, approved_rows, entries_of, removal_allowed
from storage.errors import Conflict, Missing
from tests.conftest import NOON
from tests.unit.archive_service.appraisal_village import PEOPLE, TODAY, Place, hold, make_place, number

REFUSED = (Forbidden, Conflict, RuleError, Missing)
FRESH = count(100)
SEVERAL = ("wang", "zu", "yuan", "pi", "jia", "yi", "ban", "both")
"""`both` holds every role at once; nobody stops a county from giving them all to one person."""
people = st.sampled_from(SEVERAL)
PLACES: list[Place] = []


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    data = tmp_path_factory.mktemp("machine")
    made = make_place(build(Settings(data=Path(data), password_memory_kib=8, ocr=False), lambda: NOON), records=0)
    _everything_at_once(made)
    PLACES.append(made)
    yield
    PLACES.clear()
    made.archive.sessions.engine.dispose()


def _everything_at_once(made: Place) -> None:
    roles = sorted({role.value for role in PEOPLE.values()})
    with made.archive.sessions.begin() as session:
        session.execute(text("UPDATE accounts SET login = 'both' WHERE login = 'zhang'"))
        for role in roles:
            session.execute(
                text(
                    "INSERT INTO role_grants (id, account_id, role, granted_by, granted_at) SELECT :role, id, :role,"
                    " 'operator', '2026-03-01 04:00:00' FROM accounts WHERE login = 'both'"
                ),
                {"role": role},
            )


class Appraisal(RuleBasedStateMachine):
    """One register over two records, and whatever people try with it."""

    @initialize(cooling=st.sampled_from([0, 10]), filing=st.sampled_from(["none", "before"]))
    def begin(self, cooling: int, filing: str) -> None:
        self.place = replace(PLACES[0], now=NOON, today=TODAY)
        self.place.rules = replace(self.place.rules, cooling_days=cooling, filing=filing)  # type: ignore[arg-type]  # one of the choices
        self.records = [next(FRESH), next(FRESH)]
        for one in self.records:
            self.place.put(one)
        self.register = self.place.register(*self.records)
        self.held: set[int] = set()
        self.approved_on: date | None = None
        self.cooling = cooling

    def _try(self, login: str, act: str, *said: object) -> bool:
        try:
            self.place.act(self.register, login, act, *said)
        except REFUSED:
            return False
        return True

    @rule(steps=st.integers(1, 7))
    def the_right_people_go_on(self, steps: int) -> None:
        """So that the end is reached often enough for the rest to matter."""
        for _ in range(steps):
            self._go_on()

    def _go_on(self) -> None:
        if self._try("zu", "sign", Seat.LEADER) or self._try("wang", "file_above", "云岭县档案局", "1", TODAY):
            return
        if self._try("pi", "approve"):
            self.approved_on = self.place.today
            return
        _ = self._try("jia", "count") or self._try("yi", "count") or self._try("ban", "begin")

    @rule(login=people)
    def sign(self, login: str) -> None:
        self._try(login, "sign", Seat.LEADER)

    @rule(login=people)
    def approve(self, login: str) -> None:
        if self._try(login, "approve"):
            self.approved_on = self.place.today

    @rule(login=people)
    def count(self, login: str) -> None:
        self._try(login, "count")

    @rule(login=people)
    def start(self, login: str) -> None:
        self._try(login, "begin")

    @rule(login=people)
    def file_above(self, login: str) -> None:
        self._try(login, "file_above", "云岭县档案局", "1", TODAY)

    @rule(login=people, act=st.sampled_from(["refuse_rows", "miscount"]), one=st.integers(0, 1))
    def take_a_row_out(self, login: str, act: str, one: int) -> None:
        self._try(login, act, [number(self.records[one])], "不行")

    @rule(login=people, act=st.sampled_from(["refuse", "withdraw", "abort"]))
    def end_it(self, login: str, act: str) -> None:
        if login != "both":
            return
        self._try(login, act, "不办了")

    @rule(one=st.integers(0, 1))
    def hold_one(self, one: int) -> None:
        hold(self.place, self.records[one])
        self.held.add(self.records[one])

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        self.place.later(days)

    @rule(retention=st.sampled_from(["permanent", None, {"event": "E1", "plus_years": 3}]))
    def what_never_ends_is_never_due(self, retention: object) -> None:
        one = self.place.put(next(FRESH), retention, None)
        with self.place.archive.sessions.read() as session:
            asked = Asked("due", self.place.village, None, "", 1000)
            lines = due_list(session, self.place.who(session, "wang"), asked, date(9000, 1, 1)).lines
        assert one not in [line.record.id for line in lines]

    @invariant()
    def nothing_is_removed_without_every_signature_and_never_what_is_held(self) -> None:
        with self.place.archive.sessions.read() as session:
            entries = entries_of(session, self.register)
            covered = {row.record_id for row in approved_rows(session, self.register)}
            allowed = {
                one for one in self.records if removal_allowed(session, self.register, number(one), self.place.now)
            }
        assert not allowed & self.held
        assert not {number(one) for one in self.held} & covered
        seats: dict[str, set[str]] = {}
        for entry in entries:
            if entry.seat:
                seats.setdefault(entry.login, set()).add(entry.seat)
        for taken in seats.values():
            assert not any(pair(Seat(one), Seat(other)) in LEAST for one in taken for other in taken if one != other)
        if allowed:
            done = {(entry.act, entry.seat) for entry in entries}
            assert {
                (Act.SIGNED, Seat.LEADER), (Act.APPROVED, Seat.APPROVER), (Act.COUNTED, Seat.WITNESS_FIRST),
                (Act.COUNTED, Seat.WITNESS_SECOND), (Act.BEGUN, Seat.OPERATOR),
            } <= done  # fmt: skip
            assert self.approved_on is not None
            assert (self.place.today - self.approved_on).days >= self.cooling

    def teardown(self) -> None:
        if hasattr(self, "register"):
            with self.place.archive.sessions.read() as session:
                assert faults(session) == []
                assert session.get_one(Register, self.register).rows == 2


def test_whatever_people_try_nothing_skips_a_signature_and_a_hold_wins() -> None:
    run_state_machine_as_test(
        Appraisal,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_machine_can_reach_the_removal() -> None:
    """Otherwise what it finds safe would be safe only because nothing ever happens."""
    made = replace(PLACES[0], now=NOON, today=TODAY)
    one = next(FRESH)
    made.put(one)
    register = made.counted(one)
    made.act(register, "ban", "begin")
    with made.archive.sessions.read() as session:
        assert removal_allowed(session, register, number(one), made.now)
