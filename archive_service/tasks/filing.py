"""Archiving records: the code in one transaction, the store between, the mark in another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass

from archive_service.actions import filing
from archive_service.permissions import Actor
from archive_service.rulebook import RuleBook, rule_book
from archive_service.tasks.keeping import keep_pages
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.errors import StorageError
from storage.objects.areas import STAGING
from storage.objects.ocfl import Held, NewFile, record_urn

FILED_AT_ONCE = 4
"""Records whose objects are being written side by side: the time goes into waiting for the disk or the bucket."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one record: its code (None while its period is open), or why it was not archived."""

    record_id: str
    code: str | None = None
    error: str | None = None


def file_records(
    archive: Archive, actor: Actor, record_ids: Iterable[str], step: Callable[[str], None] = lambda _: None
) -> list[Filed]:
    """Archive accepted records. One that cannot be archived says why; the others go on."""
    with archive.sessions.read() as session:
        rules = rule_book(session)
    results: list[Filed] = []
    line: deque[Future[Filed]] = deque()
    with ThreadPoolExecutor(FILED_AT_ONCE, thread_name_prefix="file") as pool:
        for record_id in record_ids:
            # Codes are given one after the other: the numbers follow the order of the list.
            line.append(_begun(archive, actor, record_id, rules, pool))
            if len(line) >= FILED_AT_ONCE:
                results.append(_finished(line, step))
        while line:
            results.append(_finished(line, step))
    return results


def _finished(line: deque[Future[Filed]], step: Callable[[str], None]) -> Filed:
    filed = line.popleft().result()
    step(filed.code or "")
    return filed


def _begun(archive: Archive, actor: Actor, record_id: str, rules: RuleBook, pool: Executor) -> Future[Filed]:
    try:
        with archive.sessions.begin() as session:
            plan = filing.prepare(session, actor, record_id, rules, archive.now())
    except (RuleError, StorageError) as error:
        refused: Future[Filed] = Future()
        refused.set_result(Filed(record_id, error=str(error)))
        return refused
    return pool.submit(_stored, archive, plan)


def _stored(archive: Archive, plan: filing.Filing) -> Filed:
    try:
        store(archive, plan)
    except (RuleError, StorageError) as error:
        return Filed(plan.record_id, error=str(error))
    return Filed(plan.record_id, code=plan.description["code"])


def store(archive: Archive, plan: filing.Filing) -> None:
    """Write the object and mark the record archived. Repeating it leaves the same object."""
    files = [
        NewFile(logical_path=logical, storage_key=key, sha256=sha256, sha512=sha512, size=size)
        for logical, key, sha256, sha512, size in plan.files
    ]
    held = _held(archive, plan, files)
    keys = {file["id"]: held.key_of(file["logical"]) for file in plan.description["files"]}
    keep_pages(archive, plan.record_id)
    with archive.sessions.begin() as session:
        filing.finish(session, plan.record_id, held.version, keys, archive.now())
    for file in files:
        # A repeat finds the files under the keys of the archive already.
        if file.storage_key.startswith(STAGING):
            archive.objects.delete(file.storage_key)


def _held(archive: Archive, plan: filing.Filing, files: list[NewFile]) -> Held:
    if plan.version == 1:
        return archive.root.create(plan.record_id, files, plan.description, plan.message, plan.actor, plan.at)
    held = archive.root.read(record_urn(plan.record_id))
    if held.version >= plan.version:
        # Cut off after the store had it: the same revision again would be one more version.
        return held
    return archive.root.revise(plan.record_id, plan.description, plan.message, plan.actor, plan.at)


def finish_cut_off(archive: Archive) -> int:
    """Complete what a crash left before the store held it; returns how many."""
    with archive.sessions.read() as session:
        ids = filing.unfinished(session)
        plans = [filing.refiling(session, record_id, archive.now()) for record_id in ids]
    for plan in plans:
        store(archive, plan)
    return len(plans)
