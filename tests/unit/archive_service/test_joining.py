"""A main text and its attachments become one proposed record; what a person parted stays parted."""

from __future__ import annotations

from archive_service.actions import catalogue
from archive_service.actions.joining import join_proposed
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from storage.database.base import new_id
from storage.database.batches import Batch, Item, ItemState, counts_by_state
from storage.database.records import File, Record, RecordState

FOLDER = "镇上发的"
PATHS = (
    f"{FOLDER}/关于村干部集中轮训的通知.docx",
    f"{FOLDER}/附件1 课程表.xlsx",
    f"{FOLDER}/附件2 回执.doc",
    "照片.docx",
)


def handed_in(archive: Archive) -> str:
    """A batch of four files that were read, each a proposal of its own."""
    set_up(archive)
    with archive.sessions.begin() as session:
        village = add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
        batch = Batch(id=new_id(), village_id=village.id, source="轮训", opened_by="operator", opened_at=archive.now())
        session.add(batch)
        for path in PATHS:
            record = Record(
                id=new_id(), village_id=village.id, batch_id=batch.id, state=RecordState.PROPOSED, title=path,
                created_at=archive.now(), changed_at=archive.now(), proposals={},
            )  # fmt: skip
            session.add(record)
            session.flush()
            file = File(
                id=new_id(), record_id=record.id, village_id=village.id, name=path.rsplit("/")[-1], path=path, size=1,
                sha256="0" * 64, sha512="0" * 128, storage_key=f"staging/{path}", received_at=archive.now(),
            )  # fmt: skip
            item = Item(
                id=new_id(), batch_id=batch.id, village_id=village.id, path=path, state=ItemState.PROPOSED,
                file_id=file.id, record_id=record.id, received_at=archive.now(),
            )  # fmt: skip
            session.add_all([file, item])
        return batch.id


def main_record(archive: Archive) -> tuple[Record, list[str]]:
    with archive.sessions.read() as session:
        found = session.query(File).filter(File.path == PATHS[0]).one()
        files = session.query(File).filter(File.record_id == found.record_id).order_by(File.position).all()
        return session.get_one(Record, found.record_id), [file.path for file in files]


def test_a_notice_and_its_attachments_are_proposed_as_one_record(archive: Archive) -> None:
    batch = handed_in(archive)
    with archive.sessions.begin() as session:
        assert join_proposed(session, batch, archive.now()) == 2
    record, files = main_record(archive)
    assert files == list(PATHS[:3])
    assert record.proposals["together"]["files"] == list(PATHS[1:3])
    with archive.sessions.read() as session:
        assert counts_by_state(session, [batch]) == {"proposed": 4}


def test_a_second_look_joins_nothing(archive: Archive) -> None:
    batch = handed_in(archive)
    for expected in (2, 0):
        with archive.sessions.begin() as session:
            assert join_proposed(session, batch, archive.now()) == expected


def test_what_a_person_parted_stays_parted(archive: Archive) -> None:
    batch = handed_in(archive)
    with archive.sessions.begin() as session:
        join_proposed(session, batch, archive.now())
    record, _ = main_record(archive)
    with archive.sessions.begin() as session:
        last = session.query(File).filter(File.path == PATHS[2]).one()
        catalogue.split(session, OPERATOR, record.id, [last.id], rule_book(session), archive.now())
    with archive.sessions.begin() as session:
        assert join_proposed(session, batch, archive.now()) == 0
    assert main_record(archive)[1] == list(PATHS[:2])


def test_nothing_is_joined_while_a_file_waits_to_be_read(archive: Archive) -> None:
    batch = handed_in(archive)
    with archive.sessions.begin() as session:
        item = session.query(Item).filter(Item.path == PATHS[3]).one()
        item.state = ItemState.RECEIVED
    with archive.sessions.begin() as session:
        assert join_proposed(session, batch, archive.now()) == 0
