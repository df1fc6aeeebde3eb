"""May this person do it, and what may this person see? Two tables; nothing here touches a database.

Whether the state of a thing allows an act is asked elsewhere, in the rule book and the actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.scope import Grant, Scope


class Role(StrEnum):
    """What a person is here. The values are stored."""

    ADMINISTRATOR = "administrator"
    ARCHIVIST = "archivist"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    RESEARCHER = "researcher"
    VILLAGER = "villager"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return {
            "administrator": "系统管理员",
            "archivist": "档案员",
            "clerk": "村档案员",
            "reviewer": "鉴定人员",
            "researcher": "研究者",
            "villager": "村民",
        }[self.value]


class Permission(StrEnum):
    """One thing a person may do."""

    HAND_IN = "hand_in"
    CATALOGUE = "catalogue"
    ARCHIVE = "archive"
    SEE_DUE = "see_due"
    SEE_JOURNAL = "see_journal"
    MANAGE_OUTLINE = "manage_outline"
    MANAGE_ACCOUNTS = "manage_accounts"
    MAINTAIN = "maintain"


GRANTED: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.ARCHIVIST: frozenset(
        {
            Permission.HAND_IN,
            Permission.CATALOGUE,
            Permission.ARCHIVE,
            Permission.SEE_DUE,
            Permission.SEE_JOURNAL,
        }
    ),
    Role.CLERK: frozenset({Permission.HAND_IN, Permission.CATALOGUE}),
    Role.REVIEWER: frozenset({Permission.SEE_DUE}),
    Role.RESEARCHER: frozenset(),
    Role.VILLAGER: frozenset(),
}

REFUSALS: dict[Permission, str] = {
    Permission.HAND_IN: "移交材料",
    Permission.CATALOGUE: "整理这个村的材料",
    Permission.ARCHIVE: "把材料归档",
    Permission.SEE_DUE: "查看到期清单",
    Permission.SEE_JOURNAL: "查看操作日志",
    Permission.MANAGE_OUTLINE: "更换分类大纲",
    Permission.MANAGE_ACCOUNTS: "管理账号",
    Permission.MAINTAIN: "维护系统",
}

NAMED_CLASSES = frozenset({"personal", "party"})
"""Opened to a person by name only, never by role."""


class Forbidden(Exception):
    """This person may not do this; the message says who may."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `village_id` None = the whole county, for the roles that can have it."""

    id: str
    login: str
    name: str
    role: Role
    village_id: str | None = None
    clearances: frozenset[str] = frozenset()


OPERATOR = Actor("operator", "operator", "系统操作员", Role.ADMINISTRATOR, None, NAMED_CLASSES)
"""The person at the machine's own command line, who holds the stores' files anyway."""


def can(actor: Actor, permission: Permission, village_id: str | None = None) -> bool:
    """Whether the actor may do this, in this village where one is meant."""
    if permission not in GRANTED[actor.role]:
        return False
    return village_id is None or actor.village_id is None or actor.village_id == village_id


def check(actor: Actor, permission: Permission, village_id: str | None = None) -> None:
    """The same, as a refusal.

    Raises:
        Forbidden: with a sentence for the person.
    """
    if not can(actor, permission, village_id):
        raise Forbidden(
            f"您的账号（{actor.role.zh}）不能{REFUSALS[permission]}，什么都没有改动。需要时请找县档案管理员。"
        )


def scope_of(actor: Actor) -> Scope:
    """What the actor may see. Personal and Party-internal records open to named persons only, never by role."""
    named = actor.clearances & NAMED_CLASSES
    villages = None if actor.village_id is None else frozenset({actor.village_id})
    everyone = Grant(frozenset({"public"}))
    match actor.role:
        case Role.ADMINISTRATOR | Role.ARCHIVIST | Role.CLERK:
            own = Grant(frozenset({"public", "village", "internal"}) | named, villages, unarchived=True)
        case Role.REVIEWER:
            own = Grant(frozenset({"public", "village", "internal"}) | named, villages)
        case Role.VILLAGER:
            own = Grant(frozenset({"public", "village"}), villages or frozenset())
        case Role.RESEARCHER:
            own = everyone
    return Scope((everyone, own))
