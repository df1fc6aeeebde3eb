"""The list of records out into a file and back: export, preview, import with the new versions it makes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from archive_service.actions import filing
from archive_service.actions.lists import Changed, change_by_list
from archive_service.actions.record_lists import Wanted, list_columns, list_rows
from archive_service.exchange import list_files, record_list_files
from archive_service.permissions import Actor
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import store
from archive_service.wiring import Archive
from storage.errors import Conflict, Missing
from storage.objects.areas import waiting_list_key

BLOCK = 1 << 18


def export_list(archive: Archive, actor: Actor, wanted: Wanted, target: Path) -> int:
    """Write the chosen records to a file, as its name says (.xlsx, .csv); returns how many.

    Raises:
        Forbidden: the actor does not catalogue.
    """
    with archive.sessions.read() as session:
        rules = rule_book(session)
        columns = list_columns(session, actor, wanted, rules)
        return record_list_files.write(target, columns, list_rows(session, actor, wanted, rules, columns))


def preview_list(archive: Archive, actor: Actor, path: Path) -> Changed:
    """What an edited list would change. Nothing is written.

    Raises:
        ListInvalid: with every row and column that is wrong.
    """
    with archive.sessions.read() as session:
        return change_by_list(session, actor, path, rule_book(session), archive.now(), apply=False)


def apply_list(archive: Archive, actor: Actor, path: Path) -> Changed:
    """Carry an edited list out, all of it or nothing, and store the new versions of what is archived.

    Raises:
        ListInvalid: with every row and column that is wrong.
    """
    with archive.sessions.begin() as session:
        done = change_by_list(session, actor, path, rule_book(session), archive.now())
    for record_id in done.revised:
        with archive.sessions.read() as session:
            plan = filing.refiling(session, record_id, archive.now())
        store(archive, plan)
    return done


def put_aside(archive: Archive, actor: Actor, path: Path) -> str:
    """Keep a list that was looked at until its sender says yes; returns its digest. One for each person."""
    archive.objects.put(waiting_list_key(actor.id), io.BytesIO(path.suffix.encode().ljust(8) + path.read_bytes()))
    return list_files.digest(path)


@contextmanager
def taken_up(archive: Archive, actor: Actor, digest: str) -> Iterator[Path]:
    """The list that was put aside, as a file; forgotten when what is done with it has gone well.

    Raises:
        Conflict: it is another list than the one that was looked at, or none.
    """
    key = waiting_list_key(actor.id)
    with TemporaryDirectory(prefix="village-archive-") as folder:
        try:
            with archive.objects.open(key) as stream:
                kept = stream.read()
        except Missing:
            kept = b""
        path = Path(folder) / f"list{kept[:8].decode().strip()}"
        path.write_bytes(kept[8:])
        if list_files.digest(path) != digest:
            raise Conflict("刚才看过的清单已经不在了，没有改动；请再上传一次。")
        yield path
    archive.objects.delete(key)


def exported_blocks(archive: Archive, actor: Actor, wanted: Wanted, suffix: str) -> Iterator[bytes]:
    """The exported list as blocks of bytes. What may not be exported is refused before the first block."""
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"list{suffix}"
        export_list(archive, actor, wanted, path)
        with path.open("rb") as made:
            while block := made.read(BLOCK):
                yield block
