"""Who sits where in an appraisal, and who may not sit in two seats: the separation of duties as a table.

The least that always holds is here; a county may forbid more pairs, never fewer. Two forbidden seats are two different
people, told apart by their accounts. Written after the reference: the pairs are a proposal of ours, stricter than the
local rules that were read.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import combinations


class Seat(StrEnum):
    """In what capacity a person acts, in the order of lists. The values are stored."""

    PROPOSER = "proposer"
    LEADER = "leader"
    ARCHIVIST = "archivist"
    MEMBER = "member"
    APPROVER = "approver"
    WITNESS_FIRST = "witness_first"
    WITNESS_SECOND = "witness_second"
    OPERATOR = "operator"
    ARCHIVES_HEAD = "archives_head"
    ACCOUNTING_HEAD = "accounting_head"
    ARCHIVES_HANDLER = "archives_handler"
    ACCOUNTING_HANDLER = "accounting_handler"

    @property
    def zh(self) -> str:
        """The word on forms and pages."""
        return SEAT_WORDS[self]


SEAT_WORDS = {
    Seat.PROPOSER: "提交人",
    Seat.ARCHIVIST: "档案员",
    Seat.LEADER: "鉴定小组负责人",
    Seat.MEMBER: "鉴定小组成员",
    Seat.APPROVER: "批准人",
    Seat.WITNESS_FIRST: "监销人甲",
    Seat.WITNESS_SECOND: "监销人乙",
    Seat.OPERATOR: "销毁经办人",
    Seat.ARCHIVES_HEAD: "档案管理机构负责人",
    Seat.ACCOUNTING_HEAD: "会计管理机构负责人",
    Seat.ARCHIVES_HANDLER: "档案管理机构经办人",
    Seat.ACCOUNTING_HANDLER: "会计管理机构经办人",
}

IN_GROUP = frozenset(
    {
        Seat.ARCHIVIST, Seat.LEADER, Seat.MEMBER, Seat.ARCHIVES_HEAD, Seat.ACCOUNTING_HEAD, Seat.ARCHIVES_HANDLER,
        Seat.ACCOUNTING_HANDLER,
    }
)  # fmt: skip
"""Seats that are given out when a batch is made; the others are taken by who holds the role."""

SIGNERS = (Seat.LEADER,)
ACCOUNTING_SIGNERS = (
    Seat.LEADER, Seat.ARCHIVES_HEAD, Seat.ACCOUNTING_HEAD, Seat.ARCHIVES_HANDLER, Seat.ACCOUNTING_HANDLER,
)  # fmt: skip
"""Who must have signed before the approver may. For accounting 单位负责人 signs as the approver (《会计档案管理办法》,
read in a copy)."""

Pair = tuple[Seat, Seat]


def pair(one: Seat, other: Seat) -> Pair:
    """Two seats in the one order in which pairs are kept."""
    return (one, other) if one < other else (other, one)


_AROUND_THE_REMOVAL = (Seat.APPROVER, Seat.WITNESS_FIRST, Seat.WITNESS_SECOND, Seat.OPERATOR)
_AWAY_FROM_APPROVAL = (
    Seat.PROPOSER, Seat.ARCHIVIST, Seat.LEADER, Seat.MEMBER, Seat.ARCHIVES_HEAD, Seat.ACCOUNTING_HEAD,
    Seat.ARCHIVES_HANDLER, Seat.ACCOUNTING_HANDLER,
)  # fmt: skip

LEAST: frozenset[Pair] = frozenset(
    [pair(one, other) for one, other in combinations(_AROUND_THE_REMOVAL, 2)]
    + [pair(Seat.APPROVER, one) for one in _AWAY_FROM_APPROVAL]
    + [pair(Seat.LEADER, Seat.OPERATOR), pair(Seat.PROPOSER, Seat.LEADER)]
    + [pair(Seat.PROPOSER, one) for one in (Seat.WITNESS_FIRST, Seat.WITNESS_SECOND)]
    + [pair(Seat.ARCHIVES_HEAD, Seat.ACCOUNTING_HEAD), pair(Seat.ARCHIVES_HANDLER, Seat.ACCOUNTING_HANDLER)]
)
"""Pairs of seats that no county may give to one person."""


def clashes(seat: Seat, taken: Iterable[Seat], forbidden: Iterable[Pair]) -> list[Seat]:
    """Which of the seats that a person has taken already forbid this one to the same person."""
    pairs = frozenset(forbidden)
    return [one for one in taken if pair(seat, one) in pairs]
