"""Workbooks come out as their sheets show them: dates as dates, whole numbers whole, one page a sheet."""

from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from ingest.extract.numberformats import plain, shown
from ingest.identify import identify
from tests.unit.ingest.compound_files import compound, records
from tests.unit.ingest.files_to_read import XLS, XLSX, extraction, repacked, text_of, texts


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (43529, "yyyy-mm-dd", "2019-03-05"),
        (43529, "yyyy/m/d;@", "2019/3/5"),
        (43529, 'yyyy"年"m"月"d"日"', "2019年3月5日"),
        (43529, '[DBNum1][$-804]yyyy"年"m"月"d"日";@', "二〇一九年三月五日"),
        (43529.5, "yyyy-mm-dd hh:mm", "2019-03-05 12:00"),
        (43529, "aaaa", "星期二"),
        (0.375, "h:mm AM/PM", "9:00 上午"),
        (1.5, "[h]:mm", "36:00"),
        (0.125, "0.00%", "12.50%"),
        (0.5, "0%", "50%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (3600, "0.00_ ", "3600.00"),
        (7, "0000", "0007"),
        (-5.5, "0.00_);(0.00)", "(5.50)"),
        (1200, '"¥"#,##0.00', "¥1,200.00"),
        (3, '0"户"', "3户"),
        (0, '0.0;-0.0;"无"', "无"),
        (41, "General", "41"),
        (1e15, "General", "1000000000000000"),
        (0.1 + 0.2, "General", "0.3"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
    ],
)
def test_a_number_is_shown_as_its_format_shows_it(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_the_macintosh_calendar_begins_in_1904() -> None:
    assert shown(0, "yyyy-mm-dd", from_1904=True) == "1904-01-01"


def test_a_plain_number_has_no_point_and_no_power_of_ten() -> None:
    assert (plain(822.0), plain(0.5), plain(12345678901234567.0)) == ("822", "0.5", "12345678901234568")


def test_cells_come_as_shown_with_gaps_kept(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2019年台账", None, None, None])
    sheet.append(["日期", "摘要", "收入", "占比"])
    sheet.append([date(2019, 3, 5), "换行\n摘要", 1200, 0.25])
    sheet.append([datetime(2019, 3, 6, 9, 30), None, 61284.3, None])
    sheet["D3"].number_format = "0%"
    sheet.merge_cells("A1:D1")
    book.save(tmp_path / "账.xlsx")
    assert text_of(tmp_path / "账.xlsx").split("\n") == [
        "2019年台账",
        "日期\t摘要\t收入\t占比",
        "2019-03-05\t换行 摘要\t1200\t25%",
        "2019-03-06 9:30:00\t\t61284.3",
    ]


def test_several_sheets_are_pages_with_their_names_and_a_hidden_one_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["没有名字的表"])
    book.create_sheet("一季度").append(["收入", 1])
    hidden = book.create_sheet("底稿")
    hidden.append(["内部数"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "多.xlsx")
    found = extraction(tmp_path / "多.xlsx")
    assert [page.text for page in found.pages] == ["没有名字的表", "一季度\n收入\t1", "底稿（隐藏的工作表）\n内部数"]
    assert found.warnings == ("有隐藏的工作表：底稿。",)
    assert found.metadata["sheets"] == "一季度、底稿"


def test_shared_and_rich_strings_are_read_without_their_phonetic_guide(tmp_path: Path) -> None:
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = (
        f"<sst {main}><si><t>周小满</t></si>"
        "<si><r><t>石门</t></r><r><t>槛村</t></r><rPh><t>shi men</t></rPh></si></sst>"
    )
    sheet = (
        f'<worksheet {main}><sheetData><row r="4"><c r="B4" t="s"><v>1</v></c><c r="C4" t="s"><v>0</v></c>'
        '<c r="D4" t="b"><v>1</v></c><c r="E4" t="str"><f>A1</f><v>算出的字</v></c></row></sheetData></worksheet>'
    )
    relations = (
        '<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    changes = {
        "xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": relations,
    }  # fmt: skip
    assert texts(repacked(XLSX, tmp_path / "串.xlsx", changes)) == ["\t石门槛村\t周小满\tTRUE\t算出的字"]


def test_an_xls_shows_whole_numbers_whole_and_names_its_sheet() -> None:
    found = extraction(XLS)
    assert "李长庚\t书记\t8400\t2700\t0\t11100\t960\t10140" in found.pages[0].text
    assert found.metadata["sheets"] == "一季度"


def sheet_95(version: int) -> bytes:
    """A sheet as Excel 5 and 95 (version 5) or Excel 4 wrote it: a label and a number in code page 936."""
    name = "王德厚".encode("gbk")
    label = struct.pack("<HHHH", 0, 0, 0, len(name)) + name
    number = struct.pack("<HHHd", 0, 1, 0, 486.0)
    begin = (
        (0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) if version == 5 else (0x409, struct.pack("<HHH", 0, 0x10, 0))
    )
    page = [] if version == 5 else [(0x42, struct.pack("<H", 936))]
    return records(begin, *page, (0x204, label), (0x203, number), (0x0A, b""))


def test_excel_95_is_read_in_the_code_page_of_its_machine(tmp_path: Path) -> None:
    title = "户数".encode("gbk")
    start = (0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)), (0x42, struct.pack("<H", 936))
    # Four records stand before the sheet, each with four bytes of head.
    place = 4 * 4 + 8 + 2 + 7 + len(title)
    bound = struct.pack("<IBBB", place, 0, 0, len(title)) + title
    path = tmp_path / "九五.xls"
    path.write_bytes(compound({"Book": records(*start, (0x85, bound), (0x0A, b"")) + sheet_95(5)}))
    assert text_of(path) == "王德厚\t486"


def test_excel_4_is_a_sheet_without_a_container(tmp_path: Path) -> None:
    path = tmp_path / "九二.xls"
    path.write_bytes(sheet_95(4))
    assert identify(path, path.name).mime == "application/vnd.ms-excel"
    assert text_of(path) == "王德厚\t486"
