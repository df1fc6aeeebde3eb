"""The second factor: the numbers of RFC 6238, each code once, recovery codes once; and API tokens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from archive_service.actions import second_factor, tokens
from archive_service.actions.accounts import (
    ATTEMPTS,
    ATTEMPTS_FROM_ONE_ADDRESS,
    Refused,
    actor_named,
    add_account,
    reset_password,
    set_active,
    verify,
)
from archive_service.permissions import OPERATOR, Permission, Role, can, scope_of
from classification.errors import RuleError
from storage.database import accounts as table
from storage.database.engine import make_sessions, migrate
from storage.database.organisations import Village
from storage.errors import Missing

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "足够长的口令"
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The ASCII digits 1234567890, twice: the secret of the tables in RFC 6238, appendix B."""


@pytest.fixture
def session() -> Iterator[Session]:
    sessions = make_sessions("sqlite://")
    migrate(sessions.engine)
    with sessions.begin() as session:
        session.add(Village(id="stone", name="石门槛村", fonds="V012", township="望溪镇", aliases=[]))
        session.flush()
        add_account(session, OPERATOR, HASHER, NOON, "li", "李", Role.CLERK, "stone", ("personal",), password=PASSWORD)
        session.flush()
        yield session
    sessions.engine.dispose()


def account(session: Session) -> table.Account:
    found = table.account_named(session, "li")
    assert found is not None
    return found


