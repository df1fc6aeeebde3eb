"""Runs the migrations on the engine it is given; nothing is read from the environment."""

from __future__ import annotations

from typing import Literal

from alembic import context

from storage.database import tables
from storage.database.base import UtcDateTime
from storage.database.engine import make_engine


def render(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Times are written as plain columns, so that a migration never depends on today's models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


config = context.config
engine = config.attributes.get("engine") or make_engine(config.get_main_option("sqlalchemy.url") or "")

# To change a large table takes its time.
with engine.execution_options(unhurried=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=tables.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
