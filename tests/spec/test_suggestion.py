"""Proposals: which series a paper is proposed for, when nothing is proposed, who may see it, and what is learned."""

from __future__ import annotations

from collections import Counter

import pytest

from classification.outline import Outline
from classification.suggestion import Cues, Learned, Suggester, features
from classification.suggestion.vocabulary import entries
from tests.spec.tables import ACCESS, PROPOSALS


@pytest.fixture(scope="session")
def cues(model: Outline) -> Cues:
    return Cues.of(model)


@pytest.fixture
def suggester(model: Outline, cues: Cues) -> Suggester:
    return Suggester(model, cues=cues)


@pytest.mark.parametrize(("title", "text", "path", "kind", "series_id"), PROPOSALS)
def test_a_paper_is_proposed_for_the_series_of_the_table(
    suggester: Suggester, title: str, text: str, path: str, kind: str, series_id: str | None
) -> None:
    found = suggester.suggest(title, text, path, kind)
    assert (found.series[0].series_id if found.series else None) == series_id


def test_what_fits_nothing_is_never_proposed_as_sure(suggester: Suggester) -> None:
    strange = [row for row in PROPOSALS if row[4] is None]
    assert [suggester.suggest(*row[:4]).confident for row in strange] == [False] * len(strange)


@pytest.mark.parametrize(("title", "text", "access"), ACCESS)
def test_the_access_class_is_that_of_the_series_or_stricter(
    suggester: Suggester, title: str, text: str, access: str
) -> None:
    found = suggester.suggest(title, text)
    assert (found.access, bool(found.access_reason)) == (access, True)


def test_a_proposal_gives_its_reasons_and_others_to_choose_from(suggester: Suggester) -> None:
    found = suggester.suggest("村民代表会议记录", "应到代表35人，实到31人，讨论低保评议")
    assert found.confident
    assert found.series[0].reasons[0] == "题名有“村民代表会议记录”"
    assert len(found.series) >= 3
    assert [one.score for one in found.series] == sorted((one.score for one in found.series), reverse=True)


def test_a_word_in_the_text_alone_is_never_sure(suggester: Suggester) -> None:
    text = "甲方：大坪沟村。" + "双方商定如下事项。" * 12 + "调解协议书 人民调解委员会 当事人"
    assert not suggester.suggest("IMG_0001", text).confident


def _learned(title: str, series_id: str, times: int) -> Learned:
    return Learned({series_id: Counter({piece: times for piece in ("", *features(title))})})


def test_what_was_accepted_before_teaches_and_says_so(model: Outline, cues: Cues) -> None:
    title = "老鹰嘴巡护手记"
    assert Suggester(model, cues=cues).suggest(title, "").series == ()
    found = Suggester(model, _learned(title, "WS-ZA-03", 31), cues).suggest("老鹰嘴巡护手记（二）", "")
    assert (found.series[0].series_id, found.confident) == ("WS-ZA-03", True)
    assert found.series[0].reasons[0] == "因为题名有“老鹰嘴巡”，同样归档的已有 31 件"


@pytest.mark.parametrize(("records", "sure"), [(1, False), (2, False), (3, True)])
def test_one_or_two_records_are_no_habit(model: Outline, cues: Cues, records: int, sure: bool) -> None:
    found = Suggester(model, _learned("老鹰嘴巡护手记", "WS-ZA-03", records), cues).suggest("老鹰嘴巡护手记", "")
    assert (found.series[0].series_id, found.confident) == ("WS-ZA-03", sure)


def test_the_archivists_choices_outweigh_the_words(model: Outline, cues: Cues) -> None:
    title = "护林员巡山日志"
    before = Suggester(model, cues=cues).suggest(title, "")
    after = Suggester(model, _learned(title, "WS-ZA-03", 20), cues).suggest(title, "")
    assert (before.series[0].series_id, after.series[0].series_id) == ("WS-XZ-02", "WS-ZA-03")


def test_a_series_that_the_outline_no_longer_has_is_not_proposed(model: Outline, cues: Cues) -> None:
    found = Suggester(model, _learned("老鹰嘴巡护手记", "OLD-01", 20), cues).suggest("老鹰嘴巡护手记", "")
    assert found.series == ()


def test_dates_and_numbers_in_a_title_teach_nothing() -> None:
    assert features("2024年3月第十二次") == ()
    assert features("2024年3月巡山") == ("巡山",)


def test_features_fit_the_column_they_are_kept_in() -> None:
    assert max(len(one) for one in features("石门槛村村民代表会议记录" * 20)) <= 40


def test_every_entry_of_the_vocabulary_leads_to_one_series_of_the_model(model: Outline) -> None:
    owners = Counter(word for series in model.series.values() for word in series.keywords)
    assert [one.outline_word for one in entries() if owners[one.outline_word] != 1] == []


def test_every_series_of_the_model_has_an_entry(model: Outline) -> None:
    known = {one.outline_word for one in entries()}
    assert [one.id for one in model.series.values() if known.isdisjoint(one.keywords)] == []