def come_in(session: Session, code: str = "", at: datetime = NOON, password: str = PASSWORD) -> bool:
    return verify(session, HASHER, at, "li", password, code) is not None


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
     (2000000000, "69279037"), (20000000000, "65353130")],
)  # fmt: skip
def test_the_digits_are_those_of_the_standard(seconds: int, digits: str) -> None:
    # The tables have eight digits; six are their end.
    assert second_factor.code_at(RFC_SECRET, seconds // 30) == digits[2:]


def test_with_a_second_factor_the_password_alone_does_not_open(session: Session) -> None:
    step = int(NOON.timestamp()) // 30
    second_factor.turn_on(session, account(session).id, RFC_SECRET, second_factor.code_at(RFC_SECRET, step), NOON)
    later = NOON + timedelta(seconds=30)
    assert not come_in(session, "", later)
    assert not come_in(session, "000000", later)
    assert come_in(session, second_factor.code_at(RFC_SECRET, step + 1), later)


def test_a_code_opens_once(session: Session) -> None:
    step = int(NOON.timestamp()) // 30
    second_factor.turn_on(session, account(session).id, RFC_SECRET, second_factor.code_at(RFC_SECRET, step), NOON)
    code = second_factor.code_at(RFC_SECRET, step + 1)
    later = NOON + timedelta(seconds=30)
    assert come_in(session, code, later)
    assert not come_in(session, code, later)


def test_a_code_of_two_minutes_ago_does_not_open(session: Session) -> None:
    step = int(NOON.timestamp()) // 30
    second_factor.turn_on(session, account(session).id, RFC_SECRET, second_factor.code_at(RFC_SECRET, step), NOON)
    assert not come_in(session, second_factor.code_at(RFC_SECRET, step + 1), NOON + timedelta(minutes=3))


def test_a_recovery_code_opens_once_and_may_be_written_with_blanks(session: Session) -> None:
    step = int(NOON.timestamp()) // 30
    codes = second_factor.turn_on(
        session, account(session).id, RFC_SECRET, second_factor.code_at(RFC_SECRET, step), NOON
    )
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert come_in(session, f"{codes[0][:5]} {codes[0][5:].upper()}")
    assert not come_in(session, codes[0])
    assert come_in(session, codes[1])


def test_it_is_not_turned_on_by_a_phone_that_has_another_secret(session: Session) -> None:
    with pytest.raises(RuleError):
        second_factor.turn_on(session, account(session).id, RFC_SECRET, "000000", NOON)
    with pytest.raises(RuleError):
        second_factor.turn_on(session, account(session).id, "不是密钥", "000000", NOON)
    assert come_in(session)


def test_too_many_wrong_attempts_close_the_account_for_a_while(session: Session) -> None:
    for _ in range(ATTEMPTS):
        assert not come_in(session, password="错的口令")
    with pytest.raises(Refused):
        come_in(session)
    assert come_in(session, at=NOON + timedelta(minutes=16))


def test_one_address_that_tries_many_names_is_closed_and_others_are_not(session: Session) -> None:
    for number in range(ATTEMPTS_FROM_ONE_ADDRESS):
        assert verify(session, HASHER, NOON, f"name{number}", "猜的口令", "", "203.0.113.9") is None
    with pytest.raises(Refused):
        verify(session, HASHER, NOON, "li", PASSWORD, "", "203.0.113.9")
    assert verify(session, HASHER, NOON, "li", PASSWORD, "", "203.0.113.10") is not None


def make(session: Session, *permissions: Permission, days: int = 10) -> tuple[table.ApiToken, str]:
    made = tokens.make(session, actor_named(session, "li", TODAY), NOON, "夜间脚本", permissions, days)
    session.flush()
    return made


def test_a_token_does_what_it_carries_and_opens_nothing_by_name(session: Session) -> None:
    held, token = make(session, Permission.HAND_IN)
    assert token not in (held.token_hash, held.id)
    speaks_for = tokens.bearer(session, token, NOON, TODAY)
    assert speaks_for is not None
    assert can(speaks_for, Permission.HAND_IN, "stone")
    assert not can(speaks_for, Permission.CATALOGUE, "stone")
    scope = scope_of(speaks_for)
    assert scope.covers("1", "stone", "internal", archived=True)
    assert not scope.covers("1", "stone", "internal", archived=False)
    assert not scope.covers("1", "stone", "personal", archived=True)


def test_a_token_runs_out(session: Session) -> None:
    _, token = make(session, days=10)
    assert tokens.bearer(session, token, NOON + timedelta(days=10, seconds=-1), TODAY) is not None
    assert tokens.bearer(session, token, NOON + timedelta(days=10), TODAY) is None


def test_a_token_loses_what_its_owner_loses(session: Session) -> None:
    _, token = make(session, Permission.HAND_IN)
    (grant,) = table.grants_of(session, [account(session).id])[account(session).id]
    grant.revoked_at = NOON
    session.flush()
    speaks_for = tokens.bearer(session, token, NOON, TODAY)
    assert speaks_for is not None
    assert not can(speaks_for, Permission.HAND_IN)
    assert scope_of(speaks_for).grants == ()


@pytest.mark.parametrize("how", ["revoked", "closed", "reset"])
def test_a_token_opens_nothing_once_it_is_revoked_or_the_account_closed_or_reset(session: Session, how: str) -> None:
    held, token = make(session)
    if how == "revoked":
        tokens.revoke(session, actor_named(session, "li", TODAY), NOON, held.id)
    elif how == "closed":
        set_active(session, OPERATOR, NOON, "li", False)
    else:
        reset_password(session, OPERATOR, HASHER, NOON, "li")
    session.flush()
    assert tokens.bearer(session, token, NOON, TODAY) is None


def test_a_token_is_not_made_for_more_than_the_person_may(session: Session) -> None:
    who = actor_named(session, "li", TODAY)
    for permissions, days, name in (((Permission.ARCHIVE,), 10, "x"), ((), 367, "x"), ((), 0, "x"), ((), 10, " ")):
        with pytest.raises(RuleError):
            tokens.make(session, who, NOON, name, permissions, days)


def test_the_token_of_another_is_not_there(session: Session) -> None:
    held, _ = make(session)
    add_account(session, OPERATOR, HASHER, NOON, "zhou", "周", Role.CLERK, "stone", password=PASSWORD)
    session.flush()
    with pytest.raises(Missing):
        tokens.revoke(session, actor_named(session, "zhou", TODAY), NOON, held.id)
