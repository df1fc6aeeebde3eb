"""Outlook letters, as Outlook writes them now and as it wrote them in code page 936."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.errors import Bomb, Corrupt, Truncated
from ingest.extract.rtf_packed import BEGINNING, unpacked
from ingest.extract.source import Source
from ingest.identify import identify
from ingest.reading import Extraction
from tests.unit.ingest.compound_files import Folder, compound, letter
from tests.unit.ingest.files_to_read import extraction

SENT = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
"""Half past seven in the morning of the first of March, in the county."""
LIST = "王家沟组\n岩头上组\n".encode("gb18030")


def saved(folder: Path, content: Folder) -> Path:
    path = folder / "函.msg"
    path.write_bytes(compound(content))
    return path


def read(folder: Path, content: Folder) -> Extraction:
    """The letter with its attachments."""
    path = saved(folder, content)
    return pipeline.extract(Source(path, path.name, identify(path, path.name), read_part=pipeline.read_part))


@pytest.mark.parametrize("charset", ["", "gb18030"], ids=["Unicode", "code page 936"])
def test_head_body_and_attachments_are_read(charset: str, tmp_path: Path) -> None:
    body, held = "村委会：\r\n请于三月五日前报送。\r\n", {"名单.txt": LIST, "田亩.csv": "组,亩\r\n".encode() * 900}
    to, address = ("王德厚", "周广林"), "sun@example.invalid"
    sent = letter("关于修渠的函", body, "孙晓梅", to, SENT, held, charset, address=address)
    found = read(tmp_path, sent)
    assert found.kind == "mail"
    assert found.metadata == {
        "title": "关于修渠的函", "author": "孙晓梅 <sun@example.invalid>", "created": "2024-03-01T07:30:00",
        "mail.to": "王德厚; 周广林", "mail.attachments": "名单.txt、田亩.csv",
    }  # fmt: skip
    assert found.pages[0].text == (
        "主题：关于修渠的函\n发件人：孙晓梅 <sun@example.invalid>\n"
        "收件人：王德厚; 周广林\n日期：2024-03-01T07:30:00\n\n"
        "村委会：\n请于三月五日前报送。\n\n附件：名单.txt"
    )
    assert found.pages[1].text == "王家沟组\n岩头上组\n\n附件：田亩.csv"
    assert found.pages[2].text.split("\n") == ["组\t亩"] * 900


def test_an_address_inside_a_house_is_not_shown(tmp_path: Path) -> None:
    found = read(tmp_path, letter("函", sender="孙晓梅", address="/O=TOWN/OU=FIRST/CN=SUN"))
    assert found.metadata["author"] == "孙晓梅"


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_a_body_that_is_a_web_page_is_read_in_its_encoding(charset: str, tmp_path: Path) -> None:
    declared = {"gb18030": "gb2312"}.get(charset, charset)
    page = f"<html><meta charset={declared}><p>清淤通知</p><p>各组：</p></html>".encode(charset)
    assert read(tmp_path, letter("通知", html=page)).pages[0].text == "主题：通知\n\n清淤通知\n各组："


def test_a_body_of_packed_rtf_is_read(tmp_path: Path) -> None:
    body = (
        b"{\\rtf1\\ansi\\ansicpg936\\pard " + b"".join(b"\\'%02x" % one for one in "清淤通知".encode("gbk")) + b"\\par}"
    )
    stored = struct.pack("<IIII", len(body) + 12, len(body), 0x414C454D, 0) + body
    assert read(tmp_path, letter("通知", rtf=stored)).pages[0].text == "主题：通知\n\n清淤通知"


def test_packed_rtf_is_unpacked_as_in_the_examples_of_its_specification() -> None:
    # [MS-OXRTFCP] 3.1 and 3.2.
    simple = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    crossing = "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0"
    assert unpacked(bytes.fromhex(simple), 1000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked(bytes.fromhex(crossing), 1000) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_what_unpacks_without_measure_is_a_bomb() -> None:
    # Twenty-four bytes that each say: seventeen bytes from the beginning of the window.
    endless = b"\xff" + b"\0\x0f" * 8
    data = struct.pack("<IIII", len(endless) * 3 + 12, 1 << 30, 0x75465A4C, 0) + endless * 3
    assert len(unpacked(data, 1000)) == 17 * 24
    with pytest.raises(Bomb):
        unpacked(data, len(BEGINNING) + 100)


def test_a_letter_in_a_letter_is_read_with_its_own_attachment(tmp_path: Path) -> None:
    forwarded = letter("原函", "内文。", "镇水利站", attachments={"名单.txt": LIST}, inner=True, sent=SENT)
    texts = [page.text for page in read(tmp_path, letter("转发", "见附件。", attachments={"原函": forwarded})).pages]
    assert texts == [
        "主题：转发\n\n见附件。\n\n附件：原函.txt",
        "主题：原函\n发件人：镇水利站\n日期：2024-03-01T07:30:00\n内文。\n\n附件：名单.txt",
        "王家沟组\n岩头上组",
    ]


def test_letters_are_opened_to_a_depth_and_then_named(tmp_path: Path) -> None:
    folder = letter("最里面", "看不到", inner=True)
    for number in range(6):
        folder = letter(f"第{number}层", attachments={"里面的": folder}, inner=number < 5)
    found = read(tmp_path, folder)
    assert "看不到" not in "".join(page.text for page in found.pages)
    assert any("套在太多层邮件里面" in warning for warning in found.warnings)


def test_a_picture_that_only_the_body_shows_is_no_attachment(tmp_path: Path) -> None:
    found = read(tmp_path, letter("函", "文", attachments={".image001.png": b"\x89PNG", "名单.txt": LIST}))
    assert found.metadata["mail.attachments"] == "名单.txt"


def test_a_letter_that_is_cut_off_says_so(tmp_path: Path) -> None:
    path = saved(tmp_path, letter("函", "文" * 9000))
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises((Truncated, Corrupt)):
        extraction(path)
