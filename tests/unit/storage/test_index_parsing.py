"""What a typed line means: runs, exclusions, quotes, dates and words."""

from __future__ import annotations

import pytest

from storage.index.parsing import parse
from storage.index.sounds import cuttings
from storage.index.wordings import date_words, wordings
from storage.index.words import parts_of, pieces_of, words_of


@pytest.mark.parametrize(
    ("text", "wanted", "excluded"),
    [
        ("土地 承包", ["土地", "承包"], []),
        ("土地 -承包", ["土地"], ["承包"]),
        ("土地-承包", ["土地-承包"], []),
        ("土地 -(承包 合同)", ["土地"], ["承包", "合同"]),
        ("土地 -(承包 (合同 -书))", ["土地"], ["承包", "合同", "书"]),
        ("(土地 -承包) 合同", ["土地", "合同"], ["承包"]),
        ("“土地 承包” 合同", ["土地 承包", "合同"], []),
        ("-「土地 承包」", [], ["土地 承包"]),
        ("云办发(2019)12号", ["云办发(2019)12号"], []),
        ("土 地 承 包", ["土地承包"], []),
        ("土 地承包", ["土", "地承包"], []),
        ('没有合上的"引号', ['没有合上的"引号'], []),
        ("- -- () “” ，", [], []),
    ],
)
def test_a_line_is_cut_into_runs(text: str, wanted: list[str], excluded: list[str]) -> None:
    wish = parse(text)
    assert [run.text for run in wish.wanted] == wanted
    assert [run.text for run in wish.excluded] == excluded


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1958年", 19580101, 19581231),
        ("一九五八年", 19580101, 19581231),
        ("五八年", 19580101, 19581231),
        ("〇三年", 20030101, 20031231),
        ("1958年2月", 19580201, 19580228),
        ("二〇二〇年二月", 20200201, 20200229),
        ("2019-03", 20190301, 20190331),
        ("2019.3.5", 20190305, 20190305),
        ("二○一九年十二月二十五日", 20191225, 20191225),
        ("水库1958", 19580101, 19581231),
    ],
)
def test_a_date_in_a_query_is_an_interval(text: str, first: int, last: int) -> None:
    assert [(word.first, word.last) for word in date_words(text)] == [(first, last)]


@pytest.mark.parametrize("text", ["2019年13月", "2019年2月30日", "三十年", "12345", "0007", "〔2019〕12号", "土地"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_words(text) == []


def test_a_day_has_its_wordings() -> None:
    found = wordings(2019, 3, 25)
    assert {"2019年3月25日", "二〇一九年三月二十五日", "2019-03-25", "一九年3月25日"} <= set(found)


def test_a_single_character_clings_to_its_neighbour_but_not_across_an_empty_word() -> None:
    assert words_of("王家村") == ("王家村",)
    assert all("王家村" not in word for word in words_of("王家和村"))


def test_dates_stand_apart_from_words() -> None:
    parts = parts_of("1958年修水库")
    assert not isinstance(parts[0], str)
    assert "".join(part for part in parts if isinstance(part, str)) == "修水库"


@pytest.mark.parametrize(
    ("word", "pieces"), [("合同", ("合同",)), ("合同书", ("合同", "同书")), ("红旗大队", ("红旗", "大队"))]
)
def test_a_word_has_pieces_of_two(word: str, pieces: tuple[str, ...]) -> None:
    assert pieces_of(word) == pieces


def test_letters_are_cut_into_syllables_in_every_way() -> None:
    assert ["wang", "jia", "cun"] in cuttings("wangjiacun")
    assert {("xian",), ("xi", "an")} <= {tuple(cut) for cut in cuttings("xian")}
    assert cuttings("wjc") == []
