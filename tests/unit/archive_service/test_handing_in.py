"""Handing in: everything received is read, joined, indexed and announced, however receiving and reading interleave."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.tasks import handing_in
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from storage.database import journal, outbox
from storage.database.batches import Item, ItemState, counts_by_state
from storage.database.records import PageText, Record
from storage.errors import Missing

VILLAGE = "石门槛村"


@pytest.fixture
def county(archive: Archive) -> Archive:
    set_up(archive)
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, archive.now(), VILLAGE, "V012")
    return archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty different minutes, the first of them twice, and an empty file."""
    made = tmp_path / "材料"
    made.mkdir()
    for number in range(40):
        (made / f"{number:02d}会议记录.txt").write_text(f"第{number}次村民代表会议记录\n同意。\n", encoding="utf-8")
    (made / "副本.txt").write_bytes((made / "00会议记录.txt").read_bytes())
    (made / "空.txt").touch()
    return made


def test_every_file_is_read_indexed_announced_and_journaled_once(
    county: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "WORTH_A_COMMIT", 1)
    monkeypatch.setattr(handing_in, "BETWEEN_LOOKS", 0.01)
    told: list[int] = []
    read: list[str] = []
    batch_id = hand_in(county, OPERATOR, VILLAGE, folder, told.append, read.append)
    assert told == [40]
    assert sorted(read) == [f"{number:02d}会议记录.txt" for number in range(40)]
    assert county.index.count() == 40
    with county.sessions.read() as session:
        assert counts_by_state(session, [batch_id]) == {"proposed": 40, "duplicate": 1, "rejected": 1}
        assert outbox.backlog(session) == 0
        assert not journal.unsealed(session)
        acts = select(func.count()).select_from(journal.JournalEntry)
        assert session.scalar(acts.where(journal.JournalEntry.act == "item_received")) == 41
        assert session.scalar(acts.where(journal.JournalEntry.act == "record_proposed")) == 40
        assert session.scalar(select(func.count()).select_from(PageText)) == 40


def test_each_record_has_the_text_of_its_own_file(county: Archive, folder: Path) -> None:
    hand_in(county, OPERATOR, VILLAGE, folder)
    with county.sessions.read() as session:
        pages = (
            select(Item.path, PageText.text, Record.title)
            .join(PageText, PageText.file_id == Item.file_id)
            .join(Record, Record.id == Item.record_id)
            .where(Item.state == ItemState.PROPOSED)
            .order_by(Item.path)
        )
        found = session.execute(pages).all()
    assert [(path, text.split("\n")[0]) for path, text, _ in found] == [
        (f"{number:02d}会议记录.txt", f"第{number}次村民代表会议记录") for number in range(40)
    ]


def test_handing_in_the_same_folder_again_reads_nothing(county: Archive, folder: Path) -> None:
    hand_in(county, OPERATOR, VILLAGE, folder)
    read: list[str] = []
    hand_in(county, OPERATOR, VILLAGE, folder, step=read.append)
    assert read == []
    assert county.index.count() == 40


def test_a_village_nobody_knows_is_said_and_nothing_is_kept(county: Archive, folder: Path) -> None:
    with pytest.raises(Missing):
        hand_in(county, OPERATOR, "无名村", folder)
    with county.sessions.read() as session:
        assert session.scalar(select(func.count()).select_from(Item)) == 0
