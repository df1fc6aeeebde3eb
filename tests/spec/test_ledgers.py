"""What a row of a ledger must say, and how a day may be written."""

from __future__ import annotations

from datetime import date
from importlib import resources

import pytest
import yaml

from classification.ledgers import BOOKS, entry, read_day

DUTY = BOOKS["duty_log"]
DOCUMENT = yaml.safe_load(
    resources.files("classification").joinpath("outlines", "governance-model.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5)),
        ("2026.3.5", date(2026, 3, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("2026-03-05 00:00:00", date(2026, 3, 5)),
        ("2026-02-29", None),
        ("2026-03", None),
        ("三月五日", None),
        ("1026-03-05", None),
    ],
)
def test_a_day_as_people_and_spreadsheets_write_it(written: str, read: date | None) -> None:
    assert read_day(written) == read


def test_the_ten_standing_books_are_those_of_the_model_calendar() -> None:
    assert {one.name for one in BOOKS.values() if one.standing} == {row["zh"] for row in DOCUMENT["ledgers"]}


def test_every_record_and_series_of_a_book_is_in_the_model_calendar() -> None:
    rows = {row["id"]: row for system in DOCUMENT["systems"] for row in system["records"]}
    for book in BOOKS.values():
        if book.record:
            assert rows[book.record]["series"] == book.series


def test_a_whole_row_is_read_with_its_day_and_person() -> None:
    found, wrong = entry(BOOKS["commitments"], {"on": "2026/2/1", "person": "石大山", "matter": " 修好水渠 "})
    assert wrong == []
    assert found is not None
    assert (found.on, found.who) == (date(2026, 2, 1), "石大山")
    assert found.cells == {"on": "2026-02-01", "person": "石大山", "matter": "修好水渠"}


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"person": "石大山"}, [("日期", "必须填写。")]),
        ({"on": "2026-03-05"}, [("值班人", "必须填写。")]),
        ({"on": "昨天", "person": "石大山"}, [("日期", "“昨天”不是日期，写成 2026-03-05。")]),
        ({"on": "2026-03-05", "person": "石大山", "visitors": "几个"}, [("来访人数", "“几个”不是整数。")]),
        ({"on": "2026-03-05", "person": "石" * 2001}, [("值班人", "太长，最多 2000 字。")]),
    ],
)
def test_everything_wrong_with_a_row_is_named_by_its_column(
    cells: dict[str, str], wrong: list[tuple[str, str]]
) -> None:
    assert entry(DUTY, cells) == (None, wrong)


def test_a_choice_is_one_of_the_list() -> None:
    row = {"on": "2026-03-05", "person": "石大山", "by": "高远", "kind": "闲谈"}
    assert entry(BOOKS["conversations"], row)[1] == [("种类", "“闲谈”不可用，可用 定期、提醒、诫勉。")]


def test_the_same_words_are_the_same_row_however_the_day_is_written() -> None:
    one, two = (entry(DUTY, {"on": on, "person": "石大山", "visitors": n})[0] for on, n in
                (("2026-03-05", "3"), ("2026年3月5日", "3.0")))  # fmt: skip
    other = entry(DUTY, {"on": "2026-03-05", "person": "石大山", "visitors": "4"})[0]
    assert one is not None
    assert two is not None
    assert other is not None
    assert one.digest == two.digest != other.digest
