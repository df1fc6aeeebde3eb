"""A county's own layouts come out on paper and in workbooks: order, headings, fewer columns, places to sign, notes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from archive_service.actions.opening_lists import Asked as OpeningAsked
from archive_service.actions.printing_appraisal import batch_printed, register_printed
from archive_service.actions.printing_rows import Asked
from archive_service.forms.printed.writing import Printed
from archive_service.tasks.printing import print_form, print_made, print_opening
from archive_service.wiring import COUNTY_TIME, Archive, build
from classification.appraisal_rules import parse_rules
from classification.appraisal_seats import Seat
from storage.database.appraisal import Round, Verdict
from storage.errors import NotReady
from tests.unit.archive_service.appraisal_village import GROUP, Place, make_place
from tests.unit.archive_service.test_printed_registers import words

DOCUMENT = {"id": "试", "version": "2", "title_zh": "云岭县鉴定销毁规则"}
REGISTER = {
    "title": "云岭县档案销毁清册",
    "columns": [
        "number", {"id": "title", "heading": "文件题名", "width": 90}, "code", "responsible", "doc_number",
        {"id": "formed", "heading": "成文日期"}, "term", "kept", "note",
    ],
    "signatures": [
        "approver", {"id": "leader", "label": "鉴定组长"}, "村务监督委员会", "witness_first", "witness_second",
    ],
    "notes": ["本清册一式三份。", "第二行说明。"],
}  # fmt: skip
OPINIONS = {
    "title": "鉴定意见一览",
    "columns": ["title", "code", {"id": "result", "heading": "最后意见"}, {"id": "first", "heading": "第一人"}],
    "signatures": ["驻村干部", "group"],
}
HEAD = ("序号", "文件题名", "档号", "责任者", "文号", "成文日期", "应保管期限", "已保管期限", "备注")


@pytest.fixture
def place(archive: Archive) -> Place:
    made = make_place(archive)
    made.rules = parse_rules({"document": DOCUMENT, "forms": {"register": REGISTER, "opinions": OPINIONS}})
    return made


def printed(place: Place, form: str, of: str, target: Path) -> str:
    def make(session: Session, foot: str) -> Printed:
        actor = place.who(session, "wang")
        if form == "register":
            return register_printed(session, actor, of, place.rules, foot, COUNTY_TIME)
        return batch_printed(session, actor, of, form, place.rules, foot, COUNTY_TIME)

    with place.archive.sessions.read() as session:
        actor = place.who(session, "wang")
    return print_made(place.archive, actor, of, make, target.suffix.removeprefix("."), target)


def rows(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_the_register_follows_the_county_in_the_workbook(place: Place, tmp_path: Path) -> None:
    register = place.register()
    assert printed(place, "register", register, tmp_path / "册.xlsx") == "云岭县档案销毁清册"
    found = rows(tmp_path / "册.xlsx", "云岭县档案销毁清册")
    assert found[3] == HEAD
    assert found[4][:3] == (1, "灌溉渠维修账 1", "V012-WS·2010-D10-0001")
    assert found[4][6:] == ("定期10年", "15 年", "2020-12-31 期满")
    assert found[7][:2] == ("合计", "共 3 件")
    assert [row[0] for row in found[8:]] == ["本清册一式三份。", "第二行说明。"]
    sheet = load_workbook(tmp_path / "册.xlsx")["云岭县档案销毁清册"]
    assert sheet.column_dimensions["B"].width == pytest.approx(90 / 2.1)


def test_the_register_follows_the_county_on_paper_and_its_seats_keep_who_has_signed(
    place: Place, tmp_path: Path
) -> None:
    register = place.register()
    place.act(register, "zu", "sign", Seat.LEADER)
    printed(place, "register", register, tmp_path / "册.pdf")
    said = words(tmp_path / "册.pdf")
    assert "".join(HEAD) in said
    assert said.find("批准人") < said.find("鉴定组长") < said.find("村务监督委员会") < said.find("监销人甲")
    assert "系统内已签：zu某2026-03-01" in said
    # Approver, the committee, and two witnesses: nobody of them has signed, and the operator has no place here.
    assert said.count("年月日") == 4
    assert "密级" not in said
    assert "销毁经办人" not in said
    assert "本清册一式三份。第二行说明。" in said


def test_a_signer_whom_the_form_forgot_has_a_place_all_the_same(place: Place, tmp_path: Path) -> None:
    place.rules = replace(place.rules, signers=(Seat.LEADER, Seat.ARCHIVES_HEAD))
    batch = place.open(group=(*GROUP, (Seat.ARCHIVES_HEAD, "liu")))
    place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
    place.close(batch)
    (register,) = place.submit(batch)
    printed(place, "register", register, tmp_path / "册.xlsx")
    assert "档案管理机构负责人" in [row[0] for row in rows(tmp_path / "册.xlsx", "封面")]


def test_the_opinions_follow_the_county_in_both(place: Place, tmp_path: Path) -> None:
    batch = place.open()
    place.say(batch, "yuan", Verdict.EXTEND, years=30)
    for name in ("表.xlsx", "表.pdf"):
        printed(place, "opinions", batch, tmp_path / name)
    found = rows(tmp_path / "表.xlsx", "鉴定意见一览")
    assert found[3] == ("题名", "档号", "最后意见", "第一人")
    assert found[4] == ("灌溉渠维修账 1", "V012-WS·2010-D10-0001", "续存", "续存 30 年（yuan某 2026-03-01）")
    assert [row[0] for row in found[8:]] == [
        "驻村干部：＿＿＿＿＿＿＿＿　　鉴定小组负责人 zu某：＿＿＿＿＿＿＿＿　　档案员 wang某：＿＿＿＿＿＿＿＿",
        "鉴定小组成员 yuan某：＿＿＿＿＿＿＿＿",
    ]
    said = words(tmp_path / "表.pdf")
    assert "题名档号最后意见第一人" in said
    assert "驻村干部：鉴定小组负责人zu某：" in said


def test_a_county_without_second_opinions_is_said_to_have_chosen_it(place: Place, tmp_path: Path) -> None:
    place.rules = replace(place.rules, second_opinion="none")
    batch = place.open()
    place.say(batch, "yuan", Verdict.DESTROY)
    place.close(batch)
    (register,) = place.submit(batch)
    # What the register says was frozen: the county asks for more since.
    asked = replace(place.rules, second_opinion="all")
    chosen = "本县规定不要第二人的复核意见"
    for form, of in (("opinions", batch), ("report", batch)):
        printed(place, form, of, tmp_path / f"{form}.pdf")
        assert chosen in words(tmp_path / f"{form}.pdf"), form
    place.rules = asked
    printed(place, "register", register, tmp_path / "册.pdf")
    assert chosen in words(tmp_path / "册.pdf")
    printed(place, "opinions", batch, tmp_path / "表.xlsx")
    assert chosen not in str(rows(tmp_path / "表.xlsx", "鉴定意见一览"))


FILE = """document: {id: yunling, version: "3", title_zh: 云岭县鉴定销毁规则}
forms:
  transfer:
    title: 云岭县档案移交清册
    columns: [title, {id: code, heading: 编号}, pages]
    signatures: [taker, giver, watcher]
  opening:
    title: 云岭县开放审核表
    columns: [code, title, {id: decision, heading: 结论}, first, second]
    signatures: [second, first]
