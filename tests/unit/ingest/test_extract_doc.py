"""DOC: tables keep their cells; a damaged file goes to antiword where there is one; Word 95 is read as GB18030."""

from __future__ import annotations

from pathlib import Path

import olefile
import pytest

from ingest import pipeline
from ingest.errors import Corrupt
from ingest.extract import doc, wordbinary
from ingest.extract.assembly import Pages
from ingest.extract.source import Source
from ingest.identify import identify
from ingest.reading import Limits
from tests.unit.ingest.files_to_read import DOC, extraction, text_of

DAMAGED = {"1Table_0": b"\xee" * 10_000}


def changed(target: Path, **streams: bytes) -> Path:
    """A copy of a DOC with the beginnings of its streams replaced (name_offset = bytes)."""
    target.write_bytes(DOC.read_bytes())
    with olefile.OleFileIO(target, write_mode=True) as ole:
        for place, content in streams.items():
            name, _, offset = place.rpartition("_")
            with ole.openstream(name) as stream:
                held = bytearray(stream.read())
            held[int(offset) : int(offset) + len(content)] = content
            ole.write_stream(name, bytes(held))
    return target


def read(marked: str) -> list[str]:
    pages = Pages(Limits())
    doc._add(marked, pages)
    return pages.texts()


def test_a_table_row_is_a_line_with_tabs() -> None:
    lines = text_of(DOC).split("\n")
    rows = [line for line in lines if "\t" in line]
    assert rows
    assert len({line.count("\t") for line in rows}) == 1


def test_row_ends_are_known_from_the_formatting_of_their_paragraphs() -> None:
    with olefile.OleFileIO(DOC) as ole, ole.openstream("WordDocument") as main, ole.openstream("1Table") as table:
        body = wordbinary.story(main.read(), table.read()).body
    rows = [line for line in text_of(DOC).split("\n") if "\t" in line]
    assert body.count(wordbinary.ROW_END) == len(rows)


def test_an_empty_last_cell_is_a_cell() -> None:
    assert read("甲\x07乙\x07\x1e丙\x07\x07\x1e丁\x07戊\x07\x1e") == ["甲\t乙\n丙\n丁\t戊"]


def test_cells_rows_and_pages_end_at_their_marks() -> None:
    assert read("题名\r序号\x07姓名\x07\x1e1\x07王玉义\r户主\x07\x1e完\r\f次页\r") == [
        "题名\n序号\t姓名\n1\t王玉义 户主\n完",
        "次页",
    ]


def test_without_row_marks_a_doubled_cell_mark_ends_a_row() -> None:
    assert read("甲\x07乙\x07\x07丙\x07丁\x07\x07") == ["甲\t乙\n丙\t丁"]


def test_fields_show_their_results_and_pictures_nothing() -> None:
    assert doc._shown('见\x13 HYPERLINK "x" \x14\x13 PAGE \x14第3\x15页\x15。\x01\x13 XE 词 \x15') == "见第3页。"


def test_a_document_whose_piece_table_is_damaged_is_read_by_antiword(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "antiword"
    program.write_text('#!/bin/sh\ntest "$1$2" = "-mUTF-8.txt" && echo 参训回执\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert text_of(changed(tmp_path / "坏.doc", **DAMAGED)) == "参训回执"


def test_without_antiword_a_damaged_piece_table_is_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Corrupt):
        extraction(changed(tmp_path / "坏.doc", **DAMAGED))


@pytest.mark.parametrize(
    ("version", "charset", "flags"),
    [(0x68, "gb18030", 0), (0x65, "gb18030", 0), (0x68, "big5hkscs", 0), (0x68, "utf-16-le", 0x10)],
    ids=["Word 95", "Word 6", "Big5", "Far East"],
)
def test_word_95_text_is_read_from_its_one_run(version: int, charset: str, flags: int, tmp_path: Path) -> None:
    text = "石門村民委員會\r姓名\x07戶數\x07\x07一九九五年三月五日的會議\r".encode(charset)
    head = b"\xdc\xa5" + bytes([version]) + bytes(8) + bytes([flags]) + bytes(12)
    head += (0x400).to_bytes(4, "little") + (0x400 + len(text)).to_bytes(4, "little")
    path = changed(tmp_path / "九五.doc", WordDocument_0=head, WordDocument_1024=text)
    assert text_of(path) == "石門村民委員會\n姓名\t戶數\n一九九五年三月五日的會議"


@pytest.mark.parametrize(
    ("name", "head", "mime"),
    [
        ("会议.doc", b"\xdb\xa5\x2d\0", "application/vnd.ms-works"),
        ("会议.wri", b"\x31\xbe\0\0\0\xab", "application/vnd.ms-works"),
        ("会议.wpd", b"\xffWPC\x10\0\0\0", "application/vnd.wordperfect"),
    ],
    ids=["Word 2", "Write", "WordPerfect"],
)
def test_what_is_older_than_word_6_is_kept_without_text_and_called_by_its_name(
    name: str, head: bytes, mime: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(head + bytes(range(256)) * 8)
    form = identify(path, name)
    assert (form.mime, form.mismatch) == (mime, False)
    read = pipeline.extract(Source(path, name, form))
    assert (read.kind, read.pages) == ("data", ())
    assert "原件" in read.warnings[0]
