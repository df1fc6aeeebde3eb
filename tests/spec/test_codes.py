"""Archival codes: the vectors that were collected, the model's own forms, and what counts within what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from classification.codes import counter_scope, parts_for, read_code, same_code, template_for
from classification.errors import RuleError
from classification.outline import Outline
from classification.retention import parse_retention
from classification.templates import Template
from tests.spec.tables import CODES, SAME_CODES

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "classification-and-codes.yaml"
VECTORS: list[dict[str, Any]] = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))["test_vectors"]
OFFICE_FORMS = (
    Template("{fonds}-{class1}·{year}·{retention}·{office}-{item:03d}"),
    Template("{fonds}-{class1}·{year}·{retention}-{item:03d}"),
    Template("{fonds}-{class1}·{class2}·{year}-{retention}-{item:04d}"),
)
"""Forms of the vectors that the model lists only with a topic in the place of the office."""


def test_there_are_eighteen_vectors() -> None:
    assert len(VECTORS) == 18


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["code"]))
def test_every_vector_is_read_by_some_form_and_printed_back_unchanged(model: Outline, vector: dict[str, Any]) -> None:
    readings = read_code((*model.templates.values(), *OFFICE_FORMS), vector["code"])
    assert vector["code"] in [template.format(parts) for template, parts in readings]


@pytest.mark.parametrize(("class_id", "written", "year", "number", "code"), CODES)
def test_a_record_gets_the_code_that_the_table_says(
    model: Outline, class_id: str, written: object, year: int, number: int, code: str | None
) -> None:
    period = parse_retention(written)
    if code is None:
        with pytest.raises(RuleError, match="期限未定"):
            template_for(model, class_id, period)
        return
    template = template_for(model, class_id, period)
    parts = parts_for(model, class_id, period, "V012", year)
    assert template.format({**parts, **template.numbers(number)}) == code


@pytest.mark.parametrize(("one", "other"), SAME_CODES)
def test_a_code_is_the_same_however_its_separators_are_typed(one: str, other: str) -> None:
    assert same_code(one, other)


def test_numbers_are_counted_within_everything_left_of_them(model: Outline) -> None:
    period = parse_retention("permanent")
    template = template_for(model, "WS-DQ", period)
    assert counter_scope(template, parts_for(model, "WS-DQ", period, "V012", 2024)) == "V012-WS·2024-Y-DQ-"


def test_every_example_of_the_model_fits_its_form(model: Outline) -> None:
    assert [one.id for one in model.templates.values() if one.example and one.parse(one.example) is None] == []


@pytest.mark.parametrize("code", ["V012-WS·2024-Y-DQ-3", "V012-WS·2024-Y-DQ-00003", "V12-WS·2024-Y-DQ-0003", ""])
def test_a_code_with_too_few_or_too_many_digits_is_not_read(model: Outline, code: str) -> None:
    assert model.templates["ws_item"].parse(code) is None


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"fonds": "V012", "class1": "WS", "year": "2024", "retention": "Y", "topic": "DQ"}, "缺少“件号”"),
        ({"fonds": "12", "class1": "WS", "year": "2024", "retention": "Y", "topic": "DQ", "item": 1}, "全宗号"),
        ({"fonds": "V012", "class1": "WS", "year": "2024", "retention": "Y", "topic": "DQ", "item": "甲"}, "应为数字"),
    ],
)
def test_a_part_that_is_missing_or_of_another_form_is_refused(
    model: Outline, parts: dict[str, str | int], said: str
) -> None:
    with pytest.raises(RuleError, match=said):
        model.templates["ws_item"].format(parts)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("WS-2024", "没有任何"),
        ("{fonds}-{item:4}", "花括号"),
        ("{fonds}-{colour}", "没有定义"),
        ("{item}-{item}", "重复"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        Template(pattern)
