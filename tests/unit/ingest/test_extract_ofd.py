"""OFD: text put into lines by its place on the page; templates count, image pages wait for recognition."""

from __future__ import annotations

from pathlib import Path

from tests.unit.ingest.files_to_read import extraction, packed, text_of

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def piece(x: float, y: float, text: str, size: float = 4, more: str = "") -> str:
    box = f"{x} {y - size} 100 {size + 2}"
    code = f'<ofd:TextCode X="0" Y="{size}" {more}>{text}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="{box}" Size="{size}">{code}</ofd:TextObject>'


def ofd(target: Path, *pages: str, template: str = "") -> Path:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    common = '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
    page = f"<ofd:Page {SPACE}>" + ('<ofd:Template TemplateID="9"/>' if template else "")
    parts = {
        "OFD.xml": f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocInfo><ofd:Title>缴款书</ofd:Title>"
        "<ofd:CreationDate>2024-05-06</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}>{common}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": f"<ofd:Page {SPACE}><ofd:Content>{template}</ofd:Content></ofd:Page>",
    }
    for number, content in enumerate(pages):
        layer = f"<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content>"
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = f"{page}{layer}</ofd:Page>"
    return packed(target, parts)


def test_pieces_are_read_from_top_to_bottom_and_left_to_right_whatever_their_order(tmp_path: Path) -> None:
    content = piece(20, 60, "第二行") + piece(32, 40.2, "一行") + piece(20, 40, "第") + piece(24, 40, "一第")
    assert text_of(ofd(tmp_path / "序.ofd", content)) == "第一第一行\n第二行"


def test_a_wide_gap_parts_cells_and_steps_count_as_width(tmp_path: Path) -> None:
    content = (
        piece(20, 40, "收款人", more='DeltaX="g 2 4"') + piece(60, 40, "金额")
        + piece(20, 50, "ABC", more='DeltaX="2 2"') + piece(30, 50, "DEF")
    )  # fmt: skip
    assert text_of(ofd(tmp_path / "表.ofd", content)) == "收款人\t金额\nABC DEF"


def test_each_page_is_a_page_and_the_template_is_part_of_it(tmp_path: Path) -> None:
    path = ofd(tmp_path / "模.ofd", piece(40, 40, "壹佰元"), piece(40, 40, "贰佰元"), template=piece(20, 40, "金额"))
    found = extraction(path)
    assert [page.text for page in found.pages] == ["金额\t壹佰元", "金额\t贰佰元"]
    assert found.metadata == {"title": "缴款书", "created": "2024-05-06"}
    assert not found.needs_ocr


def test_pages_that_are_images_wait_for_recognition(tmp_path: Path) -> None:
    image = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="5"/>'
    found = extraction(ofd(tmp_path / "图.ofd", piece(20, 40, "封面"), image))
    assert (found.needs_ocr, found.page_count) == (True, 2)
    assert found.pages[0].text == "封面"
