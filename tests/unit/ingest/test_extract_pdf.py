"""PDF: which pages have text, which wait for recognition, and what is wrong with the file."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from ingest.errors import Corrupt, Protected, TooLarge, Truncated, ZeroPages
from ingest.extract.pdf import extract
from ingest.extract.source import Source
from ingest.reading import Extraction, FileFormat, Limits
from tests.unit.ingest import papers

FORMAT = FileFormat("application/pdf", "PDF 文档", "pdf")


def _read(folder: Path, data: bytes, limits: Limits | None = None) -> Extraction:
    path = folder / "x.pdf"
    path.write_bytes(data)
    return extract(Source(path, "x.pdf", FORMAT, limits or Limits()))


def test_text_is_kept_page_by_page(tmp_path: Path) -> None:
    read = _read(tmp_path, papers.pdf("石门槛村村民委员会", "二〇二四年五月二十日"))
    assert [(page.number, page.text) for page in read.pages] == [(1, "石门槛村村民委员会"), (2, "二〇二四年五月二十日")]
    assert (read.page_count, read.needs_ocr, read.kind) == (2, False, "document")


def test_scanned_pages_wait_for_recognition(tmp_path: Path) -> None:
    read = _read(tmp_path, papers.scanned_pdf(2))
    assert (read.pages, read.page_count, read.needs_ocr) == ((), 2, True)


def test_of_a_mixed_document_only_the_pages_without_text_wait(tmp_path: Path) -> None:
    long = "本合同一式两份，甲乙双方各执一份，自签字之日起生效，未尽事宜由双方协商解决，协商不成的由镇调解。"
    path = papers.joined_pdf(tmp_path / "mixed.pdf", papers.pdf(long), papers.scanned_pdf(1), papers.pdf(long))
    read = extract(Source(path, "mixed.pdf", FORMAT))
    assert [page.number for page in read.pages] == [1, 3]
    assert (read.page_count, read.needs_ocr) == (3, True)


def _over_a_picture(folder: Path, text: str) -> Extraction:
    """A scan as scanners' software writes it: a picture of the page, and what the software took for its text."""
    document = pypdfium2.PdfDocument(papers.pdf(text))
    page = document[0]
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(papers.paper()))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page.insert_obj(picture)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return _read(folder, out.getvalue())


def test_the_layer_of_a_scanner_counts_where_it_is_chinese_and_not_where_it_is_rubbish(tmp_path: Path) -> None:
    chinese = "本合同一式两份，甲乙双方各执一份，自签字之日起生效，未尽事宜由双方协商解决，协商不成的由镇调解。"
    assert _over_a_picture(tmp_path, chinese).pages[0].text == chinese
    for rubbish in ("Zl$ ft 1J t iX T iff) ill ^ rjr " * 3, "髯龘爨齾纛麤灪鱻龗虋豔钃讟躞饕餮魑魅魍魉曩囊齉" * 3):
        read = _over_a_picture(tmp_path, rubbish)
        assert (read.pages, read.needs_ocr) == ((), True)


def test_a_page_in_another_language_is_text_as_long_as_it_is_no_picture(tmp_path: Path) -> None:
    text = "This agreement is made in two copies of equal force, one for each party."
    assert _read(tmp_path, papers.pdf(text)).pages[0].text == text


def test_gbk_taken_for_accented_latin_is_no_text(tmp_path: Path) -> None:
    text = "村民委员会关于土地承包的通知".encode("gbk").decode("latin-1")
    assert _read(tmp_path, papers.pdf(text)).needs_ocr


def test_radicals_that_stand_for_characters_become_the_characters(tmp_path: Path) -> None:
    assert _read(tmp_path, papers.pdf("\u2f42\u4ef6\uff1a\u2ea0\u4e3b\u4f1a")).pages[0].text == "文件：民主会"


def test_a_blank_page_has_no_text_and_does_not_wait(tmp_path: Path) -> None:
    read = _read(tmp_path, papers.pdf("封面", ""))
    assert [page.text for page in read.pages] == ["封面", ""]
    assert not read.needs_ocr


def test_properties_are_read_with_times_as_iso(tmp_path: Path) -> None:
    info = "9 0 obj <</Title <FEFF77F395E8>/Author <FEFF738B>/CreationDate (D:20240520093000+08'00')>> endobj"
    read = _read(tmp_path, papers.pdf("正文", extra=info, trailer="/Info 9 0 R"))
    assert read.metadata == {"title": "石门", "author": "王", "created": "2024-05-20T09:30:00"}


def test_a_list_shows_the_first_page_as_a_small_jpeg(tmp_path: Path) -> None:
    read = _read(tmp_path, papers.pdf("正文"))
    assert read.thumbnail is not None
    assert max(Image.open(io.BytesIO(read.thumbnail)).size) == 400


def test_a_pdf_with_a_password_says_so(tmp_path: Path) -> None:
    with pytest.raises(Protected):
        _read(tmp_path, papers.locked_pdf())


def test_a_pdf_without_a_page_says_so(tmp_path: Path) -> None:
    with pytest.raises(ZeroPages):
        _read(tmp_path, papers.pdf())


def test_a_pdf_that_breaks_off_is_told_from_one_that_is_rubbish(tmp_path: Path) -> None:
    with pytest.raises(Truncated):
        _read(tmp_path, papers.pdf("正文")[:60])
    with pytest.raises(Corrupt):
        _read(tmp_path, b"%PDF-1.4\nrubbish\n%%EOF\n")


def test_a_pdf_that_lost_only_its_end_is_read_with_a_warning(tmp_path: Path) -> None:
    data = papers.pdf("正文")
    read = _read(tmp_path, data[: data.index(b"startxref")])
    assert read.pages[0].text == "正文"
    assert read.warnings == ("文件末尾不完整，后面的页可能缺失，请与原件核对。",)


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        _read(tmp_path, papers.pdf("一", "二", "三"), Limits(pages=2))


def test_too_many_characters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        _read(tmp_path, papers.pdf("一二三", "四五六"), Limits(characters=4))
