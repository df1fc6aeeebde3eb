"""Main text and attachments, and one paper in two formats, are proposed as one thing; strangers are not."""

from __future__ import annotations

import pytest

from ingest.grouping import Group, group


def test_a_notice_and_the_numbered_attachments_beside_it_are_one() -> None:
    paths = ["收文/附件10回执.doc", "收文/附件2名额表.xls", "收文/关于培训的通知.pdf", "收文/附件1课程表.xlsx"]
    attachments = ("收文/附件1课程表.xlsx", "收文/附件2名额表.xls", "收文/附件10回执.doc")
    assert group(paths) == (Group("收文/关于培训的通知.pdf", attachments, "同一文件夹里的正文和附件"),)


def test_attachments_numbered_in_han_are_in_order() -> None:
    (found,) = group(["甲/附件二.doc", "甲/附件一.doc", "甲/正文.docx"])
    assert found.attachments == ("甲/附件一.doc", "甲/附件二.doc")


def test_an_attachment_that_carries_the_name_of_its_text_finds_it_among_many() -> None:
    paths = ["关于防汛工作的通知.doc", "关于春耕工作的通知.doc", "关于防汛工作的通知 附件1.xlsx", "值班表.xlsx"]
    reason = "同一文件夹里的正文和附件"
    assert group(paths) == (Group("关于防汛工作的通知.doc", ("关于防汛工作的通知 附件1.xlsx",), reason),)


def test_one_name_in_two_formats_is_one_paper_and_the_sealed_form_leads() -> None:
    assert group(["会议记录.docx", "会议记录.pdf"]) == (
        Group("会议记录.pdf", ("会议记录.docx",), "同一个名称的几种格式"),
    )


def test_two_formats_and_an_attachment_are_one() -> None:
    (found,) = group(["a/通知.docx", "a/通知.pdf", "a/附表.xls"])
    assert (found.main, found.attachments) == ("a/通知.pdf", ("a/通知.docx", "a/附表.xls"))


@pytest.mark.parametrize(
    "paths",
    [
        ["会议/一月.docx", "会议/二月.docx"],
        ["甲/通知.doc", "乙/附件1.xls"],
        ["通知.doc", "方案.doc", "附件1.xls"],
        ["附件1.xls", "附件2.xls"],
        ["名单.docx", "名单.xlsx"],
        ["IMG_1.jpg", "IMG_1.png"],
        ["附近的古井.docx", "村志.docx"],
        [],
    ],
    ids=["months", "two folders", "two texts", "no text", "a list and a paper", "pictures", "no attachment", "nothing"],
)
def test_files_that_may_be_strangers_stay_apart(paths: list[str]) -> None:
    assert group(paths) == ()


def test_a_file_stands_in_one_group_only() -> None:
    paths = ["通知甲乙丙.doc", "通知甲乙丙（修订）.doc", "通知甲乙丙（修订）附件1.xls", "通知甲乙丙 附件1.xls"]
    members = [path for one in group(paths) for path in (one.main, *one.attachments)]
    assert len(members) == len(set(members))
