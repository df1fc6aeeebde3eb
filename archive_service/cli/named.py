"""Records as people name them: by the code on the paper, or by the number that the software gave."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.database.records import Record


def record_ids(session: Session, named: Sequence[str]) -> list[str]:
    """The ids behind codes; what is no code stays, and the act says whether it knows it."""
    found = session.execute(select(Record.code, Record.id).where(Record.code.in_(named)))
    by_code = {code: record for code, record in found if code}
    return [by_code.get(one, one) for one in named]


def names_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """What people call each of these: its code, or its title where it has none; a number that nobody knows stays."""
    found = session.execute(select(Record.id, Record.code, Record.title).where(Record.id.in_(ids)))
    return {one: one for one in ids} | {id: code or f"《{title}》" for id, code, title in found}
