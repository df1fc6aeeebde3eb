"""One file in, one reading out, whatever the file is."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from ingest.pipeline import read
from ingest.reading import Reading
from tests.unit.ingest import papers

DAY = date(2026, 3, 1)


def _read(folder: Path, name: str, data: bytes, shown: str = "") -> Reading:
    path = folder / "staged"
    path.write_bytes(data)
    return read(path, name, shown or name, villages=("石门槛村",), received=DAY)


def _code(reading: Reading) -> str | None:
    return reading.failure.code if reading.failure else None


def test_a_text_gets_its_pages_and_its_facts(tmp_path: Path) -> None:
    text = "关于修建提灌站的通知\n望政发〔2024〕23号\n各村：\n请按时完成。\n望溪镇人民政府\n2024年5月20日\n"
    reading = _read(tmp_path, "通知.txt", text.encode("gb18030"))
    assert reading.failure is None
    assert reading.format.mime == "text/plain"
    assert reading.facts.doc_number is not None
    assert reading.facts.doc_number.value == "望政发〔2024〕23号"
    assert reading.facts.date is not None
    assert reading.facts.date.earliest == date(2024, 5, 20)


def test_a_sound_file_that_nobody_can_read_is_kept_without_text(tmp_path: Path) -> None:
    reading = _read(tmp_path, "规划图.dwg", b"AC1032" + bytes(200))
    assert (reading.failure, reading.extraction.pages, reading.extraction.kind) == (None, (), "data")
    assert "原件可以照样保管" in reading.extraction.warnings[0]


@pytest.mark.parametrize("name", ["合同.pdf", "合同.docx", "合同.jpg"])
def test_rubbish_under_a_good_name_is_damaged(tmp_path: Path, name: str) -> None:
    assert _code(_read(tmp_path, name, bytes(range(256)) * 8)) == "corrupt"


def test_a_zip_of_something_else_under_the_name_of_a_document_is_damaged(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.txt", "甲")
    assert _code(_read(tmp_path, "合同.docx", (tmp_path / "x.zip").read_bytes())) == "corrupt"


def test_a_document_under_a_wrong_ending_is_read_by_its_content(tmp_path: Path) -> None:
    reading = _read(tmp_path, "合同.doc", papers.pdf("土地承包合同"))
    assert reading.extraction.pages[0].text == "土地承包合同"
    assert reading.format.mismatch


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    assert _code(_read(tmp_path, "空.txt", b"")) == "empty"


def test_an_unreadable_file_says_what_it_is_all_the_same(tmp_path: Path) -> None:
    reading = _read(tmp_path, "合同.pdf", papers.locked_pdf())
    assert (_code(reading), reading.format.mime) == ("encrypted", "application/pdf")


def test_what_is_marked_secret_leaves_no_text_behind(tmp_path: Path) -> None:
    reading = _read(tmp_path, "转发.txt", "机密★10年\n关于某事的通知\n各村委员会：请注意保管。\n".encode())
    assert reading.failure is not None
    assert reading.failure.code == "secret"
    assert "机密★10年" in reading.failure.reason
    assert "保密工作机构" in reading.failure.remedy
    assert reading.extraction.pages == ()
    assert reading.facts.title is None


def test_the_everyday_word_for_secret_is_no_marking(tmp_path: Path) -> None:
    assert _code(_read(tmp_path, "故事.txt", "王家沟的秘密\n从前有个人，把秘密说给了石头听。\n".encode())) is None


def test_pages_in_a_folder_of_genealogies_are_genealogy(tmp_path: Path) -> None:
    papers.paper().save(tmp_path / "page.jpg")
    data = (tmp_path / "page.jpg").read_bytes()
    assert _read(tmp_path, "IMG_0031.jpg", data, "王家族谱/IMG_0031.jpg").extraction.kind == "genealogy"
    assert _read(tmp_path, "IMG_0031.jpg", data, "老档案/IMG_0031.jpg").extraction.kind == "document"


def test_a_text_called_a_genealogy_is_one_and_the_minutes_of_its_makers_are_not(tmp_path: Path) -> None:
    text = "朝廷國兆永世家德\n".encode()
    assert _read(tmp_path, "王氏族谱.txt", text, "族谱/王氏族谱.txt").extraction.kind == "genealogy"
    assert _read(tmp_path, "重修族谱筹备会.txt", text, "族谱/重修族谱筹备会.txt").extraction.kind == "document"


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    # A folder in place of the file: refused by the system for everybody, the administrator too.
    (tmp_path / "x").mkdir()
    assert _code(read(tmp_path / "x", "x.txt", "x.txt", received=DAY)) is not None
