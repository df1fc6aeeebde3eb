"""The villages of the county: register one, with its fonds number and former names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, check
from storage.database import journal
from storage.database.base import new_id
from storage.database.organisations import Village
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
