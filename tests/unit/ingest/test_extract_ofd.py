"""OFD: text put into lines by its place on the page; templates count, image pages wait for recognition."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from ingest.errors import Unsupported, ZeroPages
from ingest.ocr import page_image
from tests.unit.ingest.files_to_read import extraction, packed, text_of

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def piece(x: float, y: float, text: str, size: float = 4, more: str = "") -> str:
    box = f"{x} {y - size} 100 {size + 2}"
    code = f'<ofd:TextCode X="0" Y="{size}" {more}>{text}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="{box}" Size="{size}">{code}</ofd:TextObject>'


def ofd(target: Path, *pages: str, template: str = "", image: bytes = b"") -> Path:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    common = '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    common += "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
    page = f"<ofd:Page {SPACE}>" + ('<ofd:Template TemplateID="9"/>' if template else "")
    media = '<ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>image_5.png</ofd:MediaFile></ofd:MultiMedia>'
    parts: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocInfo><ofd:Title>缴款书</ofd:Title>"
        "<ofd:CreationDate>2024-05-06</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}>{common}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": f"<ofd:Page {SPACE}><ofd:Content>{template}</ofd:Content></ofd:Page>",
    }
    if image:
        parts["Doc_0/Res/image_5.png"] = image
        listed_media = f"<ofd:MultiMedias>{media}</ofd:MultiMedias>"
        parts["Doc_0/DocumentRes.xml"] = f'<ofd:Res {SPACE} BaseLoc="Res">{listed_media}</ofd:Res>'
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


def picture(width: int, height: int) -> bytes:
    """Grey with a black upper half, as PNG."""
    image = Image.new("L", (width, height), 200)
    image.paste(0, (0, 0, width, height // 2))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_a_page_that_is_an_image_is_drawn_where_the_image_stands(tmp_path: Path) -> None:
    """A4 drawn 297 high has one pixel a millimetre: the image covers 10…110 across and 20…220 down."""
    image = '<ofd:ImageObject Boundary="10 20 100 200" CTM="100 0 0 200 0 0" ResourceID="5"/>'
    path = ofd(tmp_path / "图.ofd", piece(20, 40, "封面"), image, image=picture(50, 100))
    assert [page.number for page in extraction(path).pages] == [1]
    page = page_image(path, "application/ofd", 2, 297)
    assert page.size == (210, 297)
    shades = [page.getpixel(at) for at in ((5, 100), (60, 10), (60, 60), (60, 180), (115, 100), (60, 225))]
    white, black, grey = (255,) * 3, (0,) * 3, (200,) * 3
    assert shades == [white, white, black, grey, white, white]
    with pytest.raises(Unsupported):
        page_image(path, "application/ofd", 1, 297)
    with pytest.raises(ZeroPages):
        page_image(path, "application/ofd", 3, 297)


def test_an_image_in_an_unknown_format_says_so(tmp_path: Path) -> None:
    image = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="5"/>'
    path = ofd(tmp_path / "图.ofd", image, image=b"\x97JB2\r\n\x1a\n rubbish")
    with pytest.raises(Unsupported):
        page_image(path, "application/ofd", 1, 297)


def test_a_scan_with_the_stamp_of_its_scanner_waits_and_a_form_with_a_logo_does_not(tmp_path: Path) -> None:
    stamped = piece(20, 290, "某扫描软件") + '<ofd:ImageObject Boundary="0 0 210 280" ResourceID="5"/>'
    logo = piece(20, 40, "缴款书") + '<ofd:ImageObject Boundary="0 0 30 30" ResourceID="5"/>'
    found = extraction(ofd(tmp_path / "混.ofd", stamped, logo))
    assert ([page.number for page in found.pages], found.needs_ocr, found.page_count) == ([2], True, 2)


def test_pages_that_are_images_wait_for_recognition(tmp_path: Path) -> None:
    image = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="5"/>'
    found = extraction(ofd(tmp_path / "图.ofd", piece(20, 40, "封面"), image))
    assert (found.needs_ocr, found.page_count) == (True, 2)
    assert found.pages[0].text == "封面"
