"""Which revision of the schema a database has, and which ones this code knows. Changing the schema is not here.

The migrations are named by their revision, so their names say it: loading the migration tool, with its own template
engine and every dialect, would cost each command a tenth of a second.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

MIGRATIONS = Path(__file__).parent / "migrations"
_FOUND = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def known() -> list[str]:
    """The revisions of this code, the newest last."""
    return sorted(one.name.partition("_")[0] for one in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision of this database; None before the first table."""
    if not inspect(connection).has_table(_FOUND.name):
        return None
    return connection.scalar(select(_FOUND.c.version_num))
