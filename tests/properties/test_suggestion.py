"""Proposals for anything at all: never an error, never a series that the outline lacks, always an access class."""

from __future__ import annotations

from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from classification.outline import parse
from classification.suggestion import Suggester, features

MODEL = Path(__file__).resolve().parents[2] / "classification" / "outlines" / "yunling-model.yaml"
OUTLINE = parse(yaml.safe_load(MODEL.read_text(encoding="utf-8")))
SUGGESTER = Suggester(OUTLINE)
TEXTS = st.text(st.one_of(st.sampled_from("村民代表会议记录合同低保照片 　\n\t"), st.characters()), max_size=200)
KINDS = st.sampled_from(["document", "photo", "genealogy", "audio", "video", "table", "mail", "data", "unheard of"])


@settings(max_examples=60)
@given(TEXTS, TEXTS, TEXTS, KINDS)
def test_any_input_gives_a_sound_proposal(title: str, text: str, path: str, kind: str) -> None:
    found = SUGGESTER.suggest(title, text, path, kind)
    assert {one.series_id for one in found.series} <= set(OUTLINE.series)
    assert [one.score for one in found.series] == sorted((one.score for one in found.series), reverse=True)
    assert all(one.reasons for one in found.series)
    assert found.access in OUTLINE.access_classes
    assert found.access_reason
    assert not found.confident or found.series


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_the_same_input_gives_the_same_proposal(title: str, text: str) -> None:
    assert SUGGESTER.suggest(title, text) == SUGGESTER.suggest(title, text)


@given(TEXTS, TEXTS)
def test_a_feature_is_two_to_four_characters(title: str, text: str) -> None:
    assert {len(one) for one in features(title, text)} <= {2, 3, 4}
