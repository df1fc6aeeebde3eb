"""Lines end where Chinese lines may end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_service.forms.printed.breaking import lines

CLOSING, OPENING = "，。、；：！？）》”〕", "（《“〔"


def wide(text: str) -> float:
    """Ten to a Chinese character, five to a Latin one."""
    return float(sum(5 if one.isascii() else 10 for one in text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("石门槛村村规民约", ["石门槛村", "村规民约"]),
        # The comma would be the fifth character; it does not stand first, so its character goes down with it.
        ("石门槛村，村规", ["石门槛", "村，村规"]),
        # An opening bracket does not stand last.
        ("石门槛（一）", ["石门槛", "（一）"]),
        ("共建K0+000米", ["共建", "K0+000米"]),
        ("一行\n两行", ["一行", "两行"]),
        ("", [""]),
    ],
)
def test_a_line_of_four_characters_ends_where_it_may(text: str, expected: list[str]) -> None:
    assert lines(text, 40, wide, 99) == expected


def test_a_piece_wider_than_the_line_is_cut_where_the_line_is_full() -> None:
    assert lines("A" * 20, 40, wide, 99) == ["A" * 8, "A" * 8, "A" * 4]


def test_what_is_left_out_is_shown_by_a_sign() -> None:
    assert lines("一二三四五六七八九十甲乙", 40, wide, 2) == ["一二三四", "五六七…"]


@given(st.text(alphabet=f"石门槛村Ab1 {CLOSING}{OPENING}", max_size=60), st.integers(min_value=60, max_value=120))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    found = lines(text, width, wide, 999)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(wide(line) <= width for line in found)


@given(
    st.lists(st.sampled_from(["石", "门", "村。", "（一）", "《法》", "，民"]), max_size=40).map(
        lambda some: "甲" + "".join(some)
    )
)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str) -> None:
    for line in lines(text, 60, wide, 999):
        assert line[:1] not in CLOSING or not line
        assert line[-1:] not in OPENING or not line
