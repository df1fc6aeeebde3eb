"""A county document is checked whole: every fault by place and column, and nothing of it is taken."""

from __future__ import annotations

from typing import Any

import pytest

from classification.errors import OutlineInvalid
from classification.outline import Outline, parse
from tests.spec.tables import FAULTS


def _problems(document: dict[str, Any]) -> list[str]:
    with pytest.raises(OutlineInvalid) as refused:
        parse(document)
    return [str(one) for one in refused.value.problems]


def _set(document: Any, path: tuple[str | int, ...], value: object) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def test_the_model_is_whole(model: Outline) -> None:
    assert (len(model.classes), len(model.series), len(model.templates)) == (41, 150, 17)
    assert model.document.banner.startswith("示范大纲，仅供试用")
    assert model.warnings == ()


@pytest.mark.parametrize(("path", "value", "said"), FAULTS, ids=lambda one: str(one)[:40])
def test_a_fault_is_named_by_place_and_column(
    document: dict[str, Any], path: tuple[str | int, ...], value: object, said: str
) -> None:
    _set(document, path, value)
    assert said in _problems(document)


def test_every_fault_is_named_at_once(document: dict[str, Any]) -> None:
    _set(document, ("series", 0, "class"), "WS-XX")
    _set(document, ("series", 5, "retention"), "长期")
    _set(document, ("classes", 2, "code"), "DQ")
    assert len(_problems(document)) == 3


def test_the_refusal_says_how_many_and_that_nothing_was_taken(document: dict[str, Any]) -> None:
    _set(document, ("document", "version"), None)
    with pytest.raises(OutlineInvalid, match=r"^大纲未通过检查，共 1 处问题，未导入任何内容。第一处：文件说明·version"):
        parse(document)


def test_a_county_document_needs_no_banner_but_an_authority(document: dict[str, Any]) -> None:
    _set(document, ("document", "kind"), "county")
    _set(document, ("document", "banner_zh"), None)
    assert _problems(document) == [
        "文件说明·issued_by：本县文件须写明发布机关",
        "文件说明·county：本县文件不能带 fictional（虚构）标记",
    ]


def test_a_county_may_add_a_term_when_it_gives_it_a_letter(document: dict[str, Any]) -> None:
    document["retention_values"].append({"id": 20, "zh": "定期20年", "code": "D20", "years": 20})
    _set(document, ("series", 0, "retention"), 20)
    assert parse(document).series["WS-DQ-01"].retention.code == "D20"


def test_an_accounting_term_of_old_tables_only_warns(document: dict[str, Any]) -> None:
    document["retention_values"].append({"id": 15, "zh": "定期15年", "code": "D15", "years": 15})
    _set(document, ("series", 0, "retention"), 15)
    assert [one.place for one in parse(document).warnings] == ["归档范围条目第1行（WS-DQ-01）"]
