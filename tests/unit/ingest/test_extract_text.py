"""Plain text, CSV, JSON, HTML and XML in every encoding that a village computer has written."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import Charset, Corrupt
from tests.unit.ingest.files_to_read import extraction, text_of, texts

RULES = "石门槛村村规民约\n第一条 爱国守法，按时完成国家税收。\n第二条 不准乱砍滥伐，罚款十元。"
RARE = "村民𠮷田和㐂顺、䶮生三人到场签字，已经登记。"
"""Characters that GB18030 writes with four bytes (𠮷) or that GBK does not have."""
CLAN = "陳氏宗譜卷之一 始遷祖諱德厚公，自江西遷居此地，子孫繁衍，重修族譜。"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RULES, "utf-8"),
        (RULES, "utf-8-sig"),
        (RULES, "gb18030"),
        (RARE, "gb18030"),
        (RULES, "utf-16"),
        (RULES, "utf-16-le"),
        (RULES, "utf-16-be"),
        (CLAN, "big5hkscs"),
        (CLAN, "gb18030"),
    ],
)
def test_chinese_text_is_read_in_its_encoding(text: str, charset: str, tmp_path: Path) -> None:
    path = tmp_path / "文.txt"
    path.write_bytes(text.encode(charset))
    assert text_of(path) == text


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "乱.txt"
    path.write_bytes(bytes(range(1, 256)) * 40)
    with pytest.raises(Charset):
        extraction(path)


@pytest.mark.parametrize("name", ["坏.txt", "坏.html"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_few_damaged_bytes_do_not_make_a_text_unreadable(name: str, charset: str, tmp_path: Path) -> None:
    damaged = RULES.encode(charset).replace("国".encode(charset), b"\xff")
    (tmp_path / name).write_bytes(b"<html><p>" + damaged + b"</p>" if name.endswith("html") else damaged)
    found = text_of(tmp_path / name)
    assert found.replace("\ufffd", "").endswith("第二条 不准乱砍滥伐，罚款十元。")
    assert found.startswith("石门槛村村规民约")


def test_damaged_bytes_are_said(tmp_path: Path) -> None:
    (tmp_path / "坏.txt").write_bytes(RULES.encode().replace("国".encode(), b"\xff"))
    assert extraction(tmp_path / "坏.txt").warnings == ("有 2 个字的编码损坏，无法还原。",)


def test_form_feeds_end_pages(tmp_path: Path) -> None:
    path = tmp_path / "页.txt"
    path.write_bytes("第一页\r\n\f第二页\r\n".encode())
    assert texts(path) == ["第一页", "第二页"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_cells_are_parted_by_tabs_and_quotes_are_not_text(delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    rows = f'姓名{delimiter}住址\r\n"周小满"{delimiter}"一组{delimiter}老院子\n东头"\r\n'
    path.write_bytes(rows.encode("gb18030"))
    inner = " " if delimiter == "\t" else delimiter
    assert text_of(path) == f"姓名\t住址\n周小满\t一组{inner}老院子 东头"


def test_markdown_is_kept_as_written(tmp_path: Path) -> None:
    path = tmp_path / "记.md"
    path.write_text("# 标题\n\n- 一项 <b>重</b>\n", encoding="utf-8")
    assert text_of(path) == "# 标题\n- 一项 <b>重</b>"


def page(target: Path, body: str, charset: str = "utf-8", declared: str = "") -> Path:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    target.write_bytes(f"<html><head>{meta}<title>通知</title></head><body>{body}</body></html>".encode(charset))
    return target


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", ""), ("big5hkscs", "big5"), ("gb18030", "")],
)
def test_a_page_is_read_in_its_encoding_whatever_it_declares(charset: str, declared: str, tmp_path: Path) -> None:
    assert text_of(page(tmp_path / "网.html", f"<p>{CLAN}</p>", charset, declared)) == CLAN


def test_a_page_that_says_gb2312_may_hold_characters_that_gb2312_has_not(tmp_path: Path) -> None:
    body = "<p>" + "村规民约" * 500 + "譜</p>"
    assert text_of(page(tmp_path / "网.html", body, "gb18030", "gb2312")).endswith("约譜")


def test_blocks_are_lines_and_scripts_styles_and_comments_are_left_out(tmp_path: Path) -> None:
    body = (
        "<script>var a=1;</script><style>p{}</style><!-- 注 --><h1>关于开会的\n通知</h1>"
        "<div>各村：<br>定于<b>三月</b>五日&nbsp;开会。<ul><li>甲</li><li>乙</li></ul></div>尾"
    )
    found = extraction(page(tmp_path / "网.html", body))
    assert found.pages[0].text == "关于开会的通知\n各村：\n定于三月五日 开会。\n甲\n乙\n尾"
    assert found.metadata == {"title": "通知"}


def test_rows_of_a_data_table_are_lines_and_layout_tables_are_not_tables(tmp_path: Path) -> None:
    body = (
        "<table><tr><td><p>页眉</p><p>正文</p><table><tr><th>项目</th><th>金额</th></tr>"
        "<tr><td><p>修渠</p><p>清淤</p></td><td>1200</td></tr></table></td></tr></table>"
    )
    assert text_of(page(tmp_path / "表.html", body)) == "页眉\n正文\n项目\t金额\n修渠 清淤\t1200"


def test_preformatted_lines_stay_lines(tmp_path: Path) -> None:
    assert text_of(page(tmp_path / "排.html", "<pre>一行\n二行</pre>")) == "一行\n二行"


def test_xml_that_is_cut_off_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "断.xml"
    path.write_text('<?xml version="1.0"?><list><row>周', encoding="utf-8")
    with pytest.raises(Corrupt):
        extraction(path)
