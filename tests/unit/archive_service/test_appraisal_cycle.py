"""Whose turn it is: what has run out, the county's cycle, and the last appraisal decide; nothing opens by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from archive_service.actions import appraisal
from archive_service.actions.appraisal_cycle import Turn, turns
from archive_service.permissions import Forbidden
from archive_service.wiring import Archive
from tests.unit.archive_service.appraisal_village import Place, make_place


@pytest.fixture
def place(archive: Archive) -> Place:
    return make_place(archive)


def asked(place: Place, today: date, years: int = 1, login: str = "wang") -> list[Turn]:
    with place.archive.sessions.read() as session:
        return list(turns(session, place.who(session, login), replace(place.rules, cycle_years=years), today))


def test_a_fonds_that_was_never_appraised_has_its_turn_once_something_has_run_out(place: Place) -> None:
    # Three records that ran out at the end of 2020.
    assert [(one.due, one.last) for one in asked(place, date(2021, 1, 1))] == [(3, None)]
    assert asked(place, date(2020, 12, 31)) == []


def test_after_an_appraisal_the_next_turn_comes_when_the_cycle_is_over(place: Place) -> None:
    # Opened on 1 March 2026.
    place.open()
    assert asked(place, date(2027, 2, 28)) == []
    assert [one.last for one in asked(place, date(2027, 3, 1))] == [date(2026, 3, 1)]
    assert asked(place, date(2028, 2, 28), years=2) == []
    assert [one.last for one in asked(place, date(2028, 3, 1), years=2)] == [date(2026, 3, 1)]


def test_a_batch_that_was_given_up_was_no_appraisal(place: Place) -> None:
    batch = place.open()
    with place.archive.sessions.begin() as session:
        appraisal.give_up(session, place.who(session, "wang"), batch, "人不齐", place.now)
    assert [one.last for one in asked(place, date(2026, 3, 2))] == [None]


def test_who_prepares_no_appraisals_is_not_told(place: Place) -> None:
    with pytest.raises(Forbidden):
        asked(place, date(2026, 3, 2), login="yuan")
