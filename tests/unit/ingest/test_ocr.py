"""Recognised lines come in reading order, and a scanned page gives the words that stand on it."""

from __future__ import annotations

import json

import numpy
import pytest
from PIL import Image, ImageChops, ImageDraw

from ingest.errors import Corrupt, ZeroPages
from ingest.ocr import page_image, recognise
from ingest.ocr.cutting import from_upper_left
from ingest.ocr.engine import pixels
from ingest.ocr.order import arranged, tidy
from ingest.ocr.seals import without_seals
from ingest.ocr.turning import turned_back
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


def test_of_a_note_in_two_small_columns_the_right_one_is_read_first() -> None:
    lines = [
        line("次子承志", 200, 100, 260, 330),
        line("裔二十户", 200, 334, 228, 450),
        line("迁居下垄别立一支今其後", 232, 338, 260, 620),
        line("长子承业", 400, 100, 460, 330),
        line("捐修宗祠", 432, 336, 460, 450),
        line("止", 400, 338, 428, 366),
        line("配刘氏", 402, 640, 458, 800),
    ]
    assert arranged(lines).text == "长子承业捐修宗祠止配刘氏\n次子承志迁居下垄别立一支今其後裔二十户"


def test_a_page_in_two_columns_is_read_one_column_after_the_other() -> None:
    heading = line("望溪公社简报第三期", 100, 40, 900, 90)
    left = [line(f"左边第{n}行的文字", 60, 100 + 50 * n, 480, 140 + 50 * n) for n in range(1, 7)]
    right = [line(f"右边第{n}行的文字", 520, 102 + 50 * n, 940, 142 + 50 * n) for n in range(1, 7)]
    mixed = [one for pair in zip(right, left, strict=True) for one in pair]
    rows = arranged([*mixed, heading]).text.splitlines()
    assert rows[0] == "望溪公社简报第三期"
    assert [row[0] for row in rows[1:]] == ["左"] * 6 + ["右"] * 6


def test_a_page_in_three_columns_is_read_one_column_after_the_other_to_the_heading_below() -> None:
    rows = [
        line(f"第{column}栏里的第{row}行文字", 60 + 320 * column, 100 + 50 * row, 340 + 320 * column, 140 + 50 * row)
        for row in range(5)
        for column in range(3)
        if (row, column) != (4, 2)
    ]
    heading = line("下面是另一篇文章的标题", 60, 420, 980, 460)
    read = arranged([heading, *rows]).text.splitlines()
    assert [one[1] for one in read] == list("00000" + "11111" + "2222" + "面")


def test_no_lines_make_an_empty_page() -> None:
    assert arranged([]).text == ""


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("土 地 承 包", "土地承包"),
        ("共 3 亩", "共3亩"),
        ("GPS point 12", "GPS point 12"),
        ("一、 第一", "一、第一"),
        ("二一八年九月", "二〇一八年九月"),
        ("民国二十八年", "民国二十八年"),
        ("一九二一八年", "一九二一八年"),
    ],
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


@pytest.mark.parametrize(("quarters", "vertical"), [(1, True), (2, True), (2, False), (3, False)])
def test_a_page_that_was_scanned_turned_is_read_as_it_should_stand(
    tmp_path_factory: pytest.TempPathFactory, quarters: int, vertical: bool
) -> None:
    """Columns laid on their side or head over stay columns; rows stay rows; the boxes lie where the words are."""
    name = "青石坳村/名人/李文魁家书.png" if vertical else "石门槛村/微信图片_20240419083012.jpg"
    upright = Image.open(COUNTY / name).convert("RGB")
    if not vertical:
        upright = upright.crop((0, 0, upright.width, upright.height // 3))
    folder = tmp_path_factory.mktemp("turned")
    upright.save(folder / "upright.png")
    upright.transpose(_TO_THE_RIGHT[quarters]).save(folder / "turned.png")
    before = recognise(folder / "upright.png", "image/png", 1)
    after = recognise(folder / "turned.png", "image/png", 1)
    assert len(before.text) > 30
    assert (after.text, after.vertical) == (before.text, vertical)
    assert (after.width, after.height) == (upright.size if quarters == 2 else upright.size[::-1])
    for one, other in zip(before.lines, after.lines, strict=True):
        middle = turned_back(other, 4 - quarters, upright.size)
        assert all(abs(a - b) < 12 for a, b in zip(one.box, middle.box, strict=True))


_TO_THE_RIGHT = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}


def test_a_box_on_a_turned_page_is_given_as_on_the_page_before() -> None:
    """The page is 100 wide and 60 high; the box touches the upper left corner of the turned one."""
    lies = line("字", 0, 0, 30, 10)
    assert turned_back(lies, 0, (100, 60)).box == (0, 0, 30, 10)
    assert turned_back(lies, 1, (100, 60)).box == (90, 0, 100, 30)
    assert turned_back(lies, 2, (100, 60)).box == (70, 50, 100, 60)
    assert turned_back(lies, 3, (100, 60)).box == (0, 30, 10, 60)


def test_the_corners_of_a_leaning_column_begin_at_its_head() -> None:
    """Both left corners of this column are those of its foot: 40 wide, 500 high, leaning by 60 to the right."""
    head_left, head_right, foot_right, foot_left = (160.0, 10.0), (200.0, 13.0), (140.0, 513.0), (100.0, 510.0)
    told = (foot_left, head_left, head_right, foot_right)
    assert from_upper_left(told) == (head_left, head_right, foot_right, foot_left)


def test_a_red_seal_is_taken_off_and_the_print_below_it_stays() -> None:
    """A ring of 160 over a black bar on a page of 800: inside the ring only the bar is dark, and no red is left."""
    page = Image.new("RGB", (800, 1000), (236, 232, 226))
    seal = Image.new("RGB", (800, 1000), "white")
    draw = ImageDraw.Draw(seal)
    draw.ellipse((500, 700, 660, 860), outline=(200, 30, 30), width=8)
    draw.rectangle((550, 760, 610, 775), fill=(200, 30, 30))
    ImageDraw.Draw(page).rectangle((450, 800, 700, 807), fill=(25, 25, 25))
    cleaned = without_seals(pixels(ImageChops.multiply(page, seal)))
    assert cleaned[802:806, 460:690].max() < 60
    paper = numpy.delete(cleaned, slice(797, 811), axis=0)
    assert paper.min() > 215
    assert int(paper.max()) - int(paper.min()) < 30


def test_a_red_heading_is_no_seal() -> None:
    page = Image.new("RGB", (800, 1000), "white")
    ImageDraw.Draw(page).rectangle((100, 80, 700, 150), fill=(200, 30, 30))
    before = pixels(page)
    assert numpy.array_equal(without_seals(before), before)


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
