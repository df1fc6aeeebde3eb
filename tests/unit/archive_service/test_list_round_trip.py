"""The list of records goes out, is edited and comes back: checked whole; only what was edited changes, and once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from archive_service.actions import catalogue
from archive_service.actions.list_columns import columns_of
from archive_service.actions.lists import Changed, import_list, is_exported
from archive_service.actions.outlines import import_outline
from archive_service.actions.record_lists import Wanted, list_columns, list_rows
from archive_service.exchange import list_files, outline_files
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.listing import apply_list, export_list, preview_list, put_aside, taken_up
from archive_service.wiring import Archive
from storage.database.journal import JournalEntry
from storage.database.organisations import Village
from storage.database.records import Record, RecordState
from storage.errors import Conflict
from storage.objects.ocfl import record_urn

ROWS = (
    ("题名", "日期", "责任者", "条目", "备注"),
    ("关于修路的通知", "2019年3月5日", "石门槛村民委员会", "WS-CW-01", ""),
    ("=1+1 的算式", "1998年", "会计室", "WS-CW-01", "-3 页"),
    ("关于打井的通知", "民国三十七年", "石门槛村民委员会", "WS-CW-01", ""),
)


@pytest.fixture
def county(archive: Archive, tmp_path: Path) -> Archive:
    """Two villages; the first has three papers that came with a list."""
    content = outline_files.read(Path("classification/outlines/yunling-model.yaml"))
    listed = tmp_path / "目录.xlsx"
    book = openpyxl.Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
        for cell in book.worksheets[0][book.worksheets[0].max_row]:
            cell.data_type = "s"
    book.save(listed)
    with archive.sessions.begin() as session:
        import_outline(session, OPERATOR, content, archive.now())
        session.add(Village(id="v1", fonds="V001", name="石门槛村", township="望溪镇", aliases=[]))
        session.add(Village(id="v2", fonds="V002", name="青石坳村", township="望溪镇", aliases=[]))
        session.flush()
        import_list(session, OPERATOR, "v1", listed, "directory", rule_book(session), archive.now())
    return archive


def exported(archive: Archive, path: Path, actor: Actor = OPERATOR, wanted: Wanted = Wanted()) -> Path:  # noqa: B008  a frozen value
    export_list(archive, actor, wanted, path)
    return path


def edited(path: Path, title: str, changes: Mapping[str, str]) -> None:
    """As a person does it in Excel: find the row by its title, write into some cells, save."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[names.index("题名")].value == title)
    for name, text in changes.items():
        row[names.index(name)].value = text
    book.save(path)


def titled(archive: Archive, title: str) -> Record:
    with archive.sessions.read() as session:
        return session.scalars(select(Record).where(Record.title == title)).one()


def entries(archive: Archive) -> int:
    with archive.sessions.read() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def refused(archive: Archive, path: Path, actor: Actor = OPERATOR) -> list[str]:
    with pytest.raises(ListInvalid) as why:
        apply_list(archive, actor, path)
    return [str(one) for one in why.value.problems]


@pytest.mark.parametrize("name", ["清单.xlsx", "清单.csv"])
def test_a_list_that_was_not_edited_changes_nothing(county: Archive, tmp_path: Path, name: str) -> None:
    before = entries(county)
    done = apply_list(county, OPERATOR, exported(county, tmp_path / name))
    assert (done.rows, done.number) == (3, 0)
    assert entries(county) == before


def test_only_the_edited_cells_are_changed_and_the_same_list_again_changes_nothing(
    county: Archive, tmp_path: Path
) -> None:
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "关于修路的通知", {"日期": "2019年4月", "人物": "周长寿；李根生", "利用范围": "公开"})
    done = apply_list(county, OPERATOR, path)
    found = titled(county, "关于修路的通知")
    assert (done.rows, done.number) == (3, 1)
    assert (found.date_wording, found.people, found.access) == ("2019年4月", ["周长寿", "李根生"], "public")
    assert found.responsible == "石门槛村民委员会"
    before = entries(county)
    assert apply_list(county, OPERATOR, path).number == 0
    assert entries(county) == before


def test_a_preview_says_what_would_change_and_changes_nothing(county: Archive, tmp_path: Path) -> None:
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "关于打井的通知", {"文号": "石村〔1948〕3号"})
    done = preview_list(county, OPERATOR, path)
    assert [(one.number, one.lines) for one in done.shown] == [(4, (("文号", "", "石村〔1948〕3号"),))]
    assert titled(county, "关于打井的通知").doc_number == ""


def test_one_wrong_cell_and_nothing_is_changed_each_named_by_row_and_column(county: Archive, tmp_path: Path) -> None:
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "关于修路的通知", {"文号": "石村〔2019〕3号"})
    edited(path, "=1+1 的算式", {"日期": "昨天下午", "条目": "没有的条目", "题名": ""})
    edited(path, "关于打井的通知", {"利用范围": "绝密", "编号（勿改）": "随便写的"})
    said = refused(county, path)
    assert [one.split("：")[0] for one in said] == [
        "第 3 行·题名",
        "第 3 行·日期",
        "第 3 行·条目",
        "第 4 行·编号（勿改）",
    ]
    assert titled(county, "关于修路的通知").doc_number == ""


