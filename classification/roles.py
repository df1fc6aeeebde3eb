"""Which role may do what, and what it may see: one table. Who holds a role, where and until when, is not known here.

Administration, security and audit (三员) are three roles that share no permission: the first opens accounts and keeps
the system, the second gives and takes roles, the third reads the journal. A small county may give all three to one
person; a large one gives them to three.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from classification.errors import RuleError


class Role(StrEnum):
    """What a person is here. The values are stored."""

    CLERK = "clerk"
    CADRE = "cadre"
    TOWNSHIP_ARCHIVIST = "township_archivist"
    ARCHIVIST = "archivist"
    APPRAISAL_LEADER = "appraisal_leader"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    WITNESS = "witness"
    OPERATOR = "operator"
    RESEARCHER = "researcher"
    VILLAGER = "villager"
    AUDITOR = "auditor"
    CONTRACTOR = "contractor"
    ADMINISTRATOR = "administrator"
    SECURITY = "security"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return RULES[self].zh


class Permission(StrEnum):
    """One thing a person may do. The values are stored: an API token names those it carries."""

    HAND_IN = "hand_in"
    CATALOGUE = "catalogue"
    ARCHIVE = "archive"
    SEE_DUE = "see_due"
    HOLD = "hold"
    SEE_REGISTERS = "see_registers"
    APPRAISE = "appraise"
    PREPARE_DESTRUCTION = "prepare_destruction"
    LEAD_APPRAISAL = "lead_appraisal"
    APPROVE_DESTRUCTION = "approve_destruction"
    WITNESS_DESTRUCTION = "witness_destruction"
    REMOVE = "remove"
    DECIDE_USE = "decide_use"
    REVIEW_OPENING = "review_opening"
    TRANSFER = "transfer"
    SEE_JOURNAL = "see_journal"
    MANAGE_OUTLINE = "manage_outline"
    MANAGE_ACCOUNTS = "manage_accounts"
    GRANT_ROLES = "grant_roles"
    MAINTAIN = "maintain"


class Level(StrEnum):
    """What a role is held for."""

    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return {"county": "全县", "township": "一个乡镇", "village": "一个村"}[self.value]


@dataclass(frozen=True, slots=True)
class RoleRule:
    """One row of the table. `must_end`: the role is only ever given until a day."""

    zh: str
    may: frozenset[Permission]
    sees: frozenset[str]
    levels: frozenset[Level]
    unarchived: bool = False
    must_end: bool = False


_PUBLIC = frozenset({"public"})
_VILLAGE = frozenset({"public", "village"})
_INTERNAL = frozenset({"public", "village", "internal"})
_COUNTY, _HERE = frozenset({Level.COUNTY}), frozenset({Level.VILLAGE})
_BELOW = frozenset({Level.TOWNSHIP, Level.VILLAGE})
_ANY = frozenset(Level)
_DESK = frozenset({Permission.HAND_IN, Permission.CATALOGUE})
_HOLD = frozenset({Permission.HOLD, Permission.SEE_REGISTERS})
_DUE = _HOLD | {Permission.SEE_DUE}
_GROUP = _DUE | {Permission.APPRAISE, Permission.REVIEW_OPENING}
_KEEPING = _DESK | _GROUP | {
    Permission.ARCHIVE, Permission.SEE_JOURNAL, Permission.DECIDE_USE, Permission.PREPARE_DESTRUCTION,
    Permission.TRANSFER,
}  # fmt: skip
_AUDIT = frozenset({Permission.SEE_JOURNAL, Permission.SEE_REGISTERS})
_NOTHING = frozenset[Permission]()

RULES: dict[Role, RoleRule] = {
    Role.CLERK: RoleRule("村档案员", _DESK, _INTERNAL, _HERE, unarchived=True),
    Role.CADRE: RoleRule("村干部", frozenset({Permission.HAND_IN}), _INTERNAL, _HERE),
    Role.TOWNSHIP_ARCHIVIST: RoleRule("乡镇档案员", _KEEPING, _INTERNAL, _BELOW, unarchived=True),
    Role.ARCHIVIST: RoleRule("县档案员", _KEEPING, _INTERNAL, _ANY, unarchived=True),
    Role.APPRAISAL_LEADER: RoleRule("鉴定小组组长", _GROUP | {Permission.LEAD_APPRAISAL}, _INTERNAL, _ANY),
    Role.REVIEWER: RoleRule("鉴定小组成员", _GROUP, _INTERNAL, _ANY),
    Role.APPROVER: RoleRule("审批人", _DUE | {Permission.APPROVE_DESTRUCTION}, _INTERNAL, _ANY),
    Role.WITNESS: RoleRule("监销人", _HOLD | {Permission.WITNESS_DESTRUCTION}, _INTERNAL, _ANY),
    Role.OPERATOR: RoleRule("销毁经办人", _HOLD | {Permission.REMOVE}, _INTERNAL, _ANY),
    Role.RESEARCHER: RoleRule("研究者", _NOTHING, _PUBLIC, _ANY),
    Role.VILLAGER: RoleRule("村民", _NOTHING, _VILLAGE, _HERE),
    Role.AUDITOR: RoleRule("安全审计员", _AUDIT, _INTERNAL, _COUNTY, unarchived=True),
    Role.CONTRACTOR: RoleRule("外包人员", _DESK, _INTERNAL, _BELOW, unarchived=True, must_end=True),
    Role.ADMINISTRATOR: RoleRule(
        "系统管理员",
        frozenset({Permission.MANAGE_ACCOUNTS, Permission.MANAGE_OUTLINE, Permission.MAINTAIN}),
        _PUBLIC,
        _COUNTY,
    ),
    Role.SECURITY: RoleRule("安全管理员", frozenset({Permission.GRANT_ROLES}), _PUBLIC, _COUNTY),
}
"""Personal and Party-internal records stand in no row: they open to a person by name, never by role."""

IN_PERSON = frozenset(
    {
        Permission.LEAD_APPRAISAL, Permission.APPROVE_DESTRUCTION, Permission.WITNESS_DESTRUCTION, Permission.REMOVE,
        Permission.REVIEW_OPENING,
    }
)  # fmt: skip
"""What is done by a person who has logged in, never by a script's token."""

THREE_OFFICERS = (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR)
"""三员: system administration, security, audit."""


def check_grant(role: Role, level: Level, begins: date | None, ends: date | None) -> None:
    """Whether a role may be given like this.

    Raises:
        RuleError: not for this kind of organisation, without the end it needs, or with an end before its beginning.
    """
    rule = RULES[role]
    if level not in rule.levels:
        allowed = "、".join(one.zh for one in Level if one in rule.levels)
        raise RuleError(f"{rule.zh}只能对{allowed}授予，没有授予。")
    if rule.must_end and ends is None:
        raise RuleError(f"{rule.zh}必须写明到哪一天为止，没有授予。")
    if begins and ends and ends < begins:
        raise RuleError("止日早于起日，没有授予。")


def in_force(begins: date | None, ends: date | None, today: date) -> bool:
    """Whether a role counts today; the last day counts whole."""
    return (begins is None or begins <= today) and (ends is None or today <= ends)
