"""RTF as Word, WPS and LibreOffice write it: Chinese by \\u and by bytes, tables, pages, notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.ingest.files_to_read import extraction, text_of, texts

FONTS = "{\\fonttbl{\\f0\\fcharset134 SimSun;}{\\f1\\fcharset136 MingLiU;}{\\f2\\fcharset0 Arial;}}"


def rtf(target: Path, body: str, head: str = "\\ansi\\ansicpg936") -> Path:
    target.write_bytes(f"{{\\rtf1{head}{FONTS}{body}}}".encode())
    return target


def escaped(text: str, charset: str = "gb18030") -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode(charset))


def test_bytes_are_read_in_the_encoding_of_their_font(tmp_path: Path) -> None:
    body = f"\\f0 {escaped('石门槛村')}\\par\\f1 {escaped('宗譜', 'big5')}\\par\\f2 OK\\par"
    assert text_of(rtf(tmp_path / "字.rtf", body)) == "石门槛村\n宗譜\nOK"


def test_unicode_characters_replace_their_stand_ins_also_beyond_the_first_plane(tmp_path: Path) -> None:
    body = "\\uc1\\u30707 ?\\u-27264 ?\\uc2\\u26449\\'b4\\'e5\\uc1\\u-10176?\\u-9216?\\par"
    assert text_of(rtf(tmp_path / "码.rtf", body)) == "石門村\U00020000"


def test_a_file_that_names_no_code_page_is_taken_for_chinese(tmp_path: Path) -> None:
    assert text_of(rtf(tmp_path / "无.rtf", f"{escaped('村规民约')}\\par", head="\\ansi")) == "村规民约"


def test_rows_are_lines_cells_have_tabs_and_breaks_are_pages(tmp_path: Path) -> None:
    body = (
        "\\pard A\\par\\trowd\\pard\\intbl 1\\cell\\pard\\intbl two\\par lines\\cell\\row"
        "\\pard B\\par\\page C\\par"
    )  # fmt: skip
    assert texts(rtf(tmp_path / "表.rtf", body)) == ["A\n1\ttwo lines\nB", "C"]


def test_pictures_deleted_text_field_codes_and_unknown_destinations_are_left_out(tmp_path: Path) -> None:
    body = (
        "A{\\pict\\pngblip 89504e47}{\\deleted gone}{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt link}}"
        "{\\*\\unknown secret}{\\header head}B{\\footnote note}\\par"
    )
    assert text_of(rtf(tmp_path / "弃.rtf", body)) == "AlinkB\nnote\nhead"


def test_binary_pictures_do_not_break_the_groups(tmp_path: Path) -> None:
    path = tmp_path / "图.rtf"
    path.write_bytes(b"{\\rtf1\\ansi A{\\pict\\bin5 }}{{\\}B\\par}")
    assert text_of(path) == "AB"


def test_properties_are_kept(tmp_path: Path) -> None:
    body = f"{{\\info{{\\title {escaped('值班')}}}{{\\author Zhou}}{{\\creatim\\yr2024\\mo6\\dy3\\hr9\\min5}}}}X\\par"
    metadata = extraction(rtf(tmp_path / "性.rtf", body)).metadata
    assert metadata == {"title": "值班", "author": "Zhou", "created": "2024-06-03T09:05"}


def test_a_file_that_ends_early_says_so(tmp_path: Path) -> None:
    path = tmp_path / "断.rtf"
    path.write_bytes(b"{\\rtf1\\ansi first line\\par second {\\b half")
    found = extraction(path)
    assert found.pages[0].text == "first line\nsecond half"
    assert "不完整" in found.warnings[0]


@pytest.mark.parametrize("written", ["\\~", "\\_", "\\{", "\\}", "\\\\"])
def test_symbols_stand_for_themselves(written: str, tmp_path: Path) -> None:
    shown = {"\\~": " ", "\\_": "-"}.get(written, written[1:])
    assert text_of(rtf(tmp_path / "符.rtf", f"a{written}b\\par")) == f"a{shown}b"
