"""Stamps, labels, spines and notes, read back from the page: the words, and the QR by a reader of QRs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy
import pypdfium2
import pytest
from openpyxl import load_workbook

from archive_service.forms.printed.cards import Box, Stamp
from archive_service.forms.printed.writing import Printed, write

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
BOX = Box(
    number="3", fonds="V012", village="石门槛村", year="2019", topic="文书 · 民主决策与监督", period="定期30年",
    first="V012-WS·2019-D30-MZ-0101", last="V012-WS·2019-D30-MZ-0150", records=48, pages=312,
    remarks=("未列入的号：0107、0112", "1 件没有日期"),
)  # fmt: skip
VOLUME = Box(
    number="1", fonds="V012", village="石门槛村", year="2020", topic="会计 · 会计账簿", period="定期30年",
    first="V012-KU·02·2020-001-001", last="V012-KU·02·2020-001-001", records=1, pages=80, volume=True,
)  # fmt: skip


def stamp(number: int) -> Stamp:
    code = f"V012-WS·2019-D30-MZ-{number:04d}"
    return Stamp("V012", "2019", f"{number:04d}", "民主决策与监督", "定期30年", "12", f"第{number}件合同", code)


def pdf(folder: Path, form: str, boxes: Sequence[Box] = (), stamps: Sequence[Stamp] = ()) -> pypdfium2.PdfDocument:
    written = write(Printed(form, form, boxes=boxes, stamps=stamps, foot="示范"), "pdf", folder / "a.pdf", NOON)
    assert written == len(boxes) + len(stamps)
    return pypdfium2.PdfDocument(folder / "a.pdf")


def text(page: pypdfium2.PdfPage) -> str:
    return str(page.get_textpage().get_text_range()).replace("\r\n", "\n")


def qr_of(page: pypdfium2.PdfPage) -> str:
    picture = numpy.asarray(page.render(scale=4).to_pil().convert("L"))
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]


def test_the_qr_on_a_label_says_in_words_what_lies_inside(tmp_path: Path) -> None:
    said = qr_of(pdf(tmp_path, "labels", [BOX])[0])
    assert said.split("\n") == [
        "V012 石门槛村",
        "文书 · 民主决策与监督",
        "2019 定期30年",
        "V012-WS·2019-D30-MZ-0101 — V012-WS·2019-D30-MZ-0150",
    ]


@pytest.mark.parametrize("thick", [20, 50])
def test_the_qr_on_a_spine_says_the_codes_however_thin_the_box(tmp_path: Path, thick: int) -> None:
    write(Printed("spines", "盒脊", boxes=[BOX], thick=thick), "pdf", tmp_path / "a.pdf", NOON)
    said = qr_of(pypdfium2.PdfDocument(tmp_path / "a.pdf")[0])
    assert said == "V012-WS·2019-D30-MZ-0101 — V012-WS·2019-D30-MZ-0150"


def test_a_label_names_the_box_its_codes_and_how_much_is_in_it(tmp_path: Path) -> None:
    page = text(pdf(tmp_path, "labels", [BOX])[0])
    for words in ("石门槛村", "V012", "2019年", "定期30年", "第 3 盒", BOX.first, f"至 {BOX.last}", "48 件", "312 页"):
        assert words in page


def test_ten_labels_fill_a_page(tmp_path: Path) -> None:
    assert len(pdf(tmp_path, "labels", [BOX] * 11)) == 2


def test_a_spine_has_the_fields_of_the_rule_and_the_last_parts_of_the_codes(tmp_path: Path) -> None:
    page = text(pdf(tmp_path, "spines", [BOX])[0])
    for words in ("全宗号", "年度", "保管期限", "机构（问题）", "起止件号", "盒号", "0101", "0150"):
        assert words in page


def test_a_stamp_has_its_six_values_and_the_title_of_its_paper(tmp_path: Path) -> None:
    document = pdf(tmp_path, "stamps", stamps=[stamp(number) for number in range(1, 29)])
    assert len(document) == 2
    first, second = text(document[0]), text(document[1])
    assert [first.count(f"第{number}件合同") for number in range(1, 28)] == [1] * 27
    assert ("第28件合同" in first, "第28件合同" in second) == (False, True)
    assert first.count("V012") == first.count("定期30年") == 27


def test_a_note_says_what_is_known_and_leaves_the_rest_to_a_pen(tmp_path: Path) -> None:
    document = pdf(tmp_path, "note", [BOX, VOLUME])
    box, volume = (text(page).replace("\n", "") for page in document)
    assert "备 考 表" in box
    assert "本盒共有文件 48 件，312 页。" in box
    assert "未列入的号：0107、0112。1 件没有日期。" in box
    assert all(f"{who}：" in box for who in ("整理人", "整理日期", "检查人", "检查日期"))
    assert "卷 内 备 考 表" in volume
    assert "本卷共有文件 1 件，80 页。档号 V012-KU·02·2020-001-001。" in volume
    assert all(f"{who}：" in volume for who in ("立卷人", "立卷时间", "检查人"))


def test_boxes_and_stamps_are_rows_in_a_sheet(tmp_path: Path) -> None:
    write(Printed("labels", "盒标签", boxes=[BOX, VOLUME]), "xlsx", tmp_path / "a.xlsx", NOON)
    rows = [[cell.value for cell in row] for row in load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows()]
    assert rows[2][:3] == ["3", "V012", "石门槛村"]
    assert (rows[4][0], rows[4][2], rows[4][8], rows[4][9]) == ("合计", "共 2 盒", 49, 392)
    write(Printed("stamps", "归档章", stamps=[stamp(7)]), "xlsx", tmp_path / "b.xlsx", NOON)
    row = [cell.value for cell in load_workbook(tmp_path / "b.xlsx").worksheets[0][3]]
    assert row == ["V012-WS·2019-D30-MZ-0007", "V012", "2019", "0007", "民主决策与监督", "定期30年", 12, "第7件合同"]
