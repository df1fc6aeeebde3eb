"""Where a rule was read, in words: sources of the calendar and the articles named behind their ids."""

from __future__ import annotations

from importlib import resources

import pytest
import yaml

from classification.calendar.citing import cited
from classification.calendar.model import Source
from classification.calendar.reader import parse

MODEL = parse(
    yaml.safe_load(
        resources.files("classification").joinpath("outlines", "governance-model.yaml").read_text(encoding="utf-8")
    )
)
LAW = {"VCL": Source("VCL", "村民委员会组织法（2018年文本）", "Organic Law (text of 2018)", "law")}


@pytest.mark.parametrize(
    ("said", "chinese", "english"),
    [
        ("VCL", "村民委员会组织法", "Organic Law"),
        ("VCL art 30", "村民委员会组织法第30条", "Organic Law, art. 30"),
        ("VCL arts 22, 26", "村民委员会组织法第22、26条", "Organic Law, arts. 22, 26"),
        ("VCL arts 26-27", "村民委员会组织法第26—27条", "Organic Law, arts. 26-27"),
        ("VCL art 7(9)", "村民委员会组织法第7条第9项", "Organic Law, art. 7(9)"),
        ("VCL; VCL art 2", "村民委员会组织法；村民委员会组织法第2条", "Organic Law; Organic Law, art. 2"),
        ("本县〔2026〕3号文", "本县〔2026〕3号文", "本县〔2026〕3号文"),
        ("ELSEWHERE art 3", "ELSEWHERE art 3", "ELSEWHERE art 3"),
        ("", "", ""),
    ],
)
def test_a_reference_in_words(said: str, chinese: str, english: str) -> None:
    assert cited(said, LAW) == chinese
    assert cited(said, LAW, english=True) == english


def test_every_source_that_the_model_names_is_in_its_list_and_has_both_names() -> None:
    named = [one.source for one in (*MODEL.settings.values(), *MODEL.records) if one.source]
    assert named
    assert [one for one in named if cited(one, MODEL.sources) == one] == []
    assert [one.id for one in MODEL.sources.values() if not (one.name and one.name_en)] == []
