"""The register, the report and the opinions on paper and as workbooks: what is signed is what the system has."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.printing_appraisal import batch_printed, register_printed
from archive_service.forms.printed.writing import Printed
from archive_service.tasks.printing import print_made
from archive_service.wiring import COUNTY_TIME, Archive
from classification.appraisal_seats import Seat
from storage.database.appraisal import Round, Verdict
from storage.database.journal import JournalEntry
from storage.database.registers import Register
from storage.errors import Missing
from tests.unit.archive_service.appraisal_village import Place, make_place, number


@pytest.fixture
def place(archive: Archive) -> Place:
    return make_place(archive)


def print_register(place: Place, register: str, target: Path, login: str = "wang") -> str:
    """Print it as one of the people; its title."""
    with place.archive.sessions.read() as session:
        actor = place.who(session, login)

    def make(session: Session, foot: str) -> Printed:
        return register_printed(session, actor, register, place.rules, foot, COUNTY_TIME)

    return print_made(place.archive, actor, register, make, target.suffix.removeprefix("."), target)


def words(path: Path) -> str:
    """The text of a PDF without its blanks: titles are set with space between their characters."""
    document = pypdfium2.PdfDocument(path)
    found = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(found.split())


def sheet(path: Path, name: str) -> list[tuple[object, ...]]:
    book = load_workbook(path)
    return [tuple(row) for row in book[name].iter_rows(values_only=True)]


def test_the_cover_carries_the_root_hash_and_who_has_signed(place: Place, tmp_path: Path) -> None:
    register = place.register()
    place.act(register, "zu", "sign", Seat.LEADER)
    print_register(place, register, tmp_path / "清册.pdf")
    with place.archive.sessions.read() as session:
        root = session.get_one(Register, register).hash
    said = words(tmp_path / "清册.pdf")
    assert f"校验码（SHA-256）：{root}" in said
    assert "系统内已签：zu某2026-03-01" in said
    assert "全宗号V012" in said
    assert "灌溉渠维修账3" in said
    assert said.count("年月日") == 4  # approver, two witnesses and operator have not signed yet


def test_a_refused_row_stays_on_paper_with_its_reason(place: Place, tmp_path: Path) -> None:
    register = place.register()
    place.act(register, "pi", "refuse_rows", [number(2)], "有纠纷未了")
    print_register(place, register, tmp_path / "清册.xlsx")
    rows = sheet(tmp_path / "清册.xlsx", "档案销毁清册")
    names, first, second = rows[3], rows[4], rows[5]
    assert names[:5] == ("序号", "档号", "文号", "责任者", "题名")
    assert (first[0], first[1], first[13]) == (1, "V012-WS·2010-D10-0001", "2020-12-31 期满")
    # From 1 January 2011 to 1 March 2026: fifteen whole years of the ten.
    assert (second[7], second[8]) == ("定期10年", "15 年")
    assert second[13] == "这一件不批准：有纠纷未了"
    [entry] = [row for row in sheet(tmp_path / "清册.xlsx", "附记") if row[2] == "这一件不批准"]
    assert entry[3:] == ("批准人", "pi某", "V012-WS·2010-D10-0002", "有纠纷未了")


ACCOUNTANTS = (
    (Seat.LEADER, "zu"), (Seat.ARCHIVIST, "wang"), (Seat.MEMBER, "yuan"), (Seat.ARCHIVES_HEAD, "liu"),
    (Seat.ACCOUNTING_HEAD, "zhang"), (Seat.ARCHIVES_HANDLER, "wang"), (Seat.ACCOUNTING_HANDLER, "yuan"),
)  # fmt: skip


def test_accounting_records_have_a_form_of_their_own(archive: Archive, tmp_path: Path) -> None:
    place = make_place(archive, records=0)
    place.put(1, class_id="KU-PZ", title="2010年记账凭证", fields={"volume": "07"})
    batch = place.open(group=ACCOUNTANTS)
    place.say(batch, "yuan", Verdict.DESTROY)
    place.say(batch, "liu", Verdict.DESTROY, turn=Round.SECOND)
    place.close(batch)
    [register] = place.submit(batch)
    assert print_register(place, register, tmp_path / "册.xlsx") == "会计档案销毁清册"
    rows = sheet(tmp_path / "册.xlsx", "会计档案销毁清册")
    assert rows[3][:4] == ("序号", "名称", "卷号", "册数")
    assert rows[4][:4] == (1, "2010年记账凭证", "07", 1)
    cover = {row[0] for row in sheet(tmp_path / "册.xlsx", "封面")}
    assert {"会计管理机构负责人", "档案管理机构经办人"} <= cover


def test_report_and_opinions_of_a_batch(place: Place, tmp_path: Path) -> None:
    batch = place.open()
    place.say(batch, "yuan", Verdict.EXTEND, [1], reason="产权还有用", years=30)
    place.say(batch, "yuan", Verdict.DESTROY, [2], reason="期满无用")
    place.say(
        batch, "wang", Verdict.HOLD, [2], turn=Round.SECOND, reason="先放一放", ground="dispute", review_on=place.today
    )
    with place.archive.sessions.read() as session:
        actor = place.who(session, "wang")
    for form, format in (("report", "pdf"), ("opinions", "xlsx")):
        make = partial(_batch, place, batch, form)
        print_made(place.archive, actor, batch, make, format, tmp_path / f"{form}.{format}")
    assert "档案鉴定工作报告" in words(tmp_path / "report.pdf")
    assert "2026年到期档案鉴定" in words(tmp_path / "report.pdf")
    rows = sheet(tmp_path / "opinions.xlsx", "档案鉴定意见表")
    told = {row[1]: (row[5], row[6], row[7]) for row in rows[4:] if isinstance(row[0], int)}
    assert told["V012-WS·2010-D10-0001"] == ("续存 30 年（yuan某 2026-03-01）", None, "续存")
    assert told["V012-WS·2010-D10-0002"][2] == "两人意见不一，由组长决定"
    assert told["V012-WS·2010-D10-0003"] == (None, None, "还没有意见")


def test_an_opinion_of_the_evening_has_the_day_of_the_county_and_a_dissent_stays_on_the_list(
    place: Place, tmp_path: Path
) -> None:
    place.now = datetime(2026, 2, 28, 17, tzinfo=UTC)
    batch = place.open()
    place.say(batch, "yuan", Verdict.DESTROY, [1])
    place.say(batch, "wang", Verdict.PERMANENT, [1], turn=Round.SECOND)
    place.say(batch, "zu", Verdict.DESTROY, [1], turn=Round.DECIDING, reason="另有汇总")
    with place.archive.sessions.read() as session:
        actor = place.who(session, "wang")
    print_made(place.archive, actor, batch, partial(_batch, place, batch, "opinions"), "xlsx", tmp_path / "表.xlsx")
    told = sheet(tmp_path / "表.xlsx", "档案鉴定意见表")[4]
    both = "改为永久（wang某 2026-03-01）\n组长决定：拟销毁（zu某 2026-03-01）"
    assert told[5:9] == ("拟销毁（yuan某 2026-03-01）", both, "拟销毁", "另有汇总")


def _batch(place: Place, batch: str, form: str, session: Session, foot: str) -> Printed:
    return batch_printed(session, place.who(session, "wang"), batch, form, place.rules, foot, COUNTY_TIME)


def test_a_print_is_journaled_and_a_stranger_gets_none(place: Place, tmp_path: Path) -> None:
    register = place.register()
    print_register(place, register, tmp_path / "清册.pdf")
    with place.archive.sessions.read() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "form_printed")).one()
        assert (entry.actor, entry.object_id, entry.details["form"]) == ("wang", register, "档案销毁清册")
    with pytest.raises(Missing):
        print_register(place, "0" * 32, tmp_path / "无.pdf")
