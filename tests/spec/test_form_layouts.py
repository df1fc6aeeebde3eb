"""A county's own layouts of the printed forms: what may be set, what is refused in which words, what the model is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

import pytest
import yaml

from classification.appraisal_rules import AppraisalRules, AppraisalRulesInvalid, parse_rules, set_by_county
from classification.form_layouts import FORMS, MODEL, Layout, Place, Shown
from tests.spec.render_appraisal import EXAMPLE

DOCUMENT = {"id": "x", "version": "1", "title_zh": "试行规则"}
REGISTER = ["number", "code", "doc_number", "responsible", "title", "formed", "term", "kept", "note"]
ALL_COLUMNS = (
    "number、code、doc_number、responsible、title、year、formed、term、kept、pages、copies、secrecy、reason、note"
)
SIGNERS = [{"id": one} for one in ("leader", "approver", "witness_first", "witness_second")]


def parsed(forms: object, **more: object) -> AppraisalRules:
    return parse_rules({"document": DOCUMENT, "forms": forms, **more})


def faults(forms: object, **more: object) -> list[str]:
    with pytest.raises(AppraisalRulesInvalid) as refused:
        parsed(forms, **more)
    return [one.message for one in refused.value.problems]


def test_the_model_document_says_what_the_program_prints_without_one() -> None:
    text = resources.files("classification").joinpath("outlines", "appraisal-model.yaml").read_text(encoding="utf-8")
    said: Mapping[str, Any] = yaml.safe_load(text)
    assert set(said["forms"]["value"]) == set(FORMS)
    assert parse_rules(said).forms == MODEL == AppraisalRules("x", "1", "试").forms


def test_every_form_has_what_it_needs_and_needs_only_what_it_has() -> None:
    for name, form in FORMS.items():
        assert set(form.needed) <= set(form.columns), name
        assert set(form.needed_places) <= set(form.places), name
        assert len({one.heading for one in form.model.columns}) == len(form.model.columns), name


def test_the_example_of_the_page_is_valid_and_is_what_it_says() -> None:
    rules = parse_rules(yaml.safe_load(EXAMPLE))
    register = rules.forms["register"]
    assert [one.id for one in register.columns] == [
        "number", "title", "code", "doc_number", "responsible", "formed", "term", "kept", "note",
    ]  # fmt: skip
    assert register.columns[1] == Shown("title", "文件题名", 80)
    assert (register.heading("formed"), register.heading("pages")) == ("日期", "")
    assert register.signatures[2] == Place("", "村务监督委员会")
    assert register.label("approver") == "批准人"
    opening = FORMS["opening"].model
    assert rules.forms["opening"] == Layout("云岭县村级档案开放审核表", opening.columns, opening.signatures)
    assert rules.forms["transfer"] == MODEL["transfer"]


@pytest.mark.parametrize(
    ("form", "said", "sentence"),
    [
        ("register", {"columns": [one for one in REGISTER if one != "kept"]},
         "销毁清册：不能少了“已保管期限”（kept）：通行的销毁清册格式有这一栏（没有核对过原文，不作法律引用）"),
        ("register", {"columns": REGISTER[1:]},
         "销毁清册：不能少了“序号”（number）：清册的行按序号连着校验，凭它和系统对上"),
        ("opening", {"columns": ["code", "title", "first", "second"]},
         "开放审核表：不能少了“审核结果”（decision）：到期开放意见要随移交附上（档案法第三十条、档案法实施条例第三十条）"),
        ("register", {"columns": [*REGISTER, "price"]},
         f"销毁清册：没有“price”这一栏，可用的有 {ALL_COLUMNS}"),
        ("register", {"columns": [*REGISTER, "code"]}, "销毁清册：“code”这一栏写了两次"),
        ("register", {"columns": [*REGISTER, {"id": "year", "heading": "题名"}]}, "销毁清册：有两栏都叫“题名”"),
        ("register", {"columns": [*REGISTER, {"id": "year", "width": 1}]}, "销毁清册：“year”这一栏太窄，放不下字"),
        ("register", {"columns": [*REGISTER, {"id": "year", "width": -3}]},
         "销毁清册：栏“year”的 width 应为 1000 以内的正数"),
        ("register", {"columns": [*REGISTER, {"id": "year", "heading": ""}]},
         "销毁清册：栏“year”的 heading 不能空着，最长 20 字"),
        ("register", {"columns": [*REGISTER, {"id": "year", "colour": "red"}]}, "销毁清册：栏“year”没有“colour”这一项"),
        ("register", {"columns": "all"}, "销毁清册：columns 应为各栏的列表"),
        ("register", {"title": "  "}, "销毁清册：表名不能空着，最长 30 字"),
        ("register", {"title": "清\n册"}, "销毁清册：表名不能空着，最长 30 字"),
        ("register", {"size": "A3"}, "销毁清册：没有“size”这一项，可以写 title、columns、signatures、notes"),
        ("register", {"signatures": SIGNERS[:3]},
         "销毁清册：不能少了“监销人乙”签字处（witness_second）：清册至少由鉴定小组负责人、批准人、两位监销人签字（几个单位的规定）"),
        ("register", {"signatures": [*SIGNERS, {"id": "leader"}]}, "销毁清册：签字处“leader”写了两次"),
        ("register", {"signatures": [*SIGNERS, ""]}, "销毁清册：签字处“”应写成文字，或写明 id 和 label；最长 30 字"),
        ("register", {"signatures": [*SIGNERS, *(f"见证{one}" for one in range(9))]},
         "销毁清册：signatures 应为签字处的列表，最多 12 处"),
        ("transfer", {"signatures": [{"id": "giver"}, {"id": "taker"}]},
         "移交清册：不能少了“监交人”签字处（watcher）：换届移交要有移交人、接收人、监交人（表式读自转载）"),
        ("report", {"signatures": [{"id": "mayor"}]}, "鉴定工作报告：没有“mayor”这个签字处，可用的有 group"),
        ("report", {"notes": ["", "二"]}, "鉴定工作报告：notes 应为 10 行以内的文字，每行最长 200 字"),
        ("report", [], "鉴定工作报告：应写明 title、columns、signatures、notes 中的几项"),
        ("calendar", {"title": "日历"},
         "没有“calendar”这种表，可以设的有 register、accounting_register、opinions、report、opening、transfer"),
    ],
)  # fmt: skip
def test_what_cannot_be_laid_out_is_refused_with_one_sentence(form: str, said: object, sentence: str) -> None:
    assert faults({form: said}) == [sentence]


def test_a_place_is_named_alone_or_with_a_label_and_any_other_text_is_one_for_the_pen() -> None:
    written = ["leader", {"id": "approver", "label": "镇长"}, "witness_first", "witness_second", "村监委"]
    layout = parsed({"register": {"signatures": written}}).forms["register"]
    assert layout.signatures == (
        Place("leader", "鉴定小组负责人"), Place("approver", "镇长"), Place("witness_first", "监销人甲"),
        Place("witness_second", "监销人乙"), Place("", "村监委"),
    )  # fmt: skip


def test_everything_that_is_wrong_is_named_at_once_with_the_other_faults_of_the_file() -> None:
    said = {"register": {"title": "", "columns": [*REGISTER, "price"]}, "opening": {"columns": ["code"]}}
    found = faults(said, cooling_days=-1)
    assert len(found) == 1 + 2 + 4
    assert {one.split("：")[0] for one in found[:-1]} == {"销毁清册", "开放审核表"}
    assert faults(["register"]) == ["应写成：表的编号，下面是它的 title、columns、signatures、notes"]


def test_less_than_a_group_of_three_parties_is_refused_with_its_source() -> None:
    (said,) = faults({}, group_least=2)
    why = "鉴定小组由负责人、档案员和形成部门的人组成，少于三人就缺一方（几个单位的规定）"
    assert said == f"应为 3 至 50 的整数，只能比它更严：{why}"
    assert parsed({}, group_least=4).group_least == 4


def test_no_second_opinion_may_be_set_and_is_said_to_be_the_county_s_choice() -> None:
    rules = parsed({}, second_opinion="none")
    (said,) = set_by_county(rules.second_opinion)
    assert said.startswith("本县规定不要第二人的复核意见")
    assert [set_by_county(one) for one in ("destroy", "all")] == [(), ()]
