"""Backing up while the system runs: rows as they are at one moment, and the bytes that those rows speak of.

Rows first, in one snapshot; then the objects they name, each as it was then: a record with the version the row says, a
staged file by its digest, wherever its bytes lie by now. What the target has already is not sent again, so a run that
was cut off is simply run again. Bytes that no row names are left out; `verify` names them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from archive_service.tasks.backup_leftovers import give_notices
from archive_service.tasks.backup_runs import FORMAT, read_run, run_names, write_run
from archive_service.tasks.keeping import HOLD, JOURNAL, OUTLINE, VILLAGES
from archive_service.tasks.kept_documents import KINDS
from archive_service.tasks.tombstones import PROOFS, TOMBSTONE
from archive_service.tasks.verifying import HELD_ITEMS
from archive_service.wiring import Archive
from storage.database import dump
from storage.database.batches import Item
from storage.database.records import File, Record, RecordState
from storage.database.revisions import revision_of
from storage.errors import Corrupt, Missing
from storage.objects import layout
from storage.objects.areas import ARCHIVE, DERIVATIVES, STAGING
from storage.objects.inventory import NAME, SIDECAR, Inventory, parse
from storage.objects.ocfl import Held, record_urn
from storage.objects.store import ObjectStore, digests
from storage.objects.vault import Vault

ROUNDS = 3
"""Snapshots taken at most: what a row named and was removed before it was copied is not there in the next one."""

Step = Callable[[str], None]
Row = dict[str, Any]


@dataclass
class BackedUp:
    """What one run kept: in all, and newly sent. Faults are sentences."""

    run: str = ""
    rows: int = 0
    objects: int = 0
    bytes: int = 0
    new_objects: int = 0
    new_bytes: int = 0
    faults: list[str] = field(default_factory=list)


def back_up(archive: Archive, target: ObjectStore, step: Step = lambda _: None) -> BackedUp:
    """Make one run. What is damaged in the store is kept as it is, and named."""
    for number in range(1, ROUNDS + 1):
        copying = _Copying(archive, Vault(target), step)
        tables, revision = _keep_rows(archive, copying.vault)
        pieces = copying.vault.keep_lines(_line(entry) for entry in copying.entries(tables))
        if not copying.moved or number == ROUNDS:
            break
    done = copying.done
    done.faults += [f"{key} 在备份时被移走了。请再备份一次。" for key in copying.moved]
    said = {
        "format": FORMAT,
        "at": archive.now().isoformat(),
        "previous": _previous(target),
        "revision": revision,
        "settings": archive.settings.shown(),
        "tables": tables,
        "objects": {"count": done.objects, "bytes": done.bytes, "pieces": pieces},
        "faults": done.faults,
    }
    give_notices(archive, target)
    done.run = write_run(target, said, f"{archive.now():%Y%m%dT%H%M%S}Z").name
    done.rows = sum(table["rows"] for table in tables.values())
    return done


def _previous(target: ObjectStore) -> dict[str, str] | None:
    names = run_names(target)
    if not names:
        return None
    run = read_run(target, names[-1])
    return {"run": run.name, "sha512": run.sha512}


def _keep_rows(archive: Archive, vault: Vault) -> tuple[dict[str, Row], str | None]:
    """Every table as it is at this moment, and the revision of the schema."""
    tables = {}
    with dump.snapshot(archive.sessions.engine) as connection:
        revision = revision_of(connection)
        for table in dump.dumped_tables():
            number = dump.number_of_rows(connection, table)
            pieces = vault.keep_lines(dump.lines(connection, table))
            tables[table.name] = {"columns": list(table.columns.keys()), "rows": number, "pieces": pieces}
    return tables, revision


def _line(entry: Row) -> bytes:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()


class _Copying:
    """One round: the objects that the rows of a snapshot name, copied as they are listed."""

    def __init__(self, archive: Archive, vault: Vault, step: Step) -> None:
        self._archive, self.vault, self._step = archive, vault, step
        self.done = BackedUp()
        self.moved: list[str] = []

    def entries(self, tables: dict[str, Row]) -> Iterator[Row]:
        """Key, digest and size of every object, once its bytes are safe."""
        yield from self._kept(self._staged(tables["files"]))
        for name in layout.root_files():
            yield from self._kept(self._small(f"{ARCHIVE}{name}"))
        for row in self._rows(tables["records"]):
            if row["version"] and row["state"] != RecordState.DESTROYING:
                yield from self._kept(self._record(row))
        yield from self._kept(self._documents(tables))
        for key in self._archive.objects.list(DERIVATIVES):
            yield from self._kept(self._small(key))

    def _rows(self, table: Row) -> Iterator[Row]:
        return (json.loads(line) for line in self.vault.lines(table["pieces"]))

    def _kept(self, entries: Iterator[Row]) -> Iterator[Row]:
        for entry in entries:
            self.done.objects, self.done.bytes = self.done.objects + 1, self.done.bytes + entry["size"]
            self._step(entry["key"])
            yield entry

    def _staged(self, files: Row) -> Iterator[Row]:
        for row in self._rows(files):
            if row["storage_key"].startswith(STAGING):
                yield from self._staged_file(row)

    def _staged_file(self, row: Row) -> Iterator[Row]:
        """Its bytes may be in the archive by now; the row was written when they were not."""
        key, sha512 = row["storage_key"], row["sha512"]
        if self.vault.holds(sha512) or self._archive.objects.exists(key):
            yield from self._file(key, key, sha512, row["size"])
            return
        with self._archive.sessions.read() as session:
            file = session.get(File, row["id"])
            held = session.scalar(select(Item.id).where(Item.file_id == row["id"], Item.state.in_(HELD_ITEMS)).limit(1))
        if file is None:
            self.moved.append(key)
        elif file.storage_key != key:
            yield from self._file(key, file.storage_key, sha512, row["size"])
        elif held:
            self.done.faults.append(f"待归档的“{row['path']}”的原件不在档案库里。请把这个文件再移交一次。")

    def _record(self, row: Row) -> Iterator[Row]:
        try:
            held = self._archive.root.read(record_urn(row["id"]))
            yield from self._object(held, row["version"])
        except (Missing, Corrupt) as error:
            with self._archive.sessions.read() as session:
                now = session.get(Record, row["id"])
            # Its removal began since: the next snapshot says so.
            going = now is not None and now.state == RecordState.DESTROYING
            if now is None or going or now.version != row["version"]:
                self.moved.append(row["id"])
            else:
                self.done.faults.append(f"{row.get('code', '待编')}《{row['title']}》：{error}")

    def _documents(self, tables: dict[str, Row]) -> Iterator[Row]:
        outlines = [f"{OUTLINE}{row['id']}" for row in self._rows(tables["outline_versions"])]
        holds = [f"{HOLD}{row['id']}" for row in self._rows(tables["holds"])]
        kept = [f"{kind.prefix}{row['id']}" for kind in KINDS for row in self._rows(tables[kind.table.__tablename__])]
        removals = list(self._rows(tables["removals"]))
        tombs = [f"{TOMBSTONE}{row['record_id']}" for row in removals]
        proofs = sorted({f"{PROOFS}{row['register_id']}" for row in removals})
        for object_id in (VILLAGES, *outlines, *holds, *kept, *tombs, *proofs):
            # They come into the store with the next sealing, and are in the rows in any case.
            try:
                held = self._archive.root.read(object_id)
            except (Missing, Corrupt):
                continue
            yield from self._object(held, held.version)
        for row in self._rows(tables["journal_seals"]):
            if row["stored"]:
                try:
                    held = self._archive.root.read(f"{JOURNAL}{row['number']:08d}")
                    yield from self._object(held, held.version)
                except (Missing, Corrupt) as error:
                    self.done.faults.append(str(error))

    def _object(self, held: Held, version: int) -> Iterator[Row]:
        """An object as it was at a version: what came later is left out, and that version's inventory is the last."""
        then = self._inventory(held, version)
        for sha512, path in then.manifest.items():
            key = f"{held.prefix}/{path}"
            yield from self._file(key, key, sha512, None)
        for number in range(1, version + 1):
            for name in (NAME, SIDECAR):
                yield from self._small(f"{held.prefix}/v{number}/{name}")
        yield from self._small(f"{held.prefix}/{layout.OBJECT_DECLARATION}")
        for name in (NAME, SIDECAR):
            yield from self._small(f"{held.prefix}/{name}", f"{held.prefix}/v{version}/{name}")

    def _inventory(self, held: Held, version: int) -> Inventory:
        if held.version < version:
            raise Missing(
                f"档案库里只到第 {held.version} 版，数据库记的是第 {version} 版。请用 village-archive verify 核对。"
            )
        if held.version == version:
            return held.inventory
        with self._archive.objects.open(f"{held.prefix}/v{version}/{NAME}") as stream:
            return parse(stream.read())

    def _file(self, key: str, source: str, sha512: str, size: int | None) -> Iterator[Row]:
        if self.vault.holds(sha512):
            yield {"key": key, "sha512": sha512, "size": self.vault.size(sha512) if size is None else size}
            return
        try:
            with self._archive.objects.open(source) as stream:
                yield {"key": key, "sha512": sha512, "size": self._sent(self.vault.keep(stream, sha512))}
        except Corrupt:
            self.done.faults.append(
                f"{source} 的内容与登记的不同，照现在的样子备份了。请用 village-archive fixity 查看。"
            )
            yield from self._small(key, source)

    def _small(self, key: str, source: str = "") -> Iterator[Row]:
        """An object whose digest nobody has written down: it is read to know it."""
        try:
            with self._archive.objects.open(source or key) as stream:
                measured = digests(stream)
            if not self.vault.holds(measured.sha512):
                with self._archive.objects.open(source or key) as stream:
                    self._sent(self.vault.keep(stream, measured.sha512))
        except (Missing, Corrupt):
            # Gone or changed since it was listed: a picture that is drawn anew; a record's own files are named by rows.
            return
        yield {"key": key, "sha512": measured.sha512, "size": measured.size}

    def _sent(self, size: int) -> int:
        self.done.new_objects, self.done.new_bytes = self.done.new_objects + 1, self.done.new_bytes + size
        return size
