"""The door to the database: engine, sessions with the outbox hook, migrations."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import Session, sessionmaker

from storage.database import outbox
from storage.database.postgresql import DISK, USUAL, Limits, make_postgresql
from storage.database.revisions import MIGRATIONS, known, revision_of
from storage.errors import NotReady


def make_engine(url: str, limits: Limits = USUAL) -> Engine:
    """An engine for SQLite (WAL, foreign keys, thirty seconds of patience) or for PostgreSQL within these limits."""
    if make_url(url).get_backend_name() != "sqlite":
        return make_postgresql(url, limits)
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _say_disk_trouble)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transactions begin too late for WAL; SQLAlchemy begins them (see _begin_sqlite).
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A reader never blocks; a writer takes its lock at the start, or two of them could wait for each other.
    mode = "DEFERRED" if connection.get_execution_options().get("reading") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")


NEW_OR_ELSEWHERE = "第一次用请先运行 village-archive init；已经建过库，请用 --data 指明数据在哪个文件夹。"
_DISK_TROUBLE = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})


def _say_disk_trouble(context: ExceptionContext) -> None:
    """A full or failing disk is said in a sentence, and a folder without an archive; other errors stay visible.

    Raises:
        NotReady: the transaction was taken back, or there is nothing yet.
    """
    code = getattr(context.original_exception, "sqlite_errorcode", 0)
    place = Path((context.engine.url.database if context.engine else None) or ":memory:")
    if code & 0xFF == sqlite3.SQLITE_CANTOPEN and not place.parent.exists():
        raise NotReady(f"{place.parent} 里还没有建库。{NEW_OR_ELSEWHERE}") from context.original_exception
    # The low byte is the kind, what stands above it only refines it.
    if code & 0xFF in _DISK_TROUBLE:
        raise NotReady(DISK) from context.original_exception


class Sessions:
    """Sessions of one database: `begin()` to change something, `read()` to look."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = sessionmaker(engine, expire_on_commit=False)
        self._reading = sessionmaker(engine.execution_options(reading=True), expire_on_commit=False, autoflush=False)
        outbox.watch(self._writing)

    def begin(self) -> AbstractContextManager[Session]:
        """A transaction: `with sessions.begin() as session:` commits at the end, or takes everything back."""
        return self._writing.begin()

    def read(self) -> Session:
        """A session for looking: `with sessions.read() as session:`; nothing it does is kept."""
        return self._reading()

    def unhurried(self) -> Sessions:
        """Sessions on the same connections for a job that may take hours: no limit of time breaks it off."""
        return Sessions(self.engine.execution_options(unhurried=True))


def make_sessions(url: str, limits: Limits = USUAL) -> Sessions:
    """Sessions for a database URL."""
    return Sessions(make_engine(url, limits))


def migrate(engine: Engine, revision: str | None = None) -> None:
    """Bring the schema up to this code, or to an earlier revision.

    Raises:
        NotReady: the database is away, or ahead of this code.
    """
    # Only who migrates pays for loading the tool (see revisions).
    from alembic import command
    from alembic.config import Config

    _found(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, revision or "head")


def check_schema(engine: Engine) -> None:
    """Refuse to work on a database that is behind or ahead of this code.

    Raises:
        NotReady: with the revision found and what to do.
    """
    found, head = _found(engine), known()[-1]
    if found != head:
        raise NotReady(f"数据库版本是 {found or '空'}，程序需要 {head}。请先运行 village-archive init，数据不会丢。")


def _found(engine: Engine) -> str | None:
    with _look_at(engine) as connection:
        found = revision_of(connection)
    if found and found not in known():
        raise NotReady(_ahead(found))
    return found


def _ahead(found: str) -> str:
    return f"数据库版本是 {found}，比程序新，没有动它。请升级程序，或换回升级以前的备份。"


def _look_at(engine: Engine) -> Connection:
    """A connection that changes nothing: on SQLite a writer elsewhere must not make this wait."""
    return engine.execution_options(reading=True).connect()