"""


def test_the_forms_that_are_printed_by_setting_follow_the_file(place: Place, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(FILE, encoding="utf-8")
    archive = build(place.archive.settings.model_copy(update={"appraisal": tmp_path / "rules.yaml"}))
    archive.check_rules()
    with archive.sessions.read() as session:
        wang = place.who(session, "wang")
    write = partial(print_form, archive, wang, Asked("transfer", place.village))
    write("xlsx", tmp_path / "交.xlsx")
    write("pdf", tmp_path / "交.pdf")
    found = rows(tmp_path / "交.xlsx", "云岭县档案移交清册")
    assert found[3] == ("题名", "编号", "页数")
    assert found[4] == ("灌溉渠维修账 1", "V012-WS·2010-D10-0001", 0)
    assert "题名编号页数" in words(tmp_path / "交.pdf")
    assert "接收人：移交人：监交人：" in words(tmp_path / "交.pdf")
    assert print_opening(archive, wang, OpeningAsked("all", place.village), "xlsx", tmp_path / "审.xlsx") == (
        "云岭县开放审核表"
    )
    assert rows(tmp_path / "审.xlsx", "云岭县开放审核表")[3] == ("档号", "题名", "结论", "初审意见", "复核意见")
    assert [row[0] for row in rows(tmp_path / "审.xlsx", "封面")][-4:-2] == ["复核人", "初审人"]


def test_a_wrong_layout_stops_the_start_with_every_fault(place: Place, tmp_path: Path) -> None:
    text = FILE.replace("[title, {id: code, heading: 编号}, pages]", "[title, pages, pages]")
    (tmp_path / "rules.yaml").write_text(text.replace("云岭县开放审核表", '""'), encoding="utf-8")
    archive = build(place.archive.settings.model_copy(update={"appraisal": tmp_path / "rules.yaml"}))
    with pytest.raises(NotReady) as refused:
        archive.check_rules()
    for sentence in ("移交清册：“pages”这一栏写了两次", "移交清册：不能少了“档号”（code）", "开放审核表：表名不能空着"):
        assert sentence in str(refused.value)
