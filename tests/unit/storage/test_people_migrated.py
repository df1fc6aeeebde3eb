"""Accounts from the time of one role each keep what they could do, as roles held for their village or the county."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import column as col
from sqlalchemy import insert, select, table

from archive_service.actions.accounts import actor_named
from archive_service.permissions import Permission, Role, can, permitted, scope_of
from storage.database.accounts import RoleGrant
from storage.database.engine import make_sessions, migrate
from storage.database.organisations import Village

BEFORE = "0004"
TODAY = date(2026, 3, 1)
OLD = {
    "admin": ("administrator", None),
    "keeper": ("archivist", None),
    "local": ("archivist", "stone"),
    "clerk": ("clerk", "stone"),
    "judge": ("reviewer", None),
    "reader": ("researcher", None),
    "neighbour": ("villager", "stone"),
    "nowhere": ("villager", None),
}
COLUMNS = ("id", "login", "name", "role", "village_id", "clearances", "password_hash", "active", "must_change_password")


def test_every_account_keeps_what_it_could_do(tmp_path: Path) -> None:
    sessions = make_sessions(f"sqlite:///{tmp_path}/archive.db")
    migrate(sessions.engine, BEFORE)
    accounts = table("accounts", *(col(name) for name in (*COLUMNS, "created_at")))
    villages = table("villages", *(col(name) for name in ("id", "name", "fonds", "township", "aliases")))
    with sessions.begin() as session:
        home = {"id": "stone", "name": "石门槛村", "fonds": "V012", "township": "望溪镇", "aliases": "[]"}
        session.execute(insert(villages).values(home))
        for login, (role, village) in OLD.items():
            values = (login, login, login, role, village, "[]", "x", True, False, "2026-01-01 00:00:00")
            session.execute(insert(accounts).values(dict(zip((*COLUMNS, "created_at"), values, strict=True))))
    migrate(sessions.engine)
    with sessions.begin() as session:
        who = {login: actor_named(session, login, TODAY) for login in OLD}
        assert permitted(who["admin"]) >= {
            Permission.HAND_IN, Permission.CATALOGUE, Permission.ARCHIVE, Permission.SEE_DUE, Permission.SEE_JOURNAL,
            Permission.MANAGE_OUTLINE, Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES, Permission.MAINTAIN,
        }  # fmt: skip
        assert can(who["keeper"], Permission.ARCHIVE, "another")
        assert can(who["local"], Permission.ARCHIVE, "stone")
        assert not can(who["local"], Permission.ARCHIVE, "another")
        assert can(who["clerk"], Permission.CATALOGUE, "stone")
        assert not can(who["clerk"], Permission.ARCHIVE, "stone")
        assert can(who["judge"], Permission.SEE_DUE)
        assert permitted(who["reader"]) == frozenset()
        assert scope_of(who["neighbour"]).covers("1", "stone", "village", archived=True)
        # Without a village only what is public was shown; the county must not open by the change.
        assert who["nowhere"].role is Role.RESEARCHER
        assert not scope_of(who["nowhere"]).covers("1", "stone", "village", archived=True)
        assert session.scalars(select(Village.merged_into_id)).all() == [None]
        assert {grant.granted_at for grant in session.scalars(select(RoleGrant))} == {datetime(2026, 1, 1, tzinfo=UTC)}
    sessions.engine.dispose()
