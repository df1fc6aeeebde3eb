"""Settings become stores: the one place where an archive is put together, and where the clock comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from archive_service.settings import Settings, load
from storage.database.engine import Sessions, check_schema, make_sessions, migrate
from storage.index.door import SearchIndex
from storage.index.embedded import EmbeddedIndex
from storage.objects.ocfl import StorageRoot
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore

COUNTY_TIME = ZoneInfo("Asia/Shanghai")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Archive:
    """Everything an entry point needs. Stores open when they are first used, so that starting stays quick."""

    settings: Settings
    clock: Callable[[], datetime] = field(default=_now)

    @cached_property
    def sessions(self) -> Sessions:
        """The database."""
        return make_sessions(self.settings.database())

    @cached_property
    def objects(self) -> ObjectStore:
        """The object store."""
        return open_store(self.settings.objects())

    @cached_property
    def root(self) -> StorageRoot:
        """The OCFL storage root in the object store."""
        return StorageRoot(self.objects)

    @cached_property
    def index(self) -> SearchIndex:
        """The search index."""
        if self.settings.search_url:
            from storage.index.elastic import ElasticIndex

            return ElasticIndex(self.settings.search_url)
        return EmbeddedIndex(self.settings.index_folder())

    @cached_property
    def hasher(self) -> PasswordHasher:
        """How passwords are hashed."""
        # One lane: a log-in takes one core, not four, and the other people go on.
        return PasswordHasher(memory_cost=self.settings.password_memory_kib, parallelism=1)

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.clock()

    def today(self) -> date:
        """The day in the county."""
        return self.clock().astimezone(COUNTY_TIME).date()

    def prepare(self) -> None:
        """Make the folders and bring the schema up to this code."""
        self.settings.data.mkdir(parents=True, exist_ok=True)
        migrate(self.sessions.engine)

    def check(self) -> None:
        """Refuse to start on a database that does not fit this code.

        Raises:
            NotReady: with what to do.
        """
        check_schema(self.sessions.engine)


def open_archive(**changes: object) -> Archive:
    """The archive that the environment and the command line describe."""
    return Archive(load(**changes))


def build(settings: Settings, clock: Callable[[], datetime] = _now) -> Archive:
    """The archive that these settings describe."""
    return Archive(settings, clock)
