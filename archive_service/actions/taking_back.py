"""Taking an acceptance back, of one record or of many accepted at once: until they are archived, nothing is final."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue
from archive_service.permissions import Actor
from classification.suggestion import features
from storage.database import journal, learning
from storage.database.journal import JournalEntry
from storage.database.outbox import mark
from storage.database.records import Record, RecordState, record
from storage.errors import Conflict


def accepted_at(session: Session, actor: Actor, moment: datetime) -> list[str]:
    """The ids of what this person accepted in one act at that moment and what has not been archived since."""
    query = (
        select(Record.id)
        .join(JournalEntry, JournalEntry.object_id == Record.id)
        .where(Record.state == RecordState.ACCEPTED, JournalEntry.act == "record_accepted")
        .where(JournalEntry.actor == actor.login, JournalEntry.at == moment)
    )
    return list(session.scalars(query.distinct().order_by(Record.id)))


def take_back(session: Session, actor: Actor, record_ids: Sequence[str], at: datetime) -> list[Record]:
    """Make accepted records proposals again; what their acceptance taught is forgotten. All of them or none.

    Raises:
        Conflict: one is archived or withdrawn already.
        Forbidden: one is not for this person.
    """
    taken = []
    for record_id in record_ids:
        found = record(session, record_id)
        catalogue.may_open(actor, found)
        if found.state != RecordState.ACCEPTED:
            raise Conflict(f"“{found.title}”不是已采用、待归档的材料，没有改动。")
        found.state, found.changed_at = RecordState.PROPOSED, at
        if found.series_id:
            learning.add_counts(session, found.series_id, features(found.title, ""), by=-1)
        journal.write(session, at, actor.login, "record_reopened", "record", found.id, found.village_id)
        taken.append(found)
    mark(session, [one.id for one in taken])
    return taken
