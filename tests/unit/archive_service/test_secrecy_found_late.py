"""A secrecy marking that only recognition can see: what is not archived goes, what is archived is pointed out."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from archive_service.actions import recognition
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.letting_go import remove
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from ingest.reading import Failure
from storage.database import journal
from storage.database.base import new_id
from storage.database.batches import Batch, Item, ItemState
from storage.database.records import File, OcrState, PageText, Record, RecordState
from storage.objects.areas import DERIVATIVES, STAGING, derivative_key, staging_key

MARKED = "机密★10年\n云岭县水务局文件\n关于某事的通知"
PLAIN = "石门槛村村民代表会议记录\n2019年3月5日"
SENTENCE = "文件上标有“机密★10年”，属于国家秘密标志，不能存入本系统，收到的副本已经清除。"
CRASHED = Failure("crashed", "识别程序意外中止。", "原件没有改动。")


def scanned(archive: Archive, *texts: str, state: RecordState = RecordState.PROPOSED) -> tuple[str, list[str]]:
    """A record with a scan for each text, whose one page was recognised; returns its id and those of the files."""
    set_up(archive)
    with archive.sessions.begin() as session:
        village = add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
        batch = Batch(id=new_id(), village_id=village.id, source="扫描", opened_by="operator", opened_at=archive.now())
        record = Record(
            id=new_id(), village_id=village.id, batch_id=batch.id, state=state, title="扫描件",
            created_at=archive.now(), changed_at=archive.now(), proposals={},
        )  # fmt: skip
        session.add_all([batch, record])
        session.flush()
        files = [_scan(archive, record, position) for position in range(1, len(texts) + 1)]
        session.add_all(files)
        session.flush()
        for file, text in zip(files, texts, strict=True):
            session.add(PageText(file_id=file.id, number=1, text=text, confidence=0.9))
            session.add(
                Item(
                    id=new_id(),
                    batch_id=batch.id,
                    village_id=village.id,
                    path=file.path,
                    state=ItemState.PROPOSED,
                    file_id=file.id,
                    record_id=record.id,
                    received_at=archive.now(),
                )
            )
        return record.id, [file.id for file in files]


def _scan(archive: Archive, record: Record, position: int) -> File:
    file_id = new_id()
    archive.objects.put(staging_key(file_id), io.BytesIO(b"scan"))
    # Drawn while the file still belonged to another record.
    archive.objects.put(derivative_key(new_id(), file_id, "page-1-400.jpg"), io.BytesIO(b"picture"))
    return File(
        id=file_id, record_id=record.id, village_id=record.village_id, position=position, name=f"{position}.jpg",
        path=f"{position}.jpg", size=4, sha256="0" * 64, sha512="0" * 128, storage_key=staging_key(file_id),
        mime="image/jpeg", page_count=1, ocr_state=OcrState.PENDING, ocr_attempts=1, received_at=archive.now(),
    )  # fmt: skip


def close(archive: Archive, file_id: str, failure: Failure | None = None) -> dict[str, str]:
    with archive.sessions.begin() as session:
        gone = recognition.close(session, file_id, failure, rule_book(session), archive.now())
    remove(archive, gone)
    return gone


def acts(archive: Archive, object_id: str) -> list[str]:
    with archive.sessions.read() as session:
        return [entry.act for entry in journal.history(session, object_id)]


def kept(archive: Archive) -> list[str]:
    return [key for area in (STAGING, DERIVATIVES) for key in archive.objects.list(area)]


@pytest.mark.parametrize("state", [RecordState.PROPOSED, RecordState.ACCEPTED])
def test_a_marked_scan_is_withdrawn_with_its_attachments(archive: Archive, state: RecordState) -> None:
    record_id, [marked, attachment] = scanned(archive, MARKED, PLAIN, state=state)
    assert set(close(archive, marked)) == {marked, attachment}
    with archive.sessions.read() as session:
        assert session.get_one(Record, record_id).state == RecordState.WITHDRAWN
        items = session.scalars(select(Item)).all()
        assert {(item.state, item.reason_code, item.reason, item.file_id) for item in items} == {
            ("rejected", "secret", SENTENCE, None)
        }
        assert session.scalars(select(File)).all() == []
        assert session.scalars(select(PageText)).all() == []
    assert kept(archive) == []
    assert acts(archive, record_id) == ["record_withdrawn"]
    assert acts(archive, items[0].id) == ["item_unreadable", "bytes_removed"]


def test_a_marking_on_an_attachment_counts_too(archive: Archive) -> None:
    record_id, [_, attachment] = scanned(archive, PLAIN, MARKED)
    close(archive, attachment)
    with archive.sessions.read() as session:
        assert session.get_one(Record, record_id).state == RecordState.WITHDRAWN


def test_a_marking_is_acted_on_even_where_later_pages_failed(archive: Archive) -> None:
    _, [marked] = scanned(archive, MARKED)
    close(archive, marked, CRASHED)
    assert kept(archive) == []


def test_other_files_and_their_pictures_stay(archive: Archive) -> None:
    _, [plain] = scanned(archive, PLAIN)
    before = kept(archive)
    assert close(archive, plain) == {}
    assert len(before) == 2
    assert kept(archive) == before


@pytest.mark.parametrize("state", [RecordState.ARCHIVING, RecordState.ARCHIVED])
def test_what_is_archived_stays_as_it_is_and_is_pointed_out_once(archive: Archive, state: RecordState) -> None:
    record_id, [marked] = scanned(archive, MARKED, state=state)
    before = kept(archive)
    assert close(archive, marked, CRASHED) == {}
    assert close(archive, marked) == {}
    assert kept(archive) == before
    assert acts(archive, record_id) == ["secrecy_found"]
    with archive.sessions.read() as session:
        [warning] = session.get_one(File, marked).details["warnings"]
        assert session.get_one(Record, record_id).state == state
        assert session.get_one(File, marked).ocr_state == OcrState.DONE
    assert "机密★10年" in warning
    assert "档案没有改动" in warning
