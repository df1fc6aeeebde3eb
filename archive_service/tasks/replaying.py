"""After a restore: what was destroyed since the run was made is destroyed again, from the notices of the target.

Rows of registers that the run did not have come back as they were signed; the removal of their records is begun anew
and carried through, so that each is looked for and proved absent here too.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from archive_service.tasks.backup_leftovers import Destroyed
from archive_service.tasks.removing import finish_begun
from archive_service.wiring import Archive
from storage.database import dump
from storage.database.records import RecordState
from storage.database.removals import RemovalState
from storage.database.tables import metadata

IN_ORDER = (
    "villages", "appraisal_batches", "registers", "register_rows", "register_forbidden_pairs", "register_entries",
    "records", "removals",
)  # fmt: skip
"""So that what points at another row comes behind it."""
BEGUN_ANEW = {"state": RemovalState.BEGUN, "fault": ""}
NOT_YET = ("gone_at", "proved_at")
MOVES = ("state", "not_before")
"""The columns of a register that change after its submission."""

Notice = dict[str, list[dict[str, Any]]]


def replay(archive: Archive, destroyed: Destroyed) -> int:
    """Carry the notices out; returns how many records were destroyed again. Safe to repeat."""
    for notice in destroyed.notices:
        with archive.sessions.engine.begin() as connection:
            _take_in(connection, notice)
    return finish_begun(archive) if destroyed.notices else 0


def _take_in(connection: Connection, notice: Notice) -> None:
    records, removals = metadata.tables["records"], metadata.tables["removals"]
    ids = [one["record_id"] for one in notice["removals"]]
    proved = set(connection.scalars(select(removals.c.record_id).where(removals.c.state == RemovalState.PROVED)))
    going = [one for one in ids if one not in proved]
    said = notice | {
        "removals": [_anew(one) for one in notice["removals"]],
        "records": [one | {"state": RecordState.DESTROYING, "version": 0} for one in notice["records"]],
    }
    for name in IN_ORDER:
        dump.load_missing(connection, metadata.tables[name], said[name])
    _move_register(connection, notice)
    for start in range(0, len(going), dump.A_TIME):
        some = records.c.id.in_(going[start : start + dump.A_TIME])
        connection.execute(update(records).where(some).values(state=RecordState.DESTROYING))


def _anew(removal: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in removal.items() if name not in NOT_YET} | BEGUN_ANEW


def _move_register(connection: Connection, notice: Notice) -> None:
    registers = metadata.tables["registers"]
    for one in notice["registers"]:
        values = {name: dump.value_of(registers.c[name], one) for name in MOVES}
        connection.execute(update(registers).where(registers.c.id == one["id"]).values(values))
