"""Letters: heads in every spelling, bodies, attachments read, letters within letters, saved pages."""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.errors import Corrupt
from ingest.extract.source import Source
from ingest.identify import identify
from ingest.pipeline import extract, read_part
from ingest.reading import Extraction, Limits
from tests.unit.ingest import papers


def _read(folder: Path, data: bytes, name: str = "信.eml", limits: Limits | None = None) -> Extraction:
    path = folder / name
    path.write_bytes(data)
    return extract(Source(path, name, identify(path, name), limits or Limits(), read_part=read_part))


def _letter(body: str = "请查收附件。", subject: str = "关于报送材料") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "赵明月 <zhao@example.cn>", "li@example.cn", subject
    message["Date"] = "Mon, 20 May 2024 09:30:00 +0800"
    message.set_content(body)
    return message


def test_head_and_body_are_the_first_page(tmp_path: Path) -> None:
    read = _read(tmp_path, _letter().as_bytes())
    assert read.pages[0].text == (
        "主题：关于报送材料\n发件人：赵明月 <zhao@example.cn>\n收件人：li@example.cn\n"
        "日期：2024-05-20T09:30:00\n\n请查收附件。"
    )
    assert (read.kind, read.metadata["title"], read.metadata["created"]) == (
        "mail",
        "关于报送材料",
        "2024-05-20T09:30:00",
    )


def test_plain_gb2312_bytes_in_head_and_body_are_read(tmp_path: Path) -> None:
    raw = "From: 李会计 <li@example.cn>\nTo: a@example.cn\nSubject: 村级账目公开\nMIME-Version: 1.0\n"
    raw += (
        "Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\n\n第二季度收支见下，喆哥请核对。\n"
    )
    read = _read(tmp_path, raw.encode("gb18030"))
    assert (read.metadata["title"], read.metadata["author"]) == ("村级账目公开", "李会计 <li@example.cn>")
    assert "喆哥请核对" in read.pages[0].text  # 喆 is not in GB2312, whatever the letter claims


def test_encoded_words_are_joined_without_blanks(tmp_path: Path) -> None:
    first, second = (b64encode(part.encode("gb2312")).decode() for part in ("石门槛村", "移交清单"))
    raw = f"From: a@example.cn\nTo: b@example.cn\nSubject: =?GB2312?B?{first}?=\n =?GB2312?B?{second}?=\n\nbody\n"
    assert _read(tmp_path, raw.encode()).metadata["title"] == "石门槛村移交清单"


def test_attachments_follow_as_pages_under_their_names(tmp_path: Path) -> None:
    message = _letter()
    message.add_attachment(papers.pdf("承包合同", "第二页"), maintype="application", subtype="pdf", filename="合同.pdf")
    read = _read(tmp_path, message.as_bytes())
    assert [page.number for page in read.pages] == [1, 2, 3]
    assert read.pages[0].text.endswith("附件：合同.pdf")
    assert [page.text for page in read.pages[1:]] == ["承包合同", "第二页"]
    assert read.metadata["mail.attachments"] == "合同.pdf"


def test_a_damaged_attachment_is_named_and_costs_only_itself(tmp_path: Path) -> None:
    message = _letter()
    message.add_attachment(b"%PDF-rubbish", maintype="application", subtype="pdf", filename="坏.pdf")
    read = _read(tmp_path, message.as_bytes())
    assert "请查收附件" in read.pages[0].text
    assert read.warnings == ("附件“坏.pdf”读不出内容，随邮件原样保存。",)


def test_a_name_that_points_elsewhere_writes_nothing_there(tmp_path: Path) -> None:
    message = _letter()
    message.add_attachment(b"x", maintype="text", subtype="plain", filename="../../outside.txt")
    _read(tmp_path, message.as_bytes())
    assert not (tmp_path.parent.parent / "outside.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["信.eml"]


def test_html_is_read_when_there_is_no_plain_body(tmp_path: Path) -> None:
    message = _letter()
    message.set_content("<html><body><p>防汛<b>值班</b>表</p></body></html>", subtype="html")
    assert "防汛值班表" in _read(tmp_path, message.as_bytes()).pages[0].text


def test_a_forwarded_letter_is_read_with_its_own_attachment(tmp_path: Path) -> None:
    inner = _letter("里面的信", "转来的通知")
    inner.add_attachment("附件里的字\n".encode(), maintype="text", subtype="plain", filename="说明.txt")
    outer = _letter()
    outer.add_attachment(inner)
    read = _read(tmp_path, outer.as_bytes())
    assert "里面的信" in read.pages[1].text
    assert read.pages[2].text.strip() == "附件里的字"


def test_letters_within_letters_are_opened_to_a_depth_and_then_named(tmp_path: Path) -> None:
    message = _letter("最里面", "第0层")
    for level in range(1, 5):
        outer = _letter(f"第{level}层正文", f"第{level}层")
        outer.add_attachment(message)
        message = outer
    text = "\n".join(page.text for page in _read(tmp_path, message.as_bytes()).pages)
    assert "最里面" in text
    limited = _read(tmp_path, message.as_bytes(), limits=Limits(mail_depth=0))
    assert [page.number for page in limited.pages] == [1]
    assert "套在太多层邮件里面" in limited.warnings[0]


def test_a_page_saved_by_a_browser_is_a_document(tmp_path: Path) -> None:
    raw = (
        "From: <Saved by Blink>\nSubject: =?utf-8?B?5rC05bqT?=\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="x"\n\n--x\n'
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        "<html><body><h1>石门水库简介</h1></body></html>\n--x--\n"
    )
    read = _read(tmp_path, raw.encode(), "水库.mht")
    assert (read.kind, read.metadata["title"]) == ("document", "水库")
    assert "石门水库简介" in read.pages[0].text


def test_bytes_without_a_head_are_no_letter(tmp_path: Path) -> None:
    from ingest.extract import mail
    from ingest.reading import FileFormat

    path = tmp_path / "x.eml"
    path.write_bytes(b"\n\nnothing\n")
    with pytest.raises(Corrupt):
        mail.extract(Source(path, "x.eml", FileFormat("message/rfc822", "", "eml")))
