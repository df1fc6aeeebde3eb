"""Bytes that should have gone and were left by a killed process go later; whatever else has no row stays."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive_service.actions import catalogue
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.settings import Settings
from archive_service.tasks.filing import file_records
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.letting_go import let_go_of_withdrawn, remove_left_over
from archive_service.tasks.receiving import keep_another
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive, build
from storage.database import journal
from storage.database.batches import Item, ItemState
from storage.database.journal import JournalEntry
from storage.database.records import File, PageText, Record, RecordState
from storage.objects.areas import STAGING, staging_key
from tests.conftest import NOON

HOUR = 3600


def staged(archive: Archive, seconds_old: int, tail: str) -> str:
    """Bytes without a row, under an id made so long ago."""
    made = int((archive.now().timestamp() - seconds_old) * 1000)
    file_id = f"{made:012x}{tail:0>20}"
    archive.objects.put(staging_key(file_id), io.BytesIO(b"secret"))
    return file_id


def journaled(archive: Archive, file_id: str) -> None:
    with archive.sessions.begin() as session:
        said = {"path": "转发.txt", "file": file_id, "key": staging_key(file_id)}
        journal.write(session, archive.now(), "system", "bytes_removed", "item", "i", None, said)


def test_only_what_the_journal_says_was_removed_goes(archive: Archive) -> None:
    cut_off, unknown = staged(archive, 2 * HOUR, "a"), staged(archive, 2 * HOUR, "b")
    journaled(archive, cut_off)
    assert remove_left_over(archive) == 1
    assert list(archive.objects.list(STAGING)) == [staging_key(unknown)]
    assert remove_left_over(archive) == 0


def test_what_came_within_the_hour_is_left_to_the_process_that_removes_it(archive: Archive) -> None:
    fresh = staged(archive, HOUR // 2, "a")
    journaled(archive, fresh)
    assert remove_left_over(archive) == 0
    assert archive.objects.exists(staging_key(fresh))


def test_the_store_is_asked_what_it_has_and_not_about_every_removal_there_ever_was(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        journaled(archive, f"{number:032x}")
    waits = staged(archive, 2 * HOUR, "a")
    journaled(archive, waits)
    asked: list[str] = []
    gone = archive.objects.delete
    for name in ("exists", "versions_left", "size", "open"):
        monkeypatch.setattr(archive.objects, name, asked.append)

    def delete(key: str) -> None:
        asked.append(key)
        gone(key)

    monkeypatch.setattr(archive.objects, "delete", delete)
    assert remove_left_over(archive) == 1
    assert asked == [staging_key(waits)]


def test_an_entry_that_names_no_key_is_passed_over(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        journal.write(session, archive.now(), "system", "bytes_removed", "item", "i", None, {"path": "转发.txt"})
    assert remove_left_over(archive) == 0


class Clock:
    """Noon, and as many days later as a test says."""

    days = 0

    def __call__(self) -> datetime:
        return NOON + timedelta(days=self.days)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def county(settings: Settings, now: Clock) -> Archive:
    made = build(settings, now)
    made.prepare()
    set_up(made)
    with made.sessions.begin() as session:
        add_village(session, OPERATOR, made.now(), "石门槛村", "V012")
    return made


def handed_in(county: Archive, folder: Path, **texts: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(f"石门槛村{text}\n2024年3月5日\n", encoding="utf-8")
    hand_in(county, OPERATOR, "石门槛村", folder)


def withdrawn(county: Archive, title_of: str) -> str:
    """Withdraw the record of that file; returns the storage key of its bytes."""
    with county.sessions.begin() as session:
        file = session.scalars(select(File).where(File.path == f"{title_of}.txt")).one()
        catalogue.withdraw(session, OPERATOR, file.record_id or "", "不是档案", county.now())
        return file.storage_key


def test_what_was_withdrawn_is_kept_for_the_time_the_county_sets_and_then_let_go(
    county: Archive, now: Clock, tmp_path: Path
) -> None:
    handed_in(county, tmp_path / "村", 留="要留的通知", 撤="不要的便条")
    key = withdrawn(county, "撤")
    now.days = 90
    assert let_go_of_withdrawn(county) == 0
    assert county.objects.exists(key)
    now.days = 91
    assert let_go_of_withdrawn(county) == 1
    assert not county.objects.exists(key)
    assert len(list(county.objects.list(STAGING))) == 1
    assert let_go_of_withdrawn(county) == 0
    with county.sessions.read() as session:
        record = session.scalars(select(Record).where(Record.state == RecordState.WITHDRAWN)).one()
        [entry] = session.scalars(select(JournalEntry).where(JournalEntry.act == "bytes_removed"))
        assert (entry.object_id, entry.details["key"], entry.details["path"]) == (record.id, key, "撤.txt")
        assert [item.state for item in session.scalars(select(Item).order_by(Item.path))] == ["rejected", "proposed"]
        assert [page.text.splitlines()[0] for page in session.scalars(select(PageText))] == ["石门槛村要留的通知"]


def test_what_was_refused_after_it_was_kept_goes_after_the_same_time(
    county: Archive, now: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "村"
    folder.mkdir()
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n")
    hand_in(county, OPERATOR, "石门槛村", folder)
    [key] = county.objects.list(STAGING)
    now.days = 90
    assert let_go_of_withdrawn(county) == 0
    now.days = 91
    assert let_go_of_withdrawn(county) == 1
    assert not county.objects.exists(key)
    with county.sessions.read() as session:
        item = session.scalars(select(Item)).one()
        assert (item.state, item.file_id, item.path) == (ItemState.REJECTED, None, "坏.pdf")
        [entry] = session.scalars(select(JournalEntry).where(JournalEntry.act == "bytes_removed"))
        assert (entry.object_type, entry.object_id, entry.details["why"]) == ("item", item.id, "refused")


def test_what_a_kill_left_between_row_and_bytes_goes_with_the_next_sweep(
    county: Archive, now: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in(county, tmp_path / "村", 撤="不要的便条")
    key = withdrawn(county, "撤")
    now.days = 91
    with monkeypatch.context() as killed:
        killed.setattr("archive_service.tasks.letting_go.remove", lambda *_: None)
        let_go_of_withdrawn(county)
    assert county.objects.exists(key)
    # Ids carry the time of this machine, and the sweep leaves alone what came within the hour.
    now.days = 10_000
    assert remove_left_over(county) == 1
    assert not county.objects.exists(key)


def test_bytes_on_which_a_duplicate_stands_stay(county: Archive, now: Clock, tmp_path: Path) -> None:
    handed_in(county, tmp_path / "村", 一="同样的话", 二="同样的话")
    key = withdrawn(county, "一")
    now.days = 91
    assert let_go_of_withdrawn(county) == 0
    with county.sessions.read() as session:
        twin = session.scalars(select(Item).where(Item.state == ItemState.DUPLICATE)).one()
    keep_another(county, OPERATOR, twin, key, "二.txt")
    assert let_go_of_withdrawn(county) == 1
    assert len(list(county.objects.list(STAGING))) == 1


def test_what_is_archived_is_never_touched(county: Archive, now: Clock, tmp_path: Path) -> None:
    handed_in(county, tmp_path / "村", 归="村民代表会议纪要")
    with county.sessions.begin() as session:
        rules = rule_book(session)
        record = session.scalars(select(Record)).one()
        catalogue.describe(session, OPERATOR, record.id, {"series": "WS-DQ-01"}, rules, county.now())
        catalogue.accept(session, OPERATOR, [record.id], rules, county.now())
    [filed] = file_records(county, OPERATOR, [record.id])
    assert filed.error is None
    sync_index(county)
    seal_journal(county)
    now.days = 5000
    assert let_go_of_withdrawn(county) == 0
    assert verify(county).faults == []
