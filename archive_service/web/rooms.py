"""The rooms of the house, as they stand at the top of every page: five groups, and the rooms of the group one is in.

Whoever may enter no room of a group does not see the group.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive_service.permissions import Actor, can
from classification.roles import Permission


@dataclass(frozen=True, slots=True)
class Room:
    """One place: its first part of the address, its name, and any permission that opens it; none = everybody."""

    path: str
    name: str
    needs: tuple[Permission, ...] = ()
    also: tuple[str, ...] = ()
    """Further first parts of addresses that belong to it."""

    def opens_to(self, actor: Actor) -> bool:
        """Whether this person may come in."""
        return not self.needs or any(can(actor, one) for one in self.needs)


P = Permission
GROUPS: dict[str, tuple[Room, ...]] = {
    "收集整理": (
        Room("hand-in", "移交", (P.HAND_IN,)),
        Room("batches", "移交批次", (P.HAND_IN,)),
        Room("inbox", "待整理", (P.CATALOGUE,), ("bulk",)),
        Room("list", "清单", (P.CATALOGUE,)),
        Room("filing", "归档", (P.CATALOGUE,)),
    ),
    "查档利用": (
        Room("search", "查档", (), ("records", "saved")),
        Room("requests", "利用", (), ("copies", "verify")),
        Room("loans", "借阅", (P.CATALOGUE,)),
        Room("print", "打印"),
    ),
    "应有记录": (
        Room("completeness", "齐全", (P.CATALOGUE,)),
        Room("dossiers", "事项", (P.CATALOGUE,)),
        Room("ledgers", "台账", (P.CATALOGUE,)),
        Room("handovers", "换届移交", (P.CATALOGUE,)),
        Room("cadres", "村干部", (P.CATALOGUE,)),
    ),
    "鉴定处置": (
        Room("due", "到期", (P.SEE_DUE,)),
        Room("holds", "停止处置", (P.HOLD,)),
        Room("appraisals", "鉴定", (P.SEE_REGISTERS,)),
        Room("registers", "销毁清册", (P.SEE_REGISTERS,)),
        Room("openings", "开放审核", (P.REVIEW_OPENING,)),
        Room("transfers", "移交进馆", (P.TRANSFER,)),
    ),
    "规则和管理": (
        Room("outline", "大纲"),
        Room("calendar", "台账日历"),
        Room("villages", "村"),
        Room("accounts", "人员", (P.MANAGE_ACCOUNTS, P.GRANT_ROLES), ("grants", "concerned")),
        Room("journal", "日志", (P.SEE_JOURNAL,)),
        Room("system", "系统", (P.MAINTAIN,)),
    ),
}


@dataclass(frozen=True, slots=True)
class Door:
    """One link: where to, what it says, and whether one is there."""

    path: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Rooms:
    """The groups a person may enter, and the rooms of the group that the page belongs to."""

    groups: tuple[Door, ...]
    rooms: tuple[Door, ...]


def rooms_of(actor: Actor, here: str) -> Rooms:
    """What stands above a page; `here` is its address."""
    first = here.split("?")[0].split("/")[1]
    groups, rooms = [Door("/", "首页", not first)], list[Door]()
    for name, some in GROUPS.items():
        open_ = [room for room in some if room.opens_to(actor)]
        inside = any(first in (room.path, *room.also) for room in open_)
        if open_:
            groups.append(Door(f"/{open_[0].path}", name, inside))
        if inside:
            rooms = [Door(f"/{room.path}", room.name, first in (room.path, *room.also)) for room in open_]
    return Rooms(tuple(groups), tuple(rooms))
