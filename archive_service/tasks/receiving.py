"""Receiving files: bytes into the staging area first, then one row for each, several rows a transaction.

A walk that is cut off goes on where it stopped: paths that have a row are passed over.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from archive_service.actions import intake
from archive_service.actions.intake import Received, Refusal
from archive_service.permissions import OPERATOR, Actor
from archive_service.wiring import Archive
from ingest import forbidden, malware
from ingest.errors import Unreadable
from ingest.found import Candidate, SetAside, display
from ingest.refusals import EMPTY, VANISHED, refusal_of_name
from ingest.walk import walk
from storage.database.base import new_id
from storage.database.batches import Batch, Item, ItemState
from storage.database.organisations import village_named, villages
from storage.database.records import File
from storage.errors import CutOff, NotReady, StorageError
from storage.objects.areas import staging_key

A_TRANSACTION = 50
"""Rows written together: enough that the commit does not dominate, few enough that a crash repeats little."""

KEPT_AT_ONCE = 4
"""Leaves whose bytes are being kept side by side: most of that time goes into waiting for the disk or the bucket."""

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
        found = _distinct(_walked(path, Path(scratch)), lambda _: False)
        _take(archive, batch, (one for one in found if one.relative_path not in held), step)
    with archive.sessions.begin() as session:
        intake.close_walk(session, batch.id, archive.now())
    return batch.id


def receive_leaves(archive: Archive, batch: Batch, leaves: Iterable[Candidate | SetAside]) -> list[Taken]:
    """Receive leaves that the caller chose, into an open batch; a path that it holds already gets “(2)”.

    Raises:
        NotReady: the store cannot keep what comes; what was received so far is kept.
    """
    with archive.sessions.read() as session:
        held = intake.paths_held(session, batch.id)
    return _take(archive, batch, _distinct(leaves, held.__contains__))


def _walked(path: Path, scratch: Path, shown_as: str | None = None) -> Iterator[Candidate | SetAside]:
    try:
        yield from walk(path, scratch, shown_as=shown_as)
    except OSError as error:
        raise NotReady(f"读不了“{path.name}”，或临时文件夹已满；已经收下的都在，处理好后再移交一次即可。") from error


def _distinct(found: Iterable[Candidate | SetAside], is_taken: Callable[[str], bool]) -> Iterator[Candidate | SetAside]:
    """The same leaves, each under a path of its own: a second of one name, as a zip may hold, gets “(2)”.

    The numbering follows the order of the walk, so that a walk that goes on gives the same paths again.
    """
    seen: set[str] = set()
    for one in found:
        path = _free(one.relative_path[-intake.LONGEST_PATH :], lambda wanted: wanted in seen or is_taken(wanted))
        seen.add(path)
        yield replace(one, relative_path=path)


def _free(path: str, is_taken: Callable[[str], bool]) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".") if "." in name[1:] else (name, "", "")
    number = 1
    while is_taken(path):
        number += 1
        path = f"{folder}{slash}{stem} ({number}){dot}{ending}"[-intake.LONGEST_PATH :]
    return path


def _take(
    archive: Archive, batch: Batch, found: Iterable[Candidate | SetAside], step: Step = lambda _: None
) -> list[Taken]:
    """Keep some leaves at once, write them in order. When the store fails, what it had kept is written all the same."""
    taken: list[Taken] = []
    some: list[Received | Refusal] = []
    line: deque[Future[Received | Refusal]] = deque()
    with ThreadPoolExecutor(KEPT_AT_ONCE, thread_name_prefix="keep") as pool:
        try:
            for one in found:
                line.append(pool.submit(_keep, archive, one))
                step(one.relative_path)
                _drain(line, into=some, down_to=0 if _is_passing(one) else KEPT_AT_ONCE - 1)
                if len(some) >= A_TRANSACTION:
                    full, some = some, []
                    taken += _write(archive, batch, full)
            _drain(line, into=some)
        finally:
            some += [future.result() for future in line if future.exception() is None]
            taken += _write(archive, batch, some)
    return taken


def _drain(line: deque[Future[Received | Refusal]], into: list[Received | Refusal], down_to: int = 0) -> None:
    """Take what was kept out of the line, in its order, until so many are left in it."""
    while len(line) > down_to:
        into.append(line.popleft().result())


def _is_passing(found: Candidate | SetAside) -> bool:
    """Whether its bytes are gone at the next step of the walk, as those of a zip's member are."""
    return isinstance(found, Candidate) and bool(found.container)


def _keep(archive: Archive, found: Candidate | SetAside) -> Received | Refusal:
    if isinstance(found, SetAside):
        return Refusal(found.relative_path, found.path_bytes, found.code, found.reason, found.remedy, found.size)
    refused = forbidden.check(found.relative_path)
    if refused is not None:
        return _refusal(found, refused.code, refused.reason, refused.remedy)
    try:
        with found.open() as stream:
            return keep(archive, found.relative_path, found.path_bytes, stream)
    except Unreadable as bad:
        # Also a file that changed while it was read: the store keeps nothing of a stream that breaks off.
        return _refusal(found, bad.code, bad.reason, bad.remedy)
    except FileNotFoundError:
        return _refusal(found, *VANISHED)
    except OSError:
        return _refusal(
            found, "unreadable", "读不了这个文件，可能是磁盘或 U 盘有坏块。", "请换一台电脑打开检查，复制出来后再移交。"
        )


