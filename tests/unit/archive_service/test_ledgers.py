"""Books written row by row: typed, imported all or nothing, handed in as one record, kept in the store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from archive_service.actions import ledgers
from archive_service.actions.ledgers import Added, ledger_evidence
from archive_service.actions.villages import add_village
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.ledger_files import template
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.settings import Settings
from archive_service.tasks.kept_documents import KINDS, keep_documents
from archive_service.tasks.matters import archive_ledger, import_ledger, print_ledger
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.errors import RuleError
from classification.ledgers import BOOKS
from storage.database import journal
from storage.database.ledgers import LedgerBook, LedgerRow, book_of, documents, restore
from storage.database.organisations import village_named
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
DUTY = BOOKS["duty_log"]
ROW = {"on": "2025-03-05", "person": "石大山", "visitors": "3", "matter": "问低保"}


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    made = build(settings, lambda: NOW)
    set_up(made)
    with made.sessions.begin() as session:
        for name, fonds in (("石门槛村", "V012"), ("枫树坪村", "V013")):
            add_village(session, OPERATOR, NOW, name, fonds, "望溪镇")
    yield made
    made.sessions.engine.dispose()


def home(archive: Archive, name: str = "石门槛村") -> str:
    with archive.sessions.read() as session:
        return village_named(session, name).id


def clerk(village: str) -> Actor:
    return Actor("c", "clerk", "文书", Role.CLERK, village)


def add(archive: Archive, row: dict[str, str], actor: Actor = OPERATOR, book: str = "duty_log") -> Added:
    with archive.sessions.begin() as session:
        return ledgers.add_row(session, actor, home(archive), BOOKS[book], row, NOW)


def sheet(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    for row in (("日期", "值班人", "来访人数", "事由"), *rows):
        book.worksheets[0].append(row)
    book.save(path)
    return path


def number(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(LedgerRow)) or 0


def test_a_typed_row_lies_in_the_book_of_its_year_and_in_the_journal(archive: Archive) -> None:
    assert add(archive, ROW, clerk(home(archive))) == Added(1, 0)
    with archive.sessions.read() as session:
        held = book_of(session, home(archive), "duty_log", 2025)
        assert held is not None
        entry = journal.history(session, held.id)[0]
    assert (entry.act, entry.actor, entry.details["rows"]) == ("ledger_rows_added", "clerk", 1)


def test_the_same_row_again_changes_nothing(archive: Archive) -> None:
    add(archive, ROW)
    assert add(archive, {**ROW, "on": "2025年3月5日"}) == Added(0, 1)
    with archive.sessions.read() as session:
        assert number(session) == 1


def test_a_wrong_row_is_refused_with_its_column(archive: Archive) -> None:
    with pytest.raises(RuleError, match="日期：“昨天”不是日期"):
        add(archive, {**ROW, "on": "昨天"})


def test_another_village_is_none_of_the_clerks_business(archive: Archive) -> None:
    with pytest.raises(Forbidden):
        add(archive, ROW, clerk(home(archive, "枫树坪村")))


def test_a_file_is_brought_in_once_however_often_it_is_sent(archive: Archive, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "值班.xlsx", (datetime(2025, 3, 5), "石大山", 3, "问低保"), ("2026-1-4", "高远", None, None)
    )
    actor, village = clerk(home(archive)), home(archive)
    assert import_ledger(archive, actor, village, DUTY, path) == Added(2, 0)
    assert import_ledger(archive, actor, village, DUTY, path) == Added(0, 2)
    with archive.sessions.read() as session:
        years = session.scalars(select(LedgerBook.year).order_by(LedgerBook.year)).all()
        assert (list(years), number(session)) == ([2025, 2026], 2)


def test_one_fault_refuses_the_whole_file_and_every_fault_is_named(archive: Archive, tmp_path: Path) -> None:
    rows = (("2025-03-05", "石大山", 3, ""), ("三月", "石大山", 3, ""), ("2025-03-06", "", "几个", ""))
    with pytest.raises(ListInvalid) as refused:
        import_ledger(archive, OPERATOR, home(archive), DUTY, sheet(tmp_path / "错.xlsx", *rows))
    assert [(one.place, one.column) for one in refused.value.problems] == [
        ("第 3 行", "日期"), ("第 4 行", "值班人"), ("第 4 行", "来访人数"),
    ]  # fmt: skip
    with archive.sessions.read() as session:
        assert number(session) == 0


@pytest.mark.parametrize("book", list(BOOKS))
def test_every_template_can_be_brought_back_when_it_is_filled_in(archive: Archive, tmp_path: Path, book: str) -> None:
    path, columns = tmp_path / "模板.xlsx", BOOKS[book].columns
    template(BOOKS[book], path)
    filled = load_workbook(path)
    samples = {"day": "2025-03-05", "number": 3, "text": "一二三"}
    filled.worksheets[0].append([one.values[0] if one.values else samples[one.kind] for one in columns])
    filled.save(path)
    assert import_ledger(archive, OPERATOR, home(archive), BOOKS[book], path) == Added(1, 0)


def test_a_row_is_taken_out_with_a_reason_and_what_it_said_stays_in_the_journal(archive: Archive) -> None:
    add(archive, ROW)
    with archive.sessions.begin() as session:
        row = session.scalars(select(LedgerRow)).one()
        with pytest.raises(RuleError):
            ledgers.take_out(session, OPERATOR, row.id, " ", NOW)
        with pytest.raises(Missing):
            ledgers.take_out(session, clerk("elsewhere"), row.id, "记错", NOW)
        held = ledgers.take_out(session, OPERATOR, row.id, "记错了日子", NOW)
        entry = journal.history(session, held.id)[-1]
        assert number(session) == 0
    assert (entry.act, entry.details["cells"]["person"], entry.details["reason"]) == (
        "ledger_row_removed", "石大山", "记错了日子",
    )  # fmt: skip


def test_a_book_for_named_persons_shows_others_only_what_they_wrote(archive: Archive) -> None:
    row = {"on": "2025-05-06", "until": "2025-05-08", "person": "石大山", "reason": "看病", "approver": "高远"}
    mine, other = clerk(home(archive)), Actor("d", "other", "另一人", Role.CLERK, home(archive))
    add(archive, row, mine, "leave")
    add(archive, ROW, mine)
    leave = BOOKS["leave"]
    with archive.sessions.begin() as session:

        def seen(actor: Actor, book: str) -> int:
            return len(ledgers.rows_shown(session, actor, home(archive), BOOKS[book], 2025))

        # Leave is personal in the model outline, the duty log internal.
        assert [seen(one, "leave") for one in (mine, other, OPERATOR)] == [1, 0, 1]
        assert [seen(one, "duty_log") for one in (mine, other, OPERATOR)] == [1, 1, 1]
        held = ledgers.rows_shown(session, mine, home(archive), leave, 2025)[0]
        with pytest.raises(Missing):
            ledgers.take_out(session, other, held.id, "记错", NOW)


def test_the_book_of_a_year_becomes_one_record_with_series_and_period(archive: Archive) -> None:
    add(archive, ROW)
    add(archive, {**ROW, "on": "2025-03-06"})
    record_id = archive_ledger(archive, clerk(home(archive)), home(archive), DUTY, 2025)
    with archive.sessions.read() as session:
        record = session.get_one(Record, record_id)
        assert (record.title, record.series_id, record.year) == ("石门槛村2025年村干部值班记录簿", "WS-GB-02", 2025)
        assert (record.earliest, record.latest) == (date(2025, 1, 1), date(2025, 12, 31))
        assert record.state == RecordState.PROPOSED
    with pytest.raises(Conflict):
        archive_ledger(archive, OPERATOR, home(archive), DUTY, 2025)
    with pytest.raises(Conflict):
        add(archive, {**ROW, "on": "2025-03-07"})


def test_the_file_of_the_book_holds_every_row(archive: Archive, tmp_path: Path) -> None:
    add(archive, ROW)
    target = tmp_path / "值班.xlsx"
    assert print_ledger(archive, OPERATOR, home(archive), DUTY, 2025, "xlsx", target).rows == 1
    cells = [cell for row in load_workbook(target).worksheets[0].iter_rows(values_only=True) for cell in row]
    assert {"村干部值班记录簿", "2025-03-05", "石大山", "3", "问低保"} <= set(cells)


def test_a_book_whose_record_was_withdrawn_is_open_again(archive: Archive) -> None:
    add(archive, ROW)
    record_id = archive_ledger(archive, OPERATOR, home(archive), DUTY, 2025)
    with archive.sessions.begin() as session:
        session.get_one(Record, record_id).state = RecordState.WITHDRAWN
    assert add(archive, {**ROW, "on": "2025-03-07"}) == Added(1, 0)
    assert archive_ledger(archive, OPERATOR, home(archive), DUTY, 2025) != record_id


def test_a_year_that_is_not_over_and_a_book_without_rows_are_not_handed_in(archive: Archive) -> None:
    add(archive, {**ROW, "on": "2026-03-05"})
    with pytest.raises(RuleError):
        archive_ledger(archive, OPERATOR, home(archive), DUTY, 2026)
    with pytest.raises(Missing):
        archive_ledger(archive, OPERATOR, home(archive), DUTY, 2024)


def test_rows_settle_what_the_calendar_expects(archive: Archive) -> None:
    add(archive, ROW)
    add(archive, {**ROW, "on": "2025-03-06"})
    meeting = {"chair": "石大山", "topic": "修渠", "outcome": "同意"}
    # 29 December 2025 is the Monday of the first week of 2026.
    for on in ("2025-12-29", "2026-01-02", "2026-01-05"):
        add(archive, {"on": on, **meeting}, book="joint_meetings")
    add(archive, {"on": "2025-02-01", "person": "高远", "matter": "修路"}, book="commitments")
    with archive.sessions.read() as session:
        found = ledger_evidence(session, county_calendar(), [home(archive)], 2025)[home(archive)]
    settled = {(one.record, one.covers.first, one.covers.last, one.reasons[0]) for one in found if one.covers}
    assert settled == {
        ("duty_log", date(2025, 1, 1), date(2025, 12, 31), "村干部值班记录簿里有 2 行"),
        ("weekly_minutes", date(2025, 12, 29), date(2026, 1, 4), "村“两委”联席会议记录簿里有 1 行"),
        ("weekly_minutes", date(2026, 1, 5), date(2026, 1, 11), "村“两委”联席会议记录簿里有 1 行"),
        ("commitment", date(2025, 1, 1), date(2025, 12, 31), "公开承诺台账里有 1 行"),
    }
    assert next(one for one in found if one.record == "commitment").paper.title == "公开承诺台账 高远"


def test_a_book_is_kept_in_the_store_and_comes_back_as_it_was(archive: Archive) -> None:
    add(archive, ROW)
    keep_documents(archive)
    kind = next(one for one in KINDS if one.table is LedgerBook)
    with archive.sessions.begin() as session:
        held = session.scalars(select(LedgerBook)).one()
        assert held.kept
        before = documents(session, [held])
        kept = archive.root.read(f"{kind.prefix}{held.id}")
        said = json.loads(archive.root.content(kept, kind.name))
        session.execute(delete(LedgerRow))
        session.delete(held)
        session.flush()
        restore(session, said)
        session.flush()
        assert documents(session, session.scalars(select(LedgerBook)).all()) == before
