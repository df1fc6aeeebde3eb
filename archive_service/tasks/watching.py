"""Watching a folder: what has settled in it is taken in, round by round; nothing twice, and nothing there is touched.

A day is a batch. What was taken is known by its name and its bytes, from the database, so that a new process goes on
where the last one stopped; a file that was changed is another file. Who calls, and when, is not decided here.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from threading import Event

from sqlalchemy import select

from archive_service.actions import intake
from archive_service.actions.upkeep import anything_to_read
from archive_service.permissions import Actor
from archive_service.tasks.owners import owner_name
from archive_service.tasks.reading import make_readers, read_received, release_leases_of_the_dead
from archive_service.tasks.receiving import receive_leaves
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import COUNTY_TIME, Archive
from ingest.errors import Unreadable
from ingest.walk import Candidate, SetAside, walk
from storage.database.batches import Batch, Item, sum_of
from storage.database.organisations import village_named
from storage.errors import NotReady
from storage.objects.store import digests

WATCHED = "watch:"
"""Before the path in a batch of a watched folder: what resumes walks that were cut off leaves it to the watch."""

BY_NAME = frozenset({"secret", "forbidden"})
"""Refused by their name, before a byte was kept: such an item has no digest."""

A_TIME = 500
State = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at the folder brought: the batch it went into, its sum, and (path, reason, remedy) of the bad."""

    at: datetime
    batch: str | None = None
    sum: dict[str, int] = field(default_factory=lambda: sum_of({}))
    refused: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    """A file as it was taken earlier. `whole`: the round that brought it came to its end."""

    size: int
    sha256: str | None
    code: str
    received_at: datetime
    whole: bool


class _Taken:
    """What is known of a folder: from the database what was taken, from this process what was looked at."""

    def __init__(self, archive: Archive, village_id: str, source: str, settled: timedelta) -> None:
        self._archive, self._village_id, self._source, self._settled = archive, village_id, source, settled
        self._looked_at: dict[bytes, State] = {}
        self._looking: dict[bytes, State] = {}
        self._by_name: dict[bytes, list[_Held]] | None = None

    def passes(self, raw: bytes, state: os.stat_result) -> bool:
        """Whether this file, or this zip with all in it, was taken as it is now."""
        mark = (state.st_size, state.st_mtime_ns, state.st_ctime_ns)
        if self._looked_at.get(raw) == mark:
            return True
        self._looking[raw] = mark
        return any(self._is_unchanged(one, state) for one in self._held(raw) if one.size == state.st_size) or (
            self._is_whole(raw, state)
        )

    def is_new(self, leaf: Candidate | SetAside) -> bool:
        """Whether this leaf was not taken with these very bytes, or refused for this very reason."""
        held = self._held(leaf.path_bytes)
        if isinstance(leaf, SetAside):
            return all(one.code != leaf.code for one in held)
        alike = [one for one in held if one.size == leaf.size]
        if any(one.code in BY_NAME for one in alike):
            return False
        return not alike or _digest(leaf) not in {one.sha256 for one in alike}

    def round_over(self) -> None:
        """All that was looked at has been dealt with; what was taken meanwhile is asked for again."""
        self._looked_at |= self._looking
        self._looking, self._by_name = {}, None

    def _is_unchanged(self, held: _Held, state: os.stat_result) -> bool:
        # What is taken had settled before; so a later touch is later than this, whatever time the file claims.
        return state.st_ctime_ns < (held.received_at - self._settled).timestamp() * 1e9

    def _is_whole(self, raw: bytes, state: os.stat_result) -> bool:
        inside = [one for member in self._members().get(raw, ()) for one in self._held(member)]
        return bool(inside) and all(one.whole and self._is_unchanged(one, state) for one in inside)

    def _held(self, raw: bytes) -> Sequence[_Held]:
        if self._by_name is None:
            self._load()
        return (self._by_name or {}).get(raw, ())

    def _members(self) -> dict[bytes, list[bytes]]:
        """By the name of a zip, the names of what was taken out of it."""
        found: dict[bytes, list[bytes]] = defaultdict(list)
        for raw in self._by_name or {}:
            end = raw.lower().find(b".zip/")
            while end >= 0:
                found[raw[: end + 4]].append(raw)
                end = raw.lower().find(b".zip/", end + 1)
        return found

    def _load(self) -> None:
        wanted = (
            select(Item.path_bytes, Item.size, Item.sha256, Item.reason_code, Item.received_at, Batch.walked_at)
            .join(Batch, Item.batch_id == Batch.id)
            .where(Batch.village_id == self._village_id, Batch.source_path == self._source)
        )
        self._by_name = defaultdict(list)
        with self._archive.sessions.read() as session:
            for raw, size, sha256, code, received_at, walked_at in session.execute(wanted):
                one = _Held(size, sha256, code, received_at, walked_at is not None)
                self._by_name[raw or b""].append(one)


