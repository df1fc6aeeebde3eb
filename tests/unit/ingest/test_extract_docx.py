"""What a page of Word shows is what is read: once, in order, with its list numbers, without what was deleted."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK

from ingest.extract.numbering import chinese, written
from tests.unit.ingest.files_to_read import extraction, packed, text_of, texts

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def word(target: Path, body: str, **parts: str) -> Path:
    """A DOCX with this body; further parts by their name in the folder word, related to the document by that name."""
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{RELATION}{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
    )
    return packed(
        target,
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
            **{f"word/{name}.xml": content for name, content in parts.items()},
        },
    )


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_table_cells_are_parted_by_tabs_and_paragraphs_of_a_cell_stay_in_its_row(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("花名册")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ("序号", "姓名", "备注"), strict=True):
        cell.text = text
    table.rows[1].cells[0].text = "1"
    table.rows[1].cells[1].text = "王玉义\n户主"
    document.add_paragraph("填表人：周小满")
    document.save(str(tmp_path / "表.docx"))
    assert text_of(tmp_path / "表.docx") == "花名册\n序号\t姓名\t备注\n1\t王玉义 户主\n填表人：周小满"


def test_each_page_break_begins_a_page_and_properties_are_kept(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("第一页").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("第二页")
    document.core_properties.title, document.core_properties.author = "两页", "周小满"
    document.save(str(tmp_path / "页.docx"))
    found = extraction(tmp_path / "页.docx")
    assert [(page.number, page.text) for page in found.pages] == [(1, "第一页"), (2, "第二页")]
    assert (found.metadata["title"], found.metadata["author"], found.page_count) == ("两页", "周小满", 2)


def test_a_break_that_word_rendered_after_the_authors_own_is_not_a_second_page(tmp_path: Path) -> None:
    body = (
        paragraph("甲")
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>乙</w:t></w:r></w:p>"
        + "<w:p><w:r><w:t>丙</w:t><w:lastRenderedPageBreak/><w:t>丁</w:t></w:r></w:p>"
    )
    assert texts(word(tmp_path / "页.docx", body)) == ["甲", "乙\n丙", "丁"]


def test_a_section_on_a_new_page_and_a_paragraph_that_asks_for_one_begin_pages(tmp_path: Path) -> None:
    body = (
        paragraph("封面", "<w:sectPr/>")
        + paragraph("正文一")
        + paragraph("正文二", "<w:pageBreakBefore/>")
        + paragraph("左栏", '<w:sectPr><w:type w:val="nextPage"/></w:sectPr>')
        + paragraph("右栏")
        + '<w:sectPr><w:type w:val="continuous"/></w:sectPr>'
    )
    assert texts(word(tmp_path / "节.docx", body)) == ["封面", "正文一", "正文二\n左栏\n右栏"]


def test_text_boxes_are_read_once_though_written_twice_for_old_programs(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('框里的字')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>段落</w:t></w:r><w:r><mc:AlternateContent "
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert text_of(word(tmp_path / "框.docx", body)) == "段落\n框里的字"


def test_deleted_text_is_left_out_and_inserted_text_kept(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>每亩</w:t></w:r><w:del><w:r><w:delText>260</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>280</w:t></w:r></w:ins><w:r><w:t>元</w:t></w:r></w:p>"
    )
    assert text_of(word(tmp_path / "改.docx", body)) == "每亩280元"


def test_field_codes_are_left_out_and_their_results_kept(tmp_path: Path) -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE \\@ "yyyy"</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2019年</w:t></w:r></w:p>'
    )
    assert text_of(word(tmp_path / "域.docx", body)) == "2019年"


def test_footnotes_stand_at_the_foot_of_their_page(tmp_path: Path) -> None:
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{paragraph("据光绪县志")}</w:footnote></w:footnotes>'
    body = (
        '<w:p><w:r><w:t>始建于光绪年间</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
        + paragraph("次段")
        + '<w:p><w:r><w:br w:type="page"/><w:t>第二页</w:t></w:r></w:p>'
    )
    assert texts(word(tmp_path / "注.docx", body, footnotes=notes)) == ["始建于光绪年间\n次段\n据光绪县志", "第二页"]


def test_headers_and_footers_come_once_without_page_numbers(tmp_path: Path) -> None:
    header = f"<w:hdr {W}>{paragraph('青石坳村村民委员会')}</w:hdr>"
    footer = f"<w:ftr {W}>{paragraph('第 3 页 共 9 页')}</w:ftr>"
    path = word(tmp_path / "眉.docx", paragraph("正文"), header1=header, header2=header, footer1=footer)
    assert text_of(path) == "正文\n青石坳村村民委员会"


def test_list_numbers_that_word_counts_are_part_of_the_text(tmp_path: Path) -> None:
    level = '<w:lvl w:ilvl="{0}"><w:start w:val="1"/><w:numFmt w:val="{1}"/><w:lvlText w:val="{2}"/></w:lvl>'
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">'
        + level.format(0, "chineseCounting", "%1、")
        + level.format(1, "decimal", "%2.")
        + '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    number = '<w:numPr><w:ilvl w:val="{0}"/><w:numId w:val="3"/></w:numPr>'
    body = "".join(
        paragraph(text, number.format(depth))
        for text, depth in (("总则", 0), ("范围", 1), ("期限", 1), ("附则", 0), ("解释", 1))
    )
    path = word(tmp_path / "号.docx", body, numbering=numbering)
    assert text_of(path) == "一、总则\n1.范围\n2.期限\n二、附则\n1.解释"


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (3, "decimal", "3"),
        (7, "decimalZero", "07"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (2, "ideographTraditional", "乙"),
        (12, "chineseCountingThousand", "十二"),
        (3, "decimalEnclosedCircle", "③"),
    ],
)
def test_numbers_are_written_in_the_form_that_word_names(number: int, form: str, expected: str) -> None:
    assert written(number, form) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "一"), (10, "十"), (20, "二十"), (21, "二十一"), (105, "一百〇五"), (110, "一百一十")]
)
def test_chinese_counting(number: int, expected: str) -> None:
    assert chinese(number) == expected
