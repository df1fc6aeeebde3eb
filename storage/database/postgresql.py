"""PostgreSQL behind the door: connections that never wait for ever, and its troubles in sentences.

What is our own fault (a constraint, wrong SQL) is not translated: it stays visible. SQLite is in `engine`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext

from storage.errors import CutOff, NotReady

CONNECT_SECONDS, LOCK_SECONDS, POOL_SECONDS = 3, 10, 10
"""Seconds for a connection, for a lock that another holds, and for a connection of the pool to come free."""

IDLE_SECONDS = 300
"""Seconds that a transaction may stand open without a statement, as under a download that nobody reads any more."""

TCP = {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 4, "tcp_user_timeout": 40_000}
"""A machine that vanished says nothing: after 40 seconds without a sign the connection counts as lost."""

DISK = "数据库写不进去（磁盘满了、只读或有故障），这一步没有记下；已经记下的都完好。请清出空间或检查磁盘后再做一次。"
BUSY = "另一个操作正占着要改的内容，这一步没有记下；已经记下的都完好。请过一会儿再做一次。"
TOO_LONG = (
    "数据库做这一步超过了时限，已经撤回；已经记下的都完好。"
    "请缩小范围再做一次，或让管理员调大 VILLAGE_ARCHIVE_DATABASE_STATEMENT_SECONDS。"
)
LOST = "数据库的连接中途断了，这一步可能没有记下；已经记下的都完好。请确认数据库在运行，看一眼结果再决定要不要重做。"
REFUSED = "数据库不接受这个用户或口令，什么都没有动；请核对地址里的用户和口令。"
NO_DATABASE = "数据库服务器上没有这个库，什么都没有动；请先建库，或核对地址里的库名。"
NO_ROOM = (
    "数据库的连接用完了，什么都没有动；请过一会儿再试，或调小 VILLAGE_ARCHIVE_DATABASE_POOL、调大 max_connections。"
)
AWAY = "数据库连不上，什么都没有动；请确认数据库已启动，主机和端口没有写错。"

NOT_LET_IN = {
    "authentication failed": REFUSED,
    "no password supplied": REFUSED,
    "does not exist": NO_DATABASE,
    "too many clients": NO_ROOM,
    "remaining connection slots": NO_ROOM,
}
"""A connection that is refused has no code, only words."""

TROUBLES = {"53100": DISK, "58030": DISK, "25006": DISK, "55P03": BUSY, "40P01": BUSY, "57014": TOO_LONG}
"""By SQLSTATE: disk full, input or output error, read only; lock not available, deadlock; cancelled."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections that a process holds at most, and seconds that a statement may take (0: any time)."""

    pool: int = 20
    statement_seconds: int = 60


USUAL = Limits()


def make_postgresql(url: str, limits: Limits) -> Engine:
    """An engine with these limits; `execution_options(unhurried=True)` lifts those of time for long jobs."""
    times = {
        "statement_timeout": limits.statement_seconds,
        "lock_timeout": LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    asked = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "village-archive",
        "options": " ".join(f"-c {name}={seconds}s" for name, seconds in times.items()),
        **TCP,
    }
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=limits.pool, max_overflow=0, pool_timeout=POOL_SECONDS, connect_args=asked
    )
    event.listen(engine, "begin", _take_time)
    event.listen(engine, "handle_error", _say_trouble)
    return engine


def _take_time(connection: Connection) -> None:
    if connection.get_execution_options().get("unhurried"):
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def _say_trouble(context: ExceptionContext) -> None:
    """Say what a person can do something about.

    Raises:
        NotReady: nothing of this transaction was kept.
        CutOff: the connection broke; whether it was kept is not known.
    """
    # The pool asks whether a connection is alive, and makes another when it is not.
    if context.is_pre_ping or not isinstance(context.original_exception, context.dialect.loaded_dbapi.Error):
        return
    error = context.original_exception
    if context.connection is None:
        said = next((sentence for words, sentence in NOT_LET_IN.items() if words in str(error)), AWAY)
        raise NotReady(said) from error
    if sentence := TROUBLES.get(getattr(error, "sqlstate", None) or ""):
        raise NotReady(sentence) from error
    if context.is_disconnect:
        raise CutOff(LOST) from error
