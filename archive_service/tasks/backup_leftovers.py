"""What backups still hold of a destroyed record and until when; and the notices that keep a restore from reviving it.

A backup is never rewritten, so what was destroyed stays in the runs made before, until they are let go of. Every target
gets a notice of each register that was carried out: the rows that say so. Restoring an older run replays them.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from archive_service.settings import masked
from archive_service.tasks.backup_runs import made_at, rolls_off, run_names
from archive_service.wiring import Archive
from storage.database import dump
from storage.database.registers import RegisterEntry
from storage.database.removals import Removal
from storage.database.tables import metadata
from storage.errors import StorageError
from storage.objects.areas import STAGING
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore

NOTICES = "destroyed/"
OF_REGISTER = ("register_rows", "register_entries", "register_forbidden_pairs", "removals")
NO_PLACE = "没有设置备份地址；另外做过的备份里如有，要由人删除"
UNTIL_DELETED = "备份没有设保留天数，要到删除这些备份为止"
NOT_ASKED = "备份那里连不上，没有查到；请接通后再看"


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of one backup target, with the moments they were made; `names` None when it could not be asked."""

    place: str
    names: tuple[tuple[datetime, str], ...] | None
    keep_days: int

    def holding(self, since: datetime) -> dict[str, Any] | None:
        """What the runs made from a moment on may hold, and until when; None when there are none."""
        if self.names is None:
            return {"place": self.place, "runs": None, "first": "", "last": "", "until": NOT_ASKED}
        held = [(at, name) for at, name in self.names if at >= since - timedelta(seconds=1)]
        if not held:
            return None
        last = rolls_off(held[-1][1], self.keep_days)
        until = f"{last:%Y-%m-%d}" if last else UNTIL_DELETED
        return {"place": self.place, "runs": len(held), "first": held[0][1], "last": held[-1][1], "until": until}


def runs_of(archive: Archive) -> list[Runs]:
    """The runs of every backup target that the settings name."""
    settings = archive.settings
    found = []
    for url in dict.fromkeys(url for url in (settings.backup_url, settings.second_copy_url) if url):
        try:
            names = tuple((made_at(name), name) for name in run_names(open_store(url)))
        except StorageError:
            names = None
        if names or names is None or url == settings.backup_url:
            found.append(Runs(masked(url), names, settings.backup_keep_days))
    return found


def left_in(runs: Sequence[Runs], since: datetime) -> list[dict[str, Any]]:
    """What is left in backups of something that was here since a moment."""
    if not runs:
        return [{"place": "", "runs": None, "first": "", "last": "", "until": NO_PLACE}]
    return [held for one in runs if (held := one.holding(since)) is not None]


def give_notices(archive: Archive, target: ObjectStore) -> int:
    """Give a target the notices that it lacks; returns how many. Safe to repeat."""
    number = 0
    for register_id, key in _wanted(archive):
        if not target.exists(key):
            content = json.dumps(_notice(archive, register_id), ensure_ascii=False).encode()
            target.put(key, io.BytesIO(gzip.compress(content, 6, mtime=0)))
            number += 1
    return number


def _wanted(archive: Archive) -> Iterator[tuple[str, str]]:
    """Registers with removals, and the key of the notice that says as much as the database does now."""
    with archive.sessions.read() as session:
        removals = select(Removal.register_id, func.count()).group_by(Removal.register_id)
        counts = {register_id: number for register_id, number in session.execute(removals)}
        entries = select(RegisterEntry.register_id, func.count()).where(RegisterEntry.register_id.in_(counts))
        found = session.execute(entries.group_by(RegisterEntry.register_id))
        written = {register_id: number for register_id, number in found}
    for register_id, number in counts.items():
        yield register_id, f"{NOTICES}{register_id}/{number:06d}-{written.get(register_id, 0):06d}.json.gz"


def _notice(archive: Archive, register_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that say that a register was carried out: its own, of its batch, its village and its records."""
    registers, removals = metadata.tables["registers"], metadata.tables["removals"]
    this = registers.c.id == register_id
    wanted = {
        "villages": select(registers.c.village_id).where(this),
        "appraisal_batches": select(registers.c.batch_id).where(this),
        "registers": select(registers.c.id).where(this),
        "records": select(removals.c.record_id).where(removals.c.register_id == register_id),
    }
    with dump.snapshot(archive.sessions.engine) as connection:
        found = {name: _rows(connection, name, metadata.tables[name].c.id.in_(ids)) for name, ids in wanted.items()}
        for name in OF_REGISTER:
            found[name] = _rows(connection, name, metadata.tables[name].c.register_id == register_id)
    return found


def _rows(connection: Connection, name: str, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in dump.lines(connection, metadata.tables[name], where)]


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What a target says was destroyed since whichever run: the notices, newest of each register; records and files."""

    notices: tuple[dict[str, list[dict[str, Any]]], ...]
    records: frozenset[str]
    files: frozenset[str]

    def covers(self, key: str) -> bool:
        """Whether an object of a run belongs to a destroyed record: in the archive, staged, or derived."""
        parts = key.split("/")
        named = {parts[-1], parts[-1].partition(".")[0], *(part.rpartition("%3a")[2] for part in parts[:-1])}
        tombs = any("%3atombstone%3a" in part for part in parts)
        return not tombs and not named.isdisjoint(self.records | self.files)


def destroyed_by(source: ObjectStore) -> Destroyed:
    """Every notice that a target has."""
    newest = {key.split("/")[1]: key for key in source.list(NOTICES)}
    notices = tuple(_read(source, key) for key in newest.values())
    removals = [one for notice in notices for one in notice["removals"]]
    staged = [one["where"] for row in removals for one in row["copies"] if one["where"].startswith(STAGING)]
    files = frozenset(key.rpartition("/")[2] for key in staged)
    return Destroyed(notices, frozenset(one["record_id"] for one in removals), files)


def _read(source: ObjectStore, key: str) -> dict[str, list[dict[str, Any]]]:
    with source.open(key) as stream:
        found: dict[str, list[dict[str, Any]]] = json.loads(gzip.decompress(stream.read()))
    return found
