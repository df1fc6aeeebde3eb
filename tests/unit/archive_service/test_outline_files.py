"""Outlines through files: what a clerk fills in comes out as it went in; what is wrong is named by sheet and row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from archive_service.exchange import outline_files
from archive_service.exchange.outline_cells import cell_of, term_of
from classification.errors import OutlineInvalid
from classification.outline import Outline, parse

MODEL = Path("classification/outlines/yunling-model.yaml")


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    return outline_files.read(MODEL)


@pytest.fixture
def workbook(model: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "本县大纲.xlsx"
    outline_files.write_workbook(model, path)
    return path


def _without_places(outline: Outline) -> Outline:
    return replace(outline, series={name: replace(one, place="") for name, one in outline.series.items()})


def _change(path: Path, sheet: str, cell: str, value: str) -> None:
    book = load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def _problems(path: Path) -> list[str]:
    with pytest.raises(OutlineInvalid) as refused:
        parse(outline_files.read(path))
    return [str(one) for one in refused.value.problems]


def test_a_workbook_written_and_read_again_is_the_same_outline(model: dict[str, Any], workbook: Path) -> None:
    assert _without_places(parse(outline_files.read(workbook))) == _without_places(parse(model))


def test_a_folder_of_csv_written_and_read_again_is_the_same_outline(model: dict[str, Any], tmp_path: Path) -> None:
    outline_files.write_csv_folder(model, tmp_path / "大纲")
    assert _without_places(parse(outline_files.read(tmp_path / "大纲"))) == _without_places(parse(model))


def test_csv_that_a_spreadsheet_saved_in_gbk_is_read(model: dict[str, Any], tmp_path: Path) -> None:
    outline_files.write_csv_folder(model, tmp_path)
    series = tmp_path / "归档范围.csv"
    series.write_bytes(series.read_text(encoding="utf-8-sig").encode("gb18030"))
    assert parse(outline_files.read(tmp_path)).series["WS-DQ-04"].name == "发展党员材料"


def test_the_sheets_and_columns_of_the_workbook_are_in_chinese(workbook: Path) -> None:
    book = load_workbook(workbook)
    assert book.sheetnames[:3] == ["文件", "归档范围", "类目"]
    assert [cell.value for cell in book["归档范围"][1]][:4] == ["编号", "类目", "名称", "保管期限"]


def test_a_clerk_fills_the_workbook_in_and_it_is_the_countys_own(workbook: Path) -> None:
    book = load_workbook(workbook)
    head = {row[0].value: row[1] for row in book["文件"].iter_rows()}
    head["document.kind"].value, head["document.version"].value = "county", "2027"
    head["document.issued_by"].value, head["document.banner_zh"].value = "云岭县档案局", None
    head["document.county.fictional"].value = None
    book["归档范围"]["D2"] = "30年"
    book["归档范围"]["D3"] = "重要的永久/一般的10年"
    book.save(workbook)

    outline = parse(outline_files.read(workbook))

    assert (outline.document.kind, outline.document.version, outline.document.banner) == ("county", "2027", "")
    first, second = list(outline.series.values())[:2]
    assert (first.retention.label, second.retention.label) == ("定期30年", "重要的永久，一般的定期10年")


def test_an_unreadable_period_is_named_by_sheet_row_and_column(workbook: Path) -> None:
    _change(workbook, "归档范围", "D5", "很久")
    assert _problems(workbook) == [
        "归档范围表第5行·保管期限 retention：“很久”不是保管期限：写 永久、30、10、待定，或 重要的永久/一般的30年"
    ]


def test_a_class_that_does_not_exist_is_named_by_sheet_row_and_column(workbook: Path) -> None:
    _change(workbook, "归档范围", "B7", "WS-XX")
    assert "归档范围表第7行（WS-DQ-06）·类目 class：没有类目“WS-XX”" in _problems(workbook)


def test_all_unreadable_cells_are_named_at_once(workbook: Path) -> None:
    _change(workbook, "归档范围", "D5", "很久")
    _change(workbook, "归档范围", "D9", "{event")
    assert [one.partition("·")[0] for one in _problems(workbook)] == ["归档范围表第5行", "归档范围表第9行"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("坏的.xlsx", b"not a zip", "这个工作簿打不开"),
        ("坏的.yaml", b"series: [a\nb: }", "这里的写法读不懂"),
        ("空的.yaml", b"", "文件里没有大纲内容"),
        ("乱码.yaml", b"\xff\xfe\xfa\x00\x80", "不是 UTF-8"),
        ("大纲.docx", b"PK", "只能导入"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(OutlineInvalid, match=said):
        outline_files.read(path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutlineInvalid, match="没有找到大纲的任何一张表"):
        outline_files.read(tmp_path)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("永久", "permanent"),
        ("定期30年", 30),
        ("30", 30),
        ("30.0", 30),
        ("待定", None),
        ("", None),
        ('{"event": "asset_disposed", "plus_years": 5}', {"event": "asset_disposed", "plus_years": 5}),
        ("重要的永久/一般的30年", {"important": "permanent", "ordinary": 30}),
        ("重要的永久，一般的定期30年", {"important": "permanent", "ordinary": 30}),
    ],
)
def test_a_period_may_be_written_as_people_write_it(written: str, read: object) -> None:
    assert term_of(written) == read


@pytest.mark.parametrize("value", ["permanent", 30, 10, None, {"event": "asset_disposed", "plus_years": 5}])
def test_a_period_written_to_a_cell_is_read_back(value: object) -> None:
    assert term_of(str(cell_of("retention", value))) == value
