"""Receiving files: bytes into the staging area first, then one row for each, several rows a transaction.

A walk that is cut off goes on where it stopped: paths that have a row are passed over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from archive_service.actions import intake
from archive_service.actions.intake import Received, Refusal
from archive_service.permissions import OPERATOR, Actor
from archive_service.wiring import Archive
from ingest import forbidden, malware
from ingest.walk import Candidate, SetAside, walk
from storage.database.base import new_id
from storage.database.batches import Batch, Item, ItemState
from storage.database.organisations import village_named, villages
from storage.objects.areas import staging_key

A_TRANSACTION = 50
"""Rows written together: enough that the commit does not dominate, few enough that a crash repeats little."""

QUIET = timedelta(minutes=10)

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file at the door."""

    item_id: str
    state: str
    path: str


def receive_folder(archive: Archive, actor: Actor, village: str, path: Path, step: Step = lambda _: None) -> str:
    """Receive a folder, a package or a single file for a village; returns the batch.

    Raises:
        Missing: the village is not registered.
        NotReady: the store cannot keep what comes; what was received so far is kept, and the next call goes on.
    """
    source = str(path.resolve())
    with archive.sessions.begin() as session:
        home = village_named(session, village)
        batch = intake.unfinished_batch(session, home.id, source)
        if batch is None:
            batch = intake.open_batch(session, actor, home.id, path.name, source, archive.now())
        held = intake.paths_held(session, batch.id)
    with tempfile.TemporaryDirectory(prefix="village-archive-") as scratch:
        fresh = (found for found in walk(path, Path(scratch)) if found.relative_path not in held)
        while some := list(islice(_kept(archive, fresh, step), A_TRANSACTION)):
            _write(archive, batch, some)
    with archive.sessions.begin() as session:
        intake.close_walk(session, batch.id, archive.now())
    return batch.id


def _kept(archive: Archive, found: Iterator[Candidate | SetAside], step: Step) -> Iterator[Received | Refusal]:
    for one in found:
        yield _keep(archive, one)
        step(one.relative_path)


def _keep(archive: Archive, found: Candidate | SetAside) -> Received | Refusal:
    if isinstance(found, SetAside):
        return Refusal(found.relative_path, found.path_bytes, found.code, found.reason, found.remedy)
    refused = forbidden.check(found.relative_path)
    if refused is not None:
        return _refusal(found, refused.code, refused.reason, refused.remedy)
    try:
        with found.open() as stream:
            kept = keep(archive, found.relative_path, found.path_bytes, stream)
    except OSError as error:
        return _refusal(
            found, "unreadable", f"读不了这个文件（{error.strerror}）。", "检查文件能否打开、有没有权限，再移交一次。"
        )
    if found.changed():
        archive.objects.delete(kept.storage_key)
        return _refusal(found, "changed", "读的时候文件正在被改动，没有收。", "等文件存好、关闭后再移交一次。")
    return kept


def _refusal(found: Candidate, code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(found.relative_path, found.path_bytes, code, reason, remedy, found.size)


def keep(archive: Archive, path: str, path_bytes: bytes, stream: BinaryIO) -> Received | Refusal:
    """Put a stream into the staging area; digests are made on the way. A file with malware is removed again."""
    file_id = new_id()
    key = staging_key(file_id)
    stored = archive.objects.put(key, stream)
    if archive.settings.clamd:
        with archive.objects.open(key) as kept:
            virus = malware.scan(kept, archive.settings.clamd)
        if virus:
            archive.objects.delete(key)
            return Refusal(
                path,
                path_bytes,
                "malware",
                f"查出病毒（{virus}），没有收。",
                "请先杀毒，再移交干净的文件。",
                stored.size,
            )
    return Received(file_id, path, path_bytes, stored.size, stored.sha256, stored.sha512, key)


def _write(archive: Archive, batch: Batch, some: list[Received | Refusal]) -> list[Taken]:
    at = archive.now()
    taken, spare = [], []
    with archive.sessions.begin() as session:
        for one in some:
            item = (
                intake.refuse(session, batch, one, at)
                if isinstance(one, Refusal)
                else intake.receive(session, batch, one, at)
            )
            taken.append(Taken(item.id, item.state, item.path))
            if isinstance(one, Received) and item.state == ItemState.DUPLICATE:
                spare.append(one.storage_key)
    for key in spare:
        archive.objects.delete(key)
    return taken


def open_upload(archive: Archive, actor: Actor, village_id: str, source: str) -> str:
    """Open a batch for files that come one by one."""
    with archive.sessions.begin() as session:
        return intake.open_batch(session, actor, village_id, source, None, archive.now()).id


def receive_stream(archive: Archive, batch: Batch, path: str, stream: BinaryIO) -> list[Taken]:
    """Receive one uploaded file; a zip or mail is walked into, so it may become several items."""
    with tempfile.TemporaryDirectory(prefix="village-archive-") as scratch:
        if path.lower().endswith(".zip"):
            return _receive_package(archive, batch, path, stream, Path(scratch))
        refused = forbidden.check(path)
        if refused is not None:
            one: Received | Refusal = Refusal(path, path.encode(), refused.code, refused.reason, refused.remedy)
        else:
            one = keep(archive, path, path.encode(), stream)
        if isinstance(one, Received) and one.size == 0:
            archive.objects.delete(one.storage_key)
            one = Refusal(
                path, path.encode(), "empty", "这个文件是空的，里面什么都没有。", "找到有内容的那一份再移交。"
            )
        return _write(archive, batch, [one])


def _receive_package(archive: Archive, batch: Batch, path: str, stream: BinaryIO, scratch: Path) -> list[Taken]:
    package = scratch / "upload.zip"
    with package.open("wb") as kept:
        while block := stream.read(1 << 20):
            kept.write(block)
    taken: list[Taken] = []
    for found in walk(package, scratch / "members", shown_as=path):
        taken += _write(archive, batch, [_keep(archive, found)])
    return taken


def close_upload(archive: Archive, batch_id: str) -> None:
    """Every file of an upload has come."""
    with archive.sessions.begin() as session:
        intake.close_walk(session, batch_id, archive.now())


def keep_another(archive: Archive, actor: Actor, item: Item, source_key: str, name: str) -> None:
    """Copy the bytes of the first file for a duplicate that is another record, and take it in."""
    with archive.objects.open(source_key) as stream:
        kept = keep(archive, name, item.path_bytes or b"", stream)
    if isinstance(kept, Received):
        with archive.sessions.begin() as session:
            intake.keep_as_another(session, actor, item.id, kept, archive.now())


def resume_cut_off(archive: Archive) -> int:
    """Go on with walks that a crash cut off and whose folder is still there; returns how many.

    A walk that another process is in the middle of is left alone: its batch had an item lately.
    """
    with archive.sessions.read() as session:
        cut_off = intake.cut_off_batches(session, archive.now() - QUIET)
        names = {home.id: home.name for home in villages(session)}
    for batch in cut_off:
        path = Path(batch.source_path or "")
        if path.exists():
            receive_folder(archive, OPERATOR, names[batch.village_id], path)
    return len(cut_off)
