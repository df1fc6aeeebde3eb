"""The same change to many records at once: what it would change, the change itself, and taking it back.

Rights and state are asked record by record. Only what is not archived yet is changed, so that undoing is possible
until then; what somebody changed again meanwhile is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, physical, restricting
from archive_service.actions.holdings import HIDDEN, inside
from archive_service.actions.physical import PLACES
from archive_service.permissions import Actor, Forbidden, scope_of
from archive_service.rulebook import RuleBook
from classification.errors import RuleError
from storage.database import journal
from storage.database.journal import JournalEntry
from storage.database.physical import Whereabouts, whereabouts_of
from storage.database.records import Record
from storage.errors import Conflict, Missing

A_TIME = 500
RESTRICTION = "restriction"
"""The one change that is no text: a `restricting.Wish`."""
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of one record: each thing with its value before and after, or why it is refused."""

    record: Record
    changed: Mapping[str, list[Any]]
    refused: str = ""


def preview(
    session: Session, actor: Actor, ids: Sequence[str], changes: Mapping[str, Any], rules: RuleBook, at: datetime
) -> list[Edited]:
    """What the change would do to each record. The caller's session must be one that is never committed.

    Raises:
        Missing: one of them is hidden from the actor, or not there.
    """
    done, chosen = [], _all(session, actor, ids)
    _check_restriction(session, chosen, changes, at)
    for found, held in chosen:
        try:
            done.append(Edited(found, _edit(session, actor, found, held, changes, rules, at)))
        except (Forbidden, RuleError, Conflict) as refused:
            done.append(Edited(found, {}, str(refused)))
    return done


def edit(
    session: Session, actor: Actor, ids: Sequence[str], changes: Mapping[str, Any], rules: RuleBook, at: datetime
) -> int:
    """Change all of them or none; returns how many are different now.

    Raises:
        Missing, Forbidden, RuleError, Conflict: one record is hidden or refuses; nothing is written.
    """
    if len(ids) > MOST:
        raise RuleError(f"一次最多改 {MOST} 件，没有改动。")
    chosen = _all(session, actor, ids)
    _check_restriction(session, chosen, changes, at)
    return sum(bool(_edit(session, actor, found, held, changes, rules, at)) for found, held in chosen)


def _check_restriction(
    session: Session, chosen: Sequence[tuple[Record, Whereabouts | None]], changes: Mapping[str, Any], at: datetime
) -> None:
    """Whether the donor's restriction among the changes can be set: asked once, not for every record."""
    wish = changes.get(RESTRICTION)
    if wish is not None:
        restricting.check_wish(session, wish, {found.village_id for found, _ in chosen}, at.date())


def _some(session: Session, actor: Actor, ids: Sequence[str]) -> dict[str, tuple[Record, Whereabouts | None]]:
    """Those of the records that the actor may see, and where they lie: two queries for some hundreds."""
    together: dict[str, tuple[Record, Whereabouts | None]] = {}
    for start in range(0, len(ids), A_TIME):
        some = list(dict.fromkeys(ids[start : start + A_TIME]))
        seen = select(Record).where(Record.id.in_(some), inside(scope_of(actor)))
        found = {one.id: one for one in session.scalars(seen)}
        held = whereabouts_of(session, some)
        together |= {id: (found[id], held.get(id)) for id in some if id in found}
    return together


def _all(session: Session, actor: Actor, ids: Sequence[str]) -> Sequence[tuple[Record, Whereabouts | None]]:
    """All of them, or none: one that is hidden answers like one that is not there."""
    found = _some(session, actor, ids)
    if len(found) < len(set(ids)):
        raise Missing(HIDDEN)
    return list(found.values())


