"""Lists on paper and in sheets, read back with other libraries than they were written with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from archive_service.forms.printed import layouts
from archive_service.forms.printed.essay import Essay
from archive_service.forms.printed.laid_out import laid_out
from archive_service.forms.printed.listing import Cell, Listing, Row
from archive_service.forms.printed.paper import FontMissing
from archive_service.forms.printed.writing import Printed, write
from classification.form_layouts import MODEL

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
BANNER = "云岭县　示范大纲，仅供试用。"
HEADING = ("全宗号：V012", "全宗名称：石门槛村", "年度：2019")
LONG = "关于“四议两公开”决定修建石门槛至青石坳通组公路（K0+000—K3+200段）、征用集体土地及青苗补偿标准的通知"


def records(number: int) -> Iterator[Sequence[Cell]]:
    for one in range(1, number + 1):
        title = f"第{one}件{LONG if one % 3 == 0 else '合同'}"
        yield f"V012-WS·2019-Y-MZ-{one:04d}", "", "石门槛村村民委员会", title, "20190305", "", one, ""


def pdf(folder: Path, listing: Listing) -> pypdfium2.PdfDocument:
    printed = Printed("catalogue", listing.title, listings=(listing,), foot=BANNER)
    write(printed, "pdf", folder / "list.pdf", NOON)
    return pypdfium2.PdfDocument(folder / "list.pdf")


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def test_every_row_is_on_paper_once_and_in_its_order(tmp_path: Path) -> None:
    whole = "\n".join(texts(pdf(tmp_path, layouts.catalogue(records(60), HEADING))))
    places = [whole.find(f"MZ-{number:04d}") for number in range(1, 61)]
    assert places == sorted(places)
    assert -1 not in places
    assert [whole.count(f"MZ-{number:04d}") for number in range(1, 61)] == [1] * 60


def test_every_page_repeats_the_head_and_says_which_of_how_many_it_is(tmp_path: Path) -> None:
    pages = texts(pdf(tmp_path, layouts.catalogue(records(60), HEADING)))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        for words in ("归 档 文 件 目 录", "全宗号：V012", "年度：2019", "责任者", "密级", BANNER[4:]):
            assert words in page, (number, words)
        assert f"{number}／{len(pages)}" in page


def test_the_sums_stand_on_the_last_page_only(tmp_path: Path) -> None:
    pages = texts(pdf(tmp_path, layouts.catalogue(records(60), HEADING)))
    assert ["合计" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    # 1 + 2 + … + 60
    assert "共 60 件" in pages[-1]
    assert "1830" in pages[-1]


def test_a_long_title_stands_whole_in_several_lines_none_of_which_begins_with_a_closing_mark(tmp_path: Path) -> None:
    page = texts(pdf(tmp_path, layouts.catalogue(records(3), HEADING)))[0]
    assert LONG in page.replace("\n", "")
    assert [line for line in page.split("\n") if line[:1] in tuple("，。、；：！？）》”〕")] == []


def test_nothing_is_drawn_over_the_edge_of_its_column(tmp_path: Path) -> None:
    document = pdf(tmp_path, layouts.catalogue(records(6), HEADING))
    reader = document[0].get_textpage()
    right = document[0].get_width() - 15 / 25.4 * 72
    boxes = [reader.get_charbox(place) for place in range(reader.count_chars())]
    assert max(box[2] for box in boxes) <= right
    assert min(box[0] for box in boxes) >= 20 / 25.4 * 72 - 1


def test_only_the_characters_that_are_used_are_embedded(tmp_path: Path) -> None:
    document = pdf(tmp_path, layouts.catalogue(records(3), HEADING))
    assert (tmp_path / "list.pdf").stat().st_size < 100_000
    document.close()


def test_a_character_without_type_is_shown_as_such_and_stays_in_the_sheet(tmp_path: Path) -> None:
    rows = [("V012-1", "", "", "𠮷家庄契约", "", "", 1, "")]
    assert "〓家庄契约" in texts(pdf(tmp_path, layouts.catalogue(rows, HEADING)))[0]
    write(Printed("catalogue", "", listings=(layouts.catalogue(rows, ()),)), "xlsx", tmp_path / "a.xlsx", NOON)
    assert load_workbook(tmp_path / "a.xlsx").worksheets[0]["E3"].value == "𠮷家庄契约"


def test_an_empty_list_says_so(tmp_path: Path) -> None:
    page = texts(pdf(tmp_path, layouts.catalogue([], HEADING)))[0]
    assert "没有符合条件的内容。" in page
    assert "合计" not in page


def test_those_who_sign_find_their_lines_at_the_end(tmp_path: Path) -> None:
    row = {
        "code": "V012-1", "title": "契约", "responsible": "", "date": "1953", "term": "永久", "pages": 1, "note": "",
    }  # fmt: skip
    signed = ("移交人", "接收人", "监交人")
    pages = texts(pdf(tmp_path, laid_out(MODEL["transfer"], [row] * 40, HEADING, signed)))
    assert all(f"{who}：" in pages[-1] for who in signed)
    assert all("移交人：" not in page for page in pages[:-1])


@pytest.mark.parametrize("number", range(1, 46, 2))
def test_nobody_signs_a_page_that_lists_nothing(tmp_path: Path, number: int) -> None:
    row = {"code": "V012-1", "title": "契约", "responsible": "", "date": "", "term": "", "pages": 1, "note": ""}
    listing = laid_out(MODEL["transfer"], [row] * number, HEADING, ("移交人", "接收人", "监交人"), ["一句说明。"])
    pages = texts(pdf(tmp_path, listing))
    assert ["移交人：" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert "V012-1" in pages[-1]
    assert "一句说明。" in pages[-1]
    assert sum(page.count("V012-1") for page in pages) == number


@pytest.mark.parametrize("number", range(20, 50, 3))
def test_nobody_signs_a_page_of_a_report_that_says_nothing(tmp_path: Path, number: int) -> None:
    text = "\n".join(f"第{one}段意见。" for one in range(1, number + 1))
    essay = Essay("鉴定工作报告", text, HEADING, ("组长 祖某", "成员 袁某"), ("本县规定。",))
    write(Printed("report", "报告", essay=essay, foot=BANNER), "pdf", tmp_path / "report.pdf", NOON)
    pages = texts(pypdfium2.PdfDocument(tmp_path / "report.pdf"))
    assert ["组长 祖某：" in page for page in pages] == [False] * (len(pages) - 1) + [True]
    for words in (f"第{number}段意见。", f"第{number - 1}段意见。", "本县规定。", "成员 袁某："):
        assert words in pages[-1]
    assert sum(page.count("段意见。") for page in pages) == number


def test_what_stands_under_a_sheet_is_no_wider_than_its_columns(tmp_path: Path) -> None:
    listing = laid_out(replace(MODEL["opinions"], title="意见：甲/乙"), [], (), ["组长"] * 5, [LONG * 6])
    write(Printed("opinions", "", listings=(listing,)), "xlsx", tmp_path / "a.xlsx", NOON)
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    # What a sheet's name may not have is left out of it.
    assert (sheet.title, sheet["A1"].value) == ("意见：甲 乙", "意见：甲/乙")
    below = [str(row[0]) for row in sheet.iter_rows(min_row=3, values_only=True)]
    room = sum(one.width for one in sheet.column_dimensions.values())
    assert max(2 * len(line) for line in below) <= room * 1.2
    assert "".join(below[:-2]).replace("\n", "") == LONG * 6
    assert [line.count("组长：") for line in below[-2:]] == [3, 2]


def test_sums_of_parts_are_not_added_up_again(tmp_path: Path) -> None:
    rows = [
        Row((1, "望溪镇", "V012", "石门槛村", 3)),
        Row((2, "望溪镇", "V013", "青石坳村", 4)),
        Row(("", "望溪镇小计", "", "2 个村", 7), sum=True),
        Row((3, "云溪镇", "V021", "白水村", 5)),
    ]
    page = texts(pdf(tmp_path, layouts.statistics("馆藏", ["件数"], rows, (), "")))[0]
    assert "共 3 个村 12" in page


def test_a_sheet_has_the_head_the_rows_the_sums_and_prints_its_head_on_every_page(tmp_path: Path) -> None:
    listing = layouts.catalogue(records(60), HEADING)
    written = write(Printed("catalogue", "", listings=(listing,), foot=BANNER), "xlsx", tmp_path / "a.xlsx", NOON)
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert written == 60
    assert rows[0][0] == "归档文件目录"
    assert rows[2][0] == BANNER
    assert rows[3] == ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]
    assert [row[0] for row in rows[4:-1]] == list(range(1, 61))
    assert (rows[-1][0], rows[-1][4], rows[-1][7]) == ("合计", "共 60 件", 1830)
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.page_setup.orientation == "landscape"


def test_what_looks_like_a_formula_is_text_in_the_sheet(tmp_path: Path) -> None:
    title = '=HYPERLINK("http://example.invalid","点我")'
    rows = [("V012-1", "", "", title, "", "", 1, "+1")]
    write(Printed("catalogue", "", listings=(layouts.catalogue(rows, ()),)), "xlsx", tmp_path / "a.xlsx", NOON)
    cell = load_workbook(tmp_path / "a.xlsx").worksheets[0]["E3"]
    assert (cell.value, cell.data_type) == (title, "s")


def test_without_the_font_nothing_is_written_and_a_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pylopdf_fonts_zh_cn.serif_path", lambda: tmp_path / "NotoSerifSC-Regular.otf")
    with pytest.raises(FontMissing, match=r"NotoSerifSC-Regular\.otf 不在.*make setup"):
        pdf(tmp_path, layouts.catalogue(records(3), HEADING))
    assert not (tmp_path / "list.pdf").exists()
