"""The database and the index are lost; the store alone brings back what was archived, and counting goes on."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, intake
from archive_service.actions import reading as reading_action
from archive_service.actions.intake import Received
from archive_service.actions.outlines import import_outline
from archive_service.actions.villages import add_village
from archive_service.exchange import outline_files
from archive_service.permissions import NAMED_CLASSES, OPERATOR, Actor, Role
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records, finish_cut_off
from archive_service.tasks.keeping import keep_pages
from archive_service.tasks.rebuilding import rebuild_database, rebuild_index
from archive_service.tasks.receiving import keep
from archive_service.tasks.setting_up import model_outline
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive, build
from ingest.reading import Extraction, Fact, Facts, FileFormat, Kinsman, Page, ProposedDate, Reading
from storage.database.batches import Batch, Item, ItemState
from storage.database.codes import CodeCounter, GivenCode
from storage.database.journal import JournalEntry, SealedActs
from storage.database.learning import LearnedFeature
from storage.database.organisations import Village, village_named
from storage.database.outlines import OutlineVersion
from storage.database.records import File, Kin, PageText, Record, RecordState
from storage.errors import Conflict

ARCHIVIST = Actor("a", "wang", "王档案", Role.ARCHIVIST, None, NAMED_CLASSES)
SERIES = "WS-DQ-01"
TEXTS = ("石门槛村党支部工作总结，全年发展党员三名。", "石门槛村村规民约，共十二条。", "石门槛村灌溉渠维修会议记录。")


def reading_of(title: str, text: str) -> Reading:
    """A reading as a text file would give it."""
    day = ProposedDate("2019年3月5日", date(2019, 3, 5), date(2019, 3, 5), "exact", "正文")
    pages = (Page(1, text), Page(2, "第二页", 0.91))
    kin = (Kinsman("I1", "石大山", {"字": "子高"}, "M", "德"),)
    return Reading(
        FileFormat("text/plain", "纯文本", "txt"),
        Extraction(pages, {}, 2, people=kin),
        Facts(title=Fact(title, "正文"), date=day, people=(Fact("石大山", "正文"),)),
    )


@pytest.fixture(scope="module")
def outline() -> Mapping[str, Any]:
    return outline_files.read(model_outline())


@pytest.fixture
def stocked(archive: Archive, outline: Mapping[str, Any]) -> Archive:
    """Two archived records, one accepted and not archived, everything sealed and indexed."""
    aliases = [{"name": "红旗大队", "from": 1958}]
    with archive.sessions.begin() as session:
        import_outline(session, OPERATOR, outline, archive.now())
        add_village(session, OPERATOR, archive.now(), "石门槛村", "V012", "望溪镇", aliases)
    ids = [receive(archive, f"手稿/{number}.txt", text) for number, text in enumerate(TEXTS, 1)]
    assert [one.error for one in file_records(archive, ARCHIVIST, ids[:2])] == [None, None]
    settle(archive)
    return archive


def receive(archive: Archive, path: str, text: str) -> str:
    """Hand one file in and accept what was read."""
    received = keep(archive, path, path.encode("gbk"), io.BytesIO(text.encode()))
    assert isinstance(received, Received)
    with archive.sessions.begin() as session:
        home = village_named(session, "石门槛村")
        batch = intake.open_batch(session, ARCHIVIST, home.id, path, None, archive.now())
        item = intake.receive(session, batch, received, archive.now())
        session.flush()
        rules = rule_book(session)
        record = reading_action.take_in(session, item.id, reading_of(text[:8], text), rules, archive.now())
        assert record is not None
        session.flush()
        catalogue.describe(session, ARCHIVIST, record.id, {"series": SERIES}, rules, archive.now())
        catalogue.accept(session, ARCHIVIST, [record.id], rules, archive.now())
        return record.id


def settle(archive: Archive) -> None:
    sync_index(archive)
    seal_journal(archive)


def lose(archive: Archive) -> Archive:
    """The disk with the database and the index is gone; only the store is left."""
    archive.sessions.engine.dispose()
    data = archive.settings.data
    for path in data.iterdir():
        if path.name != "store":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return build(archive.settings, archive.clock)


def rows(session: Session, table: type, *leave_out: str, where: Sequence[object] = ()) -> list[dict[str, object]]:
    names = [column.name for column in table.__table__.columns if column.name not in leave_out]  # type: ignore[attr-defined]  # every table has it
    found = session.scalars(select(table).where(*where)).all()  # type: ignore[arg-type]  # conditions
    return sorted(({name: getattr(one, name) for name in names} for one in found), key=repr)


def archival(archive: Archive) -> dict[str, list[dict[str, object]]]:
    """Everything that must come back, in comparable form."""
    filed = select(Record.id).where(Record.state == RecordState.ARCHIVED)
    files = select(File.id).where(File.record_id.in_(filed))
    with archive.sessions.read() as session:
        return {
            "villages": rows(session, Village),
            "outlines": rows(session, OutlineVersion),
            "records": rows(session, Record, "changed_at", "confident", where=[Record.id.in_(filed)]),
            "files": rows(session, File, where=[File.id.in_(files)]),
            "pages": rows(session, PageText, where=[PageText.file_id.in_(files)]),
            "kin": rows(session, Kin, where=[Kin.record_id.in_(filed)]),
            "codes": rows(session, GivenCode),
            "counters": rows(session, CodeCounter),
            "items": rows(session, Item, "attempts", where=[Item.state == ItemState.ARCHIVED]),
            "journal": rows(session, JournalEntry, "seal_id", where=[JournalEntry.act != "database_rebuilt"]),
            "acts": rows(session, SealedActs),
        }


def test_the_store_alone_brings_everything_archived_back(stocked: Archive) -> None:
    before = archival(stocked)
    assert [len(before[name]) for name in ("villages", "outlines", "records", "files", "pages", "codes")] == [
        1,
        1,
        2,
        2,
        4,
        2,
    ]
    again = lose(stocked)
    rebuilt = rebuild_database(again)
    assert (rebuilt.records, rebuilt.faults) == (2, [])
    assert archival(again) == before
    assert rebuild_index(again) == 2


def test_the_next_code_goes_on_where_the_last_one_stopped(stocked: Archive) -> None:
    with stocked.sessions.read() as session:
        given = sorted(session.scalars(select(GivenCode.code)))
    again = lose(stocked)
    rebuild_database(again)
    fresh = receive(again, "另一份.txt", "石门槛村另一份完全不同的材料。")
    (filed,) = file_records(again, ARCHIVIST, [fresh])
    stem, last = given[-1][:-4], int(given[-1][-4:])
    assert filed.code == f"{stem}{last + 1:04d}"


def test_a_code_given_after_the_last_sealing_is_not_given_again(stocked: Archive) -> None:
    """The journal's last minute is lost with the database; the record itself says which number it took."""
    last = receive(stocked, "最后.txt", "石门槛村断电前的最后一份材料。")
    (filed,) = file_records(stocked, ARCHIVIST, [last])
    again = lose(stocked)
    rebuild_database(again)
    fresh = receive(again, "另一份.txt", "石门槛村另一份完全不同的材料。")
    (next_filed,) = file_records(again, ARCHIVIST, [fresh])
    assert filed.code is not None
    assert next_filed.code == f"{filed.code[:-4]}{int(filed.code[-4:]) + 1:04d}"


