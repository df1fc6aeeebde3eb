"""JSON and XML come out as people would write them down: labels, values, rows; never as braces and tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.ingest.files_to_read import extraction, text_of


def json_text(folder: Path, content: str, name: str = "数.json") -> str:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return text_of(path)


def xml_text(folder: Path, content: str, charset: str = "utf-8", declared: str = "UTF-8") -> str:
    path = folder / "数.xml"
    path.write_bytes(f'<?xml version="1.0" encoding="{declared}"?>{content}'.encode(charset))
    return text_of(path)


def test_the_title_stands_first_and_values_have_their_labels(tmp_path: Path) -> None:
    content = '{"乡镇": "望溪镇", "标题": "村情统计", "户数": 486, "比例": 1.50, "脱贫": true, "备注": null}'
    assert json_text(tmp_path, content) == "村情统计\n乡镇：望溪镇\n户数：486\n比例：1.50\n脱贫：是"


def test_records_are_rows_under_their_heads(tmp_path: Path) -> None:
    content = '{"数据": [{"姓名": "王德厚", "组": "一组"}, {"姓名": "谢素芬", "电话": "无"}]}'
    assert json_text(tmp_path, content) == "姓名\t组\t电话\n王德厚\t一组\n谢素芬\t\t无"


def test_short_values_share_a_line_and_sentences_have_their_own(tmp_path: Path) -> None:
    long = "统计年报数据由村会计于2024年1月填报完成并复核。"
    content = f'{{"成员": ["王德厚", "谢素芬"], "说明": ["{long}", "{long}"]}}'
    assert json_text(tmp_path, content) == f"成员：王德厚、谢素芬\n{long}\n{long}"


def test_what_lies_in_a_field_follows_its_name(tmp_path: Path) -> None:
    content = '{"户": {"户主": "王德厚", "成员": [{"姓名": "王小满"}, {"姓名": "谢素芬"}]}}'
    assert json_text(tmp_path, content) == "户\n户主：王德厚\n成员\n姓名\n王小满\n谢素芬".replace(
        "成员\n姓名", "成员\n姓名"
    )


def test_escaped_chinese_is_written_out_and_foreign_names_stay(tmp_path: Path) -> None:
    assert json_text(tmp_path, '{"name": "\\u5468\\u5c0f\\u6ee1"}') == "name：周小满"


def test_a_value_a_line_is_a_table(tmp_path: Path) -> None:
    assert json_text(tmp_path, '{"姓名": "甲"}\n{"姓名": "乙"}\n', "数.jsonl") == "姓名\n甲\n乙"


@pytest.mark.parametrize("content", ['{"姓名": "王德厚"', "[" * 5000 + "1"], ids=["cut off", "too deep"])
def test_what_is_no_sound_json_is_read_as_it_stands(content: str, tmp_path: Path) -> None:
    assert json_text(tmp_path, content) == content


def test_a_name_that_comes_twice_loses_nothing(tmp_path: Path) -> None:
    assert json_text(tmp_path, '{"组": "一组", "组": "二组"}') == "组：一组\n组：二组"


def test_the_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "数.json"
    path.write_bytes('{"姓名": "王德厚，石门槛村会计"}'.encode("gb18030"))
    assert extraction(path).metadata == {"charset": "gb18030"}


@pytest.mark.parametrize(("charset", "declared"), [("utf-8", "UTF-8"), ("gb18030", "GB2312"), ("utf-16", "UTF-16")])
def test_elements_are_lines_with_chinese_names_as_labels(charset: str, declared: str, tmp_path: Path) -> None:
    content = "<档案><题名>陳氏宗譜</题名><登记时间>2022年1月</登记时间><b>周小满</b></档案>"
    assert xml_text(tmp_path, content, charset, declared) == "陳氏宗譜\n登记时间：2022年1月\n周小满"


def test_like_elements_are_rows(tmp_path: Path) -> None:
    content = "<表><行><姓名>甲</姓名><组>一</组></行><行><姓名>乙</姓名><组>二</组></行></表>"
    assert xml_text(tmp_path, content) == "姓名\t组\n甲\t一\n乙\t二"


def test_names_of_the_format_head_no_table(tmp_path: Path) -> None:
    content = "<r><row><n>甲</n><g>一组</g></row><row><n>乙</n><g>二组</g></row></r>"
    assert xml_text(tmp_path, content) == "甲\t一组\n乙\t二组"


def test_text_between_elements_is_kept(tmp_path: Path) -> None:
    assert xml_text(tmp_path, "<p>周<b>小</b>满</p>") == "周 满\n小"


def test_attributes_count_where_there_is_chinese_in_them(tmp_path: Path) -> None:
    content = '<档案 标题="登记"><人 姓名="甲" id="3">备注</人><b style="x">乙</b></档案>'
    assert xml_text(tmp_path, content) == "登记\n人\n姓名：甲\nid：3\n备注\n乙"


def test_without_other_text_all_attributes_count(tmp_path: Path) -> None:
    assert xml_text(tmp_path, '<list><row n="Wang" g="1"/><row n="Xie" g="2"/></list>') == "n\tg\nWang\t1\nXie\t2"
