"""Who could sit in a group: the people with a role that appraises, prepares or leads, today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, Role, check
from classification.roles import RULES
from storage.database.accounts import Account, RoleGrant


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person, and what for: may sit, may lead, may keep the papers of the group."""

    login: str
    name: str
    roles: tuple[Role, ...]

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles allows it somewhere; for which fonds is checked when the batch is opened."""
        return any(permission in RULES[role].may for role in self.roles)


def candidates(session: Session, actor: Actor, today: date) -> list[Candidate]:
    """Everybody who appraises somewhere, by name; told to those who prepare appraisals.

    Raises:
        Forbidden: the actor prepares none.
    """
    check(actor, Permission.PREPARE_DESTRUCTION)
    appraising = [role for role in Role if Permission.APPRAISE in RULES[role].may]
    held = (
        select(Account.login, Account.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            Account.active.is_(True),
            RoleGrant.role.in_(appraising),
            RoleGrant.revoked_at.is_(None),
            or_(RoleGrant.begins_on.is_(None), RoleGrant.begins_on <= today),
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
        )
        .order_by(Account.name, Account.login)
    )
    found: dict[tuple[str, str], set[Role]] = {}
    for login, name, role in session.execute(held):
        found.setdefault((login, name), set()).add(Role(role))
    return [Candidate(login, name, tuple(sorted(roles))) for (login, name), roles in found.items()]