def _digest(leaf: Candidate) -> str | None:
    """None for a file that cannot be read now: it is new, and receiving it says why."""
    with suppress(Unreadable, OSError), leaf.open() as stream:
        return digests(stream).sha256
    return None


class Watch:
    """One watched folder of one village. `round` may be called as often as one likes, by one thread."""

    def __init__(
        self, archive: Archive, actor: Actor, village: str, folder: Path, settled: timedelta, stopping: Event
    ) -> None:
        """`settled`: how long a file has to lie untouched. `stopping` ends a round between two files.

        Raises:
            Missing: the village is not registered.
        """
        self._archive, self._actor, self._folder = archive, actor, folder.resolve()
        self._settled, self._stopping = settled, stopping
        with archive.sessions.read() as session:
            self._village_id = village_named(session, village).id
        self._source = f"{WATCHED}{self._folder}"
        self._known = _Taken(archive, self._village_id, self._source, settled)
        release_leases_of_the_dead(archive)

    def round(self) -> Round:
        """Take what has settled, read it, and say what came of it.

        Raises:
            NotReady: the folder or the store is away or full; what was taken is kept, and the next round goes on.
        """
        at = self._archive.now()
        if not self._folder.is_dir():
            raise NotReady(f"监视的文件夹“{self._folder}”不在了；已经收下的都在。请接好 U 盘或网络盘，稍后会自动再看。")
        batch_id, items = self._receive(at)
        self._read()
        return self._told(at, batch_id, items)

    def _receive(self, at: datetime) -> tuple[str | None, list[str]]:
        with tempfile.TemporaryDirectory(prefix="village-archive-") as scratch:
            leaves = self._new_leaves(at, Path(scratch))
            first = next(leaves, None)
            if first is None:
                taken, batch = [], None
            else:
                batch = self._batch_of_today(at)
                taken = receive_leaves(self._archive, batch, chain([first], leaves))
        if not self._stopping.is_set():
            self._known.round_over()
            if batch is not None:
                with self._archive.sessions.begin() as session:
                    intake.close_walk(session, batch.id, self._archive.now())
        return batch.id if batch else None, [one.item_id for one in taken]

    def _new_leaves(self, at: datetime, scratch: Path) -> Iterator[Candidate | SetAside]:
        before = int((at - self._settled).timestamp() * 1e9)
        try:
            for leaf in walk(self._folder, scratch, settled_before_ns=before, known=self._known.passes):
                if self._stopping.is_set():
                    return
                if self._known.is_new(leaf):
                    yield leaf
        except OSError as error:
            raise NotReady(
                f"读不了“{self._folder.name}”，或临时文件夹已满；已经收下的都在，处理好后会自动接着收。"
            ) from error

    def _batch_of_today(self, at: datetime) -> Batch:
        """The open batch of this folder and day; its walk counts as going on until the round is over."""
        latest = select(Batch).where(Batch.village_id == self._village_id, Batch.source_path == self._source)
        with self._archive.sessions.begin() as session:
            batch = session.scalars(latest.order_by(Batch.id.desc()).limit(1)).one_or_none()
            if batch is None or batch.opened_at.astimezone(COUNTY_TIME).date() != self._archive.today():
                name = self._folder.name
                return intake.open_batch(session, self._actor, self._village_id, name, self._source, at)
            batch.walked_at = None
            return batch

    def _read(self) -> None:
        with self._archive.sessions.read() as session:
            waiting = anything_to_read(session, self._archive.now())
        if waiting and not self._stopping.is_set():
            with make_readers(self._archive) as readers:
                read_received(self._archive, readers, owner_name("watch"), going_on=lambda: not self._stopping.is_set())
        sync_index(self._archive)
        seal_journal(self._archive)

    def _told(self, at: datetime, batch_id: str | None, items: list[str]) -> Round:
        states: dict[str, int] = defaultdict(int)
        refused: list[tuple[str, str, str]] = []
        for start in range(0, len(items), A_TIME):
            with self._archive.sessions.read() as session:
                some = session.scalars(select(Item).where(Item.id.in_(items[start : start + A_TIME])).order_by(Item.id))
                for item in some:
                    states[item.state] += 1
                    if item.reason and item.state != "duplicate":
                        refused.append((item.path, item.reason, item.remedy))
        return Round(at, batch_id, sum_of(states), tuple(refused))
