"""The opening review as a table: the day a record comes of age, which reason goes with which outcome, two people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classification.errors import RuleError
from classification.opening import (
    REASONS,
    Opening,
    Opinion,
    check_openable,
    check_opinion,
    check_two_people,
    formed_by,
)

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("today", "years", "last"),
    [
        (date(2026, 3, 1), 25, date(2001, 3, 1)),
        (date(2026, 2, 28), 25, date(2001, 2, 28)),
        # Formed on a leap day: 25 years are whole on 28 February 2025, not a day later.
        (date(2025, 2, 28), 25, date(2000, 2, 29)),
        (date(2025, 2, 27), 25, date(2000, 2, 27)),
        (date(2024, 2, 29), 25, date(1999, 2, 28)),
        (date(2024, 2, 29), 4, date(2020, 2, 29)),
        (date(2024, 2, 28), 4, date(2020, 2, 28)),
        (date(2026, 12, 31), 10, date(2016, 12, 31)),
    ],
)  # fmt: skip
def test_the_last_day_of_formation_that_has_come_of_age(today: date, years: int, last: date) -> None:
    assert formed_by(today, years) == last


@given(st.dates(date(1990, 1, 1), date(2090, 12, 30)), st.integers(1, 60))
def test_a_day_later_nothing_falls_off_the_list(today: date, years: int) -> None:
    assert formed_by(date.fromordinal(today.toordinal() + 1), years) >= formed_by(today, years)


@pytest.mark.parametrize(
    ("outcome", "code", "said", "review_on"),
    [
        (Opening.OPEN, "K1", "", None),
        (Opening.OPEN, "K3", "修志要用", None),
        (Opening.CONTROLLED, "C1", "", date(2031, 3, 1)),
        (Opening.POSTPONED, "C6", "", date(2026, 3, 2)),
        (Opening.CONTROLLED, "C7", "邻村尚有异议", date(2031, 3, 1)),
    ],
)
def test_a_whole_opinion_passes(outcome: Opening, code: str, said: str, review_on: date | None) -> None:
    check_opinion(Opinion(outcome, code, said, review_on), TODAY)


@pytest.mark.parametrize(
    ("outcome", "code", "said", "review_on"),
    [
        (Opening.UNREVIEWED, "K1", "", None),
        (Opening.OPEN, "C1", "", None),
        (Opening.CONTROLLED, "K1", "", date(2031, 3, 1)),
        (Opening.OPEN, "K9", "", None),
        (Opening.OPEN, "K1", "", date(2031, 3, 1)),
        (Opening.CONTROLLED, "C1", "", None),
        (Opening.CONTROLLED, "C1", "", TODAY),
        (Opening.POSTPONED, "C1", "", date(2020, 1, 1)),
        (Opening.POSTPONED, "C7", " ", date(2031, 3, 1)),
        (Opening.OPEN, "K1", "长" * 501, None),
    ],
)
def test_what_does_not_fit_together_is_refused(outcome: Opening, code: str, said: str, review_on: date | None) -> None:
    with pytest.raises(RuleError, match="没有登记"):
        check_opinion(Opinion(outcome, code, said, review_on), TODAY)


def test_every_reason_speaks_either_for_opening_or_for_keeping_back() -> None:
    for code, reason in REASONS.items():
        expected = {Opening.OPEN} if code.startswith("K") else {Opening.CONTROLLED, Opening.POSTPONED}
        assert reason.allows == expected


@pytest.mark.parametrize("access", ["personal", "party", "restricted"])
def test_what_opens_by_name_only_is_not_said_to_be_open(access: str) -> None:
    with pytest.raises(RuleError, match="先更正利用范围"):
        check_openable(access)


@pytest.mark.parametrize("access", ["public", "village", "internal"])
def test_other_access_classes_may_be_said_to_be_open(access: str) -> None:
    check_openable(access)


def test_one_person_does_not_review_twice() -> None:
    check_two_people("a", "b")
    with pytest.raises(RuleError, match="不能是同一个人"):
        check_two_people("a", "a")
