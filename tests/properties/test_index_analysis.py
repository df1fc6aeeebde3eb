"""Folding keeps the length, marks fall on the original, and whatever stands in a text is found by any part of it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.index.analysis import fold, line_of_pairs, pairs, terms, tokens
from storage.index.embedded import EmbeddedIndex
from storage.index.highlight import mark
from storage.index.query import SearchRequest
from tests.contracts.search_records import ALL, record

written = st.text(
    st.sampled_from("王家村土地承包合同族譜谱臺台峯羣𠮷㐂〇零○，。 \n（12345aBｃ年月日\ue123"), max_size=60
)
anything = st.text(max_size=60) | written
han = st.text(st.sampled_from("王家村土地承包合同族譜谱臺峯𠮷"), min_size=9, max_size=60)


@given(anything)
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.characters(), st.characters())
def test_folding_looks_at_one_character_at_a_time(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)


@given(anything)
def test_tokens_stand_where_they_say(text: str) -> None:
    found = tokens(text)
    assert [fold(text)[token.start : token.end] for token in found] == [token.text for token in found] == terms(text)


@given(st.lists(st.sampled_from(["王", "家", "1", "12", "123", "a", "ab"]), max_size=6), st.data())
def test_pairs_tell_every_row_of_tokens_apart(row: list[str], data: st.DataObject) -> None:
    other = data.draw(
        st.lists(st.sampled_from(["王", "家", "1", "12", "123", "a", "ab"]), min_size=len(row), max_size=len(row))
    )
    if len(row) > 1 and row != other:
        assert pairs(row) != pairs(other)


@given(written, st.integers(0, 50), st.integers(1, 8))
def test_marks_lie_on_what_was_looked_for(text: str, at: int, size: int) -> None:
    part = text[at : at + size]
    wanted = "".join(terms(part))
    for start, end in mark(text, [part]).marks:
        assert "".join(terms(text[start:end])) == wanted


@settings(max_examples=15, deadline=None)
@given(st.lists(han, min_size=1, max_size=8), st.data())
def test_every_part_of_a_text_finds_every_text_with_it(
    tmp_path_factory: object, texts: list[str], data: st.DataObject
) -> None:
    folder = Path(tmp_path_factory.mktemp("index"))  # type: ignore[attr-defined]  # the fixture of pytest
    index = EmbeddedIndex(folder)
    index.apply([record(str(number), text=text) for number, text in enumerate(texts)], [])
    for _ in range(12):
        source = data.draw(st.sampled_from(texts))
        size = data.draw(st.integers(1, 8))
        at = data.draw(st.integers(0, len(source) - size))
        part = source[at : at + size]
        holding = {str(number) for number, text in enumerate(texts) if fold(part) in fold(text)}
        hits = index.search(SearchRequest(part), ALL).hits
        assert holding <= {hit.id for hit in hits}
        assert {hit.id for hit in hits if hit.rung == 1} == holding


@given(anything)
def test_a_line_of_pairs_is_what_its_tokens_give(text: str) -> None:
    assert line_of_pairs(text) == (" ".join(pairs(terms(text))), set(terms(text)))
