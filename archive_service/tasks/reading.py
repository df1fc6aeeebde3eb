"""Reading what was received: lease items, read them in limited child processes, take the readings in.

Safe to run twice or at once: the lease is in the database, and an item that is no longer waiting is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from archive_service.actions import reading as action
from archive_service.actions.joining import join_proposed
from archive_service.rulebook import RuleBook, rule_book
from archive_service.tasks.owners import is_dead
from archive_service.wiring import Archive
from ingest.reading import Reading
from ingest.sandbox import Readers
from storage.database.batches import Item, lease_items, lease_owners, release_leases, renew_leases
from storage.database.organisations import villages
from storage.database.work import end_turn, note_work, turns

LEASE = timedelta(minutes=5)
"""How long a worker may be silent before another reads its files: each round of a living one makes its leases last."""

IN_LINE = 24
"""Files leased for each reader: enough that a transaction serves several, few enough to share with other workers."""

GATHERING = 0.25
"""Seconds in which finished readings are gathered, so that they share a transaction."""

READING = "reading"
Step = Callable[[str], None]


@dataclass(eq=False)
class _UnderWay:
    """A reading that has been handed to a child process; `held` keeps the file on disk until it is over."""

    item: Item
    key: str
    future: Future[Reading]
    held: ExitStack = field(default_factory=ExitStack)


def release_leases_of_the_dead(archive: Archive) -> None:
    """Free at once what a killed process of this machine had; leases and turns of other machines run out."""
    with archive.sessions.begin() as session:
        dead = [owner for owner in lease_owners(session) if is_dead(owner)]
        if dead:
            release_leases(session, dead)
        for name, owner in turns(session):
            if is_dead(owner):
                end_turn(session, name, owner)


def make_readers(archive: Archive) -> Readers:
    """The child processes that read files, limited as the settings say."""
    settings = archive.settings
    return Readers(
        processes=settings.readers,
        memory=settings.reader_memory_mb << 20,
        seconds=settings.reader_seconds,
        tika=settings.tika_url,
    )


def read_received(
    archive: Archive,
    readers: Readers,
    owner: str,
    step: Step = lambda _: None,
    going_on: Callable[[], bool] = lambda: True,
    more: Callable[[], bool] = lambda: False,
) -> int:
    """Read until nothing waits and `more` is not to be expected (or `going_on` says no); returns how many were read.

    `more` is asked while there is nothing to do, and may take a moment.
    """
    read, batches = 0, set()
    _give_back(archive, owner)
    try:
        for done in _rounds(archive, readers, owner, going_on, more):
            read += len(done)
            for one in done:
                batches.add(one.item.batch_id)
                step(one.item.path)
    finally:
        # Also after an error: what was read is joined, and what was not is free, whichever store went away.
        _give_back(archive, owner)
        _join(archive, batches)
    return read


def _rounds(
    archive: Archive, readers: Readers, owner: str, going_on: Callable[[], bool], more: Callable[[], bool]
) -> Iterator[list[_UnderWay]]:
    """What was read and taken in, a round at a time."""
    with archive.sessions.read() as session:
        names = {village.id: village.name for village in villages(session)}
        rules = rule_book(session)
    wanted = archive.settings.readers * IN_LINE
    under_way: list[_UnderWay] = []
    done: list[_UnderWay] = []
    try:
        while going_on() or done:
            # The children get work before the readings of the last round are written, or they would wait for that.
            if len(under_way) <= wanted // 2 and going_on():
                under_way += _begin(archive, readers, owner, names, wanted - len(under_way))
            if not under_way and not done:
                if more():
                    continue
                return
            _take_in(archive, owner, done, rules)
            yield done
            done = _finished(under_way) if going_on() else []
            under_way = [one for one in under_way if one not in done]
    finally:
        for one in (*under_way, *done):
            one.future.cancel()
            one.held.close()


def _give_back(archive: Archive, owner: str) -> None:
    """Free what this owner has leased and does not read: its turn is over, or a store went away in the middle.

    Whoever comes next reads it at once, and not when the lease runs out.
    """
    with archive.sessions.begin() as session:
        if owner in lease_owners(session):
            release_leases(session, [owner])


def _join(archive: Archive, batch_ids: set[str]) -> None:
    for batch_id in sorted(batch_ids):
        with archive.sessions.begin() as session:
            join_proposed(session, batch_id, archive.now())


def _begin(archive: Archive, readers: Readers, owner: str, names: dict[str, str], number: int) -> list[_UnderWay]:
    now = archive.now()
    with archive.sessions.begin() as session:
        items = lease_items(session, owner, now, now + _lease(archive), number)
        keys = action.storage_keys(session, items)
    begun = []
    for item in items:
        held = ExitStack()
        path = held.enter_context(archive.objects.as_file(keys[item.id]))
        name = item.path.rsplit("/", 1)[-1]
        future = readers.submit(
            path,
            name,
            item.path,
            villages=tuple(names.values()),
            home=names.get(item.village_id, ""),
            received=archive.today(),
        )
        begun.append(_UnderWay(item, keys[item.id], future, held))
    return begun


def _lease(archive: Archive) -> timedelta:
    """A round lasts no longer than the slowest file of those that are being read, and its start."""
    return max(LEASE, 3 * timedelta(seconds=archive.settings.reader_seconds))


def _finished(under_way: list[_UnderWay]) -> list[_UnderWay]:
    """What is read, once the older half is or a moment has passed; at least one where any is under way."""
    futures = [one.future for one in under_way]
    wait(futures[: (len(futures) + 1) // 2], GATHERING)
    wait(futures, return_when=FIRST_COMPLETED)
    return [one for one in under_way if one.future.done()]


def _take_in(archive: Archive, owner: str, done: list[_UnderWay], rules: RuleBook) -> None:
    if not done:
        return
    with archive.sessions.begin() as session:
        readings = {one.item.id: one.future.result() for one in done}
        action.take_in_all(session, readings, rules, archive.now())
        note_work(session, READING, owner, archive.now(), len(done))
        renew_leases(session, owner, archive.now() + _lease(archive))
    for one in done:
        one.held.close()
        failure = one.future.result().failure
        if failure is not None and failure.code in action.KEPT_NOWHERE:
            archive.objects.delete(one.key)
