"""The calendar as a file and as versions: round trips, refusals by row and column, which version counts when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from sqlalchemy import func, select

from archive_service.actions.calendars import import_calendar, set_values, timeline_of, version_on
from archive_service.actions.outlines import plain_json
from archive_service.exchange import calendar_sheets
from archive_service.exchange.calendar_files import county_calendar, county_document
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.calendar.comparison import compare
from classification.calendar.model import CalendarInvalid
from classification.calendar.reader import parse
from classification.calendar.timeline import expected_in
from classification.errors import RuleError
from storage.database import journal
from storage.database.calendars import CalendarVersion
from storage.errors import Conflict, Missing

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
MODEL = county_calendar()
DOCUMENT = plain_json(county_document())


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An empty archive."""
    made = build(settings, lambda: NOW)
    set_up(made)
    yield made
    made.sessions.engine.dispose()


def changed(**head: Any) -> dict[str, Any]:
    return {**DOCUMENT, "document": {**DOCUMENT["document"], **head}}


def bare(found: Any) -> Any:
    """The document without the places of its rows and without what says nothing."""
    if isinstance(found, dict):
        return {name: bare(one) for name, one in found.items() if name != "_place" and one is not None}
    return [bare(one) for one in found] if isinstance(found, list) else found


def test_a_workbook_written_and_read_again_is_the_same_document(tmp_path: Path) -> None:
    calendar_sheets.write(DOCUMENT, tmp_path / "日历.xlsx")
    assert bare(calendar_sheets.read(tmp_path / "日历.xlsx")) == bare(DOCUMENT)


def test_a_folder_of_csv_is_read_as_the_workbook_is(tmp_path: Path) -> None:
    calendar_sheets.write(DOCUMENT, tmp_path / "日历.xlsx")
    for sheet in load_workbook(tmp_path / "日历.xlsx").worksheets:
        lines = [",".join(f'"{str(cell).replace(chr(34), chr(34) * 2)}"' if cell is not None else "" for cell in row)
                 for row in sheet.iter_rows(values_only=True)]  # fmt: skip
        (tmp_path / f"{sheet.title}.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    assert compare(parse(calendar_sheets.read(tmp_path)), MODEL) == ()


def test_a_clerk_writes_cadences_in_chinese_and_every_error_has_its_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "日历.xlsx"
    calendar_sheets.write(DOCUMENT, path)
    book = load_workbook(path)
    sheet = book["记录"]
    column = {str(cell.value): cell.column or 0 for cell in sheet[1]}
    assert sheet.cell(2, column["频次"]).value == "每月"
    sheet.cell(2, column["频次"]).value = "每季度"
    sheet.cell(3, column["频次"]).value = "隔天"
    sheet.cell(4, column["至少几件"]).value = "许多"
    sheet.cell(5, column["制度"]).value = "没有的制度"
    book.save(path)
    with pytest.raises(CalendarInvalid) as refused:
        parse(calendar_sheets.read(path))
    assert [(one.place, one.column) for one in refused.value.problems] == [("记录表第5行", "制度")]
    sheet.cell(5, column["制度"]).value = "leave"
    book.save(path)
    with pytest.raises(CalendarInvalid) as refused:
        parse(calendar_sheets.read(path))
    assert [(one.place, one.column) for one in refused.value.problems] == [
        ("记录表第3行", "every"),
        ("记录表第4行", "min"),
    ]
    assert "频次 every" in str(refused.value.problems[0])


@pytest.mark.parametrize("content", [b"nothing", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "日历.xlsx").write_bytes(content)
    with pytest.raises(CalendarInvalid, match="打不开"):
        calendar_sheets.read(tmp_path / "日历.xlsx")
    (tmp_path / "日历.yaml").write_text(yaml.safe_dump([1]))
    with pytest.raises(CalendarInvalid):
        calendar_sheets.read(tmp_path / "日历.yaml")


def test_a_version_is_imported_once_and_all_or_nothing(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = import_calendar(session, OPERATOR, DOCUMENT, NOW)
        assert import_calendar(session, OPERATOR, DOCUMENT, NOW).id == held.id
        assert [one.act for one in journal.history(session, held.id)] == ["calendar_imported"]
        with pytest.raises(Conflict, match=r"2026\.1"):
            import_calendar(session, OPERATOR, changed(banner_zh="别的"), NOW)
        with pytest.raises(CalendarInvalid):
            import_calendar(session, OPERATOR, changed(version="2", effective_from="明年"), NOW)
        assert session.scalar(select(func.count()).select_from(CalendarVersion)) == 1
        with pytest.raises(Forbidden):
            import_calendar(session, Actor("c", "clerk", "文书", Role.CLERK, "v"), DOCUMENT, NOW)


def test_what_the_county_says_counts_from_its_day_and_the_model_stays_a_model(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        assert [one.version for one in timeline_of(session, MODEL).calendars] == ["2026.1"]
        said = {"party_disclosure_every": "quarter", "eight_situations": "甲、乙、丙、丁、戊、己、庚、辛"}
        made = set_values(session, OPERATOR, MODEL, DOCUMENT, said, date(2026, 7, 1), NOW)
        assert (made.version, made.kind) == ("2026.1+1", "model")
        held = timeline_of(session, MODEL)
        party = [o.period.name for o in expected_in(held, 2026, date(2027, 12, 31)) if o.record == "disc_party"]
        assert party == ["上半年", "第三季度", "第四季度"]
        assert [one["code"] for one in held.of(2027).settings["eight_situations"].value][:2] == ["01", "02"]
        assert (held.of(2026).banner, held.of(2026).settings["party_disclosure_every"].mark) == (MODEL.banner, "county")
        with pytest.raises(RuleError, match="没有改动"):
            set_values(session, OPERATOR, MODEL, DOCUMENT, said, date(2026, 8, 1), NOW)
        again = set_values(session, OPERATOR, MODEL, DOCUMENT, {"default_due_days": "20"}, date(2027, 1, 1), NOW)
        assert again.version == "2026.1+2"
        assert timeline_of(session, MODEL).of(2027).default_due_days == 20
        on = [version_on(session, date(year, month, 1)) for year, month in ((2026, 3), (2026, 9), (2027, 2))]
        assert [one.version for one in on if one] == ["2026.1", "2026.1+1", "2026.1+2"]
        with pytest.raises(Missing):
            version_on(session, date(2026, 1, 1), "9")
