"""Bad files of every office format give the kind of fault that they have, never text that is not there."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import olefile
import pytest

from ingest.errors import Bomb, Corrupt, Empty, Protected, Truncated, Unreadable, XmlEntities, ZeroPages
from ingest.reading import Limits
from tests.unit.ingest.files_to_read import COUNTY, DOC, DOCX, ODT, PPT, XLS, XLSX, extraction, packed, repacked

ENTITY_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    '<w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>&y;</w:t></w:r></w:p></w:body></w:document>'
)
EXTERNAL_ENTITY = ENTITY_BOMB.replace('<!ENTITY x "ha">', '<!ENTITY x SYSTEM "file:///etc/hostname">')
OFD_PAGE = "Doc_0/Pages/Page_0/Content.xml"


def half(source: Path, target: Path) -> Path:
    """The first half of a file."""
    content = source.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    return target


@pytest.mark.parametrize("source", [DOCX, XLSX, ODT, DOC, XLS, PPT], ids=lambda path: path.suffix)
def test_half_a_file_is_called_incomplete(source: Path, tmp_path: Path) -> None:
    with pytest.raises(Truncated):
        extraction(half(source, tmp_path / f"半{source.suffix}"))


@pytest.mark.parametrize("source", [DOCX, XLSX, ODT], ids=lambda path: path.suffix)
def test_a_package_with_damaged_bytes_is_called_damaged(source: Path, tmp_path: Path) -> None:
    main = {".docx": "word/document.xml", ".xlsx": "xl/worksheets/sheet1.xml", ".odt": "content.xml"}[source.suffix]
    target = tmp_path / f"坏{source.suffix}"
    content = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        entry = archive.getinfo(main)
    start = entry.header_offset + 30 + len(main)
    content[start + 5 : start + entry.compress_size] = b"\x55" * (entry.compress_size - 5)
    target.write_bytes(content)
    with pytest.raises(Corrupt):
        extraction(target)


@pytest.mark.parametrize("source", [DOC, XLS, PPT], ids=lambda path: path.suffix)
def test_a_compound_file_full_of_zeros_is_called_damaged(source: Path, tmp_path: Path) -> None:
    target = tmp_path / f"坏{source.suffix}"
    content = source.read_bytes()
    target.write_bytes(content[:512] + bytes(len(content) - 512))
    with pytest.raises((Corrupt, Truncated)):
        extraction(target)


@pytest.mark.parametrize("source", [DOC, XLS, PPT, DOCX, XLSX, ODT], ids=lambda path: path.suffix)
@pytest.mark.parametrize("step", range(12))
def test_bytes_overwritten_anywhere_give_text_or_a_fault_of_ours(source: Path, step: int, tmp_path: Path) -> None:
    content = bytearray(source.read_bytes())
    start = 512 + step * (len(content) - 700) // 12
    content[start : start + 96] = bytes(range(160, 256))
    target = tmp_path / f"坏{source.suffix}"
    target.write_bytes(content)
    assert outcome(target)


def outcome(path: Path) -> str:
    """The text, or what is said of the fault; any other exception is let through and fails the test."""
    try:
        return "".join(page.text for page in extraction(path).pages)
    except Unreadable as fault:
        return fault.reason + fault.remedy


def test_a_word_file_with_a_password_says_so(tmp_path: Path) -> None:
    with pytest.raises(Protected):
        extraction(with_word_flag(tmp_path / "密.doc", at=0x0B, bits=0x01))


def with_word_flag(target: Path, at: int, bits: int) -> Path:
    """A copy of a DOC with one bit of its header set."""
    target.write_bytes(DOC.read_bytes())
    with olefile.OleFileIO(target, write_mode=True) as ole:
        with ole.openstream("WordDocument") as stream:
            main = bytearray(stream.read())
        main[at] |= bits
        ole.write_stream("WordDocument", bytes(main))
    return target


def test_a_presentation_with_a_password_says_so(tmp_path: Path) -> None:
    target = tmp_path / "密.ppt"
    target.write_bytes(PPT.read_bytes())
    with olefile.OleFileIO(target, write_mode=True) as ole:
        with ole.openstream("Current User") as stream:
            current = bytearray(stream.read())
        current[12:16] = (0xF3D1C4DF).to_bytes(4, "little")
        ole.write_stream("Current User", bytes(current))
    with pytest.raises(Protected):
        extraction(target)


def test_an_open_document_with_a_password_says_so(tmp_path: Path) -> None:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        "</manifest:manifest>"
    )
    with pytest.raises(Protected):
        extraction(repacked(ODT, tmp_path / "密.odt", {"META-INF/manifest.xml": manifest}))


@pytest.mark.parametrize("flags", [0x01, 0x41], ids=["usual", "strong"])
def test_a_package_whose_members_have_a_password_says_so(flags: int, tmp_path: Path) -> None:
    content = bytearray(DOCX.read_bytes())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= flags
            place = content.find(mark, place + 4)
    target = tmp_path / "密.docx"
    target.write_bytes(content)
    with pytest.raises(Protected):
        extraction(target)


def docx_of(target: Path, document: str) -> Path:
    return packed(target, {"[Content_Types].xml": "<Types/>", "word/document.xml": document})


@pytest.mark.parametrize("document", [ENTITY_BOMB, EXTERNAL_ENTITY], ids=["bomb", "external"])
def test_entities_in_any_xml_are_refused(document: str, tmp_path: Path) -> None:
    (tmp_path / "数据.xml").write_text(document, encoding="utf-8")
    files = [
        docx_of(tmp_path / "甲.docx", document),
        repacked(XLSX, tmp_path / "乙.xlsx", {"xl/worksheets/sheet1.xml": document}),
        repacked(ODT, tmp_path / "丙.odt", {"content.xml": document}),
        packed(tmp_path / "丁.ofd", {"OFD.xml": document}),
        tmp_path / "数据.xml",
    ]
    for path in files:
        with pytest.raises(XmlEntities):
            extraction(path)


def test_a_part_that_unpacks_without_measure_is_a_bomb(tmp_path: Path) -> None:
    document = '<w:document xmlns:w="urn:w"><w:body>' + " " * 40_000_000 + "</w:body></w:document>"
    with pytest.raises(Bomb):
        extraction(docx_of(tmp_path / "炸.docx", document))


def test_bytes_are_counted_while_they_unpack_whatever_the_zip_declares(tmp_path: Path) -> None:
    with pytest.raises(Bomb):
        extraction(DOCX, Limits(part_bytes=1000))
    with pytest.raises(Bomb):
        extraction(DOCX, Limits(total_bytes=3000))


def test_text_beyond_the_limit_is_left_out_and_said(tmp_path: Path) -> None:
    target = tmp_path / "长.txt"
    target.write_text("山" * 500 + "\n" + "水" * 500, encoding="utf-8")
    found = extraction(target, Limits(characters=700))
    assert found.pages[0].text == "山" * 500 + "\n" + "水" * 199
    assert "超出上限" in found.warnings[0]


EMPTY_MAKERS: dict[str, Callable[[Path], object]] = {
    "空.docx": lambda path: docx_of(path, '<w:document xmlns:w="urn:w"><w:body><w:p/></w:body></w:document>'),
    "空.txt": lambda path: path.write_bytes(b" \r\n \r\n"),
    "空.csv": lambda path: path.write_bytes(b"\xef\xbb\xbf,,,\r\n,,,\r\n".replace(b",", b" ")),
    "空.html": lambda path: path.write_bytes(b"<html><head><title>x</title></head><body> <script>1</script></body>"),
    "空.rtf": lambda path: path.write_bytes(b"{\\rtf1\\ansi{\\fonttbl{\\f0 SimSun;}}\\pard\\par}"),
    "空.xml": lambda path: path.write_bytes(b"<?xml version='1.0'?><data><one/></data>"),
}


@pytest.mark.parametrize("name", EMPTY_MAKERS)
def test_a_document_without_anything_in_it_is_empty(name: str, tmp_path: Path) -> None:
    EMPTY_MAKERS[name](tmp_path / name)
    with pytest.raises(Empty):
        extraction(tmp_path / name)


def test_a_document_that_only_holds_a_picture_is_kept_with_a_warning(tmp_path: Path) -> None:
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": '<w:document xmlns:w="urn:w"><w:body><w:p/></w:body></w:document>',
        "word/media/image1.png": (COUNTY.parent / "manifest.jsonl").read_bytes()[:100],
    }
    found = extraction(packed(tmp_path / "图.docx", parts))
    assert found.pages[0].text == ""
    assert "只有图片" in found.warnings[0]


def test_paged_documents_without_a_page_say_so(tmp_path: Path) -> None:
    no_slides = {"ppt/presentation.xml": '<p:presentation xmlns:p="urn:p"/>', "[Content_Types].xml": "<Types/>"}
    no_pages = {"OFD.xml": "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
                "Doc_0/Document.xml": "<Document><Pages/></Document>"}  # fmt: skip
    for path in (packed(tmp_path / "无.pptx", no_slides), packed(tmp_path / "无.ofd", no_pages)):
        with pytest.raises(ZeroPages):
            extraction(path)


def test_a_summary_with_an_absurd_count_is_passed_over(tmp_path: Path) -> None:
    target = tmp_path / "数.doc"
    target.write_bytes(DOC.read_bytes())
    with olefile.OleFileIO(target, write_mode=True) as ole:
        with ole.openstream("\x05SummaryInformation") as stream:
            summary = bytearray(stream.read())
        start = int.from_bytes(summary[44:48], "little")
        summary[start + 4 : start + 8] = b"\xff" * 4
        ole.write_stream("\x05SummaryInformation", bytes(summary))
    assert extraction(target).pages[0].text
