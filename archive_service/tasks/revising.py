"""Correcting what is archived, with the store between; and reading every version that the store holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive_service.actions import filing, holdings, revising
from archive_service.permissions import Actor, scope_of
from archive_service.tasks.filing import store
from archive_service.wiring import Archive
from storage.database.readers import readers_of
from storage.errors import Missing
from storage.objects.ocfl import record_urn


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a record: its number, and when, by whom and why it was made."""

    number: int
    at: datetime
    actor: str
    message: str


def revise_record(archive: Archive, actor: Actor, record_id: str, changes: Mapping[str, Any], reason: str) -> bool:
    """Correct an archived record and store the new version; whether anything changed.

    Raises:
        Forbidden, Conflict, RuleError: as `revising.revise`; nothing is written.
    """
    with archive.sessions.begin() as session:
        changed = revising.revise(session, actor, record_id, changes, reason, archive.now())
        session.flush()
        plan = filing.refiling(session, record_id, archive.now()) if changed else None
    if plan is not None:
        store(archive, plan)
    return changed


def versions(archive: Archive, actor: Actor, record_id: str) -> list[VersionLine]:
    """The versions that the store holds, the newest first; none before archiving.

    Raises:
        Missing: there is no such record for this actor.
    """
    with archive.sessions.read() as session:
        found = holdings.seen(session, actor, record_id)
    if not found.version:
        return []
    kept = archive.root.read(record_urn(record_id)).inventory.versions
    lines = [VersionLine(number, one.at, one.actor, one.message) for number, one in enumerate(kept, 1)]
    return lines[::-1]


def version(archive: Archive, actor: Actor, record_id: str, number: int) -> dict[str, Any]:
    """The description of a record as one version holds it.

    Raises:
        Missing: no such record or version, or one that was kept closer than the record is now.
    """
    with archive.sessions.read() as session:
        found = holdings.seen(session, actor, record_id)
        readers = readers_of(session, [found]).get(record_id, ())
    held = archive.root.read(record_urn(record_id)) if found.version else None
    if held is None or not 1 <= number <= held.version:
        raise Missing(holdings.HIDDEN)
    said: dict[str, Any] = json.loads(archive.root.content(held, version=number))
    if not scope_of(actor).covers(record_id, found.village_id, said["access"], archived=True, readers=readers):
        raise Missing(holdings.HIDDEN)
    return said
