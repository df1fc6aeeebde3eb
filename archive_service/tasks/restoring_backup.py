"""Putting a backup back, into an empty place only: objects first, then all rows in one transaction, then the index;
then what was destroyed after the run was made is destroyed again (see `replaying`).

A restore that is cut off leaves a mark in the store; run again with the same backup, it goes on. Every object is
compared on its way in, and the rows are dumped again and compared with what the backup says.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from archive_service.settings import Settings
from archive_service.tasks.backup_leftovers import Destroyed, destroyed_by
from archive_service.tasks.backup_runs import Run, read_run
from archive_service.tasks.rebuilding import rebuild_index
from archive_service.tasks.replaying import replay
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive, build
from storage.database import dump
from storage.database.engine import migrate
from storage.database.revisions import known, revision_of
from storage.errors import Conflict, Corrupt, Missing, NotReady
from storage.objects.areas import ARCHIVE
from storage.objects.store import ObjectStore, checked
from storage.objects.vault import Vault, pieces_of

MARK = "restoring"
"""The key in a store that is being filled; it holds the name of the run."""

Step = Callable[[str], None]


@dataclass
class Restored:
    """What came back. Faults are sentences; none means equal by count and by hash."""

    run: str
    rows: int = 0
    objects: int = 0
    bytes: int = 0
    indexed: int = 0
    destroyed: int = 0
    """Records that were destroyed after this run was made, and did not come back."""
    faults: list[str] = field(default_factory=list)


def restore(archive: Archive, source: ObjectStore, name: str | None = None, step: Step = lambda _: None) -> Restored:
    """Put a run back, by its name or the newest.

    Raises:
        Conflict: something is there already; nothing was changed.
        NotReady: the backup was made by a newer program.
    """
    run = read_run(source, name)
    if run.said["revision"] and run.said["revision"] not in known():
        raise NotReady(f"这份备份的数据库版本是 {run.said['revision']}，比程序新，什么都没有动。请先升级程序。")
    archive.settings.data.mkdir(parents=True, exist_ok=True)
    _claim(archive, run)
    done, destroyed = Restored(run.name, faults=list(run.said["faults"])), destroyed_by(source)
    _restore_objects(archive, run, Vault(source), done, destroyed, step)
    _restore_rows(archive, run, Vault(source), done)
    migrate(archive.sessions.engine)
    done.indexed = rebuild_index(archive, step)
    done.destroyed = replay(archive, destroyed)
    archive.objects.delete(MARK)
    return done


def _claim(archive: Archive, run: Run) -> None:
    try:
        with archive.objects.open(MARK) as stream:
            begun = stream.read().decode()
    except Missing:
        begun = ""
    if begun and begun != run.name:
        raise Conflict(f"这里正在恢复另一份备份（{begun}），没有动。请用它接着恢复，或换一个空的地方。")
    if begun:
        return
    if not dump.is_bare(archive.sessions.engine):
        raise Conflict("数据库不是空的，什么都没有动。恢复只能进空的地方：请换一个空数据库或空文件夹。")
    if next(iter(archive.objects.list("")), None) is not None:
        raise Conflict("档案库不是空的，什么都没有动。恢复只能进空的地方：请换一个空的文件夹或桶。")
    archive.objects.put(MARK, io.BytesIO(run.name.encode()))


def _restore_objects(
    archive: Archive, run: Run, vault: Vault, done: Restored, destroyed: Destroyed, step: Step
) -> None:
    for entry in run.entries(vault):
        key = entry["key"]
        if destroyed.covers(key):
            continue
        # What is there was put whole by this restore: the place was empty.
        if not archive.objects.exists(key):
            try:
                with vault.open(entry["sha512"]) as stream:
                    archive.objects.put(key, checked(stream, entry["sha512"]))
            except (Missing, Corrupt):
                done.faults.append(f"{key} 在备份里损坏或缺失，没有恢复。其余照常；请从另一份备份补这个文件。")
                continue
        done.objects, done.bytes = done.objects + 1, done.bytes + entry["size"]
        step(key)
    # Once they are all there; a restore that was cut off comes by here again.
    archive.objects.protect(ARCHIVE, archive.now())


def _restore_rows(archive: Archive, run: Run, vault: Vault, done: Restored) -> None:
    engine, tables = archive.sessions.engine, run.said["tables"]
    if dump.is_bare(engine) or not _filled(archive):
        migrate(engine, run.said["revision"])
        with engine.begin() as connection:
            for table in dump.dumped_tables():
                if said := tables.get(table.name):
                    dump.load(connection, table, vault.lines(said["pieces"]), said["columns"])
    with dump.snapshot(engine) as connection:
        same = revision_of(connection) == run.said["revision"]
        for table in dump.dumped_tables() if same else ():
            said = tables.get(table.name)
            if said and pieces_of(dump.lines(connection, table)) != said["pieces"]:
                number = dump.number_of_rows(connection, table)
                done.faults.append(f"表 {table.name} 恢复后与备份不同（{number} 行，备份里 {said['rows']} 行）。")
    done.rows = sum(said["rows"] for said in tables.values())


def _filled(archive: Archive) -> bool:
    """Whether the transaction of a restore that was cut off went through."""
    with dump.snapshot(archive.sessions.engine) as connection:
        return dump.has_rows(connection)


def drill(
    target: ObjectStore, scratch: Path, settings: Settings, name: str | None = None, step: Step = lambda _: None
) -> Restored:
    """Restore into a scratch folder, whatever the stores of this archive are, and look at everything there."""
    bare = Settings(
        data=scratch, database_url=None, objects_url=None, search_url=None, queue_url=None, county=settings.county
    )
    archive = build(bare)
    try:
        done = restore(archive, target, name, step)
        done.faults += verify(archive).faults
    finally:
        archive.sessions.engine.dispose()
    return done
