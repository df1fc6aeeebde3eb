"""What a person must still say before a proposal becomes a fact: one of two periods, the number of a project."""

from __future__ import annotations

import pytest

from archive_service.actions import catalogue, filing
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.base import new_id
from storage.database.records import Record, RecordState


def proposed(archive: Archive, series: str) -> str:
    """A sure proposal of 2022 in this series."""
    set_up(archive)
    with archive.sessions.begin() as session:
        village = add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
        record = Record(
            id=new_id(), village_id=village.id, state=RecordState.PROPOSED, title="提灌站", year=2022, confident=True,
            proposals={}, fields={}, created_at=archive.now(), changed_at=archive.now(),
        )  # fmt: skip
        session.add(record)
        rule_book(session).assign(record, series)
        return record.id


def accept(archive: Archive, record_id: str, **said: object) -> str | None:
    """Describe, accept and number the record; its code."""
    with archive.sessions.begin() as session:
        rules = rule_book(session)
        if said:
            catalogue.describe(session, OPERATOR, record_id, said, rules, archive.now())
        catalogue.accept(session, OPERATOR, [record_id], rules, archive.now())
        filing.prepare(session, OPERATOR, record_id, rules, archive.now())
        return session.get_one(Record, record_id).code


def test_two_periods_ask_for_a_choice(archive: Archive) -> None:
    record = proposed(archive, "WS-ZA-03")
    with pytest.raises(RuleError, match="两档"):
        accept(archive, record)
    assert accept(archive, record, choice="important") == "V012-WS·2022-D30-ZA-0001"


def test_a_code_by_project_asks_for_the_project(archive: Archive) -> None:
    record = proposed(archive, "KJ-JJ-01")
    with pytest.raises(RuleError, match="项目号"):
        accept(archive, record)
    code = accept(archive, record, fields={"project": "TG01"})
    assert code is not None
    assert "TG01" in code


@pytest.mark.parametrize(("series", "in_bulk"), [("WS-ZA-03", False), ("KJ-JJ-01", False), ("WS-MZ-02", True)])
def test_only_what_lacks_nothing_is_accepted_in_bulk(archive: Archive, series: str, in_bulk: bool) -> None:
    record = proposed(archive, series)
    with archive.sessions.read() as session:
        assert (catalogue.confident(session, OPERATOR, rule_book(session)) == [record]) is in_bulk