def test_what_was_archived_is_still_a_duplicate_after_the_rebuild(stocked: Archive) -> None:
    again = lose(stocked)
    rebuild_database(again)
    received = keep(again, "又一次.txt", b"x", io.BytesIO(TEXTS[0].encode()))
    assert isinstance(received, Received)
    with again.sessions.begin() as session:
        home = village_named(session, "石门槛村")
        batch = intake.open_batch(session, ARCHIVIST, home.id, "again", None, again.now())
        assert intake.receive(session, batch, received, again.now()).state == ItemState.DUPLICATE


def test_what_was_learned_from_archived_records_is_learned_again(stocked: Archive) -> None:
    again = lose(stocked)
    rebuild_database(again)
    with again.sessions.read() as session:
        assert session.scalar(select(LearnedFeature.seen).where(LearnedFeature.feature == "")) == 2


def test_a_database_with_content_is_never_rebuilt_over(stocked: Archive) -> None:
    before = archival(stocked)
    with pytest.raises(Conflict, match="没有重建"):
        rebuild_database(stocked)
    assert archival(stocked) == before


def test_a_record_whose_object_is_damaged_is_named_and_the_others_come_back(stocked: Archive) -> None:
    damaged = object_folder(stocked, 0) / "v1" / "content" / "description.json"
    damaged.chmod(0o644)
    damaged.write_bytes(b"\x00")
    again = lose(stocked)
    rebuilt = rebuild_database(again)
    assert rebuilt.records == 1
    assert len(rebuilt.faults) == 1
    assert "没有重建这一份" in rebuilt.faults[0]


