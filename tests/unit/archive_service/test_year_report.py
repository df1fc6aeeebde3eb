"""The report of a village's year on paper and as a workbook: its lists, its sums, whose rule it follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.tasks.year_reports import print_year_report
from archive_service.wiring import Archive
from storage.database.journal import JournalEntry
from tests.conftest import NOON


@pytest.fixture
def home(archive: Archive) -> str:
    with archive.sessions.begin() as session:
        return add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇").id


def test_the_workbook_has_the_systems_what_to_ask_for_and_the_lists_of_law(
    archive: Archive, home: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.xlsx"
    assert print_year_report(archive, OPERATOR, home, 2026, "xlsx", path) == "石门槛村2026年齐全情况报告"
    book = load_workbook(path, read_only=True)
    cells = [
        [str(cell or "") for cell in row] for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)
    ]
    first = [row[0] for row in cells]
    # Fourteen systems, in the order of the calendar, then their sum.
    start = first.index("值班（坐班）制度")
    assert (first[start + 13], first[start + 14]) == ("村级档案管理", "合计")
    said = "\n".join("|".join(row) for row in cells)
    for wanted in ("全宗号：V012", "示范", "向谁要", "会议记录", "法律", "外地规定", "未见只是这里还没有"):
        assert wanted in said
    # On 1 March 2026 the finance of January is due and was not handed in: the village is asked.
    assert any(row[1:4] == ["石门槛村", "财务公开", "1月"] for row in cells)
    book.close()


def test_the_pdf_says_the_same_and_that_it_was_printed_is_journaled(
    archive: Archive, home: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.pdf"
    print_year_report(archive, OPERATOR, home, 2026, "pdf", path)
    assert path.read_bytes().startswith(b"%PDF")
    with archive.sessions.read() as session:
        said = session.scalars(select(JournalEntry).where(JournalEntry.act == "form_printed")).one()
    assert (said.details["form"], said.village_id) == ("石门槛村2026年齐全情况报告", home)


def test_who_catalogues_elsewhere_gets_none(archive: Archive, home: str, tmp_path: Path) -> None:
    clerk = Actor("c", "green", "青石坳", Role.CLERK, "another")
    with pytest.raises(Forbidden):
        print_year_report(archive, clerk, home, 2026, "pdf", tmp_path / "none.pdf")
    assert not (tmp_path / "none.pdf").exists()
