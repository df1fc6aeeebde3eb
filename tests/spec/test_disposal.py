"""Where a record stands at a day, by rule: worked out by hand from the forms of a period."""

from __future__ import annotations

from datetime import date

import pytest

from classification.disposal import STANDING_WORDS, Standing, standing
from classification.retention import Stored, parse_retention

START = date(2015, 1, 1)
LEAP = date(2016, 2, 29)
EVENT = {"event": "合同期满", "plus_years": 10}


@pytest.mark.parametrize(
    ("period", "start", "today", "expected"),
    [
        (10, START, date(2024, 12, 31), Standing.RUNNING),
        (10, START, date(2025, 1, 1), Standing.DUE),
        (1, LEAP, date(2017, 2, 28), Standing.RUNNING),
        (1, LEAP, date(2017, 3, 1), Standing.DUE),
        (4, LEAP, date(2020, 2, 28), Standing.RUNNING),
        (4, LEAP, date(2020, 2, 29), Standing.DUE),
        (10, None, date(2999, 1, 1), Standing.NO_YEAR),
        ("permanent", date(1900, 1, 1), date(2999, 1, 1), Standing.PERMANENT),
        (None, date(1900, 1, 1), date(2999, 1, 1), Standing.UNDETERMINED),
        ({"important": 30, "ordinary": 10}, START, date(2999, 1, 1), Standing.UNCHOSEN),
        (EVENT, None, date(2999, 1, 1), Standing.NO_EVENT),
        (EVENT, date(2025, 6, 11), date(2035, 6, 10), Standing.RUNNING),
        (EVENT, date(2025, 6, 11), date(2035, 6, 11), Standing.DUE),
    ],
)
def test_a_record_stands_where_the_rule_says(
    period: Stored, start: date | None, today: date, expected: Standing
) -> None:
    assert standing(parse_retention(period), start, today) == expected


def test_every_standing_has_its_words() -> None:
    assert set(STANDING_WORDS) == set(Standing)