def test_pages_recognised_after_archiving_come_back(stocked: Archive) -> None:
    with stocked.sessions.begin() as session:
        record_id = session.scalars(select(Record.id).where(Record.state == RecordState.ARCHIVED)).first() or ""
        page = session.scalars(
            select(PageText).join(File).where(File.record_id == record_id, PageText.number == 2)
        ).one()
        page.text = "后来识别出来的文字"
    keep_pages(stocked, record_id)
    again = lose(stocked)
    rebuild_database(again)
    with again.sessions.read() as session:
        assert session.scalar(select(func.count()).where(PageText.text == "后来识别出来的文字")) == 1


def test_archiving_takes_the_bytes_out_of_the_staging_area(stocked: Archive) -> None:
    staged = list(stocked.objects.list("staging/"))
    with stocked.sessions.read() as session:
        waiting = list(
            session.scalars(select(File.storage_key).join(Record).where(Record.state == RecordState.ACCEPTED))
        )
    assert staged == waiting
    assert len(staged) == 1


def test_archiving_cut_off_after_the_store_was_written_is_completed(stocked: Archive) -> None:
    with stocked.sessions.begin() as session:
        record = session.scalars(select(Record).where(Record.state == RecordState.ARCHIVED).limit(1)).one()
        record.state, record.version = RecordState.ARCHIVING, 0
    assert finish_cut_off(stocked) == 1
    with stocked.sessions.read() as session:
        assert session.scalar(select(func.count()).where(Record.state == RecordState.ARCHIVED)) == 2


def object_folder(archive: Archive, number: int) -> Path:
    """The folder of one of the archived records."""
    with archive.sessions.read() as session:
        ids = session.scalars(select(Record.id).where(Record.state == RecordState.ARCHIVED).order_by(Record.id)).all()
    return archive.settings.data / "store" / archive.root.read(f"urn:village-archive:record:{ids[number]}").prefix


def test_a_sound_archive_has_no_faults(stocked: Archive) -> None:
    found = verify(stocked)
    assert found.faults == []
    assert (found.records, found.files) == (2, 2)
    assert found.bytes == sum(len(text.encode()) for text in TEXTS[:2])


def test_a_rebuilt_archive_has_no_faults(stocked: Archive) -> None:
    """But for the one copy that was not archived: its row is gone, its bytes are still there."""
    again = lose(stocked)
    rebuild_database(again)
    rebuild_index(again)
    seal_journal(again)
    assert verify(again).faults == []


def test_a_changed_byte_is_named(stocked: Archive) -> None:
    (original,) = (object_folder(stocked, 1) / "v1" / "content" / "files").iterdir()
    original.chmod(0o644)
    original.write_bytes(original.read_bytes().replace(b"\xe5", b"\xe6"))
    (fault,) = verify(stocked).faults
    assert original.name in fault
    assert "与归档时不同" in fault
    assert verify(stocked, fixity=False).faults == []


def test_a_lost_original_and_a_lost_object_are_named(stocked: Archive) -> None:
    (original,) = (object_folder(stocked, 0) / "v1" / "content" / "files").iterdir()
    original.unlink()
    shutil.rmtree(object_folder(stocked, 1))
    first, second = verify(stocked, fixity=False).faults
    assert "缺少" in first
    assert "在档案库里没有" in second


def test_a_record_that_only_the_store_knows_is_named(stocked: Archive) -> None:
    again = lose(stocked)
    again.prepare()
    faults = verify(again, fixity=False).faults
    assert len([fault for fault in faults if "record" in fault and "在数据库里没有" in fault]) == 2


def test_a_changed_journal_is_named(stocked: Archive) -> None:
    with stocked.sessions.begin() as session:
        entry = session.scalars(select(JournalEntry).limit(1)).one()
        entry.actor = "nobody"
    assert any(f"日志 {entry.id} 被改动过" in fault for fault in verify(stocked).faults)


def test_a_staged_file_that_is_gone_is_named(stocked: Archive) -> None:
    (key,) = stocked.objects.list("staging/")
    stocked.objects.delete(key)
    (fault,) = verify(stocked).faults
    assert "手稿/3.txt" in fault


def test_a_batch_comes_back_with_its_name(stocked: Archive) -> None:
    again = lose(stocked)
    rebuild_database(again)
    with again.sessions.read() as session:
        assert sorted(session.scalars(select(Batch.source))) == ["手稿/1.txt", "手稿/2.txt"]
