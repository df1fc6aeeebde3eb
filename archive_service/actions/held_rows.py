"""A hold takes its records out of every register that could still remove them: in the transaction of the hold.

Whoever may hold may do this: no seat is asked, and no state of a register before the removal of the record prevents it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive_service.permissions import Actor
from classification.appraisal import Act
from storage.database import journal
from storage.database.appraisal import end_records, portions
from storage.database.register_chain import Person, append_each
from storage.database.registers import Register, live_rows


def take_out(session: Session, actor: Actor, record_ids: Sequence[str], reason: str, hold_id: str, at: datetime) -> int:
    """Note on every register that still could remove one of these records that it is held; returns how many rows."""
    by_register: dict[str, list[str]] = {}
    for some in portions(record_ids):
        for row in live_rows(session, some):
            by_register.setdefault(row.register_id, []).append(row.record_id)
    for register_id, ids in by_register.items():
        found = session.get_one(Register, register_id)
        person = Person(actor.id, actor.login, actor.name)
        append_each(session, found, Act.HELD, at, [*ids], person, reason=reason, details={"hold": hold_id})
        end_records(session, found.batch_id, ids, Act.HELD)
        told = {"rows": len(ids), "hold": hold_id}
        journal.write(session, at, actor.login, "register_held", "register", found.id, found.village_id, told)
    return sum(map(len, by_register.values()))
