"""The villages of the county: register one, rename it, note that it went into another. A fonds is never given up.

A former name finds the records of its time; a village that went into another is looked after by the other's people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, check
from classification.errors import RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.organisations import Village, village
from storage.database.outbox import mark_village
from storage.errors import Conflict


def add_village(
    session: Session,
    actor: Actor,
    at: datetime,
    name: str,
    fonds: str,
    township: str = "",
    aliases: Sequence[dict[str, Any]] = (),
) -> Village:
    """Register a village. The same name with the same fonds again changes nothing.

    Raises:
        Conflict: the name or the fonds number belongs to another village.
    """
    check(actor, Permission.MAINTAIN)
    held = session.scalars(select(Village).where((Village.name == name) | (Village.fonds == fonds))).all()
    if held:
        if len(held) == 1 and held[0].name == name and held[0].fonds == fonds:
            return held[0]
        raise Conflict(f"村名“{name}”或全宗号 {fonds} 已被占用，没有登记。")
    fresh = Village(id=new_id(), name=name, fonds=fonds, township=township, aliases=list(aliases))
    session.add(fresh)
    journal.write(
        session, at, actor.login, "village_registered", "village", fresh.id, fresh.id, {"name": name, "fonds": fonds}
    )
    session.flush()
    return fresh


def rename(session: Session, actor: Actor, at: datetime, village_id: str, name: str, year: int) -> Village:
    """Give a village another name from this year on; the old one stays findable as the name of the years before.

    Raises:
        Missing: there is no such village.
        Conflict: the name belongs to another village.
        RuleError: there is no name, or it is the same.
    """
    check(actor, Permission.MAINTAIN)
    home, name = village(session, village_id), name.strip()
    if not name or name == home.name:
        raise RuleError("新村名空着，或者和现在的一样，没有改动。")
    if session.scalar(select(Village.id).where(Village.name == name)):
        raise Conflict(f"村名“{name}”已被占用，没有改动。")
    before = max((one["to"] for one in home.aliases if one.get("to")), default=None)
    former = home.name
    home.aliases, home.name = [*home.aliases, {"name": former, "from": before, "to": year}], name
    home.kept = False
    mark_village(session, home.id)
    said = {"name": [former, name], "year": year}
    journal.write(session, at, actor.login, "village_renamed", "village", home.id, home.id, said)
    return home


def merge(session: Session, actor: Actor, at: datetime, village_id: str, into_id: str, on: date) -> Village:
    """Note that a village went into another on this day. Its fonds, records and codes stay as they are.

    From that day on the people of the other look after it too.

    Raises:
        Missing: there is no such village.
        RuleError: it went into another before, or it would go into itself.
    """
    check(actor, Permission.MAINTAIN)
    home, successor = village(session, village_id), village(session, into_id)
    if home.merged_into_id is not None:
        raise RuleError(f"{home.name}早已并入另一个村，没有改动。")
    if home.id in _successors(session, successor):
        raise RuleError("一个村不能并入自己，或并入已经并入它的村；没有改动。")
    home.merged_into_id, home.merged_on, home.kept = successor.id, on, False
    said = {"name": home.name, "into": successor.name, "on": on.isoformat()}
    for one in (home, successor):
        journal.write(session, at, actor.login, "village_merged", "village", one.id, one.id, said)
    return home


def _successors(session: Session, home: Village) -> set[str]:
    """The village and all that it went into."""
    met = {home.id}
    while home.merged_into_id is not None and home.merged_into_id not in met:
        home = village(session, home.merged_into_id)
        met.add(home.id)
    return met
