"""Every row of a database as lines of JSON, the same from SQLite and from PostgreSQL, and back into either.

A column without a value is left out of its line; null is the JSON value. What is asked of the index is not dumped: the
index is made again. Nor is what was only remembered of a computation.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    String,
    Table,
    Text,
    cast,
    collate,
    func,
    insert,
    inspect,
    null,
    select,
    text,
)  # fmt: skip

from storage.database.base import UtcDateTime
from storage.database.tables import metadata

DERIVED = frozenset({"index_jobs", "remembered_years"})
A_TIME = 1000


def dumped_tables() -> list[Table]:
    """The tables in an order in which their rows can be put back."""
    return [table for table in metadata.sorted_tables if table.name not in DERIVED]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at its first look, whatever is written meanwhile."""
    postgresql = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    options = {"reading": True} if engine.dialect.name == "sqlite" else postgresql
    with engine.execution_options(**options).connect() as connection:
        yield connection


def is_bare(engine: Engine) -> bool:
    """Whether the database has no table at all."""
    return not inspect(engine).get_table_names()


def has_rows(connection: Connection) -> bool:
    """Whether any dumped table holds a row."""
    return any(connection.execute(select(1).select_from(table).limit(1)).first() for table in dumped_tables())


def lines(connection: Connection, table: Table, where: ColumnElement[bool] | None = None) -> Iterator[bytes]:
    """The rows of a table, or those of a condition, a line each, in the order of their keys."""
    columns = [cast(column, Text).label(column.name) if _is_json(column) else column for column in table.columns]
    found = select(*columns).order_by(*(_in_bytes(connection, column) for column in table.primary_key))
    if where is not None:
        found = found.where(where)
    names = [(column.name, _is_json(column)) for column in table.columns]
    for row in connection.execute(found.execution_options(yield_per=A_TIME)):
        said = {
            name: json.loads(value) if is_json else _plain(value)
            for (name, is_json), value in zip(names, row, strict=True)
            if value is not None
        }
        yield json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def load(connection: Connection, table: Table, said: Iterable[bytes], columns: Sequence[str]) -> int:
    """Put lines back as rows; `columns` are those the table had when it was dumped. Returns the number of rows."""
    there = [table.columns[name] for name in columns if name in table.columns]
    number, rest = 0, iter(said)
    while some := [json.loads(line) for line in islice(rest, A_TIME)]:
        connection.execute(insert(table), [{one.name: value_of(one, row) for one in there} for row in some])
        number += len(some)
    _continue_counting(connection, table)
    return number


def load_missing(connection: Connection, table: Table, said: Sequence[dict[str, Any]]) -> int:
    """Put those rows back that are not there, by their keys; what is there stays as it is. Returns how many."""
    keys = list(table.primary_key)
    there: set[tuple[Any, ...]] = set()
    firsts = sorted({value_of(keys[0], row) for row in said})
    for start in range(0, len(firsts), A_TIME):
        some = select(*keys).where(keys[0].in_(firsts[start : start + A_TIME]))
        there |= {tuple(row) for row in connection.execute(some)}
    lacking = [row for row in said if tuple(value_of(key, row) for key in keys) not in there]
    columns = [column.name for column in table.columns]
    return load(connection, table, (json.dumps(row).encode() for row in lacking), columns)


def number_of_rows(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _continue_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL counts on from where its own counter stands, not from the highest number."""
    column = table.autoincrement_column
    if connection.dialect.name == "postgresql" and column is not None:
        names = {"of": table.name, "column": column.name}
        highest = connection.scalar(select(func.max(column)))
        if highest and connection.scalar(text("SELECT pg_get_serial_sequence(:of, :column)"), names):
            said = text("SELECT setval(pg_get_serial_sequence(:of, :column), :highest)")
            connection.execute(said, {**names, "highest": highest})


def _in_bytes(connection: Connection, column: Column[Any]) -> Any:
    # SQLite orders by bytes, PostgreSQL by the rules of a language.
    by_language = connection.dialect.name == "postgresql" and isinstance(column.type, String)
    return collate(column, "C") if by_language else column


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def value_of(column: Column[Any], row: dict[str, Any]) -> Any:
    """The value of a column from a row that was read back."""
    if column.name not in row:
        return null() if _is_json(column) else None
    value = row[column.name]
    if isinstance(column.type, UtcDateTime | DateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(column.type, LargeBinary) else value
