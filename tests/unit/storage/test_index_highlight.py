"""Marks on the original text, and the page and passage that are shown."""

from __future__ import annotations

import pytest

from storage.index.highlight import WIDTH, excerpt, mark
from storage.index.query import SearchRequest, build
from tests.contracts.search_records import ALL


def marked(text: str, *terms: str) -> list[str]:
    return [text[start:end] for start, end in mark(text, terms).marks]


@pytest.mark.parametrize(
    ("text", "term", "expected"),
    [
        ("修族譜記", "族谱", ["族譜"]),
        ("土 地\n承，包", "土地承包", ["土 地\n承，包"]),
        ("𠮷田、吉田", "吉田", ["𠮷田", "吉田"]),
        ("ＧＰＳ定位", "gps", ["ＧＰＳ"]),
        ("GPS与gpsx", "gps", ["GPS", "gps"]),
        ("2019与12019", "2019", ["2019"]),
        ("云办发〔2019〕12号", "[2019]12号", ["2019〕12号"]),
        ("王家与李家村", "王家村", []),
        ("<b>包</b>", "包", ["包"]),
    ],
)
def test_marks_fall_on_the_original(text: str, term: str, expected: list[str]) -> None:
    assert marked(text, term) == expected


def test_the_longest_term_wins() -> None:
    assert marked("王家村土地承包合同，土地", "土地", "土地承包") == ["土地承包", "土地"]


@pytest.mark.parametrize("wording", ["一九五八年", "五八年", "1958-03", "1958年"])
def test_every_wording_of_a_date_is_marked(wording: str) -> None:
    terms = build(SearchRequest("1958年"), ALL).terms
    assert marked(f"水库于{wording}动工", *terms) == [wording]


def test_the_page_of_the_hit_is_named() -> None:
    pages = [(number, f"第{number}页没有") for number in range(1, 401)]
    pages[212] = (213, "石门槛水库承包合同")
    found = excerpt(pages, ["承包合同"])
    assert found is not None
    assert (found.page, [found.text[start:end] for start, end in found.marks]) == (213, ["承包合同"])


def test_the_page_with_the_whole_run_comes_before_pages_with_parts() -> None:
    found = excerpt([(1, "土地会议，土地册，承包册。"), (2, "土地承包")], ["土地承包", "土地", "承包"])
    assert found is not None
    assert found.page == 2


def test_a_passage_is_cut_around_the_hit() -> None:
    found = excerpt([(1, "甲" * 5000 + "承包" + "乙" * 5000)], ["承包"])
    assert found is not None
    assert len(found.text) == WIDTH
    assert [found.text[start:end] for start, end in found.marks] == ["承包"]


def test_the_window_lies_where_the_words_stand_together() -> None:
    text = "土地" + "甲" * 500 + "土地与承包" + "乙" * 500
    found = excerpt([(1, text)], ["土地", "承包"])
    assert found is not None
    assert "土地与承包" in found.text


def test_nothing_found_gives_no_passage() -> None:
    assert excerpt([(1, "会议")], ["承包"]) is None
    assert excerpt([], ["承包"]) is None
    assert excerpt([(1, "会议")], []) is None


def test_a_letter_that_python_does_not_know_stands_between_and_is_no_gap() -> None:
    assert mark("水\ue123库与水、库", ["水库"]).marks == ((4, 7),)
    assert mark("姓\ue123名", ["\ue123"]).marks == ((1, 2),)
