"""Roles held for an organisation and a time: what they come to, who may give them, when they end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from archive_service.actions.accounts import actor_named, add_account
from archive_service.actions.granting import Area, Term, give, take_back
from archive_service.permissions import OPERATOR, Actor, Forbidden, Permission, Role, can, reach, scope_of
from classification.errors import RuleError
from classification.roles import RULES, THREE_OFFICERS, Level, in_force
from storage.database import accounts as table
from storage.database.engine import make_sessions, migrate
from storage.database.journal import JournalEntry
from storage.database.organisations import Village
from storage.errors import Missing

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 1)
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
STONE, GREEN, FAR, OLD = "stone", "green", "far", "old"


@pytest.fixture
def session() -> Iterator[Session]:
    """Two villages of 望溪镇, one of another township, and one that went into 石门槛村 in 2020."""
    sessions = make_sessions("sqlite://")
    migrate(sessions.engine)
    with sessions.begin() as session:
        for id_, name, township in (
            (STONE, "石门槛村", "望溪镇"),
            (GREEN, "青石坳村", "望溪镇"),
            (FAR, "远山村", "云顶乡"),
            (OLD, "旧坝村", "云顶乡"),
        ):
            session.add(Village(id=id_, name=name, fonds=id_, township=township, aliases=[]))
        session.flush()
        old = session.get_one(Village, OLD)
        old.merged_into_id, old.merged_on = STONE, date(2020, 1, 1)
        yield session
    sessions.engine.dispose()


def account(session: Session, login: str, role: Role = Role.VILLAGER, village: str | None = STONE) -> str:
    add_account(session, OPERATOR, HASHER, NOON, login, login, role, village, password="足够长的口令")
    found = table.account_named(session, login)
    assert found is not None
    return found.id


def as_(session: Session, login: str, today: date = TODAY) -> Actor:
    return actor_named(session, login, today)


def test_a_clerk_reaches_the_village_and_what_went_into_it(session: Session) -> None:
    account(session, "clerk", Role.CLERK)
    assert reach(as_(session, "clerk"), Permission.CATALOGUE) == {STONE, OLD}


def test_before_the_day_of_the_merger_the_predecessor_is_not_reached(session: Session) -> None:
    account(session, "clerk", Role.CLERK)
    session.get_one(Village, OLD).merged_on = date(2026, 3, 2)
    session.flush()
    assert reach(as_(session, "clerk"), Permission.CATALOGUE) == {STONE}
    assert reach(as_(session, "clerk", date(2026, 3, 2)), Permission.CATALOGUE) == {STONE, OLD}


def test_a_township_archivist_reaches_the_villages_of_the_township_and_no_other(session: Session) -> None:
    account(session, "township")
    give(session, OPERATOR, NOON, "township", Role.TOWNSHIP_ARCHIVIST, Area(township="望溪镇"))
    session.flush()
    who = as_(session, "township")
    assert reach(who, Permission.ARCHIVE) == {STONE, GREEN, OLD}
    assert can(who, Permission.ARCHIVE, GREEN)
    assert not can(who, Permission.ARCHIVE, FAR)


def test_two_roles_add_up_each_in_its_own_villages(session: Session) -> None:
    account(session, "both", Role.CLERK)
    give(session, OPERATOR, NOON, "both", Role.REVIEWER, Area(GREEN))
    session.flush()
    who = as_(session, "both")
    assert reach(who, Permission.CATALOGUE) == {STONE, OLD}
    assert reach(who, Permission.SEE_DUE) == {GREEN}
    scope = scope_of(who)
    assert scope.covers("1", STONE, "internal", archived=False)
    assert scope.covers("1", GREEN, "internal", archived=True)
    assert not scope.covers("1", GREEN, "internal", archived=False)


def test_the_last_day_counts_and_the_day_after_gives_nothing(session: Session) -> None:
    add_account(
        session, OPERATOR, HASHER, NOON, "hired", "hired", Role.CONTRACTOR, STONE, password="足够长的口令", ends=TODAY
    )
    session.flush()
    assert can(as_(session, "hired"), Permission.CATALOGUE, STONE)
    after = as_(session, "hired", TODAY + timedelta(days=1))
    assert not any(can(after, one) for one in Permission)
    assert scope_of(after).grants == ()


def test_a_role_from_tomorrow_gives_nothing_today(session: Session) -> None:
    account(session, "later")
    give(session, OPERATOR, NOON, "later", Role.CADRE, Area(STONE), Term(begins=TODAY + timedelta(days=1)))
    session.flush()
    assert not can(as_(session, "later"), Permission.HAND_IN)
    assert can(as_(session, "later", TODAY + timedelta(days=1)), Permission.HAND_IN, STONE)


def test_a_contractor_needs_a_last_day(session: Session) -> None:
    account(session, "hired")
    with pytest.raises(RuleError, match="到哪一天"):
        give(session, OPERATOR, NOON, "hired", Role.CONTRACTOR, Area(STONE))


@pytest.mark.parametrize(
    ("role", "area"),
    [(Role.VILLAGER, Area()), (Role.CLERK, Area(township="望溪镇")), (Role.ADMINISTRATOR, Area(STONE))],
)
def test_a_role_is_given_only_for_what_it_is_for(session: Session, role: Role, area: Area) -> None:
    account(session, "somebody")
    with pytest.raises(RuleError, match="没有授予"):
        give(session, OPERATOR, NOON, "somebody", role, area)


def test_a_township_that_no_village_belongs_to_is_refused(session: Session) -> None:
    account(session, "somebody")
    with pytest.raises(Missing, match="没有的镇"):
        give(session, OPERATOR, NOON, "somebody", Role.TOWNSHIP_ARCHIVIST, Area(township="没有的镇"))


def test_a_role_taken_back_counts_for_nothing_at_once_and_both_acts_are_in_the_journal(session: Session) -> None:
    account(session, "somebody", Role.CLERK)
    (held,) = table.grants_of(session, [as_(session, "somebody").id])[as_(session, "somebody").id]
    take_back(session, OPERATOR, NOON, held.id)
    session.flush()
    assert as_(session, "somebody").roles == ()
    acts = [one.act for one in session.query(JournalEntry).order_by(JournalEntry.id)]
    assert acts == ["account_opened", "role_given", "role_taken_back"]
    with pytest.raises(Missing):
        take_back(session, OPERATOR, NOON, held.id)


def test_nobody_gives_a_role_to_himself(session: Session) -> None:
    account(session, "officer", Role.SECURITY, None)
    with pytest.raises(RuleError, match="不能给自己"):
        give(session, as_(session, "officer"), NOON, "officer", Role.ADMINISTRATOR)


def test_an_administrator_opens_an_account_that_has_no_role_until_a_security_officer_gives_it(session: Session) -> None:
    account(session, "admin", Role.ADMINISTRATOR, None)
    account(session, "officer", Role.SECURITY, None)
    boss = as_(session, "admin")
    add_account(session, boss, HASHER, NOON, "new", "新来的", Role.CLERK, STONE, ("personal",))
    session.flush()
    assert as_(session, "new").roles == ()
    assert as_(session, "new").clearances == frozenset()
    with pytest.raises(Forbidden):
        give(session, boss, NOON, "new", Role.CLERK, Area(STONE))
    give(session, as_(session, "officer"), NOON, "new", Role.CLERK, Area(STONE))
    session.flush()
    assert can(as_(session, "new"), Permission.CATALOGUE, STONE)


def test_the_three_officers_share_no_permission() -> None:
    held = [RULES[role].may for role in THREE_OFFICERS]
    assert all(held)
    assert sum(len(one) for one in held) == len(frozenset[Permission]().union(*held))


def test_every_role_has_a_row_and_no_row_opens_what_is_opened_by_name() -> None:
    assert set(RULES) == set(Role)
    assert all(not rule.sees & {"personal", "party"} for rule in RULES.values())
    assert all(rule.levels <= set(Level) and rule.levels for rule in RULES.values())


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (None, TODAY - timedelta(days=1), False),
        (TODAY + timedelta(days=1), None, False),
    ],
)
def test_both_days_count(begins: date | None, ends: date | None, counts: bool) -> None:
    assert in_force(begins, ends, TODAY) is counts
