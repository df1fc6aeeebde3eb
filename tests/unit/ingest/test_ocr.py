"""Recognised lines come in reading order, and a scanned page gives the words that stand on it."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from ingest.errors import Corrupt, ZeroPages
from ingest.ocr import page_image, recognise
from ingest.ocr.order import arranged, tidy
from ingest.reading import Line
from tests.unit.ingest.files_to_read import COUNTY, SAMPLES


def line(text: str, left: int, top: int, right: int, bottom: int) -> Line:
    return Line(text, 0.9, (left, top, right, bottom))


def test_rows_are_read_from_the_top_and_each_from_the_left() -> None:
    lines = [line("三百元", 500, 105, 620, 140), line("第二行", 80, 200, 400, 240), line("收据金额", 80, 100, 300, 142)]
    assert arranged(lines).text == "收据金额\t三百元\n第二行"


def test_columns_are_read_from_the_right_and_each_from_the_top() -> None:
    lines = [
        line("三世祖兆麟", 200, 100, 240, 500),
        line("始祖國楨", 400, 100, 440, 500),
        line("配李氏", 400, 540, 440, 700),
        line("二世祖廷秀", 300, 100, 340, 500),
    ]
    found = arranged(lines)
    assert found.vertical
    assert found.text == "始祖國楨配李氏\n二世祖廷秀\n三世祖兆麟"


def test_a_page_in_two_columns_is_read_one_column_after_the_other() -> None:
    heading = line("望溪公社简报第三期", 100, 40, 900, 90)
    left = [line(f"左边第{n}行的文字", 60, 100 + 50 * n, 480, 140 + 50 * n) for n in range(1, 7)]
    right = [line(f"右边第{n}行的文字", 520, 102 + 50 * n, 940, 142 + 50 * n) for n in range(1, 7)]
    mixed = [one for pair in zip(right, left, strict=True) for one in pair]
    rows = arranged([*mixed, heading]).text.splitlines()
    assert rows[0] == "望溪公社简报第三期"
    assert [row[0] for row in rows[1:]] == ["左"] * 6 + ["右"] * 6


def test_no_lines_make_an_empty_page() -> None:
    assert arranged([]).text == ""


@pytest.mark.parametrize(
    ("raw", "clean"),
    [("土 地 承 包", "土地承包"), ("共 3 亩", "共3亩"), ("GPS point 12", "GPS point 12"), ("一、 第一", "一、第一")],
)
def test_blanks_go_where_chinese_stands_beside_them(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


def test_a_page_of_an_old_genealogy_is_recognised_in_its_order() -> None:
    papers = [json.loads(row) for row in (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    written = next(one for one in papers if one["path"].endswith("李文魁家书.png"))["text"][0]
    page = recognise(COUNTY / "青石坳村/名人/李文魁家书.png", "image/png", 1)
    assert page.vertical
    assert page.text.splitlines() == written.splitlines()
    assert (page.confidence or 0) > 0.8


def test_a_turned_photograph_is_drawn_the_right_way_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("photo") / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200), "white").save(path, exif=exif)
    assert page_image(path, "image/jpeg", 1, 100).size == (50, 100)


def test_a_page_that_is_not_there_says_so() -> None:
    with pytest.raises(ZeroPages):
        page_image(COUNTY / "石门槛村/会计/2019.11凭证.pdf", "application/pdf", 99, 400)


def test_a_damaged_picture_is_a_sentence_and_no_crash(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bad") / "bad.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"rubbish")
    with pytest.raises(Corrupt):
        page_image(path, "image/png", 1, 400)
