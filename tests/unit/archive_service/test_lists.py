"""Lists: every row a proposed record, or none; what is wrong is named by row and column; the same list adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from archive_service.actions.list_columns import DIRECTORY, NAMES, columns_of, kind_of
from archive_service.actions.lists import Imported, import_list
from archive_service.actions.outlines import import_outline
from archive_service.exchange import list_files, outline_files
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.rulebook import rule_book
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.journal import JournalEntry
from storage.database.organisations import Village
from storage.database.outbox import backlog
from storage.database.records import Record

HEADER = ("题名", "日期", "责任者", "文号", "条目", "利用范围", "人物", "页数", "备注")
CONTRACT = (
    "周长寿土地承包合同",
    "1998年12月25日",
    "石门槛村民委员会",
    "望石承字第0217号",
    "WS-TD-02",
    "",
    "周长寿、周明发",
    2,
    "",
)
VILLAGE = "v1"


@pytest.fixture
def county(archive: Archive) -> Archive:
    """An archive with the model outline and one village."""
    content = outline_files.read(Path("classification/outlines/yunling-model.yaml"))
    with archive.sessions.begin() as session:
        import_outline(session, OPERATOR, content, archive.now())
        session.add(Village(id=VILLAGE, fonds="V001", name="石门槛村", township="望溪镇", aliases=[]))
    return archive


def workbook(path: Path, rows: Sequence[Sequence[object]], sheet: str = "归档目录") -> Path:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def imported(archive: Archive, path: Path, kind: str | None = None, actor: Actor = OPERATOR) -> Imported:
    with archive.sessions.begin() as session:
        return import_list(session, actor, VILLAGE, path, kind, rule_book(session), archive.now())


def records(archive: Archive) -> list[Record]:
    """Every record by title: ids made within a millisecond have no order."""
    with archive.sessions.read() as session:
        return list(session.scalars(select(Record).order_by(Record.title)))


def problems(archive: Archive, path: Path, kind: str | None = None) -> list[str]:
    with pytest.raises(ListInvalid) as refused:
        imported(archive, path, kind)
    return [str(one) for one in refused.value.problems]


def test_a_row_of_a_directory_is_a_proposed_record_as_listed(county: Archive, tmp_path: Path) -> None:
    done = imported(county, workbook(tmp_path / "目录.xlsx", [("石门槛村归档目录",), HEADER, CONTRACT]))
    (found,) = records(county)
    assert (done.records, found.batch_id, found.state, found.kind) == (1, done.batch_id, "proposed", "document")
    assert (found.title, found.doc_number, found.page_count) == ("周长寿土地承包合同", "望石承字第0217号", 2)
    assert (found.earliest, found.latest, found.year) == (date(1998, 12, 25), date(1998, 12, 25), 1998)
    assert (found.people, found.series_id, found.class_id) == (["周长寿", "周明发"], "WS-TD-02", "WS-TD")
    assert found.retention is not None
    assert found.proposals["title"]["source"] == "取自清单“目录.xlsx”第 3 行"


def test_a_row_without_a_series_gets_a_suggestion_with_its_reasons(county: Archive, tmp_path: Path) -> None:
    row = ("石门槛村村民代表会议记录", "2024年3月12日")
    imported(county, workbook(tmp_path / "目录.xlsx", [HEADER[:2], row]))
    (found,) = records(county)
    assert found.proposals["series"][0]["series"] == "WS-MZ-02"
    assert found.proposals["series"][0]["reasons"]


def test_series_and_access_may_be_given_by_name_and_access_follows_the_series(county: Archive, tmp_path: Path) -> None:
    rows = [
        ("题名", "条目", "利用范围"),
        ("一", "党员大会、支部委员会会议记录", ""),
        ("二", "WS-TD-02", "涉个人信息"),
    ]
    imported(county, workbook(tmp_path / "目录.xlsx", rows))
    assert [(one.title, one.series_id, one.access) for one in records(county)] == [
        ("一", "WS-DQ-01", "party"),
        ("二", "WS-TD-02", "personal"),
    ]


def test_dates_typed_as_dates_are_read_as_the_sheet_shows_them(county: Archive, tmp_path: Path) -> None:
    rows = [("题名", "成文日期"), ("A", date(2019, 3, 5)), ("B", 1958), ("C", "民国三十七年")]
    imported(county, workbook(tmp_path / "目录.xlsx", rows))
    assert [(one.earliest, one.latest) for one in records(county)] == [
        (date(2019, 3, 5), date(2019, 3, 5)),
        (date(1958, 1, 1), date(1958, 12, 31)),
        (date(1948, 1, 1), date(1948, 12, 31)),
    ]


def test_what_another_directory_says_is_kept_in_the_note_and_row_numbers_are_not(
    county: Archive, tmp_path: Path
) -> None:
    rows = [("序号", "档号", "题名", "保管期限", "备注"), (1, "12-1-3", "甲", "长期", "虫蛀")]
    imported(county, workbook(tmp_path / "目录.xlsx", rows))
    assert records(county)[0].note == "虫蛀\n原目录：档号 12-1-3，保管期限 长期。"


def test_every_fault_is_named_by_row_and_column_and_nothing_is_imported(county: Archive, tmp_path: Path) -> None:
    rows = [
        (*HEADER, "密级"),
        CONTRACT,
        ("", "2024年", "", "", "", "", "", "", ""),
        ("乙", "二月三十一", "", "", "WS-XX-99", "绝对公开", "", "两页", "", "机密"),
        ("丙", "2099年1月1日"),
    ]
    path = workbook(tmp_path / "目录.xlsx", rows)
    assert [one.split("：", 1)[0] for one in problems(county, path)] == [
        "第 3 行·题名",
        "第 4 行·密级",
        "第 4 行·页数",
        "第 4 行·日期",
        "第 4 行·条目",
        "第 4 行·利用范围",
        "第 5 行·日期",
    ]
    assert records(county) == []
    with county.sessions.read() as session:
        assert session.scalar(select(func.count()).where(JournalEntry.act == "list_imported")) == 0
        assert backlog(session) == 0


def test_a_fault_after_many_good_rows_takes_them_all_back(county: Archive, tmp_path: Path) -> None:
    rows = [HEADER, *[CONTRACT] * 1200, ("", "1998年")]
    assert problems(county, workbook(tmp_path / "目录.xlsx", rows)) == ["第 1202 行·题名：没有填。"]
    assert records(county) == []


def test_unknown_and_doubled_columns_are_named(county: Archive, tmp_path: Path) -> None:
    path = workbook(tmp_path / "目录.xlsx", [("题名", "文件题名", "颜色"), ("甲", "乙", "红")])
    found = problems(county, path)
    assert found[0].startswith("第 1 行（列名）·颜色：不认识这一列")
    assert found[1] == "第 1 行（列名）·文件题名：这一列出现了两次。"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("甲", "乙"), ("丙", "丁")], "找不到列名"),
        ([("题名", "日期")], "一行也没有"),
    ],
)
def test_a_sheet_without_names_or_rows_is_refused(
    rows: list[tuple[str, str]], said: str, county: Archive, tmp_path: Path
) -> None:
    assert said in problems(county, workbook(tmp_path / "目录.xlsx", rows))[0]


def test_a_file_that_is_no_workbook_is_refused(county: Archive, tmp_path: Path) -> None:
    path = tmp_path / "目录.xlsx"
    path.write_text("题名,日期\n甲,2024\n", encoding="utf-8")
    assert "存成 XLSX" in problems(county, path)[0]


def test_the_same_list_again_adds_nothing_and_says_so(county: Archive, tmp_path: Path) -> None:
    path = workbook(tmp_path / "目录.xlsx", [HEADER, CONTRACT])
    first = imported(county, path)
    assert imported(county, path) == Imported(first.batch_id, 0, before=True)
    assert len(records(county)) == 1


def test_a_list_is_journaled_once_and_its_records_wait_for_the_index(county: Archive, tmp_path: Path) -> None:
    path = workbook(tmp_path / "目录.xlsx", [HEADER, *[CONTRACT] * 700])
    done = imported(county, path)
    with county.sessions.read() as session:
        (entry,) = session.scalars(select(JournalEntry).where(JournalEntry.act == "list_imported"))
        assert (entry.object_id, entry.details["records"], backlog(session)) == (done.batch_id, 700, 700)
        assert entry.details["sha256"] == list_files.digest(path)


def test_who_may_not_hand_in_for_the_village_imports_nothing(county: Archive, tmp_path: Path) -> None:
    stranger = Actor("a", "liu", "刘", Role.CLERK, "another")
    with pytest.raises(Forbidden):
        imported(county, workbook(tmp_path / "目录.xlsx", [HEADER, CONTRACT]), actor=stranger)


@pytest.mark.parametrize("kind", NAMES)
def test_the_template_of_every_kind_can_be_filled_in_and_imported(kind: str, county: Archive, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    list_files.write_template(NAMES[kind], columns_of(kind), path)
    book = openpyxl.load_workbook(path)
    sheet = book[NAMES[kind]]
    sheet["A2"], sheet["B2"] = "石门槛村一件", "1958年"
    book.save(path)
    assert imported(county, path).records == 1
    assert records(county)[0].kind == ("document" if kind == DIRECTORY else kind)


def test_a_custom_keeps_its_elements_and_several_values_are_several(county: Archive, tmp_path: Path) -> None:
    rows = [
        ("当地名称", "类型", "举行时间", "用品、器物、饮食、服饰", "传承人（知情人）"),
        ("观音桥庙会", "岁时节令", "农历二月十九", "长明灯；彩门", "欧阳文秀、谢老幺"),
    ]
    imported(county, workbook(tmp_path / "民俗.xlsx", rows), "customs")
    (found,) = records(county)
    assert (found.kind, found.title) == ("customs", "观音桥庙会")
    assert found.fields == {
        "local_name": "观音桥庙会",
        "custom_type": "岁时节令",
        "time": "农历二月十九",
        "implements": ["长明灯", "彩门"],
        "bearers": ["欧阳文秀", "谢老幺"],
    }


def test_the_sheets_name_says_the_kind_and_an_unknown_kind_is_refused(county: Archive, tmp_path: Path) -> None:
    assert (kind_of("照片"), kind_of("Sheet1")) == ("photo", DIRECTORY)
    with pytest.raises(RuleError, match="没有“戏曲”"):
        imported(county, workbook(tmp_path / "目录.xlsx", [HEADER, CONTRACT]), "戏曲")