def test_what_another_changed_meanwhile_is_a_conflict_of_that_row_and_an_untouched_row_is_left(
    county: Archive, tmp_path: Path
) -> None:
    path = exported(county, tmp_path / "清单.xlsx")
    for title in ("关于修路的通知", "关于打井的通知"):
        found = titled(county, title)
        with county.sessions.begin() as session:
            at = county.now() + timedelta(minutes=1)
            catalogue.describe(session, OPERATOR, found.id, {"note": "别人写的"}, rule_book(session), at)
    edited(path, "关于修路的通知", {"文号": "石村〔2019〕3号"})
    assert refused(county, path) == ["第 2 行·文号：这一件导出以后被operator改过，没有覆盖；请重新导出再改这一行。"]
    edited(path, "关于修路的通知", {"文号": ""})
    assert apply_list(county, OPERATOR, path).number == 0
    assert titled(county, "关于打井的通知").note == "别人写的"


def test_a_clerk_of_another_village_neither_gets_nor_changes_it(county: Archive, tmp_path: Path) -> None:
    neighbour = Actor("n", "neighbour", "邻村", Role.CLERK, "v2")
    assert export_list(county, neighbour, Wanted(), tmp_path / "邻村.xlsx") == 0
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "关于修路的通知", {"文号": "1号"})
    assert refused(county, path, neighbour)[0] == "第 2 行·编号（勿改）：没有这件档案，或者您不能查看它。"


def archived(county: Archive, title: str) -> str:
    found = titled(county, title)
    with county.sessions.begin() as session:
        catalogue.accept(session, OPERATOR, [found.id], rule_book(session), county.now())
    assert [one.error for one in file_records(county, OPERATOR, [found.id])] == [None]
    return found.id


def test_what_is_archived_changes_by_a_new_version_with_a_reason_and_never_its_series(
    county: Archive, tmp_path: Path
) -> None:
    record_id = archived(county, "关于修路的通知")
    code = titled(county, "关于修路的通知").code
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "关于修路的通知", {"文号": "石村〔2019〕3号"})
    assert refused(county, path) == ["第 2 行·修改理由：这一件已经归档，改动要写明理由。"]
    edited(path, "关于修路的通知", {"条目": "WS-CW-02", "修改理由": "漏抄文号"})
    assert refused(county, path) == ["第 2 行·条目：已经归档，档号和期限由它而来，不再改。"]
    edited(path, "关于修路的通知", {"条目": "WS-CW-01"})
    assert apply_list(county, OPERATOR, path).revised == [record_id]
    found = titled(county, "关于修路的通知")
    assert (found.state, found.version, found.doc_number, found.code) == (
        RecordState.ARCHIVED, 2, "石村〔2019〕3号", code,
    )  # fmt: skip
    held = county.root.read(record_urn(record_id))
    assert [one.message for one in held.inventory.versions] == ["归档", "更正：漏抄文号"]
    told = [json.loads(county.root.content(held, version=number))["doc_number"] for number in (1, 2)]
    assert told == ["", "石村〔2019〕3号"]
    assert apply_list(county, OPERATOR, path).number == 0


def test_a_clerk_cannot_revise_what_is_archived(county: Archive, tmp_path: Path) -> None:
    archived(county, "关于修路的通知")
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "关于修路的通知", {"文号": "1号", "修改理由": "漏抄"})
    assert "不能把材料归档" in refused(county, path, Actor("c", "clerk", "村档案员", Role.CLERK, "v1"))[0]


def test_a_filter_narrows_the_list(county: Archive) -> None:
    with county.sessions.read() as session:
        rules = rule_book(session)
        for wanted, number in ((Wanted(first_year=1990), 2), (Wanted(last_year=1950), 1), (Wanted(class_id="ZP"), 0)):
            columns = list_columns(session, OPERATOR, wanted, rules)
            assert len(list(list_rows(session, OPERATOR, wanted, rules, columns))) == number


def test_the_elements_of_a_kind_go_out_and_come_back(county: Archive, tmp_path: Path) -> None:
    new = tmp_path / "照片.xlsx"
    list_files.write_template("照片", columns_of("photo"), new)
    edited_template = openpyxl.load_workbook(new)
    names = [cell.value for cell in edited_template.worksheets[0][1]]
    edited_template.worksheets[0].append(["开渠合影" if name == "题名" else None for name in names])
    edited_template.save(new)
    with county.sessions.begin() as session:
        import_list(session, OPERATOR, "v1", new, None, rule_book(session), county.now())
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "开渠合影", {"照片：摄影者": "周明发", "照片：事由": "开渠"})
    assert apply_list(county, OPERATOR, path).number == 1
    assert titled(county, "开渠合影").fields == {"photographer": "周明发", "event": "开渠"}
    edited(path, "关于修路的通知", {"照片：事由": "修路"})
    assert refused(county, path) == ["第 2 行·照片：事由：这一件没有这一项，请空着。"]


def test_an_exported_list_is_told_from_a_new_one(county: Archive, tmp_path: Path) -> None:
    assert is_exported(exported(county, tmp_path / "清单.csv"))
    assert not is_exported(tmp_path / "目录.xlsx")


def test_the_list_that_was_looked_at_is_the_one_that_is_taken(county: Archive, tmp_path: Path) -> None:
    path = exported(county, tmp_path / "清单.xlsx")
    edited(path, "关于修路的通知", {"文号": "1号"})
    digest = put_aside(county, OPERATOR, path)
    with pytest.raises(Conflict), taken_up(county, OPERATOR, "another"):
        pass
    with taken_up(county, OPERATOR, digest) as again:
        done: Changed = apply_list(county, OPERATOR, again)
    assert done.number == 1
    with pytest.raises(Conflict), taken_up(county, OPERATOR, digest):
        pass
