"""Conditions that only filter: they are never what SQLite begins with, and say the same on every database."""

from __future__ import annotations

import pytest
from sqlalchemy import Select, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.wiring import Archive
from storage.database.filtering import filtering
from storage.database.records import Record, RecordState
from storage.scope import Grant, Scope

RESEARCHER = Scope((Grant(frozenset({"public"})),))
CLERK = Scope((Grant(frozenset({"public"})), Grant(frozenset({"public", "village"}), frozenset({"v1"}), True)), "li")


def plan(session: Session, query: Select[tuple[str]]) -> str:
    said = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return " ".join(str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {said}")))


@pytest.mark.parametrize("scope", [RESEARCHER, CLERK])
def test_named_records_within_a_scope_are_found_by_their_ids(archive: Archive, scope: Scope) -> None:
    named = select(Record.id).where(Record.id.in_([f"{n:032x}" for n in range(20)]), inside(scope))
    with archive.sessions.read() as session:
        assert "(id=?)" in plan(session, named)


def test_a_list_of_what_is_in_one_state_is_still_found_by_the_state(archive: Archive) -> None:
    listed = select(Record.id).where(Record.state == RecordState.PROPOSED, inside(CLERK)).order_by(Record.id)
    with archive.sessions.read() as session:
        assert "(state=?" in plan(session, listed)


def test_postgresql_gets_the_column_as_it_is() -> None:
    said = select(Record.id).where(filtering(Record.state) == "archived").compile(dialect=postgresql.dialect())
    assert "WHERE records.state = " in str(said)
