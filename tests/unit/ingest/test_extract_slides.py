"""Slides: one page each, title first, tables in rows, notes under the slide, hidden ones named."""

from __future__ import annotations

from pathlib import Path

import pptx
from pptx.util import Cm

from tests.unit.ingest.files_to_read import PPT, extraction, texts


def test_a_slide_gives_title_boxes_tables_and_notes_in_that_order(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    box = slide.shapes.add_textbox(Cm(1), Cm(4), Cm(8), Cm(4)).text_frame
    box.text = "第一段\n第二段"
    table = slide.shapes.add_table(2, 2, Cm(1), Cm(9), Cm(10), Cm(3)).table
    for place, text in {(0, 0): "项目", (0, 1): "金额", (1, 0): "修渠", (1, 1): "1200"}.items():
        table.cell(*place).text = text
    title = slide.shapes.title
    title.text = "2020年工作报告"
    title._element.getparent().append(title._element)
    slide.notes_slide.notes_text_frame.text = "讲到这里停一下"
    show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = "谢谢"
    show.core_properties.title = "报告"
    show.save(str(tmp_path / "报告.pptx"))
    found = extraction(tmp_path / "报告.pptx")
    first = "2020年工作报告\n第一段\n第二段\n项目\t金额\n修渠\t1200\n讲到这里停一下"
    assert [page.text for page in found.pages] == [first, "谢谢"]
    assert found.metadata["title"] == "报告"


def test_text_in_groups_is_read_and_a_hidden_slide_is_named(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(1), Cm(1), Cm(3), Cm(1)).text_frame.text = "组里的字"
    slide._element.set("show", "0")
    show.save(str(tmp_path / "藏.pptx"))
    found = extraction(tmp_path / "藏.pptx")
    assert found.pages[0].text == "组里的字"
    assert found.warnings == ("第 1 张幻灯片是隐藏的。",)


def test_a_slide_without_text_keeps_its_place(tmp_path: Path) -> None:
    show = pptx.Presentation()
    for title in ("甲", "", "丙"):
        show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = title
    show.save(str(tmp_path / "空页.pptx"))
    assert texts(tmp_path / "空页.pptx") == ["甲", "", "丙"]


def test_the_binary_form_gives_the_same_lines_slide_by_slide() -> None:
    assert texts(PPT)[3] == "三、2021年打算\n请各位代表审议：改造凉水井水源；建日间照料室一间；配合做好换届选举。"
