"""The opening review on paper and as a workbook: opinions, decisions and sums, for whom, and how long lists go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import insert, select

from archive_service.actions import opening_review
from archive_service.actions.accounts import add_account
from archive_service.actions.opening_lists import Asked, Show
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.settings import Settings
from archive_service.tasks.printing import print_opening
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.errors import RuleError
from classification.opening import Opening, Opinion, years_since
from storage.database.accounts import Account
from storage.database.journal import JournalEntry
from storage.database.organisations import village_named
from storage.database.records import Record, RecordState
from storage.errors import Missing
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
HOSTILE = '=HYPERLINK("http://example.invalid","点我")<script>alert(1)</script>'
ONE, TWO, THREE, FOUR, FIVE, YOUNG, PERSONAL, THERE = (f"{number:032x}" for number in range(1, 9))
A_RECORD = {
    "access": "internal", "state": RecordState.ARCHIVED, "created_at": NOON, "changed_at": NOON, "people": [],
    "fields": {},
}  # fmt: skip
PEOPLE = {"wang": "王大川", "li": "李小梅"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def archive(settings: Settings, clock: Callable[[], datetime], request: pytest.FixtureRequest) -> Iterator[Archive]:
    """An archive over either database: rows are read while others are asked for, which they do each in their way."""
    url = None if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    made = build(settings.model_copy(update={"database_url": url}), clock)
    made.prepare()
    yield made
    made.sessions.engine.dispose()


@pytest.fixture
def place(archive: Archive) -> Archive:
    """Two villages, two reviewers with names, six records of age, one too young, one that only named people see."""
    set_up(archive)
    with archive.sessions.begin() as session:
        homes = [
            add_village(session, OPERATOR, NOON, name, fonds, "望溪镇").id
            for name, fonds in (("石门槛村", "V012"), ("远山村", "V031"))
        ]
        for login, name in PEOPLE.items():
            add_account(
                session, OPERATOR, archive.hasher, NOON, login, name, Role.ARCHIVIST, password="足够长的口令一二三"
            )
        for record_id, home, code, title, year, latest, more in (
            (ONE, 0, "V012-WS·1988-Y-0001", "灌溉渠竣工图", 1988, date(1988, 5, 1), {"earliest": date(1988, 5, 1)}),
            (TWO, 0, "V012-WS·1990-Y-0002", "承包户名册", 1990, None, {"people": ["石大山"]}),
            (THREE, 0, "V012-WS·1991-Y-0003", "界址协议", 1991, date(1991, 12, 31), {"earliest": date(1991, 1, 1)}),
            (FOUR, 0, "V012-WS·1992-Y-0004", HOSTILE, 1992, None, {}),
            (FIVE, 0, None, "无题照片", 2000, None, {}),
            (YOUNG, 0, "V012-WS·2020-Y-0005", "新路合同", 2020, None, {}),
            (PERSONAL, 0, "V012-WS·1990-Y-0006", "低保户名单", 1990, None, {"access": "personal"}),
            (THERE, 1, "V031-WS·1990-Y-0001", "远山旧契", 1990, None, {}),
        ):
            said = A_RECORD | more
            session.add(
                Record(id=record_id, village_id=homes[home], code=code, title=title, year=year, latest=latest, **said)
            )  # fmt: skip
    review(archive, "wang", [ONE], Opinion(Opening.OPEN, "K1"))
    review(archive, "li", [TWO], Opinion(Opening.CONTROLLED, "C1", "有身份证号", date(2031, 3, 1)), agreed="同上")
    review(archive, "wang", [FOUR], Opinion(Opening.OPEN, "K2"), agreed=None)
    return archive


def person(archive: Archive, login: str) -> Actor:
    with archive.sessions.read() as session:
        home = village_named(session, "石门槛村").id
        found = session.scalars(select(Account).where(Account.login == login)).one()
        return Actor(found.id, login, found.name, Role.TOWNSHIP_ARCHIVIST, home)


def review(
    archive: Archive, first: str, records: Sequence[str], opinion: Opinion, agreed: str | None = ""
) -> None:  # fmt: skip
    """The first opinion by one of the two; the other agrees two days later, with these words."""
    (second,) = set(PEOPLE) - {first}
    with archive.sessions.begin() as session:
        opening_review.propose(session, person(archive, first), records, opinion, NOON, TODAY)
    if agreed is not None:
        with archive.sessions.begin() as session:
            at = NOON + timedelta(days=2)
            opening_review.second(session, person(archive, second), records, True, agreed, at)


def home(archive: Archive, name: str = "石门槛村") -> str:
    with archive.sessions.read() as session:
        return village_named(session, name).id


def sheet(archive: Archive, actor: Actor, target: Path, show: str = Show.ALL) -> list[list[object]]:
    """The rows of the list below its head."""
    print_opening(archive, actor, Asked(show, home(archive)), "xlsx", target)
    rows = load_workbook(target)["档案开放审核表"].iter_rows(values_only=True)
    return [list(row) for row in rows][4:]


def pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    found = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return found


def test_a_row_says_age_both_opinions_what_counts_and_when_to_look_again(place: Archive, tmp_path: Path) -> None:
    rows = sheet(place, person(place, "wang"), tmp_path / "表.xlsx")
    assert rows[:5] == [
        [1, "V012-WS·1988-Y-0001", "灌溉渠竣工图", "19880501", 37,
         "开放：K1 形成已满年限，没有需要控制的内容\n王大川 2026-03-01", "同意\n李小梅 2026-03-03", "开放", None, None],
        [2, "V012-WS·1990-Y-0002", "承包户名册", "1990", 35,
         "控制：C1 涉及个人信息或隐私，有身份证号，2031-03-01 复审\n李小梅 2026-03-01", "同意，同上\n王大川 2026-03-03",
         "控制", "2031-03-01", "写有 1 人姓名"],
        [3, "V012-WS·1991-Y-0003", "界址协议", "1991", 34, None, None, "未审核", None, None],
        [4, "V012-WS·1992-Y-0004", HOSTILE, "1992", 33, "开放：K2 形成时已经公开或已主动公开\n王大川 2026-03-01",
         "等着复核", "未审核", None, None],
        [5, "待编", "无题照片", "2000", 25, None, None, "未审核", None, None],
    ]  # fmt: skip
    sums = [(row[0], row[2]) for row in rows[5:10]]
    assert sums == [
        (None, "开放 1 件"), (None, "控制 1 件"), (None, "延期开放 0 件"), (None, "未审核 3 件"), ("合计", "共 5 件"),
    ]  # fmt: skip


def test_the_sheet_in_front_says_of_what_by_which_rule_and_by_whom(place: Archive, tmp_path: Path) -> None:
    sheet(place, person(place, "wang"), tmp_path / "表.xlsx")
    cover = load_workbook(tmp_path / "表.xlsx")["封面"].iter_rows(values_only=True)
    said = [(row[0], row[1]) for row in list(cover)[4:]]
    assert said[:13] == [
        ("全宗号", "V012"),
        ("全宗名称", "石门槛村"),
        ("范围", "已满年限的和审核过的"),
        ("列入的规则", "形成满 25 年（2001-03-01 及以前形成）"),
        ("件数", "5 件"),
        ("形成年度", "1988—2000"),
        ("审核结果", "开放 1 件、控制 1 件、延期开放 0 件、未审核 3 件"),
        ("打印时的日期", "2026-03-01"),
        ("初审", "王大川 2 件（2026-03-01）；李小梅 1 件（2026-03-01）"),
        ("复核", "王大川 1 件（2026-03-03）；李小梅 1 件（2026-03-03）"),
        ("初审人", None),
        ("复核人", None),
        ("审核单位（盖章）", None),
    ]
    law, own = (text for name, text in said[13:])
    assert (law[:5], own[:5]) == ("法律规定：", "本县自定：")
    assert "形成满 25 年列入审核，没有读到为村级档案规定年限的法律" in own


def test_the_paper_says_the_same_on_a4_lying(place: Archive, tmp_path: Path) -> None:
    print_opening(place, person(place, "wang"), Asked(Show.ALL, home(place)), "pdf", tmp_path / "表.pdf")
    first, *rest = pages(tmp_path / "表.pdf")
    for words in (
        "档案开放审核表",
        "王大川2件（2026-03-01）",
        "李小梅1件",
        "审核单位（盖章）",
        "法律规定：",
        "本县自定：",
    ):
        assert words in first, words
    whole = "".join(rest)
    for words in ("承包户名册", HOSTILE, "控制：C1涉及个人信息或隐私，有身份证号，2031-03-01复审", "等着复核", "共5件"):
        assert words in whole, words
    document = pypdfium2.PdfDocument(tmp_path / "表.pdf")
    assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [297, 210]
    document.close()


def test_a_title_that_looks_like_a_formula_is_text(place: Archive, tmp_path: Path) -> None:
    sheet(place, person(place, "wang"), tmp_path / "表.xlsx")
    (cell,) = [
        cell for row in load_workbook(tmp_path / "表.xlsx")["档案开放审核表"].iter_rows() for cell in row
        if cell.value == HOSTILE
    ]  # fmt: skip
    assert cell.data_type == "s"


def test_what_the_asker_may_not_see_is_neither_on_it_nor_in_a_number(place: Archive, tmp_path: Path) -> None:
    wang = person(place, "wang")
    named = replace(wang, clearances=frozenset({"personal"}))
    assert "低保户名单" not in str(sheet(place, wang, tmp_path / "甲.xlsx"))
    rows = sheet(place, named, tmp_path / "乙.xlsx")
    assert [("未审核 4 件" in row, "共 6 件" in row) for row in rows[9:11]] == [(True, False), (False, True)]
    assert "低保户名单" in str(rows)
    print_opening(place, wang, Asked(Show.ALL, home(place, "远山村")), "pdf", tmp_path / "远山.pdf")
    assert "没有符合条件的内容。" in pages(tmp_path / "远山.pdf")[1]
    with pytest.raises(Forbidden):
        sheet(place, Actor("c" * 32, "chen", "陈", Role.CLERK, home(place)), tmp_path / "丙.xlsx")
    assert not (tmp_path / "丙.xlsx").exists()


def test_each_list_can_be_printed_and_there_is_no_other(place: Archive, tmp_path: Path) -> None:
    wang = person(place, "wang")
    found = {
        show.value: [row[2] for row in sheet(place, wang, tmp_path / f"{show}.xlsx", show) if isinstance(row[0], int)]
        for show in Show
    }
    assert found == {
        "aged": ["界址协议", "无题照片"], "waiting": [HOSTILE], "again": [], "open": ["灌溉渠竣工图"],
        "controlled": ["承包户名册"], "postponed": [],
        "all": ["灌溉渠竣工图", "承包户名册", "界址协议", HOSTILE, "无题照片"],
    }  # fmt: skip
    with pytest.raises(RuleError, match="没有“secret”这种清单"):
        sheet(place, wang, tmp_path / "无.xlsx", "secret")
    with pytest.raises(Missing):
        print_opening(place, wang, Asked(Show.ALL, "nowhere"), "pdf", tmp_path / "无.pdf")


def test_a_print_is_in_the_journal_of_its_village(place: Archive, tmp_path: Path) -> None:
    sheet(place, person(place, "wang"), tmp_path / "表.xlsx", Show.AGED)
    with place.sessions.read() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.act == "form_printed")).one()
    assert (entry.actor, entry.object_id, entry.village_id) == ("wang", "opening", home(place))
    # Two rows are of age and not reviewed; the sums are not rows.
    assert entry.details == {"form": "档案开放审核表", "format": "xlsx", "show": "aged", "rows": 2}


def test_three_thousand_rows_go_on_over_pages_with_head_numbers_and_sums(place: Archive, tmp_path: Path) -> None:
    village_id = home(place)
    with place.sessions.begin() as session:
        rows = [
            {"id": f"{number:032x}", "village_id": village_id, "title": f"旧账 {number}", "year": 1980,
             "code": f"V012-WS·1980-Y-{number:04d}", **A_RECORD}
            for number in range(1001, 4001)
        ]  # fmt: skip
        session.execute(insert(Record), rows)
    print_opening(place, person(place, "wang"), Asked(Show.ALL, village_id), "pdf", tmp_path / "长.pdf")
    cover, *rest = pages(tmp_path / "长.pdf")
    assert "开放1件、控制1件、延期开放0件、未审核3003件" in cover
    whole = "".join(rest)
    assert [number for number in range(1001, 4001) if whole.count(f"Y-{number:04d}") != 1] == []
    for place_, page in enumerate(rest, 2):
        assert page.startswith("档案开放审核表全宗号：V012"), place_
        assert f"{place_}／{len(rest) + 1}" in page
        assert "复核意见" in page
    assert ["共3005件" in page for page in rest] == [False] * (len(rest) - 1) + [True]
    assert "未审核3003件" in rest[-1]


@pytest.mark.parametrize(
    ("formed", "year", "today", "years"),
    [
        (date(2001, 3, 1), 2001, TODAY, 25),
        (date(2001, 3, 2), 2001, TODAY, 24),
        (date(2000, 2, 29), 2000, date(2025, 2, 28), 25),
        (date(2000, 2, 29), 2000, date(2025, 2, 27), 24),
        (None, 2000, TODAY, 25),
        (None, 2001, TODAY, 24),
        (date(2027, 1, 1), 2027, TODAY, 0),
        (None, None, TODAY, None),
    ],
)
def test_the_age_is_that_by_which_the_list_is_made(
    formed: date | None, year: int | None, today: date, years: int | None
) -> None:
    assert years_since(formed, year, today) == years
