"""PDF: which pages have text, which wait for recognition, and what is wrong with the file."""

from __future__ import annotations

import io
from pathlib import Path

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
