"""A column in a condition that only filters what another condition finds, so that no plan begins with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class filtering(FunctionElement[str]):
    """The column, which SQLite looks up in no index: it knows no statistics, and takes a state of half a million
    records for rarer than twenty ids. PostgreSQL knows better and gets the column as it is."""

    inherit_cache = True
    type = String()


@compiles(filtering)
def _as_it_is(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(element.clauses, **more)


@compiles(filtering, "sqlite")
def _in_no_index(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"
