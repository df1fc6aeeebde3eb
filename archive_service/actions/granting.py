"""Roles: given to an account for an organisation and a time, taken back, and what they come to today.

Nobody gives a role to himself: whoever opens accounts, gives roles and reads the journal can be three people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Held, Permission, Role, check
from classification.errors import RuleError
from classification.roles import Level, check_grant
from storage.database import accounts as table
from storage.database import journal
from storage.database.base import new_id
from storage.database.organisations import Village, looked_after, village
from storage.errors import Missing
from storage.scope import RESTRICTED


@dataclass(frozen=True, slots=True)
class Area:
    """What a role is for: a village, a township by its name, or neither = the whole county."""

    village_id: str | None = None
    township: str | None = None

    @property
    def level(self) -> Level:
        """Village before township before county."""
        if self.village_id:
            return Level.VILLAGE
        return Level.TOWNSHIP if self.township else Level.COUNTY


@dataclass(frozen=True, slots=True)
class Term:
    """From which day until which; both count, None is open."""

    begins: date | None = None
    ends: date | None = None


WHOLE_COUNTY = Area()
FOR_GOOD = Term()


def give(
    session: Session, by: Actor, at: datetime, login: str, role: Role, area: Area = WHOLE_COUNTY, term: Term = FOR_GOOD
) -> table.RoleGrant:
    """Give a role.

    Raises:
        Missing: there is no such account, village or township.
        RuleError: the role is not for this organisation, or needs an end, or is the giver's own.
    """
    check(by, Permission.GRANT_ROLES)
    account = _of_another(session, by, login)
    check_grant(role, area.level, term.begins, term.ends)
    _check_area(session, area)
    grant = table.RoleGrant(
        id=new_id(),
        account_id=account.id,
        role=role,
        village_id=area.village_id,
        township=None if area.village_id else area.township,
        begins_on=term.begins,
        ends_on=term.ends,
        granted_by=by.login,
        granted_at=at,
    )
    session.add(grant)
    said = {"login": login, "role": role, "township": area.township, "from": _plain(term.begins)}
    said |= {"until": _plain(term.ends)}
    journal.write(session, at, by.login, "role_given", "account", account.id, area.village_id, said)
    return grant


def _of_another(session: Session, by: Actor, login: str) -> table.Account:
    account = table.account_named(session, login)
    if account is None:
        raise Missing(f"没有账号 {login}。")
    if account.id == by.id:
        raise RuleError("不能给自己授予或收回角色，没有改动。请另一位安全管理员办理。")
    return account


def _check_area(session: Session, area: Area) -> None:
    if area.village_id:
        village(session, area.village_id)
    elif area.township and not session.scalar(select(Village.id).where(Village.township == area.township).limit(1)):
        raise Missing(f"没有登记属于“{area.township}”的村，没有授予。")


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None


def take_back(session: Session, by: Actor, at: datetime, grant_id: str) -> None:
    """Take a role back; it counts for nothing from this moment.

    Raises:
        Missing: there is no such grant, or it was taken back before.
        RuleError: it is the actor's own.
    """
    check(by, Permission.GRANT_ROLES)
    grant = session.get(table.RoleGrant, grant_id)
    if grant is None or grant.revoked_at is not None:
        raise Missing("没有这项授权，可能已经收回了；没有改动。")
    account = session.get_one(table.Account, grant.account_id)
    _of_another(session, by, account.login)
    grant.revoked_by, grant.revoked_at = by.login, at
    said = {"login": account.login, "role": grant.role, "township": grant.township}
    journal.write(session, at, by.login, "role_taken_back", "account", account.id, grant.village_id, said)


def held_today(session: Session, account: table.Account, today: date) -> tuple[Held, ...]:
    """The roles of an account that count today, with the villages each reaches: two queries, however many grants."""
    grants = table.grants_today(session, account.id, today)
    villages = {one.village_id for one in grants if one.village_id}
    townships = {one.township for one in grants if one.township}
    areas = looked_after(session, villages, townships, today) if villages or townships else {}
    return tuple(
        Held(Role(one.role), areas[key] if (key := one.village_id or one.township) else None) for one in grants
    )


def acting(
    account: table.Account, held: Sequence[Held], only: frozenset[Permission] | None = None, named: bool = False
) -> Actor:
    """The acting person of an account. A token opens nothing that is open to a person by name.

    `named`: whether any record is opened to it by name.
    """
    return Actor(
        id=account.id,
        login=account.login,
        name=account.name,
        role=held[0].role if held else Role(account.role),
        clearances=frozenset(account.clearances) - {RESTRICTED} if only is None else frozenset(),
        held=tuple(held),
        only=only,
        named=named,
    )