def _edit(
    session: Session,
    actor: Actor,
    found: Record,
    held: Whereabouts | None,
    changes: Mapping[str, Any],
    rules: RuleBook,
    at: datetime,
) -> dict[str, list[Any]]:
    catalogue.may_open(actor, found)
    if found.state not in catalogue.OPEN:
        raise Conflict(f"“{found.title}”已经归档，成批修改只管归档以前的；没有改动。")
    said = {name: value for name, value in changes.items() if name not in (*PLACES, RESTRICTION)}
    changed = catalogue.correct(found, said, rules, at) if said else {}
    if changed:
        found.changed_at, found.described_by = at, actor.login
        journal.write(session, at, actor.login, "record_described", "record", found.id, found.village_id, dict(changed))
    placed = {name: value for name, value in changes.items() if name in PLACES}
    if placed:
        changed = {**changed, **physical.place(session, actor, found, placed, at, held)}
    if (wish := changes.get(RESTRICTION)) is not None:
        changed = {**changed, **restricting.put(session, actor, found, wish, at)}
    return changed


def edited_at(session: Session, actor: Actor, moment: datetime) -> list[JournalEntry]:
    """What this person changed in one act at that moment."""
    query = select(JournalEntry).where(
        JournalEntry.at == moment,
        JournalEntry.actor == actor.login,
        JournalEntry.act.in_(tuple(_RESTORED_BY)),
    )
    return list(session.scalars(query.order_by(JournalEntry.id)))


def undo(session: Session, actor: Actor, moment: datetime, rules: RuleBook, at: datetime) -> tuple[int, int]:
    """Put back what one act changed; returns how many records are as before, and how many were left as they are.

    Left are those that are archived by now or were changed again.

    Raises:
        Forbidden: one is no longer for this person.
    """
    entries = edited_at(session, actor, moment)
    found = _some(session, actor, [entry.object_id for entry in entries])
    back: set[str] = set()
    left: set[str] = set()
    for entry in entries:
        if entry.object_id not in found:
            left.add(entry.object_id)
            continue
        record, held = found[entry.object_id]
        catalogue.may_open(actor, record)
        restore = _RESTORED_BY[entry.act]
        done = record.state in catalogue.OPEN and restore(session, actor, record, held, entry, rules, at)
        (back if done else left).add(record.id)
    return len(back - left), len(left)


def _place_again(
    session: Session,
    actor: Actor,
    found: Record,
    held: Whereabouts | None,
    entry: JournalEntry,
    _rules: RuleBook,
    at: datetime,
) -> bool:
    if held is None or any(getattr(held, name) != after for name, (_, after) in entry.details.items()):
        return False
    physical.place(session, actor, found, {name: before for name, (before, _) in entry.details.items()}, at, held)
    return True


def _describe_again(
    session: Session,
    actor: Actor,
    found: Record,
    _held: Whereabouts | None,
    entry: JournalEntry,
    rules: RuleBook,
    at: datetime,
) -> bool:
    now = catalogue.said(found)
    if any(now[name] != after for name, (_, after) in entry.details.items()):
        return False
    before = {name: was for name, (was, _) in entry.details.items()}
    if "fields" in before:
        found.fields = before.pop("fields")
    if "series" in before and before["series"] is None:
        found.series_id = found.class_id = found.outline_id = None
    catalogue.correct(found, before, rules, at)
    rules.set_period(found)
    found.changed_at, found.described_by = at, actor.login
    said = {name: [after, was] for name, (was, after) in entry.details.items()}
    journal.write(session, at, actor.login, "record_described", "record", found.id, found.village_id, said)
    return True


def _restrict_again(
    session: Session,
    actor: Actor,
    found: Record,
    _held: Whereabouts | None,
    entry: JournalEntry,
    _rules: RuleBook,
    at: datetime,
) -> bool:
    if "was" not in entry.details or restricting.in_words(found.restriction) != entry.details[RESTRICTION][1]:
        return False
    restricting.put_back(session, actor, found, entry.details["was"], at)
    return True


_RESTORED_BY = {
    "record_described": _describe_again,
    "record_placed": _place_again,
    "record_restricted": _restrict_again,
}
