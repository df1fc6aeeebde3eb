"""Setting and lifting a donor's restriction with the store between: an archived record gets a new version.

A crash on the way is completed like any other archiving, by `filing.finish_cut_off`.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive_service.actions import filing, restricting
from archive_service.actions.restricting import Wish
from archive_service.permissions import Actor
from archive_service.tasks.filing import store
from archive_service.tasks.upkeep import sync_index
from archive_service.wiring import Archive
from storage.database import outbox

AT_ONCE = 1000


def restrict(archive: Archive, actor: Actor, record_ids: Sequence[str], wish: Wish) -> None:
    """Restrict records; hidden from everybody else as soon as this returns.

    Raises:
        Missing, Forbidden, RuleError, Conflict: as `restricting.restrict`; nothing is written.
    """
    with archive.sessions.begin() as session:
        filed = restricting.restrict(session, actor, record_ids, wish, archive.now(), archive.today())
        ids = [one.id for one in filed]
    _store(archive, ids)
    _hide(archive)


def lift(archive: Archive, actor: Actor, record_ids: Sequence[str], reason: str) -> None:
    """Lift the restriction of records.

    Raises:
        Missing, Forbidden, RuleError, Conflict: as `restricting.lift`; nothing is written.
    """
    with archive.sessions.begin() as session:
        ids = [one.id for one in restricting.lift(session, actor, record_ids, reason, archive.now())]
    _store(archive, ids)


def end_past(archive: Archive) -> int:
    """End the restrictions whose day has passed; returns how many archived records got a version for it."""
    with archive.sessions.begin() as session:
        ids = [one.id for one in restricting.end_past(session, archive.now(), archive.today())]
    _store(archive, ids)
    return len(ids)


def _hide(archive: Archive) -> None:
    """Counts and facets come from the index: it follows at once, unless so much waits that it is at work anyway."""
    with archive.sessions.read() as session:
        waits = outbox.backlog(session)
    if waits <= AT_ONCE:
        sync_index(archive)


def _store(archive: Archive, ids: Sequence[str]) -> None:
    for record_id in ids:
        with archive.sessions.read() as session:
            plan = filing.refiling(session, record_id, archive.now())
        store(archive, plan)
