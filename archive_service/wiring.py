"""Settings become stores: the one place where an archive is put together, and where the clock comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property

from argon2 import PasswordHasher
from sqlalchemy import select

from archive_service.county_time import COUNTY_TIME as COUNTY_TIME
from archive_service.exchange.appraisal_files import county_rules
from archive_service.exchange.calendar_files import county_calendar
from archive_service.settings import PREFIX, Settings, load, masked
from classification.errors import RuleError
from storage.database.engine import Sessions, check_schema, make_sessions, migrate
from storage.database.postgresql import Limits
from storage.database.records import Record
from storage.errors import NotReady
from storage.index.door import SearchIndex
from storage.index.embedded import EmbeddedIndex
from storage.objects.areas import ARCHIVE
from storage.objects.layout import ROOT_DECLARATION
from storage.objects.ocfl import StorageRoot
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Archive:
    """Everything an entry point needs. Stores open when they are first used, so that starting stays quick."""

    settings: Settings
    clock: Callable[[], datetime] = field(default=_now)
    long_job: bool = False

    def unhurried(self) -> Archive:
        """The same archive for a job that may take hours: the database sets it no limit of time."""
        return replace(self, long_job=True)

    @cached_property
    def sessions(self) -> Sessions:
        """The database."""
        limits = Limits(self.settings.database_pool, self.settings.database_statement_seconds)
        made = make_sessions(self.settings.database(), limits)
        return made.unhurried() if self.long_job else made

    @cached_property
    def objects(self) -> ObjectStore:
        """The object store."""
        return open_store(self.settings.objects(), self.settings.objects_lock_days)

    @cached_property
    def root(self) -> StorageRoot:
        """The OCFL storage root in the object store."""
        return StorageRoot(self.objects)

    @cached_property
    def index(self) -> SearchIndex:
        """The search index."""
        chosen = self.settings
        if chosen.search_url:
            from storage.index.elastic import ElasticIndex

            return ElasticIndex(chosen.search_url, chosen.search_name, chosen.search_shards, chosen.search_replicas)
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
        """Make the folders and bring the schema up to this code.

        Raises:
            NotReady: with the setting, its value without secrets, and what to do.
        """
        try:
            self.settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = f"建不了这个文件夹（{error.strerror}）；请换一个地方，或给运行本程序的用户写的权限。"
            raise NotReady(f"设置 {PREFIX}DATA（{self.settings.data}）：{why}") from error
        with _named("DATABASE_URL", self.settings.database()):
            migrate(self.sessions.engine)

    def check(self) -> None:
        """Refuse to start on a database that does not fit this code.

        Raises:
            NotReady: with what to do.
        """
        with _named("DATABASE_URL", self.settings.database()):
            check_schema(self.sessions.engine)

    def check_rules(self) -> None:
        """Refuse a county's own calendar or rule of appraisal that is none, before anybody works by it.

        Raises:
            NotReady: with the setting and everything that is wrong in its file.
        """
        if path := self.settings.calendar:
            with _named("CALENDAR", str(path)):
                county_calendar(path)
        if path := self.settings.appraisal:
            with _named("APPRAISAL", str(path)):
                county_rules(path)

    def check_stores(self) -> None:
        """The same for the object store: that it lets us in, and that it is the one this database speaks of.

        Raises:
            Away: the object store does not answer.
            NotReady: with the setting, its value without secrets, and what to do.
        """
        self.check()
        with _named("OBJECTS_URL", self.settings.objects()):
            if not self.objects.exists(f"{ARCHIVE}{ROOT_DECLARATION}") and self._has_archived():
                raise NotReady("这里没有档案，数据库里却有已归档的；请核对桶名或文件夹，档案没有丢时不要改动数据库。")

    def _has_archived(self) -> bool:
        with self.sessions.read() as session:
            return session.scalar(select(Record.id).where(Record.version > 0).limit(1)) is not None


@contextmanager
def _named(name: str, value: str) -> Iterator[None]:
    """Say which setting a store that cannot be used comes from."""
    try:
        yield
    except NotReady as error:
        raise type(error)(f"设置 {PREFIX}{name}（{masked(value)}）：{error}") from error
    except RuleError as error:
        listed = "".join(f"\n  {problem}" for problem in error.problems[1:])
        raise NotReady(f"设置 {PREFIX}{name}（{value}）：{error}{listed}") from error


def open_archive(**changes: object) -> Archive:
    """The archive that the environment and the command line describe."""
    return Archive(load(**changes))


def build(settings: Settings, clock: Callable[[], datetime] = _now) -> Archive:
    """The archive that these settings describe."""
    return Archive(settings, clock)
