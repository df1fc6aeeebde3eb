"""What lies on a person's desk: the numbers of the first page, batches with their sums, what may belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from archive_service.actions import due, holdings, intake
from archive_service.actions.holdings import UNFILED, inside
from archive_service.permissions import Actor, Permission, can, check, reach, scope_of
from storage.database import fixity
from storage.database.batches import Batch, counts_by_batch, sum_of
from storage.database.organisations import villages
from storage.database.records import File, Record, RecordState


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for this person; None where it is not this person's work."""

    to_catalogue: int | None = None
    to_archive: int | None = None
    due: int | None = None
    damaged: int | None = None
    """Stored files that fixity found missing or changed; None too when there are none, which is how it should be."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch in a list: its village and the sum that always holds."""

    batch: Batch
    village: str
    sum: dict[str, int]


def waiting(session: Session, actor: Actor, today: date, most: int | None = None) -> Waiting:
    """The numbers of the first page, within the actor's scope; what has run out is counted up to `most`."""
    return Waiting(
        to_catalogue=_inbox(session, actor, RecordState.PROPOSED) if can(actor, Permission.CATALOGUE) else None,
        to_archive=_inbox(session, actor, RecordState.ACCEPTED) if can(actor, Permission.ARCHIVE) else None,
        due=due.number_due(session, actor, today, most) if can(actor, Permission.SEE_DUE) else None,
        damaged=(fixity.number_of_faults(session) or None) if can(actor, Permission.MAINTAIN) else None,
    )


def _inbox(session: Session, actor: Actor, state: RecordState) -> int:
    return holdings.inbox(session, actor, state=state, size=1).total


def batches(session: Session, actor: Actor, limit: int = 50) -> list[BatchLine]:
    """The newest batches the actor may see, with their sums, in three queries.

    Raises:
        Forbidden: the actor does not hand in.
    """
    check(actor, Permission.HAND_IN)
    found = intake.recent_batches(session, reach(actor, Permission.HAND_IN), limit)
    counts = counts_by_batch(session, [batch.id for batch in found])
    names = {home.id: home.name for home in villages(session)}
    return [BatchLine(batch, names[batch.village_id], sum_of(counts[batch.id])) for batch in found]


@dataclass(frozen=True, slots=True)
class VillageLine:
    """One village of the county, and what waits there."""

    id: str
    name: str
    to_catalogue: int
    to_archive: int


def by_village(session: Session, actor: Actor) -> list[VillageLine]:
    """The actor's villages, those where most waits first, counted within the actor's scope in one query.

    Raises:
        Forbidden: the actor does not catalogue.
    """
    check(actor, Permission.CATALOGUE)
    # Only what waits is counted: what is filed are millions.
    query = select(Record.village_id, Record.state, func.count())
    query = query.where(inside(scope_of(actor)), Record.state.in_(UNFILED)).group_by(Record.village_id, Record.state)
    counted = {(home, state): number for home, state, number in session.execute(query)}
    lines = [
        VillageLine(
            home.id,
            home.name,
            counted.get((home.id, RecordState.PROPOSED), 0),
            counted.get((home.id, RecordState.ACCEPTED), 0),
        )
        for home in villages(session)
        if can(actor, Permission.CATALOGUE, home.id)
    ]
    return sorted(lines, key=lambda one: -(one.to_catalogue + one.to_archive))


def recent(session: Session, actor: Actor, limit: int = 8) -> Sequence[Record]:
    """What was archived last, within the actor's scope."""
    query = select(Record).where(inside(scope_of(actor)), Record.state == RecordState.ARCHIVED)
    return session.scalars(query.order_by(Record.archived_at.desc(), Record.id.desc()).limit(limit)).all()


def siblings(session: Session, actor: Actor, found: Record, file: File, limit: int = 8) -> Sequence[Record]:
    """Open records of the same batch whose file lies in the same folder: perhaps they are one 件."""
    folder, _, _ = file.path.rpartition("/")
    if not folder or found.batch_id is None:
        return []
    beside = and_(
        inside(scope_of(actor)),
        Record.state.in_(UNFILED),
        Record.batch_id == found.batch_id,
        Record.id != found.id,
        File.path.startswith(f"{folder}/", autoescape=True),
    )
    query = select(Record).join(File, File.record_id == Record.id).where(beside).distinct().order_by(Record.id)
    return session.scalars(query.limit(limit)).all()