def _refusal(found: Candidate, code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(found.relative_path, found.path_bytes, code, reason, remedy, found.size)


def keep(archive: Archive, path: str, path_bytes: bytes, stream: BinaryIO) -> Received | Refusal:
    """Put a stream into the staging area; digests are made on the way. A file with malware is removed again.

    Raises:
        NotReady: the store is away or full, or the scanner that is set up does not answer; nothing was kept.
    """
    file_id = new_id()
    key = staging_key(file_id)
    stored = archive.objects.put(key, stream)
    virus = _malware(archive, key)
    if virus:
        archive.objects.delete(key)
        reason, remedy = f"查出病毒（{virus}），没有收。", "请先杀毒，再移交干净的文件。"
        return Refusal(path, path_bytes, "malware", reason, remedy, stored.size, stored.sha256)
    return Received(file_id, path, path_bytes, stored.size, stored.sha256, stored.sha512, key)


def _malware(archive: Archive, key: str) -> str | None:
    if not archive.settings.clamd:
        return None
    try:
        with archive.objects.open(key) as kept:
            return malware.scan(kept, archive.settings.clamd)
    except malware.ScannerAway as away:
        archive.objects.delete(key)
        raise NotReady("查毒程序没有应答，文件没有收；请联系管理员检查 clamd，之后再移交一次。") from away


def _write(archive: Archive, batch: Batch, some: list[Received | Refusal]) -> list[Taken]:
    if not some:
        return []
    at = archive.now()
    try:
        with archive.sessions.begin() as session:
            items = intake.receive_all(session, batch, some, at)
    except CutOff:
        # The rows may be there yet, and a row without bytes would be worse than bytes without a row.
        raise
    except NotReady:
        _take_back(archive, some)
        raise
    for one, item in zip(some, items, strict=True):
        if isinstance(one, Received) and item.state == ItemState.DUPLICATE:
            archive.objects.delete(one.storage_key)
    return [Taken(item.id, item.state, item.path) for item in items]


def _take_back(archive: Archive, some: list[Received | Refusal]) -> None:
    """The rows could not be written, so the bytes are not kept either. Where there is no knowing, they stay."""
    keys = {one.storage_key for one in some if isinstance(one, Received)}
    with suppress(StorageError):
        with archive.sessions.read() as session:
            written = set(session.scalars(select(File.storage_key).where(File.storage_key.in_(keys))))
        for key in keys - written:
            archive.objects.delete(key)


def open_upload(archive: Archive, actor: Actor, village_id: str, source: str) -> str:
    """Open a batch for files that come one by one."""
    with archive.sessions.begin() as session:
        return intake.open_batch(session, actor, village_id, source, None, archive.now()).id


def receive_stream(archive: Archive, batch: Batch, path: str, stream: BinaryIO) -> list[Taken]:
    """Receive one uploaded file; a zip is walked into, so it may become several items. `path` is as the sender says."""
    shown = display(path.replace("\\", "/").encode("utf-8", "surrogateescape"))[0].strip("/") or "未命名"
    if shown.lower().endswith(".zip"):
        return _receive_package(archive, batch, shown, stream)
    with archive.sessions.read() as session:
        shown = _free(shown[-intake.LONGEST_PATH :], lambda wanted: intake.is_held(session, batch.id, wanted))
    return _write(archive, batch, [_keep_stream(archive, shown, path.encode("utf-8", "surrogateescape"), stream)])


def _keep_stream(archive: Archive, shown: str, path_bytes: bytes, stream: BinaryIO) -> Received | Refusal:
    refused = forbidden.check(shown)
    refusal = (refused.code, refused.reason, refused.remedy) if refused else refusal_of_name(shown, 1)
    if refusal:
        return Refusal(shown, path_bytes, *refusal)
    kept = keep(archive, shown, path_bytes, stream)
    if isinstance(kept, Received) and kept.size == 0:
        archive.objects.delete(kept.storage_key)
        return Refusal(shown, path_bytes, *EMPTY)
    return kept


def _receive_package(archive: Archive, batch: Batch, shown: str, stream: BinaryIO) -> list[Taken]:
    with archive.sessions.read() as session:
        held = intake.paths_held(session, batch.id)
    with tempfile.TemporaryDirectory(prefix="village-archive-") as scratch:
        package, members = Path(scratch) / "upload.zip", Path(scratch) / "members"
        members.mkdir()
        with package.open("wb") as kept:
            shutil.copyfileobj(stream, kept, 1 << 20)
        return _take(archive, batch, _distinct(_walked(package, members, shown), held.__contains__))


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
