"""Searches that a person keeps under a name, each with how many records are new since that person last looked.

A saved search is its person's own. It is asked anew every time, within what the person may see that day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, scope_of
from classification.errors import RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.using import SavedSearch, saved_searches
from storage.errors import Conflict, Missing
from storage.index.door import SearchIndex
from storage.index.query import SearchRequest

MOST = 50
LONGEST_NAME = 80
LONGEST_QUERY = 2000
LAG = 2
"""Minutes by which a record may be found later than it came."""
Reader = Callable[[str, int | None], SearchRequest]
"""Makes the search of kept parameters; the number asks for what came after that minute."""


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A saved search in the list: how many it finds now, and how many of these are new."""

    saved: SavedSearch
    total: int
    new: int


def minute_of(at: datetime) -> int:
    """Minutes since 1970, as the index counts them."""
    return int(at.timestamp()) // 60


def keep(session: Session, actor: Actor, name: str, query: str, at: datetime) -> SavedSearch:
    """Keep a search under a name. What is there now is not new.

    Raises:
        RuleError: there is no name, nothing is asked for, or too many are kept.
        Conflict: the name is taken.
    """
    name, query = name.strip(), query.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise RuleError(f"给这次查找起个名字，{LONGEST_NAME} 字以内；没有记住。")
    if not 0 < len(query) <= LONGEST_QUERY:
        raise RuleError("这次查找没有条件，或者条件太多，没有记住。")
    mine = select(func.count()).select_from(SavedSearch).where(SavedSearch.account_id == actor.id)
    if (session.scalar(mine) or 0) >= MOST:
        raise RuleError(f"最多记住 {MOST} 次查找，没有记住；请先去掉不用的。")
    if session.scalar(select(SavedSearch.id).where(SavedSearch.account_id == actor.id, SavedSearch.name == name)):
        raise Conflict(f"您已经有一次查找叫“{name}”，没有记住；请换个名字。")
    saved = SavedSearch(
        id=new_id(), account_id=actor.id, name=name, query=query, made_at=at, seen_minute=minute_of(at) - LAG
    )
    session.add(saved)
    journal.write(session, at, actor.login, "search_saved", "saved_search", saved.id, None, {"name": name})
    return saved


def listed(session: Session, index: SearchIndex, actor: Actor, read: Reader) -> list[SavedLine]:
    """The searches of this person. Each asks the index twice and the database not at all."""
    scope = scope_of(actor)

    def number(saved: SavedSearch, since: int | None) -> int:
        return index.search(read(saved.query, since), scope).total

    return [
        SavedLine(saved, number(saved, None), number(saved, saved.seen_minute))
        for saved in saved_searches(session, actor.id)
    ]


def own(session: Session, actor: Actor, saved_id: str) -> SavedSearch:
    """One saved search of this person.

    Raises:
        Missing: there is none, or it is somebody else's.
    """
    saved = session.get(SavedSearch, saved_id)
    if saved is None or saved.account_id != actor.id:
        raise Missing("没有记住这次查找，或者它不是您的。")
    return saved


def looked(session: Session, actor: Actor, saved_id: str, at: datetime) -> None:
    """This person has looked: what comes from now on is new.

    Raises:
        Missing: as `own`.
    """
    own(session, actor, saved_id).seen_minute = minute_of(at) - LAG


def forget(session: Session, actor: Actor, saved_id: str, at: datetime) -> None:
    """Keep it no longer.

    Raises:
        Missing: as `own`.
    """
    saved = own(session, actor, saved_id)
    journal.write(session, at, actor.login, "search_forgotten", "saved_search", saved.id, None, {"name": saved.name})
    session.delete(saved)
