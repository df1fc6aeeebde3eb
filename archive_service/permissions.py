"""May this person do it, and what may this person see? The table is in the rule book; nothing here touches a database.

Whether the state of a thing allows an act is asked elsewhere, in the rule book and the actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import InitVar, dataclass

from classification.roles import IN_PERSON, RULES, Permission, Role
from storage.scope import NOTHING, RESTRICTED, Grant, Scope

__all__ = [
    "NAMED_CLASSES",
    "OPERATOR",
    "REFUSALS",
    "WITHOUT_ACCOUNT",
    "Actor",
    "Forbidden",
    "Held",
    "Permission",
    "Role",
    "can",
    "check",
    "permitted",
    "reach",
    "scope_of",
]

REFUSALS: dict[Permission, str] = {
    Permission.HAND_IN: "移交材料",
    Permission.CATALOGUE: "整理这个村的材料",
    Permission.ARCHIVE: "把材料归档",
    Permission.SEE_DUE: "查看到期清单",
    Permission.HOLD: "停止处置或解除",
    Permission.SEE_REGISTERS: "查看鉴定和销毁清册",
    Permission.APPRAISE: "参加这个村的鉴定",
    Permission.PREPARE_DESTRUCTION: "组织这个村的鉴定、编制清册",
    Permission.LEAD_APPRAISAL: "主持这个村的鉴定",
    Permission.APPROVE_DESTRUCTION: "批准这个村的销毁清册",
    Permission.WITNESS_DESTRUCTION: "监销这个村的档案",
    Permission.REMOVE: "经办这个村的销毁",
    Permission.DECIDE_USE: "答复利用申请、出具复制件证明",
    Permission.REVIEW_OPENING: "审核这个村档案的开放",
    Permission.TRANSFER: "办理这个村的档案移交",
    Permission.SEE_JOURNAL: "查看操作日志",
    Permission.MANAGE_OUTLINE: "更换分类大纲",
    Permission.MANAGE_ACCOUNTS: "管理账号",
    Permission.GRANT_ROLES: "授予或收回角色",
    Permission.MAINTAIN: "维护系统",
}

NAMED_CLASSES = frozenset({"personal", "party", RESTRICTED})
"""Opened to a person by name only, never by role; and then where the person sees what is internal. What a donor has
restricted is opened record by record, never as a class."""

EVERYWHERE = frozenset(
    {Permission.MANAGE_OUTLINE, Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES, Permission.MAINTAIN}
)
"""What concerns the whole county: a role held for less does not give it."""


class Refused(Exception):
    """The log-in failed; the message never says which part was wrong."""


class Forbidden(Exception):
    """This person may not do this; the message says who may."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role that counts today, and the villages it is held for; None = the whole county."""

    role: Role
    villages: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `role` is the word beside the name; what counts is `held`.

    Where `held` is not given it is that role, in `village` or everywhere. `only`: what the API token used here carries.
    `named`: records are opened to this account by name.
    """

    id: str
    login: str
    name: str
    role: Role
    village: InitVar[str | None] = None
    clearances: frozenset[str] = frozenset()
    held: tuple[Held, ...] | None = None
    only: frozenset[Permission] | None = None
    named: bool = False

    def __post_init__(self, village: str | None) -> None:
        if self.held is None:
            home = None if village is None else frozenset({village})
            object.__setattr__(self, "held", (Held(self.role, home),))

    @property
    def roles(self) -> tuple[Held, ...]:
        """Every role that counts; none at all is nothing at all."""
        return self.held or ()


OPERATOR = Actor(
    "operator",
    "operator",
    "系统操作员",
    Role.ADMINISTRATOR,
    clearances=NAMED_CLASSES,
    held=tuple(Held(role) for role in Role),
)
"""The person at the machine's own command line, who holds the stores' files anyway."""


WITHOUT_ACCOUNT = {"operator": OPERATOR.name, "demonstration": "示范"}
"""Those who act without an account, by the log-in that stands in the journal."""


def permitted(actor: Actor) -> frozenset[Permission]:
    """Everything the actor may do somewhere."""
    return frozenset(one for one in Permission if can(actor, one))


def reach(actor: Actor, permission: Permission) -> frozenset[str] | None:
    """The villages in which the actor may do this; None = every village."""
    if actor.only is not None and (permission not in actor.only or permission in IN_PERSON):
        return frozenset()
    return _union(held.villages for held in actor.roles if permission in RULES[held.role].may)


def _union(areas: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    together: frozenset[str] = frozenset()
    for area in areas:
        if area is None:
            return None
        together |= area
    return together


def can(actor: Actor, permission: Permission, village_id: str | None = None) -> bool:
    """Whether the actor may do this: in this village, or where none is meant in any."""
    area = reach(actor, permission)
    if area is None:
        return True
    return permission not in EVERYWHERE and (village_id in area if village_id is not None else bool(area))


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
    """What the actor may see. Personal and Party-internal records open to named persons only, never by role.

    What is opened to the account by name needs no role; a token does not open it.
    """
    person = actor.login if actor.named and actor.only is None else None
    if not actor.roles:
        return Scope(person=person) if person else NOTHING
    areas: dict[tuple[frozenset[str], bool], list[frozenset[str] | None]] = {(frozenset({"public"}), False): [None]}
    unfiled = actor.only is None or Permission.CATALOGUE in actor.only
    for held in actor.roles:
        rule = RULES[held.role]
        named = actor.clearances & NAMED_CLASSES if "internal" in rule.sees else frozenset()
        areas.setdefault((rule.sees | named, rule.unarchived and unfiled), []).append(held.villages)
    return Scope(tuple(Grant(sees, _union(where), open_) for (sees, open_), where in areas.items()), person)
