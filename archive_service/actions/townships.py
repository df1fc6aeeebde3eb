"""Townships, with dates: another name, one that goes into another, a village that changes over.

What a township was called, and to which a village belonged, finds the records of those years. Roles held for a
township follow its new name; when it goes into another, or a village changes over, they have to be granted anew there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, check
from classification.errors import RuleError
from storage.database import journal
from storage.database.accounts import RoleGrant
from storage.database.organisations import Township, Village, townships_named, village
from storage.database.outbox import mark_village
from storage.errors import Conflict, Missing

LONGEST = 80


def move(session: Session, actor: Actor, at: datetime, village_id: str, township: str, year: int) -> Village:
    """A village belongs to another township from this year on.

    Raises:
        Forbidden: the actor does not keep the list of villages.
        Missing: there is no such village.
        RuleError: no township is named, it is the same, or the year lies before the last change.
    """
    check(actor, Permission.MAINTAIN)
    home, township = village(session, village_id), _named(township)
    if township == home.township:
        raise RuleError(f"{home.name}已经属于{township}，没有改动。")
    before = home.township
    _change_over(session, home, township, year)
    said = {"name": home.name, "township": [before, township], "year": year}
    journal.write(session, at, actor.login, "village_moved", "village", home.id, home.id, said)
    return home


def rename_township(session: Session, actor: Actor, at: datetime, name: str, new: str, year: int) -> Township:
    """A township has another name from this year on; its villages and the roles held for it stay with it.

    Raises:
        Forbidden: the actor does not keep the list of villages.
        Missing: no village belongs to such a township.
        Conflict: the new name is that of another township.
        RuleError: the names are alike, or the year lies before the last change.
    """
    check(actor, Permission.MAINTAIN)
    new, homes = _named(new), _villages_of(session, name)
    if new == name:
        raise RuleError("新的乡镇名和现在的一样，没有改动。")
    if new in townships_named(session, [new]) or session.scalar(select(Village.id).where(Village.township == new)):
        raise Conflict(f"已经有叫“{new}”的乡镇，没有改动；两个乡镇合并请办合并。")
    held = townships_named(session, [name]).get(name) or Township(aliases=[])
    since = _last_year(held.aliases)
    _in_order(since, year)
    held.aliases, held.name = [*held.aliases, {"name": name, "from": since, "to": year}], new
    held.kept = False
    session.add(held)
    for home in homes:
        home.township, home.kept = new, False
        mark_village(session, home.id)
    session.execute(update(RoleGrant).where(RoleGrant.township == name).values(township=new))
    said = {"name": [name, new], "year": year, "villages": len(homes)}
    journal.write(session, at, actor.login, "township_renamed", "township", new, None, said)
    return held


def merge_township(session: Session, actor: Actor, at: datetime, name: str, into: str, on: date) -> Sequence[Village]:
    """A township goes into another on this day, with all its villages; returns them.

    Raises:
        Forbidden: the actor does not keep the list of villages.
        Missing: no village belongs to the one or the other.
        RuleError: they are the same, or the day lies before the last change.
    """
    check(actor, Permission.MAINTAIN)
    homes = _villages_of(session, name)
    _villages_of(session, into)
    if name == into:
        raise RuleError("一个乡镇不能并入自己，没有改动。")
    held = townships_named(session, [name]).get(name) or Township(name=name, aliases=[])
    held.merged_into, held.merged_on, held.kept = into, on, False
    session.add(held)
    for home in homes:
        _change_over(session, home, into, on.year)
    said = {"name": name, "into": into, "on": on.isoformat(), "villages": len(homes)}
    journal.write(session, at, actor.login, "township_merged", "township", name, None, said)
    return homes


def _change_over(session: Session, home: Village, township: str, year: int) -> None:
    since = _last_year(home.former_townships)
    _in_order(since, year)
    if home.township:
        home.former_townships = [*home.former_townships, {"name": home.township, "from": since, "to": year}]
    home.township, home.kept = township, False
    mark_village(session, home.id)


def _villages_of(session: Session, township: str) -> Sequence[Village]:
    found = session.scalars(select(Village).where(Village.township == township).order_by(Village.fonds)).all()
    if not township or not found:
        raise Missing(f"没有登记属于“{township}”的村，没有改动；请核对乡镇名。")
    return found


def _named(text: str) -> str:
    if not 0 < len(text.strip()) <= LONGEST:
        raise RuleError(f"请写明乡镇名，{LONGEST} 字以内；没有改动。")
    return text.strip()


def _last_year(named: Sequence[dict[str, object]]) -> int | None:
    return max((int(str(one["to"])) for one in named if one.get("to")), default=None)


def _in_order(since: int | None, year: int) -> None:
    if since is not None and year < since:
        raise RuleError(f"上一次变动是 {since} 年，不能写更早的年份；没有改动。")
